"""The placeholders of templates: what they are called, what they hold, and an example of each.

Facts travel flat, by dotted name: ``{"customer.first_name": "Ada", "balance.points": 120}``. A fact that is
missing renders as nothing. Dates and times come in the organization's time zone already.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import format_decimal, format_percent

from passerelle.kit.i18n import Sentence
from passerelle.kit.money import Money

Style = Literal["text", "decimal", "percent", "currency", "date", "time", "date_time"]
Length = Literal["short", "medium", "long", "full"]
FactKind = Literal["text", "number", "boolean", "date"]
"""``number`` covers whole numbers, decimals and money; ``date`` covers days and instants."""
FactValue: TypeAlias = str | int | bool | Decimal | date | datetime | Money | None
Facts: TypeAlias = Mapping[str, FactValue]

TEXT_LIMIT: Final = 4_000
_DATED: Final = frozenset({"date", "time", "date_time"})
_NO: Final = False
_BALANCE: Final = re.compile(r"balance\.[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder: its kind, a sentence for the person who writes a template, and a sample."""

    kind: FactKind
    meaning: Sentence
    sample: FactValue


def _of(kind: FactKind, sample: FactValue, en: str, fr: str, ar: str) -> Placeholder:
    return Placeholder(kind, Sentence(en=en, fr=fr, ar=ar), sample)


