"""What a hostile client sends to the addresses that need no key: each is answered, none with a fault of ours."""

import re
from collections.abc import Iterator
from typing import Final

import httpx
import pytest
from starlette.routing import Route

from passerelle.entry.api import create_app
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import encode, new_id, new_secret, tenant_token
from tests.conftest import Shop

_PARAMETER: Final = re.compile(r"\{(\w+)(?::path)?\}")
_OWN: Final = frozenset({"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"})
_BODIES: Final[tuple[tuple[str, bytes], ...]] = (
    ("application/x-www-form-urlencoded", b"a=" + b"%00" * 4_000),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(5_000))),
    (
        "application/x-www-form-urlencoded",
        b"name=%0d%0aSet-Cookie:%20x=1&phone=\xff\xfe&ticket=%ED%A0%80&seal=%F0",
    ),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb"),
    ("application/json", b'{"a": "\\ud800", "pushToken": "\\u0000", "logs": [1]}'),
    ("application/json", b"[" * 50_000),
    ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    ("", b"\x00\xff" * 5_000),
)


def _values(shop: Shop, other: Shop) -> Iterator[str]:
    """What may stand where an address has a secret or an id."""
    yield from ("%00", "%0d%0aSet-Cookie:%20x=1", "..%2f..%2fetc%2fpasswd", "%ff%fe", "%ED%A0%80", "a" * 5_000)
    yield from ("-", "_", "c_", "m_", "c_" + "A" * 200, "٣" * 20, "%F0%9F%92%A9")
    yield from ("<script>alert(1)</script>", "{{7*7}}", "'%20OR%201=1")
    for tenant in (shop.organization_id, other.organization_id, new_id()):
        yield encode("org", tenant)
        for prefix in ("c", "k", "t", "m"):
            yield tenant_token(prefix, tenant, new_secret(16))
        yield encode("p", tenant).removeprefix("p_") + "-" + encode("p", new_id()).removeprefix("p_")


@pytest.mark.timeout(120)  # some thousand requests
async def test_nothing_that_strangers_send_is_a_fault_of_ours(
    database: Database, settings: Settings, shop: Shop, other_shop: Shop
) -> None:
    app = create_app(database, settings)
    places = [
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route) and type(route) is Route and route.path not in _OWN
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]
    wrong: list[str] = []
    # From an address of their own: what they used up must not be missing for the tests after this one.
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=("203.0.113.9", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as stranger:
        for method, path in places:
            names = _PARAMETER.findall(path)
            for value in _values(shop, other_shop) if names else ("",):
                address = _PARAMETER.sub(value, path)
                sent = _BODIES if method != "GET" else (("", b""),)
                for content_type, body in sent:
                    headers = [
                        ("Content-Type", content_type),
                        ("User-Agent", "Mozilla/5.0"),
                        ("Cookie", "page=\xff; x="),
                    ]
                    raw = [(name.encode(), text.encode("latin-1")) for name, text in headers]
                    answer = await stranger.request(method, address, content=body, headers=raw)
                    if answer.status_code >= 500 and answer.status_code != 503:
                        wrong.append(f"{answer.status_code} {method} {path} {value[:40]} {body[:30]!r}")
                    if "x" in answer.cookies or "<script>alert" in answer.text:
                        wrong.append(f"injected: {method} {path} {value[:40]}")
    assert wrong == []
