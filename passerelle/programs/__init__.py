"""Loyalty programs: what a shop offers (program, unit, earning rule) and who takes part (membership).

A program counts in units (points, stamps) that earning rules give for purchases and visits; the balances are the
ledger's, owned by the membership. What units buy is not known here (rewards), nor is the card (passes).
"""
