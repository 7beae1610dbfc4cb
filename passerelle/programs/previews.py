"""Trying rules and promotions that are not in force yet, on a purchase that was made or could be; writes nothing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.programs import budgets, queries
from passerelle.programs.building import draft_rules
from passerelle.programs.definitions import get_program, promotion_of
from passerelle.programs.earning import kept_accrual, purchase_reference, seats_of
from passerelle.programs.earning_schemas import Trial, TrialIn
from passerelle.programs.errors import MembershipElsewhere, PromotionNotFound
from passerelle.programs.promoting import Promotion
from passerelle.programs.rules import Accrual
from passerelle.programs.situations import NOW, Case, Look, evaluate_seats, occasion_of
from passerelle.programs.values import Program, Seat
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import Purchase

_PAGE: Final = 100
_PAGES: Final = 5


async def list_member_purchases(tx: Tx, program_id: UUID, limit: int) -> list[Purchase]:
    """The last purchases of a program's members, to try rules on, among the last 500 of all customers.

    Raises ProgramNotFound.
    """
    await get_program(tx, program_id)
    found: list[Purchase] = []
    before = ABOVE_ALL
    for _ in range(_PAGES):
        page = await purchases.list_recent(tx, before, _PAGE)
        members = await queries.members_among(tx, program_id, [purchase.customer_id for purchase in page])
        found += [purchase for purchase in page if purchase.customer_id in members]
        if len(page) < _PAGE or len(found) >= limit:
            break
        before = page[-1].id
    return found[:limit]


async def preview_trial(tx: Tx, program_id: UUID, wanted: TrialIn, drafts: Sequence[Promotion] = ()) -> Trial:
    """What a program would give for a purchase, with other rules or more promotions, by the evaluator that gives.

    ``drafts`` are promotions that are not saved, or stand in for the saved ones of the same id.
    For a purchase of the past, what was earned after it is left out. Raises ProgramNotFound, PurchaseNotFound,
    MembershipElsewhere, PromotionNotFound, and the refusals of purchases and of rules.
    """
    program = await _rehearsed(tx, await get_program(tx, program_id), wanted, drafts)
    if wanted.purchase is not None:
        purchase = await purchases.checked_purchase(tx, wanted.purchase.purchase())
    else:
        assert wanted.purchase_id is not None, "The schema asks for one of the two."
        purchase = await purchases.get_purchase(tx, wanted.purchase_id)
    seat = await _seat(tx, program, purchase.customer_id)
    given = await _given(tx, seat, purchase) if wanted.purchase_id is not None else None
    look = NOW if given is None else await _look_back(tx, seat, purchase, given)
    [evaluated] = await evaluate_seats(tx, Case(occasion_of(purchase), [seat], purchase), look)
    return Trial(seat.membership.id, program, evaluated.earned.accruals, given)


async def _rehearsed(tx: Tx, program: Program, wanted: TrialIn, drafts: Sequence[Promotion]) -> Program:
    """The program as it would be; one that is a draft still, and promotions that are, run for the rehearsal."""
    if program.state == "draft":
        program = replace(program, state="active", starts_at=None, ends_at=None)
    if wanted.rules is not None:
        drafted = draft_rules(wanted.rules, program.units, program.time_zone)
        program = replace(program, rules=tuple(drafted))
    tried = {each.id: each for each in (*await _promotions(tx, program, wanted.promotion_ids), *drafts)}
    if tried:
        others = [each for each in program.promotions if each.id not in tried]
        running = [replace(each, state="active", starts_at=None, ends_at=None) for each in tried.values()]
        program = replace(program, promotions=(*others, *running))
    return program


async def _promotions(tx: Tx, program: Program, promotion_ids: Sequence[UUID]) -> list[Promotion]:
    if not promotion_ids:
        return []
    rows = await queries.promotions_by_id(tx, program.id, promotion_ids)
    if len(rows) < len(set(promotion_ids)):
        raise PromotionNotFound
    return [promotion_of(dict(row)) for row in rows]


async def _seat(tx: Tx, program: Program, customer_id: UUID) -> Seat:
    rows = await queries.seats_of_customer(tx, customer_id)
    seats = await seats_of(tx, [row for row in rows if row["program_id"] == program.id])
    if not seats:
        raise MembershipElsewhere
    return replace(seats[0], program=program)


async def _given(tx: Tx, seat: Seat, purchase: Purchase) -> tuple[Accrual, ...]:
    rows = await queries.accruals_of(tx, purchase_reference(purchase.id))
    return tuple(kept_accrual(row) for row in rows if row["membership_id"] == seat.membership.id)


async def _look_back(tx: Tx, seat: Seat, purchase: Purchase, given: tuple[Accrual, ...]) -> Look:
    """As if the purchase had not been counted: ids are in the order of time, so later ones are left out by them."""
    units: dict[UUID, int] = defaultdict(int)
    for accrual in given:
        units[accrual.unit_id] += accrual.amount
    uses = await budgets.uses_of(tx, purchase_reference(purchase.id))
    return Look(
        recorded_before=purchase.id,
        purchased_before=purchase.recorded_at,
        returned_units=units,
        returned_uses=uses.get(seat.membership.id, {}),
    )
