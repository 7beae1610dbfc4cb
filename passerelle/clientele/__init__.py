"""What staff does with customers as a whole: find them by what they do, read their history, bring them in and out.

The directory (a list with filters, and as CSV), the timeline of one customer, the merge of two entries of one person,
and imports from files. It has no data of its own but files that are being imported: everything else is asked of the
domains below by their services. It is not who a customer is (customers), nor what they agreed to (privacy).
"""
