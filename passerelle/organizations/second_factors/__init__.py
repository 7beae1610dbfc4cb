"""A second proof beside the password: six digits that change every half minute (TOTP, RFC 6238).

A second factor begins with a secret that an authenticator app keeps, counts once a first code confirmed it, and comes
with recovery codes, each good once, for the day the phone is lost.
"""
