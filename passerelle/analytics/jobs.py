"""What analytics does when something else happens, and every few minutes by itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from passerelle.analytics import deriving, queries
from passerelle.checkins.events import CheckInOpened, CheckInUndone
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.passes import service as passes
from passerelle.passes.events import PassInstalled, PassIssued
from passerelle.programs import service as programs
from passerelle.programs.events import VisitRecorded, VisitUndone

_BATCH: Final = 2_000
_TIMEOUT_MS: Final = 60_000


class AboutCustomer(Protocol):
    """A fact after which somebody's visits may be others."""

    @property
    def customer_id(self) -> UUID:
        """Whose."""


async def on_customer_came(tx: Tx, fact: AboutCustomer) -> None:
    """Purchases recorded, refunded and voided, and joining: visits belong to the programs of their customer."""
    deriving.mark_changed(tx, fact.customer_id)


async def on_visit_recorded(tx: Tx, visit: VisitRecorded) -> None:
    """A visit without an amount."""
    instant = datetime.fromisoformat(visit.occurred_at)
    place = (tx.organization_id, visit.reference, visit.customer_id, visit.location_id, instant)
    tx.write_last(queries.NOTE_COUNTER_VISIT, *place)
    deriving.mark_changed(tx, visit.customer_id)


async def on_visit_undone(tx: Tx, undone: VisitUndone) -> None:
    """It was a mistake."""
    tx.write_last(queries.FORGET_COUNTER_VISIT, tx.organization_id, undone.reference)
    deriving.mark_changed(tx, undone.customer_id)


async def on_check_in_opened(tx: Tx, opened: CheckInOpened) -> None:
    """A stay, or a visit that the customer noted: somebody came, once, on the day on which they came in."""
    instant = datetime.fromisoformat(opened.opened_at)
    place = (tx.organization_id, _check_in(opened), opened.customer_id, opened.location_id, instant)
    tx.write_last(queries.NOTE_COUNTER_VISIT, *place)
    deriving.mark_changed(tx, opened.customer_id)


async def on_check_in_undone(tx: Tx, undone: CheckInUndone) -> None:
    """Nobody came in."""
    tx.write_last(queries.FORGET_COUNTER_VISIT, tx.organization_id, _check_in(undone))
    deriving.mark_changed(tx, undone.customer_id)


async def on_pass_issued(tx: Tx, issued: PassIssued) -> None:
    """A member's card exists."""
    if issued.membership_id is not None:
        tx.defer(_note_issued, issued.membership_id)


async def on_pass_installed(tx: Tx, installed: PassInstalled) -> None:
    """A wallet holds a member's card; only the first time counts."""
    card = await passes.get_card(tx, installed.pass_id)
    if card.membership_id is not None:
        await _note_cards(tx, {card.membership_id: card.id}, clock.now())


def _check_in(fact: CheckInOpened | CheckInUndone) -> str:
    """Under what a check-in stands beside visits, whose references are those of tills."""
    return f"check_in:{fact.check_in_id}"


async def _note_issued(tx: Tx, membership_ids: set[UUID]) -> None:
    await _note_cards(tx, await passes.pass_ids_of(tx, membership_ids), None)


async def _note_cards(tx: Tx, pass_ids: Mapping[UUID, UUID], activated_at: datetime | None) -> None:
    """``pass_ids`` are by membership."""
    members = await programs.get_memberships(tx, pass_ids)
    cards = [(pass_ids[one.id], one.customer_id, one.program_id, one.location_id) for one in members]
    columns = [[card[column] for card in cards] for column in range(4)]
    tx.write_last(queries.NOTE_CARDS, tx.organization_id, clock.now(), activated_at, *columns)


async def derive_visits(work: Work, payload: dict[str, Any]) -> None:
    """Derive what nobody has looked at since, a batch to a transaction."""
    is_current = False
    while not is_current:
        async with work.database.transaction(organization_of(payload), timeout_ms=_TIMEOUT_MS) as tx:
            is_current = await deriving.catch_up(tx, _BATCH)


DERIVE_VISITS: Final = JobKind("analytics.derive_visits", derive_visits, schedule="*/5 * * * *")
