"""Check-in at the counter or gate: a card is scanned and its holder comes or goes. What is kept is in checkins."""
