"""Who runs a shop: the organization (the tenant), its locations, its operators and their sign-in, its API keys.

An operator is a person who works for the organization, never a customer. A location is a place with a till. How
operators come in has parts of its own: sessions, second factors, passkeys, invitations, and recovery for those who
forgot their password.
"""
