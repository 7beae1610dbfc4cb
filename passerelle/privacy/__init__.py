"""What the law asks of whoever keeps people's data: consent and its proof, export, erasure, the audit trail.

A consent is a record that is never changed, only superseded by a later one. Privacy knows no domain that holds
personal data: each brings a ``PersonalData`` (its ``personal_data.py``), and wiring.py hands the list in.
The audit trail is a reading of the event log; privacy keeps none of its own.
"""
