"""Public links to what is no program: codes of a coupon campaign, and the page of a gift card.

A link to a campaign hands out its codes, one to each browser that asks, up to a number; a link to a gift card shows
for how much it can be had, and where. Both have a QR code, a poster and figures.

Nouns: handout link. The codes are coupons (rewards.coupons), gift cards are giftcards; their wallet cards are passes.
Not the links to cards that exist already: those are smart links.
"""
