"""How a person comes to work here: an invitation, which is a link that opens once and names a role.

The inviter hands the link over; where the server can mail, it is mailed as well.
"""
