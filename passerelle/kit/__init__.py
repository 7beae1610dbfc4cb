"""Foundations without a business word in them."""
