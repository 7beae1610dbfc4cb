"""Feedback: how it was, asked of a customer after a visit, with one to five stars and words if they like.

A visit is asked about once, and a customer not more often than the shop says. A low answer waits until somebody has
dealt with it. What was bought stands in purchases, what is thanked with follows the earning rules of programs (custom
event ``feedback``); pages and cards show the question (distribution).
"""
