"""Customers who do not exist, to look at a card with while it is designed, in the designer's language.

Each is the regular of ``facts.SAMPLES`` with a few differences: what a card must still look good with.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, TypeAlias

from passerelle.kit.i18n import Language, Sentence
from passerelle.kit.money import Money
from passerelle.templates.facts import SAMPLES, FactValue, shown

SampleKey = Literal["regular", "new", "ready", "long"]
_Sample: TypeAlias = Mapping[str, FactValue | Sentence]

_READY: Final = True
_REGULAR: Final[_Sample] = {
    **SAMPLES,
    "balance.money": Money(2_500, "EUR"),
    "reward.name": Sentence(en="Free coffee", fr="Café offert", ar="قهوة مجانية"),
    "tier.name": Sentence(en="Gold", fr="Or", ar="الذهبي"),
    "coupon.title": Sentence(en="Breakfast week", fr="Semaine du petit-déjeuner", ar="أسبوع الفطور"),
    "gift_card.product": Sentence(en="Gift card", fr="Carte cadeau", ar="بطاقة هدية"),
    "gift_card.message": Sentence(en="Happy birthday!", fr="Joyeux anniversaire !", ar="عيد ميلاد سعيد!"),
    "event.name": Sentence(en="Opening night", fr="Soirée d'ouverture", ar="ليلة الافتتاح"),
    "ticket.type": Sentence(en="Adult", fr="Adulte", ar="بالغ"),
    "customer.first_name": Sentence(en="Lina", fr="Lina", ar="لينا"),
    "customer.last_name": Sentence(en="Benali", fr="Benali", ar="بنعلي"),
    "customer.full_name": Sentence(en="Lina Benali", fr="Lina Benali", ar="لينا بنعلي"),
}
CUSTOMERS: Final[Mapping[SampleKey, _Sample]] = {
    "regular": _REGULAR,
    "new": {
        **_REGULAR,
        "customer.first_name": "Sam",
        "customer.last_name": "",
        "customer.full_name": "Sam",
        "balance.points": 0,
        "balance.stamps": 0,
        "balance.money": Money(0, "EUR"),
        "gift_card.balance": Money(0, "EUR"),
        "gift_card.available": Money(0, "EUR"),
        "gift_card.message": None,
        "gift_card.recipient": "",
        "gift_card.sender": "",
        "stamps.count": 0,
        "stamps.left": 10,
        "reward.missing": 200,
        "tier.name": None,
        "location.name": None,
    },
    "ready": {
        **_REGULAR,
        "balance.points": 260,
        "balance.stamps": 10,
        "stamps.count": 10,
        "stamps.left": 0,
        "reward.ready": _READY,
        "reward.ready_count": 1,
        "reward.missing": 0,
    },
    "long": {
        **_REGULAR,
        "customer.first_name": "Maximiliane-Josephine",
        "customer.last_name": "von und zu Hohenstein-Benabdallah",
        "customer.full_name": "Maximiliane-Josephine von und zu Hohenstein-Benabdallah",
        "balance.points": 1_284_500,
        "balance.stamps": 999,
        "balance.money": Money(128_450_00, "EUR"),
        "gift_card.balance": Money(1_284_50, "EUR"),
        "gift_card.available": Money(1_284_50, "EUR"),
        "coupon.title": Sentence(
            en="Breakfast for two on every weekday in spring",
            fr="Petit-déjeuner pour deux tous les jours de semaine au printemps",
            ar="فطور لشخصين في كل أيام الأسبوع في الربيع",
        ),
        "reward.price": 1_500_000,
        "reward.missing": 215_500,
        "reward.name": Sentence(
            en="Breakfast for two with fresh juice and a pastry of the day",
            fr="Petit-déjeuner pour deux avec jus frais et viennoiserie du jour",
            ar="فطور لشخصين مع عصير طازج ومعجنات اليوم",
        ),
        "location.name": "Boulevard Mohammed V, Casablanca",
        "tier.name": "Platinum Elite",
        "ticket.type": Sentence(en="Adult with two children", fr="Adulte avec deux enfants", ar="بالغ مع طفلين"),
    },
}


def on_the_wire(sample: _Sample, language: Language) -> dict[str, str | int | bool | None]:
    """A sample as JSON: texts in the reader's language, days and instants in ISO 8601, money written out."""
    return {
        name: _wire(value[language] if isinstance(value, dict) else value, language) for name, value in sample.items()
    }


def _wire(value: FactValue, language: Language) -> str | int | bool | None:
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | bool) else shown(value, language)
