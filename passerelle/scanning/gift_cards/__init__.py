"""Gift cards at the counter: scanned, paid with, taken back. The money is in giftcards; this owns nothing."""
