"""What units buy: the catalogue (reward) and what was taken from it (issued reward).

A reward has a price in one unit of a program, or none when it is only given. Taking it is a debit in the ledger and a
row here. It is redeemed at once, or issued now and redeemed later, with a hold in between that a customer starts.
Cancelling, lapsing and undoing give the price back by a reversal. Paying part of a bill with units is the sub-package
``payments``. How units are earned is not known here (programs).
"""
