"""Notes that staff keep about a customer: short texts with author and time, encrypted like contact data.

A note is removed, never rewritten. It is the person's own data: they can ask to read it, and erasure deletes it.
"""
