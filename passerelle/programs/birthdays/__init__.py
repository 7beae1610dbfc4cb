"""Birthdays: once a year, on the day, a member gets units, or others are told so that they may act.

The dates are the customers' own (customers) and never leave that domain: a job asks who has their day, and a row per
membership and year sees to it that nobody has two.
"""
