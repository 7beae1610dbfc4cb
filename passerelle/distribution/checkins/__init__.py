"""Check-in by the customer alone: the code on paper or on a screen, and the page that it leads to.

What a check-in is and whether it counts is decided in checkins; here is who is known to a browser, and how. A browser
from which somebody checked in once is remembered for that and for nothing else.
"""
