"""People known to an organization: name, phone, e-mail, birthday, language, custom attributes.

A customer is the person; what they belong to (a membership), own (balances, cards) or agreed to (consents) hangs
on the pseudonymous id elsewhere. Contact data is encrypted column by column and found by blind index; this domain
alone reads it in clear. A customer is never deleted but erased: the id stays, so that ledgers still add up, and
everything that told who it was is gone.
"""
