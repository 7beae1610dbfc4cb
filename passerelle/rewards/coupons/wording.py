"""What a coupon gives, in a few words for a card or a page."""

from typing import Final

from babel.numbers import format_decimal, format_percent

from passerelle.kit.db import Tx
from passerelle.kit.i18n import Sentence
from passerelle.kit.money import Money
from passerelle.programs import service as programs
from passerelle.rewards.coupons.terms import AmountOff, FreeItem, GrantUnits, PercentOff
from passerelle.rewards.coupons.values import Campaign

FREE_ITEM: Final[Sentence] = {"en": "Free item", "fr": "Article offert", "ar": "منتج مجاني"}
_MINUS: Final = "\N{MINUS SIGN}"
_LEFT_TO_RIGHT: Final = "\N{LEFT-TO-RIGHT MARK}"  # or the sign stands behind the number in Arabic
_TIMES: Final = "\N{MULTIPLICATION SIGN}"
_WHOLE: Final = 10_000  # basis points
_PERCENT: Final = {"en": "#,##0.##%", "fr": "#,##0.##\N{NARROW NO-BREAK SPACE}%", "ar": "#,##0.##%"}


async def benefit_of(tx: Tx, campaign: Campaign, language: str) -> str:
    """“-20%”, “-5,00 €”, “Free item”, “+50 points”: as a reader of one of our languages writes it."""
    spoken = language.split("-", maxsplit=1)[0]
    spoken = spoken if spoken in FREE_ITEM else "en"
    match campaign.terms.effect:
        case PercentOff(basis_points=points):
            mark = _LEFT_TO_RIGHT if spoken == "ar" else ""
            return f"{mark}{_MINUS}{format_percent(points / _WHOLE, _PERCENT[spoken], locale=spoken)}"
        case AmountOff(amount_minor=amount):
            return f"{_MINUS}{Money(amount, campaign.currency).formatted(spoken)}"
        case FreeItem(quantity=quantity):
            free: str = FREE_ITEM[spoken]  # type: ignore[literal-required]  # one of its keys, see above
            return free if quantity == 1 else f"{quantity} {_TIMES} {free}"
        case GrantUnits(amount=amount, unit=code):
            assert campaign.program_id is not None, "such a campaign has a program"
            unit = (await programs.get_program(tx, campaign.program_id)).find_unit(code)
            if unit is None:
                return f"+{amount}"
            if unit.kind == "money":
                return f"+{Money(amount, campaign.currency).formatted(spoken)}"
            return f"+{format_decimal(unit.shown(amount), locale=spoken)} {unit.name(amount, spoken)}"
