"""Emulators of the vendors, written from their specifications; they import nothing of the product."""
