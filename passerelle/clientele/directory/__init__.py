"""The list of customers by who they are and what they do: search, filters, and the same as a CSV file.

Each filter is asked of the domain that knows, for some hundreds of customers at a time, so that no statement crosses
a domain; a request looks at a bounded number of customers and says where to go on.
"""
