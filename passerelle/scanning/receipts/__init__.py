"""Receipts at the till: told without a customer, claimed with a card later, refunded and voided."""
