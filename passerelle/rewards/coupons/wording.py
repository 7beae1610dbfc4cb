"""What a coupon gives, in a few words for a card or a page."""

from typing import Final

from babel.numbers import format_decimal, format_percent

from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language, Sentence, as_language
from passerelle.kit.money import Money
from passerelle.programs import service as programs
from passerelle.rewards.coupons.terms import AmountOff, BuyGet, FreeItem, GrantUnits, PercentOff
from passerelle.rewards.coupons.values import Campaign

FREE_ITEM: Final[Sentence] = {"en": "Free item", "fr": "Article offert", "ar": "منتج مجاني"}
_BUY_GET: Final[Sentence] = {
    "en": "Buy {buy}, get {get} free",
    "fr": "{buy} acheté{s_buy}, {get} offert{s_get}",
    "ar": "اشترِ {buy} واحصل على {get} مجانًا",
}
_BUY_CHEAPER: Final[Sentence] = {
    "en": "Buy {buy}, get {get} at {share}",
    "fr": "{buy} acheté{s_buy}, {get} à {share}",
    "ar": "اشترِ {buy} واحصل على {get} بخصم {share}",
}
_MINUS: Final = "\N{MINUS SIGN}"
_LEFT_TO_RIGHT: Final = "\N{LEFT-TO-RIGHT MARK}"  # or the sign stands behind the number in Arabic
_TIMES: Final = "\N{MULTIPLICATION SIGN}"
_WHOLE: Final = 10_000  # basis points
_PERCENT: Final[Sentence] = {"en": "#,##0.##%", "fr": "#,##0.##\N{NARROW NO-BREAK SPACE}%", "ar": "#,##0.##%"}


async def benefit_of(tx: Tx, campaign: Campaign, language: str) -> str:
    """“-20%”, “-5,00 €”, “Free item”, “+50 points”: as a reader of one of our languages writes it."""
    spoken = as_language(language) or "en"
    match campaign.terms.effect:
        case PercentOff(basis_points=points):
            return _share(points, spoken)
        case AmountOff(amount_minor=amount):
            return f"{_MINUS}{Money(amount, campaign.currency).formatted(spoken)}"
        case FreeItem(quantity=quantity):
            free = FREE_ITEM[spoken]
            return free if quantity == 1 else f"{quantity} {_TIMES} {free}"
        case BuyGet() as effect:
            return _buy_get(effect, spoken)
        case GrantUnits(amount=amount, unit=code):
            assert campaign.program_id is not None, "such a campaign has a program"
            unit = (await programs.get_program(tx, campaign.program_id)).find_unit(code)
            if unit is None:
                return f"+{amount}"
            if unit.kind == "money":
                return f"+{Money(amount, campaign.currency).formatted(spoken)}"
            return f"+{format_decimal(unit.shown(amount), locale=spoken)} {unit.name(amount, spoken)}"


def _share(basis_points: int, spoken: Language) -> str:
    mark = _LEFT_TO_RIGHT if spoken == "ar" else ""
    return f"{mark}{_MINUS}{format_percent(basis_points / _WHOLE, _PERCENT[spoken], locale=spoken)}"


def _buy_get(effect: BuyGet, spoken: Language) -> str:
    buy, get = effect.buy.quantity, effect.given.quantity
    numbers = {"buy": buy, "get": get, "s_buy": "s" if buy > 1 else "", "s_get": "s" if get > 1 else ""}
    if effect.basis_points == _WHOLE:
        return _BUY_GET[spoken].format(**numbers)
    return _BUY_CHEAPER[spoken].format(**numbers, share=_share(effect.basis_points, spoken))
