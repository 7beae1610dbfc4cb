"""Tiers: the status that members of a program reach, keep and lose.

A tier set is an ordered list of tiers with thresholds of one amount (a balance, units earned, money spent, visits or
days as a member) in a window; a member holds at most one tier of each set. What a tier is worth while earning is said
by the conditions of earning rules, and rewards issue what a tier brings; neither is known here.
"""
