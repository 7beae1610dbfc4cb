"""Dry runs of programs: what another goal, or an end, would mean to members and to what they hold.

Nouns: a dry run and its figures. Nothing is written. What other tiers would mean is asked in programs/tiers.
"""
