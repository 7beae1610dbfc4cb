"""Public links to what is no program: codes of a coupon campaign, tickets of an event, and the page of a gift card.

A link to a campaign hands out its codes, one to each browser that asks, up to a number; one to an event its tickets
in the same way; a link to a gift card shows for how much it can be had, and where. All have a QR code and a poster.

Nouns: handout link. The codes are coupons (rewards.coupons), the tickets ticketing's, gift cards are giftcards; their
wallet cards are passes. Not the links to cards that exist already: those are smart links.
"""
