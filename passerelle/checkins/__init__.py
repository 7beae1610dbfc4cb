"""Check-ins: who came to a location, who is in there now, and who left.

A *place* is a location with check-in turned on, and its settings. A *stay* is one customer in one place from "in" to
"out", booked by staff; who forgets the "out" is closed out by the clock. A *visit by oneself* is a check-in that the
customer made alone with the code of the place: it has no end and counts nobody as present. Each of them may be told
to programs as the custom event ``check_in``; what that earns is theirs to say. Tickets are admitted in ticketing, not
here.
"""
