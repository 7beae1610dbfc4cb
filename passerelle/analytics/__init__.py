"""What happened, added up: KPIs with their trend, the adoption funnel, what needs attention, facts as they happen.

A *visit* is a member at one location on one local day, however often the till rang; visits are derived from purchases
and visits without an amount, anew for each customer of whom something changed (deriving.py). *Cards* remember when a
card was issued and first came into a wallet. A *viewer* follows the facts of one organization over an open stream.
This domain decides nothing and owns no figures: everything in its tables can be derived again from the domains below.
"""
