"""Stored money on a card with a code: what is sold (product), the card, and what happened to it (activity).

A gift card holds money of one currency. The ledger owns the balance (the owner is the card's id, the unit a fixed id
per organization and currency); every activity that moves money is one transfer there. A hold sets an amount aside for
a while. Selling a card is no purchase that earns, paying with one is no discount: what is sold is owed until it is
spent. See docs/algorithms/giftcards.md. A voucher for goods is no gift card (rewards).
"""
