"""Terms: how long a membership of a program runs, what it costs, and the renewals that prolong it.

A term is one entry of a membership's history: its first one at joining, a payment or a gift. The entries that stand,
told one after the other, say from when until when the membership is good; the membership's row keeps that span, so
that a till need not ask for more. Money is only noted here: no payment is taken.
"""
