"""The sentences of reasons: why units were given, held back or not given, for a till or a customer to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal, format_percent

from passerelle.kit.i18n import Language, Sentence
from passerelle.kit.money import Money
from passerelle.programs.rules import Reason, ReasonCode

_TEXTS: Final[dict[ReasonCode, Sentence]] = {
    "per_amount": {
        "en": "{units_per_step} per {step}, {amount} counted: +{units}",
        "fr": "{units_per_step} par {step}, {amount} comptés : +{units}",
        "ar": "{units_per_step} لكل {step}، المحتسب {amount}: ‎+{units}",
    },
    "per_percent": {
        "en": "{rate} of {amount}: +{units}",
        "fr": "{rate} de {amount} : +{units}",
        "ar": "{rate} من {amount}: ‎+{units}",
    },
    "per_visit": {"en": "For the visit: +{units}", "fr": "Pour la visite : +{units}", "ar": "للزيارة: ‎+{units}"},
    "per_item": {
        "en": "{units_per_item} per item, {items} counted: +{units}",
        "fr": "{units_per_item} par article, {items} comptés : +{units}",
        "ar": "{units_per_item} لكل منتج، العدد {items}: ‎+{units}",
    },
    "per_event": {
        "en": "For “{event}”: +{units}",
        "fr": "Pour « {event} » : +{units}",
        "ar": "عن «{event}»: ‎+{units}",
    },
    "by_hand": {
        "en": "Given at the till: +{units}",
        "fr": "Donné en caisse : +{units}",
        "ar": "مُنحت عند الصندوق: ‎+{units}",
    },
    "promotion_multiplier": {
        "en": "+{units}: {promotion} ({factor})",
        "fr": "+{units} : {promotion} ({factor})",
        "ar": "‎+{units}: {promotion} ({factor})",
    },
    "promotion_bonus": {
        "en": "+{units}: {promotion}",
        "fr": "+{units} : {promotion}",
        "ar": "‎+{units}: {promotion}",
    },
    "coupon": {"en": "For a coupon: +{units}", "fr": "Pour un coupon : +{units}", "ar": "مقابل قسيمة: ‎+{units}"},
    "below_step": {
        "en": "{amount} is too little: {units_per_step} per {step}",
        "fr": "{amount} ne suffit pas : {units_per_step} par {step}",
        "ar": "{amount} غير كافٍ: {units_per_step} لكل {step}",
    },
    "below_minimum": {
        "en": "Only from {minimum} on",
        "fr": "Seulement à partir de {minimum}",
        "ar": "ابتداءً من {minimum} فقط",
    },
    "no_amount": {
        "en": "Only for a purchase with its amount",
        "fr": "Seulement pour un achat avec son montant",
        "ar": "فقط لعملية شراء مع مبلغها",
    },
    "too_little": {
        "en": "What counts is too little to earn anything",
        "fr": "Ce qui compte est trop peu pour rapporter",
        "ar": "المبلغ المحتسب أقل من أن يمنح شيئًا",
    },
    "no_matching_item": {
        "en": "No item of this purchase counts",
        "fr": "Aucun article de cet achat ne compte",
        "ar": "لا يوجد منتج محتسب في هذه العملية",
    },
    "too_few_items": {
        "en": "Only from {minimum} items on, {items} counted",
        "fr": "À partir de {minimum} articles, {items} comptés",
        "ar": "ابتداءً من {minimum} منتجات، العدد {items}",
    },
    "visit_counted": {
        "en": "The visit was counted already at {counted_at}",
        "fr": "La visite a déjà été comptée le {counted_at}",
        "ar": "سبق احتساب الزيارة في {counted_at}",
    },
    "too_soon": {
        "en": "Counted already at {counted_at}: once in {minutes} minutes",
        "fr": "Déjà compté le {counted_at} : une fois en {minutes} minutes",
        "ar": "سبق الاحتساب في {counted_at}: مرة كل {minutes} دقيقة",
    },
    "times_reached": {
        "en": "Given as often as it may be {per}: {times}",
        "fr": "Déjà donné autant de fois que permis {per} : {times}",
        "ar": "مُنح أقصى عدد مرات {per}: {times}",
    },
    "outside_dates": {
        "en": "Not within its dates",
        "fr": "En dehors de ses dates",
        "ar": "خارج تواريخه",
    },
    "other_hours": {
        "en": "Not on this day or at this hour",
        "fr": "Pas ce jour ou pas à cette heure",
        "ar": "ليس في هذا اليوم أو هذه الساعة",
    },
    "other_location": {"en": "Not at this place", "fr": "Pas dans ce point de vente", "ar": "ليس في هذا الفرع"},
    "other_channel": {"en": "Not for purchases made this way", "fr": "Pas par ce canal", "ar": "ليس عبر هذه القناة"},
    "other_tier": {"en": "Only for another level", "fr": "Réservé à un autre niveau", "ar": "لمستوى آخر فقط"},
    "other_segment": {
        "en": "Only for certain customers",
        "fr": "Réservé à certains clients",
        "ar": "لعملاء معيّنين فقط",
    },
    "not_first_purchase": {
        "en": "Only for the first purchase",
        "fr": "Seulement pour le premier achat",
        "ar": "لأول عملية شراء فقط",
    },
    "other_attributes": {
        "en": "The event does not have what is asked",
        "fr": "L'événement n'a pas ce qui est demandé",
        "ar": "الحدث لا يستوفي المطلوب",
    },
    "another_rule_first": {
        "en": "Another rule comes first (this one would give {would_be})",
        "fr": "Une autre règle passe avant (celle-ci donnerait {would_be})",
        "ar": "قاعدة أخرى تسبقها (هذه تمنح {would_be})",
    },
    "another_rule_better": {
        "en": "Another rule gives more (this one would give {would_be})",
        "fr": "Une autre règle donne plus (celle-ci donnerait {would_be})",
        "ar": "قاعدة أخرى تمنح أكثر (هذه تمنح {would_be})",
    },
    "nothing_to_multiply": {
        "en": "{promotion}: nothing to multiply",
        "fr": "{promotion} : rien à multiplier",
        "ar": "{promotion}: لا شيء للمضاعفة",
    },
    "another_promotion": {
        "en": "{promotion} does not add to another promotion",
        "fr": "{promotion} ne se cumule pas avec une autre promotion",
        "ar": "{promotion} لا يُجمع مع عرض آخر",
    },
    "promotion_budget_spent": {
        "en": "{promotion}: all given away",
        "fr": "{promotion} : tout a été distribué",
        "ar": "{promotion}: نفدت الكمية",
    },
    "promotion_limit_reached": {
        "en": "{promotion}: this customer had it as often as one may",
        "fr": "{promotion} : ce client en a profité autant de fois que permis",
        "ar": "{promotion}: استفاد منه هذا العميل أقصى عدد مرات",
    },
    "program_not_running": {
        "en": "The program was not running then",
        "fr": "Le programme n'était pas en cours à ce moment",
        "ar": "لم يكن البرنامج متاحًا حينها",
    },
    "member_suspended": {
        "en": "The membership is suspended",
        "fr": "L'adhésion est suspendue",
        "ar": "العضوية موقوفة",
    },
    "membership_unpaid": {
        "en": "The membership is not paid yet; record its payment, then it counts",
        "fr": "L'adhésion n'est pas encore payée ; enregistrez le paiement pour qu'elle compte",
        "ar": "العضوية غير مدفوعة بعد؛ سجّل الدفع لتُحتسب",
    },
    "membership_lapsed": {
        "en": "The membership has lapsed; renew it, then it counts again",
        "fr": "L'adhésion a expiré ; renouvelez-la pour qu'elle compte à nouveau",
        "ar": "انتهت العضوية؛ جدّدها لتُحتسب من جديد",
    },
    "capped_by_budget": {
        "en": "Limited from {before} to {units}: the last of the promotion",
        "fr": "Limité de {before} à {units} : le reste de la promotion",
        "ar": "خُفّض من {before} إلى {units}: آخر ما تبقى من العرض",
    },
    "tier_reached": {
        "en": "{tier} reached: +{units}",
        "fr": "{tier} atteint : +{units}",
        "ar": "بلوغ {tier}: ‎+{units}",
    },
    "referral_referrer": {
        "en": "For a friend who joined: +{units}",
        "fr": "Pour un ami parrainé : +{units}",
        "ar": "لصديق انضم بدعوتك: ‎+{units}",
    },
    "referral_friend": {
        "en": "For joining by a friend: +{units}",
        "fr": "Pour votre arrivée par un ami : +{units}",
        "ar": "لانضمامك بدعوة صديق: ‎+{units}",
    },
    "referral_milestone": {
        "en": "For {friends} friends who joined: +{units}",
        "fr": "Pour {friends} amis parrainés : +{units}",
        "ar": "لانضمام أصدقاء بدعوتك، عددهم {friends}: ‎+{units}",
    },
    "birthday": {
        "en": "For the birthday: +{units}",
        "fr": "Pour l'anniversaire : +{units}",
        "ar": "لعيد الميلاد: ‎+{units}",
    },
    "achievement": {
        "en": "“{name}” reached: +{units}",
        "fr": "« {name} » atteint : +{units}",
        "ar": "تحقق «{name}»: ‎+{units}",
    },
    "reward_surrendered": {
        "en": "“{reward}” was not redeemed yet and is cancelled: what paid for it is taken back",
        "fr": "« {reward} » n'avait pas été utilisé et est annulé : ce qui l'avait payé est repris",
        "ar": "أُلغيت «{reward}» قبل استعمالها: ما دُفع مقابلها استُرد",
    },
}
_CAPPED: Final[Sentence] = {
    "en": "Limited from {before} to {units}: at most {cap} {per}",
    "fr": "Limité de {before} à {units} : {cap} au plus {per}",
    "ar": "خُفّض من {before} إلى {units}: {cap} كحد أقصى {per}",
}
_REFUSED: Final[Sentence] = {
    "en": "Refused: {before} would be more than {cap} {per}",
    "fr": "Refusé : {before} dépasserait {cap} {per}",
    "ar": "مرفوض: {before} يتجاوز {cap} {per}",
}
_PER: Final[dict[str, Sentence]] = {
    "purchase": {"en": "per purchase", "fr": "par achat", "ar": "للعملية"},
    "day": {"en": "per day", "fr": "par jour", "ar": "في اليوم"},
    "week": {"en": "per week", "fr": "par semaine", "ar": "في الأسبوع"},
    "month": {"en": "per month", "fr": "par mois", "ar": "في الشهر"},
    "year": {"en": "per year", "fr": "par an", "ar": "في السنة"},
    "ever": {"en": "in all", "fr": "en tout", "ar": "إجمالًا"},
    "balance": {"en": "on the balance", "fr": "sur le solde", "ar": "في الرصيد"},
}
_TIMES: Final = "\N{MULTIPLICATION SIGN}"
_NAMED: Final = frozenset({"promotion", "reward"})
_AMOUNTS: Final = frozenset({"step_minor", "amount_minor", "minimum_minor"})
_COUNTS: Final = frozenset({"units", "before", "cap", "would_be", "units_per_step", "units_per_item"})


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: in which language, about a program of which currency and zone, and how its units are written."""

    currency: str
    time_zone: str
    language: Language = "en"
    is_money: bool = False
    decimals: int = 0


