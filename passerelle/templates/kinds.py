"""Which placeholders the cards of a kind have: a coupon knows no stamps, a loyalty card no balance of a gift card."""

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from passerelle.templates.content import LOYALTY, Kind
from passerelle.templates.facts import PLACEHOLDERS

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
# By the word before the dot, or by the whole name. A generic card may be of anything.
_EVERYWHERE: Final = frozenset({"customer", "organization", "program.name", "pass", "language"})
_LOYALTY: Final = frozenset(
    {"program", "location", "balance", "stamps", "reward", "tier", "expiry", "member", "membership"}
)
_OWN: Final[Mapping[str, frozenset[str]]] = {
    **dict.fromkeys(LOYALTY, _LOYALTY),
    "coupon": frozenset({"coupon", "reward.name"}),
    "gift_card": frozenset({"gift_card", "balance.money"}),
    "event_ticket": frozenset({"event", "ticket", "location"}),
}


def has(kind: Kind, name: str) -> bool:
    """Whether cards of a kind have a placeholder."""
    own = _OWN.get(kind)
    return own is None or bool({name, name.partition(".")[0]} & (own | _EVERYWHERE))


def kinds_of(name: str) -> list[Kind]:
    """The kinds of cards that have a placeholder."""
    return [kind for kind in KINDS if has(kind, name)]


def own_placeholders(kind: Kind) -> Iterator[str]:
    """What cards of a kind have that others have not."""
    own = _OWN.get(kind, frozenset())
    return (name for name in PLACEHOLDERS if {name, name.partition(".")[0]} & own)
