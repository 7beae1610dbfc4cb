"""How much one address may ask for: counted in the memory of each process, for a bounded number of addresses.

In memory on purpose: no write, no row about anybody's address, nothing to clean up. With several API processes an
address gets at most so many times the limit. Shops share one address, mobile networks share a few, so the limits are
generous; they stop floods, not people.
"""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

WINDOW_SECONDS: Final = 600
_ADDRESSES: Final = 20_000


@dataclass(slots=True)
class _Spent:
    since: datetime
    cost: int


class Budget:
    """So much per address and window; the addresses seen longest ago are forgotten first."""

    def __init__(self, limit: int, *, addresses: int = _ADDRESSES) -> None:
        self._limit = limit
        self._addresses = addresses
        self._spent: OrderedDict[str, _Spent] = OrderedDict()

    def spend(self, address: str, cost: int, now: datetime) -> bool:
        """Count ``cost``; false when the window's budget does not allow it, and then nothing is counted."""
        key = network_of(address)
        spent = self._spent.get(key)
        if spent is None or (now - spent.since).total_seconds() >= WINDOW_SECONDS:
            spent = _Spent(now, 0)
            self._spent[key] = spent
        self._spent.move_to_end(key)
        if len(self._spent) > self._addresses:
            self._spent.popitem(last=False)
        if spent.cost + cost > self._limit:
            return False
        spent.cost += cost
        return True


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 connection has."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.ip_network((parsed, 64), strict=False))
        parsed = parsed.ipv4_mapped
    return str(parsed)
