"""What analytics does when something else happens, and every few minutes by itself."""

from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from passerelle.analytics import deriving, queries
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


async def on_pass_issued(tx: Tx, issued: PassIssued) -> None:
    """A member's card exists."""
    if issued.membership_id is None:
        return
    await _note_card(tx, issued.pass_id, issued.membership_id, None)


async def on_pass_installed(tx: Tx, installed: PassInstalled) -> None:
    """A wallet holds a member's card; only the first time counts."""
    card = await passes.get_card(tx, installed.pass_id)
    if card.membership_id is None:
        return
    await _note_card(tx, card.id, card.membership_id, clock.now())


async def _note_card(tx: Tx, pass_id: UUID, membership_id: UUID, activated_at: datetime | None) -> None:
    member = await programs.get_membership(tx, membership_id)
    place = (tx.organization_id, pass_id, member.customer_id, member.program_id, member.location_id)
    await tx.execute(queries.NOTE_CARD, *place, clock.now(), activated_at)


async def derive_visits(work: Work, payload: dict[str, Any]) -> None:
    """Derive what nobody has looked at since, a batch to a transaction."""
    is_current = False
    while not is_current:
        async with work.database.transaction(organization_of(payload), timeout_ms=_TIMEOUT_MS) as tx:
            is_current = await deriving.catch_up(tx, _BATCH)


DERIVE_VISITS: Final = JobKind("analytics.derive_visits", derive_visits, schedule="*/5 * * * *")
