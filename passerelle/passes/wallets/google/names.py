"""What resources are called: their types, their ids and the issuer they belong to."""

import hashlib
import re
from enum import StrEnum
from typing import Final, TypeGuard

from passerelle.passes.wallets.google.errors import IssuerIdRefused

_ISSUER_ID: Final = re.compile(r"[1-9][0-9]{0,18}")
_RESOURCE_ID: Final = re.compile(r"[1-9][0-9]{0,18}\.[A-Za-z0-9._-]+")
_FOREIGN_CHARACTERS: Final = re.compile(r"[^A-Za-z0-9._-]+")
_INT64_MAX: Final = 2**63 - 1
_SUFFIX_CHARACTERS: Final = 100
_RESOURCE_ID_CHARACTERS: Final = 256


class Resource(StrEnum):
    """A resource type; the value is its path segment in the REST API (discovery revision 20260806)."""

    EVENT_TICKET_CLASS = "eventTicketClass"
    EVENT_TICKET_OBJECT = "eventTicketObject"
    FLIGHT_CLASS = "flightClass"
    FLIGHT_OBJECT = "flightObject"
    GENERIC_CLASS = "genericClass"
    GENERIC_OBJECT = "genericObject"
    GIFT_CARD_CLASS = "giftCardClass"
    GIFT_CARD_OBJECT = "giftCardObject"
    LOYALTY_CLASS = "loyaltyClass"
    LOYALTY_OBJECT = "loyaltyObject"
    OFFER_CLASS = "offerClass"
    OFFER_OBJECT = "offerObject"
    TRANSIT_CLASS = "transitClass"
    TRANSIT_OBJECT = "transitObject"

    @property
    def is_class(self) -> bool:
        return self.value.endswith("Class")

    @property
    def is_generic(self) -> bool:
        """Generic resources know neither ``reviewStatus`` nor ``notifyPreference``."""
        return self in {Resource.GENERIC_CLASS, Resource.GENERIC_OBJECT}

    @property
    def is_reviewed(self) -> bool:
        """Whether the resource carries ``reviewStatus``."""
        return self.is_class and not self.is_generic

    @property
    def payload_key(self) -> str:
        """The key of its list in a save link's payload, such as ``loyaltyClasses``."""
        return f"{self.value}es" if self.is_class else f"{self.value}s"


def issuer_id(value: str) -> str:
    """The issuer id as Google writes it; raises IssuerIdRefused unless it is a positive decimal int64."""
    if not _ISSUER_ID.fullmatch(value) or int(value) > _INT64_MAX:
        raise IssuerIdRefused
    return value


def object_id(issuer: str, suffix: str) -> str:
    """``issuer.suffix`` for a class or an object, with every foreign character replaced.

    A suffix that had to change (or was over 100 characters) gets a digest of the original, so that two
    suffixes do not become one card. Raises ValueError for an empty suffix.
    """
    if not suffix:
        raise ValueError("An object needs an identifier of its own after the issuer ID.")
    clean = _FOREIGN_CHARACTERS.sub("_", suffix)[:_SUFFIX_CHARACTERS]
    if clean != suffix:
        digest = hashlib.sha256(suffix.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        clean = f"{clean[: _SUFFIX_CHARACTERS - 17]}-{digest}"
    return f"{issuer_id(issuer)}.{clean}"


def is_resource_id(value: object) -> TypeGuard[str]:
    """Whether this is ``issuerId.identifier`` with the characters that Google allows."""
    return (
        isinstance(value, str) and len(value) <= _RESOURCE_ID_CHARACTERS and _RESOURCE_ID.fullmatch(value) is not None
    )


def issuer_of(resource_id: str) -> str:
    """The issuer part of ``issuerId.identifier``."""
    return resource_id.partition(".")[0]
