"""Apple Push Notification service, as a pass server sees it.

An HTTP/2 server over TLS that answers ``POST /3/device/{token}`` with the statuses and reasons that Apple
documents, and that fails on request (``faults``). Its nouns: push, topic, device token, provider token.
It is not a message store: a push is handed at once to whoever listens, or lost. What is copied from where,
and what nobody has verified, stands in ``PARITY.md``.
"""

from passerelle.emulators.apns.authorization import TokenKey
from passerelle.emulators.apns.control import control_app
from passerelle.emulators.apns.emulator import AcceptedPush, ApnsEmulator
from passerelle.emulators.apns.faults import Fault, Outage

__all__ = ["AcceptedPush", "ApnsEmulator", "Fault", "Outage", "TokenKey", "control_app"]
