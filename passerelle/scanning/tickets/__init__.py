"""Tickets at the gate: scanned, let in, taken back. Events and tickets are in ticketing; this owns nothing."""
