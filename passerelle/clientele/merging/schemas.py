"""The merge on the wire."""

from passerelle.customers.schemas import CustomerId
from passerelle.kit.wire import Outbound, Wire


class MergeIn(Wire):
    """``customer_id`` is the entry that ends; what it knows comes to the one in the address."""

    customer_id: CustomerId


class MergedOut(Outbound):
    """``replayed`` when the two had been merged before: nothing changed then."""

    customer_id: CustomerId
    merged_customer_id: CustomerId
    replayed: bool
