"""Households: members of one program who share a balance.

Nothing is poured together: each member keeps an account of their own, and the *pool* is what all of them have. An
adult spends from the pool, soonest-to-expire first across members. docs/algorithms/community.md says why.
"""
