"""Typed models of pass.json and personalization.json, for templates, the API and the check of passes.

Cards are not built through them one by one: a template is validated once, then filled in and packed as plain
values (``package.StaticArchive.pack``).
"""

from passerelle.passes.wallets.apple.schema.base import AppleModel, parse_wallet_date, wallet_date
from passerelle.passes.wallets.apple.schema.document import (
    Barcode,
    Beacon,
    FeaturedAction,
    Location,
    Nfc,
    PassDocument,
    RelevantDate,
    UpcomingPassInformation,
)
from passerelle.passes.wallets.apple.schema.fields import BoardingPass, Field, FieldGroups
from passerelle.passes.wallets.apple.schema.personalization import Personalization
from passerelle.passes.wallets.apple.schema.semantics import Semantics

__all__ = [
    "AppleModel",
    "Barcode",
    "Beacon",
    "BoardingPass",
    "FeaturedAction",
    "Field",
    "FieldGroups",
    "Location",
    "Nfc",
    "PassDocument",
    "Personalization",
    "RelevantDate",
    "Semantics",
    "UpcomingPassInformation",
    "parse_wallet_date",
    "wallet_date",
]
