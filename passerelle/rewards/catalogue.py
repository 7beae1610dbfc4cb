"""What a process remembers of catalogues: each under its program's version, which is new with every change of it."""

from collections import OrderedDict
from datetime import date
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.programs.schemas import Program
from passerelle.rewards import queries
from passerelle.rewards.benefits import benefit_of
from passerelle.rewards.spending import PaymentTerms, SpendingTerms, Value
from passerelle.rewards.values import Catalogue, Reward

_REMEMBERED: Final = 10_000
_known: Final[OrderedDict[tuple[UUID, UUID], tuple[UUID, Catalogue]]] = OrderedDict()


async def catalogue_of(tx: Tx, program: Program) -> Catalogue:
    """The catalogue as it stands under the program's version; without a statement when the process knows it."""
    key = (tx.organization_id, program.id)
    known = _known.get(key)
    if known is not None and known[0] == program.version:
        _known.move_to_end(key)
        return known[1]
    row = await queries.get_catalogue(tx, program.id)
    catalogue = Catalogue(
        tuple(_reward(reward) for reward in row["rewards"]),
        {UUID(terms["unit_id"]): _terms(terms) for terms in row["terms"]},
    )
    _known[key] = (program.version, catalogue)
    if len(_known) > _REMEMBERED:
        _known.popitem(last=False)
    return catalogue


def _reward(row: dict[str, Any]) -> Reward:
    return Reward(
        id=UUID(row["id"]),
        unit_id=UUID(row["unit_id"]) if row["unit_id"] else None,
        benefit=benefit_of(row["benefit"]),
        has_stock=row["stock"] is not None,
        tier_ids=frozenset(UUID(tier_id) for tier_id in row["tier_ids"]),
        tier_prices={UUID(tier_id): price for tier_id, price in row["tier_prices"].items()},
        first_day=_day(row["first_day"]),
        last_day=_day(row["last_day"]),
        **{name: row[name] for name in _AS_THEY_ARE},
    )


_AS_THEY_ARE: Final = (
    *("price", "name", "names", "description", "descriptions", "image_url", "active", "limit_per_customer"),
    *("period_limits", "hold_minutes", "expires_after_days", "auto_issue", "ever_issued"),
)


def _terms(row: dict[str, Any]) -> SpendingTerms:
    if row["value_units"] is None:
        return SpendingTerms(None, row["caps"])
    value = Value(row["value_units"], row["value_minor"])
    terms = PaymentTerms(value, row["minimum"], row["maximum"], row["step"], row["basket_percent"])
    return SpendingTerms(terms, row["caps"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
