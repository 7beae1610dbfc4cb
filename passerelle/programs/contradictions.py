"""Rules and promotions that contradict themselves: found before they are saved. Pure.

A contradiction is a rule that could never do what it says: the shop would learn it from its customers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from passerelle.kit.i18n import Sentence
from passerelle.programs.conditions import WEEKDAYS, Conditions, Hours
from passerelle.programs.earning_rules import (
    Cap,
    Earning,
    EarningRule,
    PerAmount,
    PerEvent,
    PerItem,
    PerPercent,
    Times,
)
from passerelle.programs.periods import PERIODS
from passerelle.programs.promoting import Bonus, Promotion
from passerelle.programs.rules import units_of

MAX_RATE: Final = 1000
"""Units for each minor unit: the dearest purchase times this and the highest multiplier can still be booked."""
_DAY: Final = 24 * 60
_LENGTHS: Final = ("purchase", *PERIODS)

SENTENCES: Final[dict[str, Sentence]] = {
    "dates_reversed": {
        "en": "it would end before it starts. Put ends_at after starts_at",
        "fr": "la fin précède le début. Mettez ends_at après starts_at",
        "ar": "النهاية تسبق البداية. اجعل ends_at بعد starts_at",
    },
    "hours_empty": {
        "en": "from {at} to {at} is no time. Leave the hours out for the whole day",
        "fr": "de {at} à {at}, il n'y a pas de durée. Omettez les heures pour toute la journée",
        "ar": "من {at} إلى {at} لا توجد مدة. اترك الساعات فارغة لليوم كله",
    },
    "hours_overlap": {
        "en": "its hours {one} and {other} overlap. Join them into one",
        "fr": "ses heures {one} et {other} se chevauchent. Réunissez-les",
        "ar": "تتداخل الساعات {one} و{other}. اجمعها في فترة واحدة",
    },
    "list_empty": {
        "en": "the list “{field}” is empty, so nothing could match. Leave it out to allow all",
        "fr": "la liste « {field} » est vide : rien ne correspondrait. Omettez-la pour tout permettre",
        "ar": "القائمة «{field}» فارغة فلا شيء يطابقها. احذفها للسماح بالكل",
    },
    "repeated": {
        "en": "there are two limits per {per}. Keep one",
        "fr": "il y a deux limites par « {per} ». Gardez-en une",
        "ar": "هناك حدّان لكل «{per}». أبقِ واحدًا",
    },
    "longer_below_shorter": {
        "en": "{longer_units} per {longer} is below {shorter_units} per {shorter}. Raise one or drop the other",
        "fr": "{longer_units} par « {longer} » : moins que {shorter_units} par « {shorter} ». Ajustez",
        "ar": "الحد {longer_units} لكل «{longer}» أقل من {shorter_units} لكل «{shorter}». عدّل أحدهما",
    },
    "cap_below_least": {
        "en": "it gives at least {least}, but at most {units} per {per}. Raise the limit or lower what it gives",
        "fr": "elle donne au moins {least}, mais au plus {units} par « {per} ». Relevez la limite ou donnez moins",
        "ar": "تمنح {least} على الأقل لكن الحد {units} لكل «{per}». ارفع الحد أو قلّل ما تمنحه",
    },
    "never_open": {
        "en": "none of its weekdays lies between its dates",
        "fr": "aucun de ses jours de la semaine ne tombe entre ses dates",
        "ar": "لا يقع أي من أيام الأسبوع المحددة بين التاريخين",
    },
    "range_reversed": {
        "en": "the attribute “{name}” cannot be at least {at_least} and at most {at_most}",
        "fr": "l'attribut « {name} » ne peut valoir au moins {at_least} et au plus {at_most}",
        "ar": "لا يمكن أن تكون الخاصية «{name}» {at_least} على الأقل و{at_most} على الأكثر",
    },
    "event_has_none": {
        "en": "a custom event has no “{field}”, so it could never give anything. Leave it out",
        "fr": "un événement n'a pas de « {field} » : elle ne donnerait jamais rien. Omettez-le",
        "ar": "الحدث المخصّص ليس له «{field}» فلن تمنح شيئًا أبدًا. احذفه",
    },
    "attributes_without_event": {
        "en": "only custom events have attributes, and it is about purchases and visits. Leave the attributes out",
        "fr": "seuls les événements ont des attributs, et elle porte sur achats et visites. Omettez les attributs",
        "ar": "الخصائص للأحداث المخصّصة فقط، وهذه للمشتريات والزيارات. احذف الخصائص",
    },
    "unit_changed": {
        "en": "a rule keeps its unit, for what it gave is counted in it. Remove it and add another",
        "fr": "une règle garde son unité, car ce qu'elle a donné y est compté. Retirez-la et ajoutez-en une autre",
        "ar": "القاعدة تحتفظ بوحدتها لأن ما منحته محسوب بها. احذفها وأضف غيرها",
    },
    "tier_elsewhere": {
        "en": "the tier {tier} is not one of this program",
        "fr": "le niveau {tier} n'est pas de ce programme",
        "ar": "المستوى {tier} ليس من هذا البرنامج",
    },
    "rate_too_high": {
        "en": "it gives {units} units for each minor unit of the amount, at most {limit} make sense. Lower it",
        "fr": "elle donne {units} unités par unité mineure du montant, {limit} au plus ont un sens. Réduisez",
        "ar": "تمنح {units} وحدة لكل وحدة صغرى من المبلغ، والحد المعقول {limit}. خفّضها",
    },
    "percent_needs_money": {
        "en": "a percentage gives money, and “{unit}” is not a money unit. Use per_amount, or a money unit",
        "fr": "un pourcentage donne de l'argent, et « {unit} » n'est pas une unité monétaire. Utilisez per_amount",
        "ar": "النسبة المئوية تمنح مالًا و«{unit}» ليست وحدة مالية. استخدم per_amount أو وحدة مالية",
    },
}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What contradicts: a key of ``SENTENCES`` with its values."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)


def of_rule(rule: EarningRule, *, unit: str, unit_kind: str, time_zone: str) -> Contradiction | None:
    """The first contradiction of a rule; ``unit`` is the code of what it gives."""
    if isinstance(rule.earning, PerPercent) and unit_kind != "money":
        return Contradiction("percent_needs_money", {"unit": unit})
    found = [
        *_in_rate(rule.earning),
        *_in_conditions(rule.conditions, None, None, time_zone),
        *_in_limits(rule.every_cap),
        *_in_limits(rule.times),
        *_in_occasion(rule),
    ]
    if found:
        return found[0]
    least = _least(rule.earning, rule.minimum_amount_minor)
    for cap in rule.every_cap:
        if cap.units < least:
            return Contradiction("cap_below_least", {"least": least, "units": cap.units, "per": cap.per})
    return None


def of_promotion(promotion: Promotion, time_zone: str) -> Contradiction | None:
    """The first contradiction of a promotion."""
    if _is_reversed(promotion.starts_at, promotion.ends_at):
        return Contradiction("dates_reversed")
    found = next(_in_conditions(promotion.conditions, promotion.starts_at, promotion.ends_at, time_zone), None)
    if found is not None:
        return found
    effect = promotion.effect
    if isinstance(effect, Bonus):
        if promotion.conditions.attributes:
            return Contradiction("attributes_without_event")
        if promotion.budget_units is not None and promotion.budget_units < effect.units:
            least = {"least": effect.units, "units": promotion.budget_units, "per": "budget"}
            return Contradiction("cap_below_least", least)
    return None


def of_caps(caps: Sequence[Cap]) -> Contradiction | None:
    """The first contradiction among the caps of a unit."""
    return next(_in_limits(caps), None)


def _in_conditions(
    conditions: Conditions, starts_at: datetime | None, ends_at: datetime | None, time_zone: str
) -> Iterator[Contradiction]:
    for name in ("locations", "weekdays", "hours", "tiers", "segments", "channels", "attributes"):
        if getattr(conditions, name) == []:
            yield Contradiction("list_empty", {"field": name})
    yield from _in_hours(conditions)
    first = max((at for at in (conditions.starts_at, starts_at) if at is not None), default=None)
    last = min((at for at in (conditions.ends_at, ends_at) if at is not None), default=None)
    if _is_reversed(first, last):
        yield Contradiction("dates_reversed")
    elif (
        conditions.weekdays
        and first is not None
        and last is not None
        and not _opens(conditions, first, last, time_zone)
    ):
        yield Contradiction("never_open")
    for each in conditions.attributes or ():
        if each.one_of == []:
            yield Contradiction("list_empty", {"field": each.name})
        if each.at_least is not None and each.at_most is not None and each.at_least > each.at_most:
            params = {"name": each.name, "at_least": each.at_least, "at_most": each.at_most}
            yield Contradiction("range_reversed", params)


def _in_hours(conditions: Conditions) -> Iterator[Contradiction]:
    for span in conditions.hours or ():
        if span.from_ == span.to:
            yield Contradiction("hours_empty", {"at": span.to})
    for one, other in combinations(conditions.hours or (), 2):
        if _overlap(one, other, daily=not conditions.weekdays):
            spans = {"one": f"{one.from_}\N{EN DASH}{one.to}", "other": f"{other.from_}\N{EN DASH}{other.to}"}
            yield Contradiction("hours_overlap", spans)


def _overlap(one: Hours, other: Hours, *, daily: bool) -> bool:
    """Whether two spans of hours have a minute in common on the day they begin, or ``daily`` on the next morning."""
    (start, end), (from_, to) = (_unwrapped(*each.minutes) for each in (one, other))
    shifts = (-_DAY, 0, _DAY) if daily else (0,)
    return any(start < to + shift and from_ + shift < end for shift in shifts)


def _unwrapped(start: int, end: int) -> tuple[int, int]:
    return start, end if end > start else end + _DAY


def _opens(conditions: Conditions, first: datetime, last: datetime, time_zone: str) -> bool:
    """Whether one of the weekdays begins between two instants; hours after midnight belong to the day before."""
    zone = ZoneInfo(time_zone)
    day, end = first.astimezone(zone).date() - timedelta(days=1), last.astimezone(zone).date()
    wanted = {WEEKDAYS.index(each) for each in conditions.weekdays or ()}
    crosses = any(span.minutes[0] > span.minutes[1] for span in conditions.hours or ())
    day = day if crosses else day + timedelta(days=1)
    return any((day + timedelta(days=more)).weekday() in wanted for more in range(min(7, (end - day).days + 1)))


def _in_limits(limits: Sequence[Cap] | Sequence[Times]) -> Iterator[Contradiction]:
    known: dict[str, int] = {}
    for limit in limits:
        if limit.per in known:
            yield Contradiction("repeated", {"per": limit.per})
        known[limit.per] = limit.units if isinstance(limit, Cap) else limit.times
    ordered = [(per, known[per]) for per in _LENGTHS if per in known]
    for (shorter, fewer), (longer, more) in pairwise(ordered):
        if more < fewer:
            params = {"longer": longer, "longer_units": more, "shorter": shorter, "shorter_units": fewer}
            yield Contradiction("longer_below_shorter", params)


def _in_rate(earning: Earning) -> Iterator[Contradiction]:
    if isinstance(earning, PerAmount) and earning.units_per_step > MAX_RATE * earning.amount_minor_per_step:
        rate = earning.units_per_step // earning.amount_minor_per_step
        yield Contradiction("rate_too_high", {"units": rate, "limit": MAX_RATE})


def _in_occasion(rule: EarningRule) -> Iterator[Contradiction]:
    conditions = rule.conditions
    if not isinstance(rule.earning, PerEvent):
        if conditions.attributes:
            yield Contradiction("attributes_without_event")
        return
    missing = {
        "first_purchase": conditions.first_purchase,
        "channels": bool(conditions.channels),
        "minimum_amount_minor": rule.minimum_amount_minor > 0,
        "base": rule.base is not None,
    }
    for name, is_asked in missing.items():
        if is_asked:
            yield Contradiction("event_has_none", {"field": name})


def _least(earning: Earning, minimum_amount_minor: int) -> int:
    """The least that a rule gives when it gives anything."""
    if isinstance(earning, PerAmount):
        step, rounding = earning.amount_minor_per_step, earning.rounding
        return max(earning.units_per_step, units_of(minimum_amount_minor, step, earning.units_per_step, rounding))
    if isinstance(earning, PerPercent):
        return max(1, units_of(minimum_amount_minor * earning.basis_points, 10_000, 1, earning.rounding))
    if isinstance(earning, PerItem):
        return earning.units_per_item * earning.minimum_quantity
    return earning.units


def _is_reversed(starts_at: datetime | None, ends_at: datetime | None) -> bool:
    return starts_at is not None and ends_at is not None and ends_at <= starts_at