def explain(reason: Reason, reader: Reader) -> str:
    """The sentence of a reason; amounts as the reader writes them, instants in the program's time zone."""
    if not reason.params:
        return plain(reason.code, reader.language)
    values = dict(_values(reason.params, reader))
    template = _sentence(reason.code)[reader.language]
    if "promotion" in values and "{promotion}" not in template:
        template = ("{promotion} : " if reader.language == "fr" else "{promotion}: ") + template
    return template.format(**values)


@lru_cache(maxsize=512)
def plain(code: ReasonCode, language: Language) -> str:
    """The sentence of a reason without figures, which most rules answer most of the time."""
    return _sentence(code)[language]


def _sentence(code: ReasonCode) -> Sentence:
    if code.startswith("capped_per_"):
        return _with_scope(_CAPPED, code.removeprefix("capped_per_"))
    if code.startswith("refused_per_"):
        return _with_scope(_REFUSED, code.removeprefix("refused_per_"))
    return _TEXTS[code]


@lru_cache(maxsize=32)
def _scoped(template: str, per: str) -> str:
    return template.replace("{per}", per)


def _with_scope(sentence: Sentence, per: str) -> Sentence:
    scope = _PER[per]
    return {
        "en": _scoped(sentence["en"], scope["en"]),
        "fr": _scoped(sentence["fr"], scope["fr"]),
        "ar": _scoped(sentence["ar"], scope["ar"]),
    }


