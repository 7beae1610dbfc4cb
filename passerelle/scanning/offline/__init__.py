"""What tills did without a network: registered devices, and their signed queues applied later.

A device signs each operation with its own key and numbers it. The server keeps what arrives, applies it in the
device's order, each operation in a transaction of its own, and keeps what it cannot accept with its reason for staff.
In prose, with test vectors: docs/mechanisms/offline.md.
"""