PLACEHOLDERS: Final[Mapping[str, Placeholder]] = {
    "customer.first_name": _of("text", "Lina", "First name", "Prénom", "الاسم الأول"),
    "customer.last_name": _of("text", "Benali", "Last name", "Nom", "اسم العائلة"),
    "customer.full_name": _of("text", "Lina Benali", "Full name", "Nom complet", "الاسم الكامل"),
    "organization.name": _of("text", "Café Central", "Name of the shop", "Nom de l'enseigne", "اسم المتجر"),
    "organization.website": _of("text", "https://cafe.example", "Website", "Site web", "الموقع الإلكتروني"),
    "organization.page": _of(
        "text", "https://cards.example/m/org_…", "Page of customers", "Page des clients", "صفحة الزبائن"
    ),
    "program.name": _of("text", "Coffee Club", "Name of the program", "Nom du programme", "اسم البرنامج"),
    "location.name": _of("text", "Agdal", "Name of the home shop", "Nom du point de vente", "اسم الفرع"),
    "balance.points": _of("number", 120, "Points", "Points", "النقاط"),
    "balance.stamps": _of("number", 7, "Stamps, over all cards", "Tampons, toutes cartes", "مجموع الأختام"),
    "stamps.count": _of("number", 7, "Stamps on the card", "Tampons sur la carte", "الأختام على البطاقة"),
    "stamps.goal": _of("number", 10, "Stamps of a full card", "Tampons d'une carte pleine", "أختام البطاقة الكاملة"),
    "stamps.left": _of("number", 3, "Stamps still missing", "Tampons manquants", "الأختام المتبقية"),
    "reward.name": _of("text", "Free coffee", "Next reward", "Prochaine récompense", "المكافأة التالية"),
    "reward.ready": _of("boolean", _NO, "A reward is waiting", "Une récompense attend", "توجد مكافأة جاهزة"),
    "reward.ready_count": _of("number", 0, "Rewards waiting", "Récompenses en attente", "عدد المكافآت الجاهزة"),
    "reward.price": _of("number", 200, "Price of the reward", "Prix de la récompense", "سعر المكافأة"),
    "reward.missing": _of("number", 80, "Missing for the reward", "Manque pour la récompense", "المتبقي للمكافأة"),
    "tier.name": _of("text", "Gold", "Tier", "Niveau", "المستوى"),
    "tier.next": _of("text", "Platinum", "Next tier", "Niveau suivant", "المستوى التالي"),
    "tier.missing": _of(
        "number", 120, "Missing for the next tier", "Manque pour le niveau suivant", "المتبقي للمستوى"
    ),
    "tier.ends": _of("date", date(2027, 12, 31), "Last day of the tier", "Dernier jour du niveau", "آخر يوم للمستوى"),
    "expiry.amount": _of("number", 40, "Units that lapse next", "Unités qui expirent bientôt", "وحدات تنتهي قريبًا"),
    "expiry.last_day": _of(
        "date", date(2027, 12, 31), "Last day of those units", "Dernier jour de ces unités", "آخر يوم لهذه الوحدات"
    ),
    "member.since": _of("date", date(2026, 3, 1), "Member since", "Membre depuis", "عضو منذ"),
    "membership.valid_from": _of(
        "date", date(2027, 1, 1), "First day of the membership", "Début de l'adhésion", "بداية العضوية"
    ),
    "membership.valid_until": _of(
        "date", date(2027, 12, 31), "Last day of the membership", "Fin de l'adhésion", "نهاية العضوية"
    ),
    "membership.status": _of(
        "text",
        "active",
        "unpaid, active, ending, grace or lapsed",
        "unpaid, active, ending, grace ou lapsed",
        "حالة العضوية",
    ),
    "pass.code": _of("text", "7K2M-9QXD", "Code of the card", "Code de la carte", "رمز البطاقة"),
    "pass.serial": _of("text", "0198c0de", "Serial number", "Numéro de série", "الرقم التسلسلي"),
    "pass.expires": _of("date", date(2027, 12, 31), "End of validity", "Fin de validité", "نهاية الصلاحية"),
    "coupon.title": _of("text", "Breakfast week", "Name of the offer", "Nom de l'offre", "اسم العرض"),
    "coupon.value": _of(
        "text", "\N{MINUS SIGN}20%", "What the coupon gives", "Ce que donne le bon", "ما تمنحه القسيمة"
    ),
    "coupon.code": _of("text", "7K2M-9QXD", "Code of the coupon", "Code du bon", "رمز القسيمة"),
    "coupon.valid_from": _of("date", date(2027, 1, 1), "First day", "Premier jour", "أول يوم"),
    "coupon.valid_until": _of("date", date(2027, 12, 31), "Last day", "Dernier jour", "آخر يوم"),
    "coupon.uses_left": _of("number", 1, "Uses left", "Utilisations restantes", "مرات الاستخدام المتبقية"),
    "coupon.minimum": _of("number", Money(1_500, "EUR"), "Least purchase", "Achat minimum", "الحد الأدنى للشراء"),
    "coupon.state": _of(
        "text", "active", "active, used, voided or expired", "active, used, voided ou expired", "حالة القسيمة"
    ),
    "gift_card.product": _of("text", "Gift card", "Name of the gift card", "Nom de la carte", "اسم البطاقة"),
    "gift_card.balance": _of("number", Money(2_500, "EUR"), "Balance", "Solde", "الرصيد"),
    "gift_card.available": _of(
        "number", Money(2_500, "EUR"), "Balance that is not held", "Solde disponible", "الرصيد المتاح"
    ),
    "gift_card.currency": _of("text", "EUR", "Currency", "Devise", "العملة"),
    "gift_card.expires_at": _of("date", date(2027, 12, 31), "Last day", "Dernier jour", "آخر يوم"),
    "gift_card.code": _of("text", "7K2M-9QXD-4TRV-8WNB", "Code", "Code", "الرمز"),
    "gift_card.number": _of("text", "•••• 8WNB", "Its last four letters", "Ses quatre derniers", "آخر أربعة رموز"),
    "gift_card.state": _of(
        "text", "ACTIVE", "PENDING, ACTIVE, BLOCKED, DEACTIVATED", "État de la carte", "حالة البطاقة"
    ),
    "gift_card.sender": _of("text", "Sam", "Who gives it", "De la part de", "من طرف"),
    "gift_card.recipient": _of("text", "Lina", "Whom it is for", "Pour", "إلى"),
    "gift_card.message": _of("text", "Happy birthday!", "Message", "Message", "الرسالة"),
    "event.name": _of("text", "Opening night", "Event", "Événement", "الحدث"),
    "event.starts": _of("date", datetime.fromisoformat("2027-05-21T20:00:00+01:00"), "Start", "Début", "البداية"),
    "event.ends": _of("date", datetime.fromisoformat("2027-05-21T23:00:00+01:00"), "End", "Fin", "النهاية"),
    "event.doors": _of("date", datetime.fromisoformat("2027-05-21T19:00:00+01:00"), "Doors", "Portes", "فتح الأبواب"),
    "event.address": _of("text", "Avenue Al Mansour, Rabat", "Address", "Adresse", "العنوان"),
    "event.state": _of("text", "published", "published or cancelled", "published ou cancelled", "حالة الحدث"),
    "event.venue": _of("text", "Théâtre Mohammed V", "Venue", "Lieu", "المكان"),
    "ticket.type": _of("text", "Adult", "Kind of ticket", "Type de billet", "نوع التذكرة"),
    "ticket.section": _of("text", "B", "Section", "Section", "القسم"),
    "ticket.row": _of("text", "12", "Row", "Rangée", "الصف"),
    "ticket.seat": _of("text", "7", "Seat", "Place", "المقعد"),
    "ticket.place": _of("text", "B 12 7", "Section, row and seat", "Section, rangée et place", "القسم والصف والمقعد"),
    "ticket.state": _of("text", "issued", "issued, used or cancelled", "issued, used ou cancelled", "حالة التذكرة"),
    "language": _of("text", "en", "Language of the text", "Langue du texte", "لغة النص"),
}
SAMPLES: Final[Facts] = {name: placeholder.sample for name, placeholder in PLACEHOLDERS.items()}