def _values(params: dict[str, Any], reader: Reader) -> Iterator[tuple[str, Any]]:
    for name, value in params.items():
        if name in _AMOUNTS:
            yield name.removesuffix("_minor"), Money(value, reader.currency).formatted(reader.language)
        elif name in _COUNTS and reader.is_money:
            yield name, Money(value, reader.currency).formatted(reader.language)
        elif name in _COUNTS and reader.decimals:
            yield name, _with_decimals(value, reader)
        elif name == "counted_at":
            counted_at = datetime.fromisoformat(value).astimezone(ZoneInfo(reader.time_zone))
            yield name, counted_at.strftime("%Y-%m-%d %H:%M")
        elif name == "basis_points":
            yield "rate", format_percent(value / 10_000, locale=reader.language, decimal_quantization=False)
        elif name == "percent":
            yield "factor", f"{_TIMES}{value / 100:g}"
        elif name == "per":
            yield name, _PER[value][reader.language]
        elif name in _NAMED:
            yield name, params.get(f"{name}_names", {}).get(reader.language) or value
        else:
            yield name, value


def _with_decimals(value: int, reader: Reader) -> str:
    """Units as people write them: 1250 with two decimals are 12.50."""
    pattern = f"#,##0.{'0' * reader.decimals}"
    return str(format_decimal(Decimal(value).scaleb(-reader.decimals), pattern, locale=reader.language))
