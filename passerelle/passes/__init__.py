"""Cards in wallets: issued, rendered, signed, told to phones and kept right. Not the balances (ledger).

A pass is the card of one subject: a membership, a coupon or a gift card. An installation is that card in one wallet
of one phone. A pass has a version; an installation knows the version it was told of and the one it fetched, and the
reconciler (reconcile.py) brings the second to the first.
"""
