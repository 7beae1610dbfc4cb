"""Which rules an occasion can concern at all, decided once for each kind of situation and then remembered. Pure.

Most rules of a program do not apply to most purchases. Whether the conditions of a rule hold depends on few things:
between which of the dates and hours that rules name it is, which of the places, channels, tiers and segments that
rules name are there, which goods that rules name are in the basket. Purchases that agree in all of these are answered
alike by every rule that does not apply, so that answer is kept; only the others are evaluated.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final, TypeAlias
from uuid import UUID

from passerelle.programs.accrual_base import AccrualBase, Occasion
from passerelle.programs.conditions import Facts, Matcher
from passerelle.programs.earning_rules import EarningRule, Figure, PerEvent, PerItem
from passerelle.programs.rules import Accrual, Reason, ReasonCode

_REMEMBERED: Final = 128
Situation: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PreparedRule:
    """A rule with its conditions ready, and the answers it gave without a figure in them, which never differ.

    ``place`` is its place among the active rules of the program.
    """

    place: int
    rule: EarningRule
    matcher: Matcher
    base: AccrualBase
    silent: dict[ReasonCode, Accrual] = field(default_factory=dict, compare=False, repr=False)

    def concerns(self, occasion: Occasion) -> bool:
        """Whether the rule is about this kind of occasion at all."""
        if isinstance(self.rule.earning, PerEvent):
            return occasion.event == self.rule.earning.event
        return occasion.kind != "event"

    def nothing(self, code: ReasonCode) -> Accrual:
        """No units, for a reason whose figures are those of the rule."""
        answer = self.silent.get(code)
        if answer is None:
            params = {"minimum_minor": self.rule.minimum_amount_minor} if code == "below_minimum" else {}
            answer = self.silent[code] = Accrual(self.rule.unit_id, 0, self.rule.id, (Reason(code, params),))
        return answer

    def unmet(self, facts: Facts, goods: frozenset[str | None]) -> ReasonCode | None:
        """Why it gives nothing, as far as that needs no figure and no attribute; None when it may give something."""
        if self.matcher.attributes:
            return None
        code = self.matcher.unmet(facts)
        if code is not None or not self._asks_for_goods_first():
            return code
        earning = self.rule.earning
        assert isinstance(earning, PerItem)
        listed = earning.skus or earning.categories
        is_there = not (earning.skus.isdisjoint(goods) and earning.categories.isdisjoint(goods))
        return "no_matching_item" if listed and not is_there else None

    def _asks_for_goods_first(self) -> bool:
        """Whether nothing that comes before the goods may be the reason."""
        rule = self.rule
        is_free = not (rule.minimum_amount_minor or rule.every_times or rule.least_minutes)
        return is_free and isinstance(rule.earning, PerItem)


@dataclass(frozen=True, slots=True)
class Screened:
    """What is known of an occasion before any figure is looked at.

    ``answers`` are by place: of rules that do not apply; None of those that may (``live``, by unit) and of those that
    are not about this kind of occasion. ``figures`` and ``cooldown_minutes``: which history the live ones need.
    """

    answers: tuple[Accrual | None, ...]
    live: Mapping[UUID, tuple[PreparedRule, ...]]
    figures: frozenset[Figure]
    cooldown_minutes: int


class Screen:
    """The rules of a program and what their conditions name; remembers what it answered for each situation."""

    def __init__(self, rules: Sequence[PreparedRule], always: Iterable[Figure]) -> None:
        self._rules = rules
        self._always = frozenset(always)
        self._known: dict[Situation, Screened] = {}
        matchers = [each.matcher for each in rules]
        self._instants = _sorted(chain.from_iterable((each.starts_at, each.ends_at) for each in matchers))
        spans = [span for each in matchers for span in each.hours]
        self._minutes = _sorted(chain.from_iterable(spans))
        self._tells_time = any(each.hours or each.weekdays for each in matchers)
        self._locations = _named(matchers, lambda each: each.locations)
        self._channels = _named(matchers, lambda each: each.channels)
        self._tiers: frozenset[UUID] = _named(matchers, lambda each: each.tiers)
        self._segments: frozenset[str] = _named(matchers, lambda each: each.segments)
        self._first = any(each.first_purchase for each in matchers)
        self._events = {each.rule.earning.event for each in rules if isinstance(each.rule.earning, PerEvent)}
        items = [each.rule.earning for each in rules if isinstance(each.rule.earning, PerItem)]
        self._goods = frozenset(chain.from_iterable((*each.skus, *each.categories) for each in items))

    def of(self, facts: Facts) -> Screened:
        """Which rules may give something, and what the others answer."""
        occasion = facts.occasion
        goods = self._goods_of(occasion)
        situation: Situation = (
            occasion.kind == "event",
            occasion.event if occasion.event in self._events else None,
            bisect_right(self._instants, occasion.occurred_at),
            (facts.moment.weekday, bisect_right(self._minutes, facts.moment.minute)) if self._tells_time else None,
            occasion.location_id if occasion.location_id in self._locations else None,
            occasion.channel if occasion.channel in self._channels else None,
            facts.tier_ids & self._tiers,
            facts.segments & self._segments,
            self._first and facts.is_first_purchase,
            goods,
        )
        found = self._known.get(situation)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[situation] = self._decide(facts, goods)
        return found

    def _goods_of(self, occasion: Occasion) -> frozenset[str | None]:
        """What of the goods that rules name is in the basket; SKUs and categories together only let more in."""
        if not self._goods:
            return frozenset()
        return self._goods.intersection(chain.from_iterable((line.sku, line.category) for line in occasion.lines))

    def _decide(self, facts: Facts, goods: frozenset[str | None]) -> Screened:
        answers: list[Accrual | None] = [None] * len(self._rules)
        live: dict[UUID, tuple[PreparedRule, ...]] = {}
        for place, prepared in enumerate(self._rules):
            if not prepared.concerns(facts.occasion):
                continue
            code = prepared.unmet(facts, goods)
            if code is None:
                unit_id = prepared.rule.unit_id
                live[unit_id] = (*live.get(unit_id, ()), prepared)
            else:
                answers[place] = prepared.nothing(code)
        rules = [each.rule for each in chain.from_iterable(live.values())]
        return Screened(
            tuple(answers),
            live,
            self._always.union(*(rule.figures for rule in rules)),
            max((rule.least_minutes for rule in rules), default=0),
        )


def _sorted(instants: Iterable[Any]) -> list[Any]:
    return sorted({each for each in instants if each is not None})


def _named(matchers: Iterable[Matcher], part: Callable[[Matcher], frozenset[Any]]) -> frozenset[Any]:
    return frozenset(chain.from_iterable(part(each) for each in matchers))
