"""The history of one customer: what they bought, earned and took, their cards, consents, and what staff wrote.

Nothing is kept here. Every domain lists its own things by id, newest first, and ids are UUIDv7: so all lists have one
order, in which they are put together, and one cursor serves them all. The order is that of recording; ``at`` is when
it happened.
"""
