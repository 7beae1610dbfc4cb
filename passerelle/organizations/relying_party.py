"""Who this server is to a browser that keeps passkeys. Pure."""

import ipaddress
from dataclasses import dataclass

from pydantic import AnyHttpUrl


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
