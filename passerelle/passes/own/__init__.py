"""An organization's own identities at Apple and Google, beside those of the server that it may share.

An own Apple identity is one Pass Type ID with its certificate; an older pass type stays on for cards that carry it.
An own Google identity is one issuer with its service account. Private keys are encrypted with the organization's key.
"""