def kind_of(name: str) -> FactKind | None:
    """What a placeholder holds, or None for a name that no card has; ``balance.<unit>`` is always a number."""
    known = PLACEHOLDERS.get(name)
    if known is not None:
        return known.kind
    return "number" if _BALANCE.fullmatch(name) else None


def nearest(name: str) -> str | None:
    """The known placeholder that was probably meant."""
    found = get_close_matches(name.lower(), PLACEHOLDERS, n=1, cutoff=0.55)
    return found[0] if found else None


@lru_cache(maxsize=200)
def locale_of(language: str) -> str:
    """The name under which the locale database knows a language tag; English when it does not."""
    try:
        return str(Locale.parse(language, sep="-"))
    except (UnknownLocaleError, ValueError):
        return "en"


def shown(value: FactValue, language: str) -> str:
    """A fact as text for a reader of that language."""
    if isinstance(value, str):
        return value[:TEXT_LIMIT]
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    # Equal instants of two time zones are equal keys, but not equal texts.
    return _formatted(value, language, value.utcoffset() if isinstance(value, datetime) else None)


def styled(value: FactValue, style: Style, length: Length, currency: str | None, language: str) -> str:
    """A fact written in a field's format, for wallets that do not format by themselves."""
    if isinstance(value, date) and style in _DATED:
        return _dated(value, style, length, language)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return shown(value, language)
    match style:
        case "currency" if currency and isinstance(value, int):
            return Money(value, currency).formatted(locale_of(language))
        case "percent":
            return str(format_percent(value, locale=locale_of(language)))
        case "decimal":
            return str(format_decimal(value, locale=locale_of(language)))
    return shown(value, language)


def _dated(value: date, style: Style, length: Length, language: str) -> str:
    if not isinstance(value, datetime) or style == "date":
        return str(format_date(value, length, locale=locale_of(language)))
    if style == "time":
        return str(format_time(value, "short", tzinfo=value.tzinfo, locale=locale_of(language)))
    return _moment(value, length, language)


def _moment(value: datetime, length: Length, language: str) -> str:
    """A day in some length with its time of day to the minute: nobody reads seconds on a card."""
    locale = locale_of(language)
    time = format_time(value, "short", tzinfo=value.tzinfo, locale=locale)
    pattern = str(get_datetime_format(length, locale=locale)).replace("'", "")
    return pattern.replace("{0}", time).replace("{1}", format_date(value, length, locale=locale))


@lru_cache(maxsize=2_000)
def _formatted(value: Decimal | date | datetime | Money, language: str, _offset: timedelta | None) -> str:
    if isinstance(value, Money):
        return value.formatted(locale_of(language))
    if isinstance(value, Decimal):
        return str(format_decimal(value, locale=locale_of(language)))
    if isinstance(value, datetime):
        return _moment(value, "medium", language)
    return str(format_date(value, "medium", locale=locale_of(language)))
