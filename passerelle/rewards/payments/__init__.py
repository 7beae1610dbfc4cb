"""Paying part of a bill with units: how much may be taken for a basket, taking it, giving it back.

The nouns are spending terms (what a unit is worth and how much of it may be spent) and payment. What a member takes
from the catalogue is not here but in ``rewards``; the spending caps hold for both.
"""
