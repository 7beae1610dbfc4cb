"""Decisions of privacy: which of several consents holds, how much of an address is evidence enough."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

Channel = Literal["none", "sms", "whatsapp", "email", "push", "telegram", "messenger"]
State = Literal["granted", "withdrawn"]
Source = Literal["form", "till", "import", "api"]

ANY_CHANNEL: Final = "none"
_KEPT_BITS: Final = {4: 24, 6: 48}


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said, and when they said it; ``id`` orders what was said in one instant."""

    id: UUID
    channel: str
    state: str
    given_at: datetime


def permits(said: Iterable[Said], channel: str) -> bool:
    """Whether what was said about one purpose allows using ``channel`` for it now.

    ======================================  =========
    last said                               permitted
    ======================================  =========
    nothing on this channel                 no
    granted on this channel                 yes
    withdrawn on this channel               no
    granted, then the purpose withdrawn     no
    purpose withdrawn, then granted         yes
    only the purpose granted (``none``)     no, unless that is what is asked
    ======================================  =========

    Consent is for a channel (law 09-08 art. 10: prior, specific); an objection to the purpose ends it on every
    channel (GDPR 21(3)). What counts is when the person spoke, not when it was recorded: an old consent
    imported today does not undo last week's STOP.
    """
    everything = list(said)
    last = max((one for one in everything if one.channel == channel), key=_order, default=None)
    if last is None or last.state != "granted":
        return False
    return not any(
        one.channel == ANY_CHANNEL and one.state == "withdrawn" and _order(one) > _order(last) for one in everything
    )


def _order(said: Said) -> tuple[datetime, UUID]:
    return (said.given_at, said.id)


def truncated_network(ip_address: str) -> str | None:
    """The network of an address, /24 or /48: evidence of where a form came from without naming a connection.

    None for what is no address.
    """
    try:
        address = ipaddress.ip_address(ip_address.split("%", maxsplit=1)[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address, _KEPT_BITS[address.version]), strict=False))
