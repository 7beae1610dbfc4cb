"""How operators come in and go: sign-in by password and code, the sessions of a person, ending them.

A session is a signed-in browser. Passkeys, invitations and new passwords open one through ``service.open_session``.
"""
