"""Passkeys: signing in with the phone's or the computer's own lock (WebAuthn level 3), instead of a password.

A passkey is one credential of one operator. It proves possession and the person at once, so no code is asked for.
"""
