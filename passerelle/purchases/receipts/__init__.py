"""Receipts: purchases that name no customer yet, as a till or a shop system told them.

A receipt is what a purchase will be once somebody claims it: the same amount, lines, place and instant under the same
number. Until then it earns nothing; claimed, it is a purchase, and the receipt only says whose. What it earns then is
known above (programs.claiming), and who may claim it by which card (scanning, distribution).
"""
