"""What a coupon gives, in a few words for a card or a page."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from passerelle.kit import clock
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
_NEXT: Final[Sentence] = {
    "en": "Next time: {benefit}",
    "fr": "La prochaine fois : {benefit}",
    "ar": "في المرة القادمة: {benefit}",
}
_FROM: Final[Sentence] = {"en": ", from {day}", "fr": ", à partir du {day}", "ar": "، ابتداءً من {day}"}
_UNTIL: Final[Sentence] = {"en": ", until {day}", "fr": ", jusqu'au {day}", "ar": "، حتى {day}"}
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
        case GrantUnits() as effect:
            return await _units(tx, campaign, effect, spoken)


def next_time(
    benefit: str, window: tuple[datetime | None, datetime | None], time_zone: str, language: Language
) -> str:
    """“Next time: -10%, until 3 December”, for whoever was just given a code with this window."""
    zone, (starts_at, ends_at) = ZoneInfo(time_zone), window
    told = _NEXT[language].format(benefit=benefit)
    if starts_at is not None and starts_at > clock.now():
        told += _FROM[language].format(day=_day(starts_at.astimezone(zone).date(), language))
    if ends_at is not None:
        last = (ends_at.astimezone(zone) - timedelta(microseconds=1)).date()
        told += _UNTIL[language].format(day=_day(last, language))
    return told


def _day(day: date, language: Language) -> str:
    return str(format_date(day, "d MMMM", locale=language))


async def _units(tx: Tx, campaign: Campaign, effect: GrantUnits, spoken: Language) -> str:
    assert campaign.program_id is not None, "such a campaign has a program"
    unit = (await programs.get_program(tx, campaign.program_id)).find_unit(effect.unit)
    if unit is None:
        return f"+{effect.amount}"
    if unit.kind == "money":
        return f"+{Money(effect.amount, campaign.currency).formatted(spoken)}"
    return f"+{format_decimal(unit.shown(effect.amount), locale=spoken)} {unit.name(effect.amount, spoken)}"


def _share(basis_points: int, spoken: Language) -> str:
    mark = _LEFT_TO_RIGHT if spoken == "ar" else ""
    return f"{mark}{_MINUS}{format_percent(basis_points / _WHOLE, _PERCENT[spoken], locale=spoken)}"


def _buy_get(effect: BuyGet, spoken: Language) -> str:
    buy, get = effect.buy.quantity, effect.given.quantity
    numbers = {"buy": buy, "get": get, "s_buy": "s" if buy > 1 else "", "s_get": "s" if get > 1 else ""}
    if effect.basis_points == _WHOLE:
        return _BUY_GET[spoken].format(**numbers)
    return _BUY_CHEAPER[spoken].format(**numbers, share=_share(effect.basis_points, spoken))
