"""Custom events: what a program of the shop tells of a customer (a review, a check-in) and that rules may reward."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson
from asyncpg import ForeignKeyViolationError

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerNotFound
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.organizations.errors import LocationNotFound
from passerelle.programs import queries
from passerelle.programs.accrual_base import Occasion
from passerelle.programs.earning import accrue_for_event
from passerelle.programs.earning_schemas import EventIn, RecordedEvent
from passerelle.programs.errors import EventReferenceReused, MembershipNotFound
from passerelle.programs.events import CustomEventRecorded
from passerelle.purchases.errors import OccurredInFuture, OccurredTooLongAgo

# As for purchases: a teller's clock may be ahead by this much, and this old may be what it tells.
_CLOCK_SKEW: Final = timedelta(minutes=5)
_MAX_AGE: Final = timedelta(days=90)


async def record_event(tx: Tx, told: EventIn) -> RecordedEvent:
    """Write an event down and give what it earns; told again under its reference, it answers what was given.

    Raises CustomerNotFound, CustomerGone, MembershipNotFound, LocationNotFound, OccurredInFuture, OccurredTooLongAgo,
    EventReferenceReused.
    """
    now = clock.now()
    occurred_at = told.occurred_at or now
    if occurred_at > now + _CLOCK_SKEW:
        raise OccurredInFuture
    if occurred_at < now - _MAX_AGE:
        raise OccurredTooLongAgo(days=_MAX_AGE.days)
    customer_id = await _customer_of(tx, told)
    event_id = new_id()
    made = await _record(tx, event_id, customer_id, told, (occurred_at, now))
    if not made:
        event_id, occurred_at = await _recorded_before(tx, customer_id, told)
    else:
        recorded = CustomEventRecorded(
            custom_event_id=event_id,
            customer_id=customer_id,
            membership_id=told.membership_id,
            event=told.name,
            occurred_at=occurred_at.isoformat(),
        )
        await announce(tx, recorded)
    occasion = Occasion(
        "event", occurred_at, location_id=told.location_id, event=told.name, attributes=dict(told.attributes)
    )
    earned = await accrue_for_event(
        tx,
        customer_id,
        occasion,
        reference=f"event:{event_id}",
        membership_id=told.membership_id,
        replayed=not made,
    )
    return RecordedEvent(event_id, replayed=not made, earned=tuple(earned))


async def _customer_of(tx: Tx, told: EventIn) -> UUID:
    if told.membership_id is None:
        assert told.customer_id is not None, "The schema asks for one of the two."
        await customers.require_customer(tx, told.customer_id)
        return told.customer_id
    membership = await queries.get_membership(tx, told.membership_id)
    customer_id: UUID = membership["customer_id"]
    if told.customer_id not in {None, customer_id}:
        raise MembershipNotFound
    return customer_id


async def _record(
    tx: Tx, event_id: UUID, customer_id: UUID, told: EventIn, instants: tuple[datetime, datetime]
) -> bool:
    """Whether it is new; ``instants`` are when it happened and when it is written down."""
    try:
        made = await tx.fetchval(
            queries.RECORD_EVENT,
            *(tx.organization_id, event_id, told.name, told.reference, customer_id, told.membership_id),
            *(orjson.dumps(told.attributes).decode(), told.location_id, tx.actor.label),
            *instants,
        )
    except ForeignKeyViolationError as violation:
        at_location = "location_id" in (violation.constraint_name or "")
        raise (LocationNotFound() if at_location else CustomerNotFound()) from None
    return made is not None


async def _recorded_before(tx: Tx, customer_id: UUID, told: EventIn) -> tuple[UUID, datetime]:
    row = await queries.get_event(tx, told.reference)
    same = (
        row["name"] == told.name
        and row["customer_id"] == customer_id
        and row["membership_id"] == told.membership_id
        and row["attributes"] == orjson.loads(orjson.dumps(told.attributes))
        and told.occurred_at in {None, row["occurred_at"]}
    )
    if not same:
        raise EventReferenceReused
    return row["id"], row["occurred_at"]
