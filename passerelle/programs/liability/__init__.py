"""What the units that members hold are worth to the books: liability by month of expiry, revenue to defer (IFRS 15).

It writes no units: it reads the ledger and what the units cost. A limit per program tells when it is exceeded. Stored
money of gift cards is not in here, for programs and gift cards do not know each other. See
docs/algorithms/liability.md.
"""
