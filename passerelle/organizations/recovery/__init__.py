"""For operators who forgot their password: a link that opens once and lets them choose a new one.

Where the server can mail, they ask for it themselves; else a colleague, or whoever runs the server, hands it over.
"""
