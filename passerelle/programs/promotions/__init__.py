"""Promotions: more units than the rules give, for a time, under conditions, within a budget.

A promotion belongs to a program and one of its units. Earning (programs/earning.py) applies it; what it has used up
is counted here.
"""
