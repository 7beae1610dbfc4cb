"""The sentences of reasons: why units were given, held back or not given, for a till or a customer to read."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from passerelle.kit.i18n import Language, Sentence
from passerelle.kit.money import Money
from passerelle.programs.rules import Reason, ReasonCode

_TEXTS: Final[dict[ReasonCode, Sentence]] = {
    "per_amount": {
        "en": "{units_per_step} per {step}, {amount} paid: +{units}",
        "fr": "{units_per_step} par {step}, {amount} payés : +{units}",
        "ar": "{units_per_step} لكل {step}، المدفوع {amount}: ‎+{units}",
    },
    "per_visit": {"en": "For the visit: +{units}", "fr": "Pour la visite : +{units}", "ar": "للزيارة: ‎+{units}"},
    "per_item": {
        "en": "{units_per_item} per item, {items} counted: +{units}",
        "fr": "{units_per_item} par article, {items} comptés : +{units}",
        "ar": "{units_per_item} لكل منتج، العدد {items}: ‎+{units}",
    },
    "by_hand": {
        "en": "Given at the till: +{units}",
        "fr": "Donné en caisse : +{units}",
        "ar": "مُنحت عند الصندوق: ‎+{units}",
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
    "no_matching_item": {
        "en": "No item of this purchase counts",
        "fr": "Aucun article de cet achat ne compte",
        "ar": "لا يوجد منتج محتسب في هذه العملية",
    },
    "visit_counted": {
        "en": "The visit was counted already at {counted_at}",
        "fr": "La visite a déjà été comptée le {counted_at}",
        "ar": "سبق احتساب الزيارة في {counted_at}",
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
    "capped_per_purchase": {
        "en": "Limited from {before} to {units}: most per purchase",
        "fr": "Limité de {before} à {units} : maximum par achat",
        "ar": "خُفّض من {before} إلى {units}: الحد الأقصى للعملية",
    },
    "capped_per_day": {
        "en": "Limited from {before} to {units}: most per day",
        "fr": "Limité de {before} à {units} : maximum par jour",
        "ar": "خُفّض من {before} إلى {units}: الحد الأقصى لليوم",
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
}


def explain(reason: Reason, *, currency: str, time_zone: str, language: Language = "en") -> str:
    """The sentence of a reason; amounts as the reader writes them, instants in the program's time zone."""
    values: dict[str, Any] = dict(reason.params)
    for name in ("step_minor", "amount_minor", "minimum_minor"):
        if name in values:
            values[name.removesuffix("_minor")] = Money(values.pop(name), currency).formatted(language)
    if "counted_at" in values:
        counted_at = datetime.fromisoformat(values["counted_at"]).astimezone(ZoneInfo(time_zone))
        values["counted_at"] = counted_at.strftime("%Y-%m-%d %H:%M")
    return _TEXTS[reason.code][language].format(**values)
