"""Coupons at the counter: scanned, used for a basket, taken back. What they give is in rewards.coupons."""
