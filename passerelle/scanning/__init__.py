"""What happens at the counter: a code is scanned, and the card is told apart, earns, redeems or is refused.

It owns no tables. It finds the card, and calls those who do: programs for earning, rewards for redeeming.
"""
