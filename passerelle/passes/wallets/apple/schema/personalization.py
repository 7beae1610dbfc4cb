"""personalization.json: a pass that signs its holder up for a rewards program."""

from typing import Literal

from passerelle.passes.wallets.apple.schema.base import AppleModel

PersonalizationField = Literal[
    "PKPassPersonalizationFieldName",
    "PKPassPersonalizationFieldPostalCode",
    "PKPassPersonalizationFieldEmailAddress",
    "PKPassPersonalizationFieldPhoneNumber",
]


class Personalization(AppleModel):
    """What is asked of the holder; only passes with NFC may ask."""

    description: str
    required_personalization_fields: list[PersonalizationField]
    terms_and_conditions: str | None = None
