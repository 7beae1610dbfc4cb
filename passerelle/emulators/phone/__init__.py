"""The phone page: an iPhone and an Android phone side by side, drawn from what their wallets really hold.

Nouns: screens (both phones), card, notice. It issues nothing and pushes nothing: it shows what the Apple
device and Google Wallet emulators know, and does to them what a customer's finger would.
"""

from passerelle.emulators.phone.app import PhonePage

__all__ = ["PhonePage"]
