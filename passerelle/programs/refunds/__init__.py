"""Taking purchases back: refunds in slices, voids, and what follows for the units of every membership.

A refund takes back its share of what the purchase earned and gives back its share of what was spent on it; a void
does the same with all that is left. The money is recorded by purchases, the units move in the ledger; here is decided
how many. In prose: docs/algorithms/refunds.md.
"""
