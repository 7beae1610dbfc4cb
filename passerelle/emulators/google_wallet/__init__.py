"""An emulated Google Wallet: REST API, tokens, save links, callbacks, and one customer's phone.

Shapes come from Google's discovery document; behaviour and its sources stand in PARITY.md. It imports nothing
of the product and keeps everything in memory.
"""

from passerelle.emulators.google_wallet.accounts import key_pair
from passerelle.emulators.google_wallet.emulator import GoogleWalletEmulator
from passerelle.emulators.google_wallet.errors import ApiError
from passerelle.emulators.google_wallet.faults import Fault
from passerelle.emulators.google_wallet.state import Notification, SavedPass

__all__ = ["ApiError", "Fault", "GoogleWalletEmulator", "Notification", "SavedPass", "key_pair"]
