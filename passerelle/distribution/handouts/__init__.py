"""Public links that hand out codes of a coupon campaign: one to each browser that asks, up to a number.

Nouns: handout link. The codes are coupons (rewards.coupons); their wallet cards are passes. Not the links to cards
that exist already: those are smart links.
"""
