"""Who holds how much: accounts, transfers, entries and lots, in double entry, append-only.

An **account** is one owner's holding of one unit; both are opaque ids (a membership, a unit of a program).
A **lot** is what one credit brought: an amount usable in ``[activates_at, expires_at)`` until it is spent.
An **entry** moves an amount between one lot and one system account (issued, redeemed, expired, adjusted,
forgiven), so it names both sides and cannot be out of balance. A **transfer** is a set of entries under one
reference, booked whole or not at all, undone only by another transfer. The ledger knows no program, no rule
of earning and no card: it announces ``BalanceChanged``. See docs/algorithms/ledger.md.
"""
