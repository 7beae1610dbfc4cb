"""Customers from a file: uploaded, read, mapped, tried out, then imported by a job, row by row.

A file is kept as parts of some rows, encrypted, for a week. The check and the run are the same path, but for the last
step: a row that the check finds right is what the run imports, and a row with a fault is left out and can be fetched.
A part is one transaction, so that a run goes on where it was interrupted, and a file that comes again changes nothing
twice: people are recognised by phone and e-mail, there is one membership and one opening balance for each.
"""
