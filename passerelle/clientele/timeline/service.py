"""Putting one customer's history together."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from passerelle.checkins import service as checkins
from passerelle.clientele.timeline import rules
from passerelle.clientele.timeline.schemas import (
    CardEntry,
    CheckInEntry,
    ConsentEntry,
    FeedbackEntry,
    JoinedEntry,
    MessageEntry,
    NoteEntry,
    PurchaseEntry,
    ReceiptEntry,
    RegisteredEntry,
    RewardEntry,
    TermEntry,
    TicketEntry,
    TimelineEntry,
    TimelineKind,
    UnitMovement,
    UnitsEntry,
)
from passerelle.customers import service as customers
from passerelle.customers.notes import service as notes
from passerelle.feedback import service as feedback
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.ids import ABOVE_ALL
from passerelle.ledger.schemas import TransferOut
from passerelle.messaging import service as messaging
from passerelle.organizations import service as organizations
from passerelle.passes import service as passes
from passerelle.privacy import service as privacy
from passerelle.programs import service as programs
from passerelle.programs.schemas import Membership, Program
from passerelle.programs.terms import service as terms
from passerelle.programs.terms.schemas import TermOut
from passerelle.purchases import service as purchases
from passerelle.purchases.receipts import service as receipts
from passerelle.rewards import service as rewards
from passerelle.ticketing import service as ticketing

# One may have come in long after it was issued, so all are read; nobody has more.
_MOST_TICKETS: Final = 1_000
_MOST_RECEIPTS: Final = 1_000
# The first term is among them, and not told beside the joining: so all are read, not as many as a page has.
_MOST_TERMS: Final = 1_000
_OF_TERM: Final = {
    *("state", "membership_id", "amount_minor", "currency", "method", "reason", "starts_at", "last_day"),
}
_CAUSES: Final[Mapping[str, str]] = {
    "purchase:": "purchase",
    "scan:": "visit",
    "redemption:": "reward",
    "payment:": "payment",
    "adjustment:opening:": "opening",
    "merge:": "merge",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose history, below which place, how much of it, for which reader."""

    customer_id: UUID
    before: UUID
    limit: int
    language: Language


async def timeline(
    tx: Tx,
    customer_id: UUID,
    before: UUID,
    limit: int,
    *,
    language: Language,
    kinds: Collection[TimelineKind] | None = None,
) -> tuple[Sequence[TimelineEntry], UUID | None]:
    """A page of a customer's history, last recorded first, and where to go on.

    Units and terms are shown to callers with ``ledger:read``, cards to those with ``passes:read``, tickets to those
    with ``tickets:read``, check-ins to those with ``checkins:read``. Raises CustomerNotFound, CustomerGone,
    CustomerMerged.
    """
    await customers.require_customer(tx, customer_id)
    asked = _Asked(customer_id, before, limit, language)
    lists = [
        await read(tx, asked)
        for kind, (scope, read) in _SOURCES.items()
        if (kinds is None or kind in kinds) and tx.actor.may(scope)
    ]
    return rules.page_of(lists, before, limit)


async def _registered(tx: Tx, asked: _Asked) -> Sequence[RegisteredEntry]:
    customer = await customers.get_customer(tx, asked.customer_id)
    return [
        RegisteredEntry(place=customer.id, at=customer.created_at, customer_id=customer.id, source=customer.source)
    ]


async def _joined(tx: Tx, asked: _Asked) -> Sequence[JoinedEntry]:
    members = await programs.memberships_of(tx, asked.customer_id)
    known = {one.id: one for one in await programs.get_programs(tx, {member.program_id for member in members})}
    return [
        JoinedEntry(
            place=member.id,
            at=member.joined_at,
            membership_id=member.id,
            program_id=member.program_id,
            program_name=known[member.program_id].name_in(asked.language),
            source=member.source,
            state=member.state,
        )
        for member in members
    ]


async def _purchases(tx: Tx, asked: _Asked) -> Sequence[PurchaseEntry]:
    found = await purchases.list_purchases(tx, asked.customer_id, asked.before, asked.limit)
    return [
        PurchaseEntry(
            place=one.id,
            at=one.occurred_at,
            purchase_id=one.id,
            **one.model_dump(include={"actor", "amount_minor", "currency", "channel", "state", "location_id"}),
        )
        for one in found
    ]


