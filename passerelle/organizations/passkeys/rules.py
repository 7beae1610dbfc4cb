"""Who we are to a browser, and challenges that only we could have made."""

import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import AnyHttpUrl

CHALLENGE_LIFE: Final = timedelta(minutes=5)
_NONCE_BYTES: Final = 24
_TIME_BYTES: Final = 8

Mac = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """This server as browsers know it: passkeys are bound to ``id``, a name and never an address."""

    id: str
    origin: str


def relying_party(base_url: AnyHttpUrl) -> RelyingParty | None:
    """Who we are; None where browsers allow no passkeys: a bare IP address, or http outside this machine."""
    host = base_url.host or ""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        return None
    if base_url.scheme != "https" and host != "localhost":
        return None
    usual = {"https": 443, "http": 80}[base_url.scheme]
    port = "" if base_url.port in {None, usual} else f":{base_url.port}"
    return RelyingParty(host, f"{base_url.scheme}://{host}{port}")


def new_challenge(mac: Mac, nonce: bytes, purpose: str, now: datetime) -> bytes:
    """A challenge for one purpose, good for some minutes, without memory of it: nonce, end, and their digest."""
    assert len(nonce) == _NONCE_BYTES
    ends = int((now + CHALLENGE_LIFE).timestamp())
    body = nonce + ends.to_bytes(_TIME_BYTES, "big")
    return body + mac(f"{purpose}\0{body.hex()}")


def challenge_ends(mac: Mac, challenge: bytes, purpose: str, now: datetime) -> datetime | None:
    """When a challenge of ours ends; None when it is not ours, for something else, or over."""
    body, proof = challenge[: _NONCE_BYTES + _TIME_BYTES], challenge[_NONCE_BYTES + _TIME_BYTES :]
    if len(body) != _NONCE_BYTES + _TIME_BYTES or not hmac.compare_digest(mac(f"{purpose}\0{body.hex()}"), proof):
        return None
    ends = datetime.fromtimestamp(int.from_bytes(body[_NONCE_BYTES:], "big"), UTC)
    return ends if now < ends else None
