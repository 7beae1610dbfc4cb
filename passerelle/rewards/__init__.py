"""What units buy: the catalogue (reward) and what was taken from it (issued reward).

A reward has a price in one unit of a program. It is ready for a member as often as the balance pays for it; taking
it is a debit in the ledger and a row here, undone by a reversal. How units are earned is not known here (programs).
"""
