"""Events, their tickets, and who was let in: what is on at a place and a time, and one ticket for each person.

A *ticketed event* has a place, its times and maybe a capacity; a *ticket* is issued for it, with a seat or without,
to a customer or to whoever holds it, and lets in once (*entry*). Nothing is sold here: a ticket has no price. Not the
event log (kit.events), and not what a customer does (programs' custom events).
"""
