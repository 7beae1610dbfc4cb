"""Kiosks: a tablet in the store that shows a program's code and takes the form, without anybody signed in.

A *kiosk* has a join link of its own, by which its figures are told from others, and a secret address. Whoever knows
the address may do what everybody may at the join page, and nothing else; it can be revoked at any time.
"""
