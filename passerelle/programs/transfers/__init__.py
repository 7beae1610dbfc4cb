"""Transfers: a member gives units to another member of the same program, within the program's limits.

Each part keeps the end of its time (the ledger's move): a transfer must not be a way to live for ever.
"""