async def _units(tx: Tx, asked: _Asked) -> Sequence[UnitsEntry]:
    people = [asked.customer_id, *await customers.list_merged(tx, asked.customer_id)]
    found: list[UnitsEntry] = []
    for member in await programs.memberships_among(tx, people):
        program, transfers = await programs.list_history(tx, member.id, asked.before, asked.limit)
        units = [_units_entry(transfer, member, program, asked.language) for transfer in transfers]
        # A merge is one transfer between two memberships of one person: told once, where it arrived.
        found += [one for one in units if member.customer_id == asked.customer_id or one.cause != "merge"]
    return found


def _units_entry(transfer: TransferOut, member: Membership, program: Program, language: Language) -> UnitsEntry:
    amounts = {
        unit.id: sum(
            entry.amount for entry in transfer.entries if (entry.owner_id, entry.unit_id) == (member.id, unit.id)
        )
        for unit in program.units
    }
    cause: Any = next((cause for start, cause in _CAUSES.items() if transfer.reference.startswith(start)), "other")
    return UnitsEntry(
        place=transfer.id,
        at=transfer.posted_at,
        actor=transfer.actor,
        transfer_id=transfer.id,
        transfer_kind=transfer.kind,
        cause=cause,
        program_id=program.id,
        program_name=program.name_in(language),
        movements=[
            UnitMovement(
                unit=unit.code,
                kind=unit.kind,
                currency=program.currency if unit.kind == "money" else None,
                decimals=unit.decimals,
                name=unit.name(amounts[unit.id], language),
                amount=amounts[unit.id],
            )
            for unit in program.units
            if amounts[unit.id]
        ],
        reason=transfer.reason if transfer.kind == "adjustment" and cause == "other" else None,
        undone=transfer.reversed_by is not None,
    )


async def _rewards(tx: Tx, asked: _Asked) -> Sequence[RewardEntry]:
    found = await rewards.list_issued_rewards(tx, asked.before, asked.limit, customer_id=asked.customer_id)
    return [
        RewardEntry(
            place=one.id,
            at=one.issued_at,
            actor=one.actor,
            issued_reward_id=one.id,
            name=one.names.get(asked.language) or one.name,
            state=one.state,
            redeemed_at=one.redeemed_at,
        )
        for one in found
    ]


async def _cards(tx: Tx, asked: _Asked) -> Sequence[CardEntry]:
    issued = await passes.list_passes(tx, asked.before, asked.limit, customer_id=asked.customer_id)
    found = [
        CardEntry(
            place=one.id, at=one.created_at, what="issued", pass_id=one.id, card=one.kind, program_id=one.program_id
        )
        for one in issued
    ]
    for one in await passes.list_installed(tx, asked.customer_id):
        card = {"pass_id": one.pass_id, "card": one.kind, "program_id": one.program_id, "wallet": one.wallet}
        found.append(
            CardEntry(place=rules.place_of(one.installed_at, one.id), at=one.installed_at, what="installed", **card)
        )
        if one.removed_at is not None:
            place = rules.place_of(one.removed_at, one.id)
            found.append(CardEntry(place=place, at=one.removed_at, what="removed", **card))
    return found


async def _tickets(tx: Tx, asked: _Asked) -> Sequence[TicketEntry]:
    held = await ticketing.list_tickets(tx, asked.before, _MOST_TICKETS, customer_id=asked.customer_id)
    events = await ticketing.events_among(tx, sorted({one.event_id for one in held}))
    found = []
    for one in held:
        event_name = events[one.event_id].name_in(asked.language)
        ticket = {"ticket_id": one.id, "event_id": one.event_id, "event_name": event_name}
        ticket |= {"category": one.category, "seat": one.place}
        found.append(TicketEntry(place=one.id, at=one.created_at, what="issued", **ticket))
        if one.used_at is not None:
            place = rules.place_of(one.used_at, one.id)
            found.append(TicketEntry(place=place, at=one.used_at, what="used", actor=one.used_by, **ticket))
        if one.cancelled_at is not None:
            place = rules.place_of(one.cancelled_at, one.id)
            found.append(TicketEntry(place=place, at=one.cancelled_at, what="cancelled", **ticket))
    return found


