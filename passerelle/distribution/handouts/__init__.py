"""Public links that hand out codes of a coupon campaign, or tickets of an event: one to each browser, up to a number.

Nouns: handout link. The codes are coupons (rewards.coupons), the tickets ticketing's; their wallet cards are passes.
Not the links to cards that exist already: those are smart links.
"""
