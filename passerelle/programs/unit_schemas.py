"""Units on the wire: what a program counts in, several per program."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from passerelle.kit.ids import WireId
from passerelle.kit.wire import Name, Outbound, WholeNumber, Wire
from passerelle.programs.earning_rules import CapAction, CapScope, Multipliers, Policy
from passerelle.programs.prizes import UnitCode
from passerelle.programs.rule_schemas import CapUnits
from passerelle.programs.rules import ProgramKind
from passerelle.programs.timing import Timing
from passerelle.programs.values import Plurals, Unit, UnitKind, UnitShortfall

MAX_UNITS: Final = 10
UnitId = Annotated[UUID, WireId("unt")]


def require_other(forms: dict[str, str]) -> dict[str, str]:
    """Every language has the form “other”; it stands in for those that are left out."""
    if "other" not in forms:
        raise ValueError("The form “other” is needed, such as “points”.")
    return forms


LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
PluralCategory = Annotated[str, StringConstraints(pattern=r"^(zero|one|two|few|many|other)$")]
PluralForms = Annotated[dict[PluralCategory, Name], AfterValidator(require_other)]
UnitNames = Annotated[
    dict[LanguageTag, PluralForms],
    Field(min_length=1, max_length=20, description="Plural forms of the unit's name by language (CLDR categories)."),
]

# The unit that a program of each kind counts in without further words; its code is the kind of the unit.
OWN_UNITS: Final[Mapping[ProgramKind, UnitKind]] = {
    "stamps": "stamps",
    "points": "points",
    "cashback": "money",
    "multipass": "sessions",
}
# Plural forms are CLDR's categories; a form that is left out is as “other”.
NAMES: Final[Mapping[UnitKind, Plurals]] = {
    "stamps": {
        "en": {"one": "stamp", "other": "stamps"},
        "fr": {"one": "tampon", "other": "tampons"},
        "ar": {"zero": "ختم", "one": "ختم", "two": "ختمان", "few": "أختام", "many": "ختمًا", "other": "ختم"},
    },
    "points": {
        "en": {"one": "point", "other": "points"},
        "fr": {"one": "point", "other": "points"},
        "ar": {"zero": "نقطة", "one": "نقطة", "two": "نقطتان", "few": "نقاط", "many": "نقطة", "other": "نقطة"},
    },
    "visits": {
        "en": {"one": "visit", "other": "visits"},
        "fr": {"one": "visite", "other": "visites"},
        "ar": {"zero": "زيارة", "one": "زيارة", "two": "زيارتان", "few": "زيارات", "many": "زيارة", "other": "زيارة"},
    },
    "sessions": {
        "en": {"one": "session", "other": "sessions"},
        "fr": {"one": "séance", "other": "séances"},
        "ar": {"zero": "حصة", "one": "حصة", "two": "حصتان", "few": "حصص", "many": "حصة", "other": "حصة"},
    },
    "money": {"en": {"other": "credit"}, "fr": {"other": "avoir"}, "ar": {"other": "رصيد"}},
}


class UnitCap(Wire):
    """The most that may come in by all rules and promotions, per purchase or period, or that a balance may reach."""

    model_config = ConfigDict(frozen=True)

    per: CapScope
    units: CapUnits
    action: CapAction = "reduce"


class UnitIn(Wire):
    """A unit to add, or to change when the program has one of that code; fields left out stay as they are.

    A new one needs its ``kind``, which never changes. Money counts minor units of the program's currency.
    ``spendable`` false: only for tiers. ``policy``: what happens when several rules match (their ``sum``, the
    ``best``, or the ``first`` of the list); ``multipliers``: when several promotions do. ``cost_micros``: what one
    unit costs the shop, in millionths of a minor unit; ``breakage_ppm``: millionths that are never redeemed.
    """

    code: UnitCode
    kind: UnitKind | None = None
    names: UnitNames | None = None
    decimals: Annotated[WholeNumber, Field(ge=0, le=4)] | None = None
    spendable: bool | None = None
    timing: Timing | None = None
    shortfall: UnitShortfall | None = None
    cost_micros: Annotated[WholeNumber, Field(ge=0, le=10**15)] | None = None
    breakage_ppm: Annotated[WholeNumber, Field(ge=0, le=1_000_000)] | None = None
    policy: Policy | None = None
    multipliers: Multipliers | None = None
    caps: Annotated[list[UnitCap], Field(max_length=7)] | None = None


UnitList = Annotated[list[UnitIn], Field(max_length=MAX_UNITS)]


class UnitOut(Outbound):
    """A unit of a program; ``currency`` is there for money."""

    id: UnitId
    code: str
    kind: UnitKind
    currency: str | None
    decimals: int
    names: dict[str, dict[str, str]]
    spendable: bool
    timing: Timing
    shortfall: UnitShortfall
    cost_micros: int
    breakage_ppm: int
    policy: Policy
    multipliers: Multipliers
    caps: list[UnitCap]

    @classmethod
    def of(cls, unit: Unit, currency: str) -> Self:
        """A unit of a program in that currency."""
        combining = unit.combining
        fields: dict[str, Any] = {
            name: getattr(unit, name) for name in cls.model_fields if hasattr(unit, name) and name != "names"
        }
        return cls(
            **fields,
            names={language: dict(forms) for language, forms in unit.names.items()},
            currency=currency if unit.kind == "money" else None,
            policy=combining.policy,
            multipliers=combining.multipliers,
            caps=[UnitCap(per=cap.per, units=cap.units, action=cap.action) for cap in combining.caps],
        )
