"""Fields and the groups that a style arranges them in."""

from typing import Literal

from passerelle.passes.wallets.apple.schema.base import AppleModel, CurrencyCode
from passerelle.passes.wallets.apple.schema.semantics import Semantics

DataDetector = Literal[
    "PKDataDetectorTypePhoneNumber",
    "PKDataDetectorTypeLink",
    "PKDataDetectorTypeAddress",
    "PKDataDetectorTypeCalendarEvent",
]
TextAlignment = Literal[
    "PKTextAlignmentLeft", "PKTextAlignmentCenter", "PKTextAlignmentRight", "PKTextAlignmentNatural"
]
DateStyle = Literal["PKDateStyleNone", "PKDateStyleShort", "PKDateStyleMedium", "PKDateStyleLong", "PKDateStyleFull"]
NumberStyle = Literal[
    "PKNumberStyleDecimal", "PKNumberStylePercent", "PKNumberStyleScientific", "PKNumberStyleSpellOut"
]
TransitType = Literal[
    "PKTransitTypeAir", "PKTransitTypeBoat", "PKTransitTypeBus", "PKTransitTypeGeneric", "PKTransitTypeTrain"
]


class Field(AppleModel):
    """One label and value; ``key`` is unique over the whole pass."""

    key: str
    value: str | int | float
    label: str | None = None
    attributed_value: str | int | float | None = None
    change_message: str | None = None
    data_detector_types: list[DataDetector] | None = None
    text_alignment: TextAlignment | None = None
    date_style: DateStyle | None = None
    time_style: DateStyle | None = None
    ignores_time_zone: bool | None = None
    is_relative: bool | None = None
    number_style: NumberStyle | None = None
    currency_code: CurrencyCode | None = None
    semantics: Semantics | None = None
    row: Literal[0, 1] | None = None


class FieldGroups(AppleModel):
    """The content of a style key."""

    header_fields: list[Field] | None = None
    primary_fields: list[Field] | None = None
    secondary_fields: list[Field] | None = None
    auxiliary_fields: list[Field] | None = None
    back_fields: list[Field] | None = None
    additional_info_fields: list[Field] | None = None
    """Poster event tickets (iOS 18)."""
    footer_fields: list[Field] | None = None
    """``posterGeneric`` (iOS 27)."""


class BoardingPass(FieldGroups):
    """The content of ``boardingPass``, the one style that says how one travels."""

    transit_type: TransitType
