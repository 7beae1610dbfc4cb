"""How people get a card: the join page behind a QR code, the smart link that finds the right wallet, the poster.

A *join link* is public and belongs to a program (a counter, a flyer, a campaign); whoever opens it may become a
member. A *smart link* is secret and belongs to one card; it knows the phone it is opened on. *Link facts* are what
happened with both, for the adoption funnel: no address, no full user agent, no customer. This domain makes no
card by itself: customers, privacy, programs and passes do, in its one transaction.
"""
