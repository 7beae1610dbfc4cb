"""Gift cards between domains and on the wire, by subject."""