async def _check_ins(tx: Tx, asked: _Asked) -> Sequence[CheckInEntry]:
    found = await checkins.list_check_ins(tx, asked.before, asked.limit, customer_id=asked.customer_id)
    return [
        CheckInEntry(
            place=one.id,
            at=one.opened_at,
            actor=one.opened_by,
            check_in_id=one.id,
            location_name=(await organizations.get_location(tx, one.location_id)).name,
            **one.model_dump(include={"location_id", "way", "state", "closed_at", "closed_how", "minutes"}),
        )
        for one in found
    ]


async def _messages(tx: Tx, asked: _Asked) -> Sequence[MessageEntry]:
    found = await messaging.list_messages(tx, asked.customer_id, asked.before, asked.limit)
    return [
        MessageEntry(
            place=one.id,
            at=one.created_at,
            message_id=one.id,
            **one.model_dump(include={"channel", "topic", "state"}),
        )
        for one in found
    ]


async def _consents(tx: Tx, asked: _Asked) -> Sequence[ConsentEntry]:
    found = await privacy.list_consents(tx, asked.customer_id, asked.before, asked.limit)
    return [
        ConsentEntry(
            place=one.id,
            at=one.given_at,
            consent_id=one.id,
            **one.model_dump(include={"actor", "purpose", "channel", "state", "source"}),
        )
        for one in found
    ]


async def _notes(tx: Tx, asked: _Asked) -> Sequence[NoteEntry]:
    found = await notes.list_notes(tx, asked.customer_id, asked.before, asked.limit)
    return [
        NoteEntry(place=one.id, at=one.created_at, actor=one.actor, note_id=one.id, text=one.text) for one in found
    ]


async def _receipts(tx: Tx, asked: _Asked) -> Sequence[ReceiptEntry]:
    found = await receipts.list_receipts(tx, ABOVE_ALL, _MOST_RECEIPTS, customer_id=asked.customer_id)
    return [
        ReceiptEntry(
            place=rules.place_of(one.claimed_at, one.id),
            at=one.claimed_at,
            actor=one.claimed_by,
            receipt_id=one.id,
            purchase_id=one.purchase_id,
            amount_minor=one.bought.amount_minor,
            currency=one.bought.currency,
        )
        for one in found
        if one.claimed_at is not None and one.purchase_id is not None
    ]


async def _terms(tx: Tx, asked: _Asked) -> Sequence[TermEntry]:
    found: list[TermEntry] = []
    for member in await programs.memberships_of(tx, asked.customer_id):
        program, rows = await terms.list_terms(tx, member.id, asked.before, _MOST_TERMS)
        told = [TermOut.of(row, program.time_zone) for row in rows if row["kind"] != "joining"]
        found += [
            TermEntry(
                place=one.id,
                at=one.occurred_at,
                actor=one.actor,
                term_id=one.id,
                what=one.kind,
                program_id=program.id,
                program_name=program.name_in(asked.language),
                **one.model_dump(include=_OF_TERM),
            )
            for one in told
        ]
    return found


async def _feedback(tx: Tx, asked: _Asked) -> Sequence[FeedbackEntry]:
    found = await feedback.told_by(tx, asked.customer_id)
    return [
        FeedbackEntry(
            place=rules.place_of(one.answered_at, one.id),
            at=one.answered_at,
            feedback_id=one.id,
            location_id=one.location_id,
            stars=one.stars,
            words=one.words,
        )
        for one in found
        if one.answered_at is not None and one.stars is not None
    ]


_SOURCES: Final[Mapping[TimelineKind, tuple[str, Callable[[Tx, _Asked], Awaitable[Sequence[Any]]]]]] = {
    "registered": ("customers:read", _registered),
    "joined": ("customers:read", _joined),
    "purchase": ("customers:read", _purchases),
    "units": ("ledger:read", _units),
    "reward": ("customers:read", _rewards),
    "card": ("passes:read", _cards),
    "ticket": ("tickets:read", _tickets),
    "check_in": ("checkins:read", _check_ins),
    "message": ("customers:read", _messages),
    "consent": ("customers:read", _consents),
    "note": ("customers:read", _notes),
    "receipt": ("customers:read", _receipts),
    "feedback": ("customers:read", _feedback),
    "term": ("ledger:read", _terms),
}
