"""My page: what customers see and decide about themselves, behind a link that opens once.

A *page link* leads to one customer and is mailed to them, or handed over by staff; opened, it makes a *page session*,
a day in one browser. Whoever holds a card's smart link sees that card; name, contact data, consents, export and
erasure need a page session. This part changes nothing by itself: customers and privacy do, as they do for staff.
"""
