"""What the product writes to customers: which message, by which channel, and whether it went out.

Whoever sends a message tells so here; its words and its address stay there. What a wallet shows on a locked phone is
none: the phone makes it from the card's fields, and the card's installations say whether they know its last change.
"""
