"""Finding customers by who they are and what they do."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.clientele.directory.schemas import DirectoryEntry, DirectoryFilter, DirectoryMember, UnitBalance
from passerelle.customers import service as customers
from passerelle.customers.schemas import CustomerSearch
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.passes import service as passes
from passerelle.privacy import service as privacy
from passerelle.programs import service as programs
from passerelle.programs.schemas import Standing
from passerelle.programs.terms.schemas import MemberTermOut
from passerelle.purchases import service as purchases

_STEP: Final = 500
_MOST_STEPS: Final = 40

_Filter = Callable[[Tx, Sequence[UUID], DirectoryFilter], Awaitable[Collection[UUID]]]


@dataclass(frozen=True, slots=True)
class Found:
    """Customers, newest first; ``scanned_to`` is where to go on, None when nobody is left."""

    customer_ids: Sequence[UUID]
    scanned_to: UUID | None


async def find(tx: Tx, wanted: DirectoryFilter, before: UUID, limit: int) -> Found:
    """Up to ``limit`` customers below an id for whom everything holds that is wanted.

    Looks at 20,000 customers at most, so there may be fewer, or none, with others further down.
    """
    found: list[UUID] = []
    for _ in range(_MOST_STEPS):
        step = await _candidates(tx, wanted, before)
        found += await _filtered(tx, step.customer_ids, wanted)
        if len(found) > limit:
            return Found(found[:limit], found[limit - 1])
        if step.scanned_to is None:
            return Found(found, None)
        before = step.scanned_to
        if len(found) == limit:
            break
    return Found(found, before)


async def entries(tx: Tx, customer_ids: Sequence[UUID], language: Language) -> list[DirectoryEntry]:
    """What the directory shows of these customers, newest first, as far as the caller may see it."""
    people = await customers.get_customers(tx, customer_ids)
    ids = [person.id for person in people]
    members = await _members(tx, ids, language)
    cards = await passes.cards_among(tx, ids) if tx.actor.may("passes:read") else None
    visits = await last_visits(tx, ids)
    return [
        DirectoryEntry(
            id=person.id,
            customer=person,
            memberships=members[person.id],
            cards=None if cards is None else cards[person.id].active if person.id in cards else 0,
            installed=None if cards is None else cards[person.id].installed if person.id in cards else 0,
            last_visit_at=visits.get(person.id),
        )
        for person in people
    ]


async def overview(tx: Tx, customer_id: UUID, language: Language) -> DirectoryEntry:
    """The same of one customer; raises CustomerNotFound, CustomerGone, CustomerMerged."""
    await customers.require_customer(tx, customer_id)
    return (await entries(tx, [customer_id], language))[0]


async def last_visits(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When customers came last, to buy or without an amount; who never did is left out."""
    bought = await purchases.last_purchases(tx, customer_ids)
    visited = await programs.last_visits(tx, customer_ids)
    return {
        customer_id: max(at for at in (bought.get(customer_id), visited.get(customer_id)) if at is not None)
        for customer_id in bought.keys() | visited.keys()
    }


async def _candidates(tx: Tx, wanted: DirectoryFilter, before: UUID) -> Found:
    """The next step of customers by name and day, newest first."""
    among = None if wanted.text is None else await _named(tx, wanted.text, wanted.region, before)
    ids = await customers.list_ids(tx, before, _STEP, since=wanted.joined_from, until=wanted.joined_to, among=among)
    looked_at = ids if among is None else among
    return Found(ids, looked_at[-1] if len(looked_at) == _STEP else None)


async def _named(tx: Tx, text: str, region: str | None, before: UUID) -> Sequence[UUID]:
    if passes.is_card_code(text):
        holder = await passes.find_holder(tx, text)
        if holder is not None:
            return (holder,)
    return await customers.match_ids(tx, CustomerSearch(text=text, region=region), before, _STEP)


