"""What was written to customers: which message, by which channel, and whether it went out.

A message is told here by whoever sent it; its words and the address stay there. What a wallet shows on a locked phone
is no message of ours: the phone makes it from the card, and a card's installations say when it was told.
"""
