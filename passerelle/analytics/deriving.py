"""Visits, derived: what each customer's purchases and visits without an amount come to, by day and location.

A till only notes that something changed about a customer (one row, in the message that commits). Whoever reads a
report, and a job every few minutes, derives the visits of those customers anew from all that is known of them. So a
purchase that is voided or told late needs no case of its own, and another time zone is a walk over everybody.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.analytics import queries
from passerelle.analytics.rules import Moment, Visit, visits_of
from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.purchases import service as purchases

BATCH: Final = 300
_BEFORE_ALL: Final = UUID(int=0)
_KEY: Final = (
    *("customer_id", "day", "location_id", "purchases", "net_minor", "previous_day", "next_day", "returned_after"),
    *("previous_day_here", "next_day_here", "returned_after_here", "program_ids"),
)


def mark_changed(tx: Tx, customer_id: UUID) -> None:
    """Have a customer's visits derived anew by whoever looks next; waits for nobody."""
    tx.defer(_mark, customer_id)


async def _mark(tx: Tx, customer_ids: set[UUID]) -> None:
    tx.write_last(queries.MARK, tx.organization_id, [new_id() for _ in customer_ids], list(customer_ids))


async def catch_up(tx: Tx, limit: int = BATCH) -> bool:
    """Derive what changed, of at most ``limit`` customers; returns whether everything is derived now."""
    zone = (await organizations.get_organization(tx)).time_zone
    if _is_current(await queries.derivation(tx, zone)):
        return True
    await tx.execute(queries.LOCK, tx.organization_id)
    found = await queries.derivation(tx, zone)
    if not found["begun"] or found["derived_in"] != zone:
        await tx.execute(queries.BEGIN_WALK, tx.organization_id, zone, _BEFORE_ALL)
        await tx.execute(queries.DROP_CHANGES, tx.organization_id)  # the walk comes by everybody who bought
        await tx.execute(queries.MARK_COUNTER_VISITORS, tx.organization_id)
        walked_to: UUID | None = _BEFORE_ALL
    else:
        walked_to = found["walked_to"]
    if walked_to is not None:
        buyers = await purchases.buyers_after(tx, walked_to, limit)
        await _derive(tx, buyers, zone)
        await tx.execute(queries.WALK_ON, tx.organization_id, buyers[-1] if len(buyers) == limit else None)
    taken = await tx.fetch(queries.TAKE_CHANGES, tx.organization_id, limit)
    await _derive(tx, sorted({row["customer_id"] for row in taken}), zone)
    return _is_current(await queries.derivation(tx, zone))


def _is_current(found: Any) -> bool:
    in_zone = found["begun"] and found["derived_in"] == found["time_zone"]
    return bool(in_zone and found["walked_to"] is None and not found["has_changes"])


async def _derive(tx: Tx, customer_ids: Sequence[UUID], zone: str) -> None:
    """Bring the visits of these customers to what is known now, touching only what differs."""
    if not customer_ids:
        return
    moments: dict[UUID, list[Moment]] = defaultdict(list)
    for paid in await purchases.paid_by(tx, customer_ids):
        moments[paid.customer_id].append(Moment(paid.location_id, paid.occurred_at, paid.net_minor))
    for row in await tx.fetch(queries.COUNTER_VISITS_OF, tx.organization_id, list(customer_ids)):
        moments[row["customer_id"]].append(Moment(row["location_id"], row["occurred_at"], None))
    joined = await programs.programs_of_customers(tx, customer_ids)
    wanted = {
        _row(customer_id, visit, joined.get(customer_id, ()))
        for customer_id, of_customer in moments.items()
        for visit in visits_of(of_customer, zone)
    }
    kept = await tx.fetch(queries.VISITS_OF, tx.organization_id, list(customer_ids))
    known = {
        tuple(tuple(row[name]) if name == "program_ids" else row[name] for name in _KEY): row["id"] for row in kept
    }
    await tx.execute(queries.DROP_VISITS, tx.organization_id, [known[gone] for gone in known.keys() - wanted])
    missing = sorted(wanted - known.keys(), key=lambda row: (row[1], row[0]))
    if missing:
        columns = [list(column) for column in zip(*missing, strict=True)]
        columns[-1] = ["{" + ",".join(map(str, ids)) + "}" for ids in columns[-1]]
        await tx.execute(queries.KEEP_VISITS, tx.organization_id, *columns)


def _row(customer_id: UUID, visit: Visit, program_ids: Sequence[UUID]) -> tuple[Any, ...]:
    place = (visit.day, visit.location_id, visit.purchases, visit.net_minor)
    return (customer_id, *place, *visit.anywhere, *visit.here, tuple(program_ids))