async def _filtered(tx: Tx, customer_ids: Sequence[UUID], wanted: DirectoryFilter) -> Sequence[UUID]:
    """Those for whom every filter holds, in their order; cheap filters first, each asked about what is left."""
    left = customer_ids
    for is_wanted, keep in _FILTERS:
        if left and is_wanted(wanted):
            kept = await keep(tx, left, wanted)
            left = [customer_id for customer_id in left if customer_id in kept]
    return left


async def _in_program(tx: Tx, customer_ids: Sequence[UUID], wanted: DirectoryFilter) -> Collection[UUID]:
    members = await programs.memberships_among(tx, customer_ids)
    return {one.customer_id for one in members if one.program_id == wanted.program_id and one.state != "ended"}


async def _ending(tx: Tx, customer_ids: Sequence[UUID], wanted: DirectoryFilter) -> Collection[UUID]:
    since, until = wanted.ends_from, wanted.ends_to
    return {
        one.customer_id
        for one in await programs.memberships_among(tx, customer_ids)
        if one.valid_until is not None
        and one.valid_from != one.valid_until
        and one.state != "ended"
        and wanted.program_id in {None, one.program_id}
        and (since is None or since <= one.valid_until)
        and (until is None or one.valid_until < until)
    }


async def _with_card(tx: Tx, customer_ids: Sequence[UUID], wanted: DirectoryFilter) -> Collection[UUID]:
    holders = (await passes.cards_among(tx, customer_ids)).keys()
    return holders if wanted.has_card else set(customer_ids) - holders


async def _consenting(tx: Tx, customer_ids: Sequence[UUID], wanted: DirectoryFilter) -> Collection[UUID]:
    assert wanted.consent is not None
    return await privacy.consenting(tx, customer_ids, wanted.consent.purpose, wanted.consent.channel)


async def _visiting(tx: Tx, customer_ids: Sequence[UUID], wanted: DirectoryFilter) -> Collection[UUID]:
    visits = await last_visits(tx, customer_ids)
    since, not_since = wanted.visited_since, wanted.not_visited_since

    def holds(customer_id: UUID) -> bool:
        at = visits.get(customer_id)
        return (since is None or (at is not None and at >= since)) and (
            not_since is None or at is None or at < not_since
        )

    return {customer_id for customer_id in customer_ids if holds(customer_id)}


_FILTERS: Final[tuple[tuple[Callable[[DirectoryFilter], bool], _Filter], ...]] = (
    (lambda wanted: wanted.program_id is not None, _in_program),
    (lambda wanted: wanted.ends_from is not None or wanted.ends_to is not None, _ending),
    (lambda wanted: wanted.has_card is not None, _with_card),
    (lambda wanted: wanted.consent is not None, _consenting),
    (lambda wanted: wanted.visited_since is not None or wanted.not_visited_since is not None, _visiting),
)


async def _members(
    tx: Tx, customer_ids: Sequence[UUID], language: Language
) -> defaultdict[UUID, list[DirectoryMember]]:
    members: defaultdict[UUID, list[DirectoryMember]] = defaultdict(list)
    ids = [member.id for member in await programs.memberships_among(tx, customer_ids)]
    now = clock.now()
    shows_balances = tx.actor.may("ledger:read")
    for standing in await programs.standings_of(tx, ids):
        member = standing.membership
        members[member.customer_id].append(
            DirectoryMember(
                id=member.id,
                program_id=member.program_id,
                program_name=standing.program.name_in(language),
                state=member.state,
                joined_at=member.joined_at,
                term=MemberTermOut.of(member, standing.program, now),
                balances=_balances(standing, language) if shows_balances else [],
            )
        )
    return members


def _balances(standing: Standing, language: Language) -> list[UnitBalance]:
    return [
        UnitBalance(
            unit=unit.code,
            kind=unit.kind,
            currency=standing.program.currency if unit.kind == "money" else None,
            decimals=unit.decimals,
            name=unit.name(standing.balances[unit.id].active, language),
            active=standing.balances[unit.id].active,
            pending=standing.balances[unit.id].pending,
        )
        for unit in standing.program.units
    ]
