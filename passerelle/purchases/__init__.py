"""What customers buy: purchases with their lines, as the till, the shop or an integrator told them.

A purchase is an amount in minor units of one currency, at one instant, by one customer; it is recorded once and
never edited: a mistake is voided, and what is returned is refunded, whole or in slices. What it is worth in points is
not known here (programs), nor is the card that was shown (scanning).
"""
