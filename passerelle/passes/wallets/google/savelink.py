"""Save links: a signed JWT behind Google's “Add to Google Wallet” button.

Source: https://developers.google.com/wallet/reference/rest/v1/Jwt (claims) and the guide's warning that browsers
cut links beyond 1,800 characters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from passerelle.kit import clock
from passerelle.passes.wallets.google.credentials import ServiceAccount
from passerelle.passes.wallets.google.errors import SaveLinkRefused, SaveLinkTooLong
from passerelle.passes.wallets.google.names import Resource, is_resource_id

SAVE_BASE_URL: Final = "https://pay.google.com/gp/v/save/"
LINK_CHARACTERS: Final = 1_800
_ORIGINS: Final = 20
_ORIGIN_CHARACTERS: Final = 255

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SaveLink:
    """Where the button leads.

    ``thin`` tells that the link names its objects by id alone: their classes *and* the objects themselves must
    exist at Google (``GoogleWallet.insert_or_patch``) before anyone opens it.
    """

    url: str
    thin: bool


def save_link(
    account: ServiceAccount,
    resources: Mapping[Resource, Sequence[Body]],
    origins: Iterable[str],
    *,
    base_url: str = SAVE_BASE_URL,
) -> SaveLink:
    """The link that saves these objects: whole when it fits 1,800 characters, else thin.

    A class or an object that already exists at Google is not overwritten by what the link carries. ``origins``
    are the sites that show the button. Raises SaveLinkRefused for input that Google would refuse and
    SaveLinkTooLong when even the ids do not fit.
    """
    claims = {
        "iss": account.client_email,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(clock.now().timestamp()),
        "origins": _checked_origins(origins),
    }
    _check_resources(resources)
    base = f"{base_url.rstrip('/')}/"
    whole = _encoded({**claims, "payload": {key.payload_key: list(bodies) for key, bodies in resources.items()}})
    if len(base) + account.signed_characters(whole) <= LINK_CHARACTERS:
        return SaveLink(base + account.sign_bytes(whole), thin=False)
    thin = _encoded({**claims, "payload": _thin_payload(resources)})
    characters = len(base) + account.signed_characters(thin)
    if characters > LINK_CHARACTERS:
        raise SaveLinkTooLong(characters=characters, limit=LINK_CHARACTERS)
    return SaveLink(base + account.sign_bytes(thin), thin=True)


def _thin_payload(resources: Mapping[Resource, Sequence[Body]]) -> dict[str, Any]:
    return {
        key.payload_key: [{"id": body["id"], "classId": body["classId"]} for body in bodies]
        for key, bodies in resources.items()
        if not key.is_class
    }


def _check_resources(resources: Mapping[Resource, Sequence[Body]]) -> None:
    if not any(bodies for key, bodies in resources.items() if not key.is_class):
        raise SaveLinkRefused(field="objects")
    for key, bodies in resources.items():
        for body in bodies:
            required = ("id",) if key.is_class else ("id", "classId")
            for name in required:
                if not is_resource_id(body.get(name)):
                    raise SaveLinkRefused(field=f"{key.value}.{name}")


def _checked_origins(origins: Iterable[str]) -> list[str]:
    checked = list(origins)
    if len(checked) > _ORIGINS or any(not 0 < len(origin) <= _ORIGIN_CHARACTERS for origin in checked):
        raise SaveLinkRefused(field="origins")
    return checked


def _encoded(claims: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(claims)
    except TypeError:
        raise SaveLinkRefused(field="payload") from None
