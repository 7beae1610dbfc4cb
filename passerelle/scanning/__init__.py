"""What happens at the counter: a code is scanned, and the card is told apart, earns, redeems or is refused.

It finds the card, and calls those who book: programs for earning, rewards for redeeming. Its only tables are those of
devices and their queues (offline).
"""
