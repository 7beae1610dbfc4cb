"""Who runs a shop: the organization (the tenant), its locations, its operators and their sign-in, its API keys.

An operator is a person who works for the organization, never a customer. A location is a place with a till.
"""
