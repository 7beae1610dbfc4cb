"""Kinds of values that gift cards are told with: ids, amounts, codes, and what people write."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from passerelle.giftcards.rules import MAX_AMOUNT_MINOR, OWN_CODE
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Name, WholeNumber


def _require_digits(pin: SecretStr) -> SecretStr:
    """A pattern of pydantic cannot look into a secret."""
    secret = pin.get_secret_value()
    if not (secret.isascii() and secret.isdigit()):
        raise ValueError("A PIN has digits only.")
    return pin


GiftCardProductId = Annotated[UUID, WireId("gcp")]
GiftCardId = Annotated[UUID, WireId("gft")]
GiftCardActivityId = Annotated[UUID, WireId("gca")]
GiftCardHoldId = Annotated[UUID, WireId("gch")]
TemplateId = Annotated[UUID, WireId("tpl")]
AmountMinor = Annotated[
    WholeNumber, Field(ge=1, le=MAX_AMOUNT_MINOR, description="Whole minor units: 450 EUR is € 4.50.")
]
Pin = Annotated[
    SecretStr,
    Field(min_length=4, max_length=12, json_schema_extra={"pattern": "^[0-9]+$"}),
    AfterValidator(_require_digits),
]
TypedCode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    Field(repr=False, description="As read or typed: case, blanks and hyphens do not matter."),
]
OwnCode = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=64, pattern=OWN_CODE)] | None,
    Field(repr=False, description="A code that is printed already: 8 to 40 letters and digits, blanks, hyphens."),
]
PersonName = Annotated[Name | None, Field(repr=False)]
Message = Annotated[
    Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=NO_NUL)] | None, Field(repr=False)
]
Currency = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{3}$")]
