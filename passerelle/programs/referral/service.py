"""The verbs of referral; with settling.py the only writer of its tables."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_code, new_id
from passerelle.kit.jobs import enqueue
from passerelle.programs import earning
from passerelle.programs import queries as members
from passerelle.programs.definitions import programs_at
from passerelle.programs.errors import MembershipNotFound, ProgramNotFound
from passerelle.programs.referral import queries, rules
from passerelle.programs.referral.errors import ReferralNotOffered
from passerelle.programs.referral.events import FriendJoined, FriendQualified, ReferralRefused
from passerelle.programs.referral.rules import Arrival, Verdict
from passerelle.programs.referral.schemas import Referral, ReferralFigures
from passerelle.programs.referral.settling import settle_referral
from passerelle.programs.values import Accrued, Enrolled, Program, barred
from passerelle.purchases.schemas import Purchase

__all__ = [
    "credit_referrer",
    "find_member",
    "give_code",
    "list_of_member",
    "list_of_program",
    "member_figures",
    "note_opened",
    "note_purchase",
    "note_refund",
    "program_figures",
    "reopen",
    "settle_referral",
]

SETTLE_JOB: Final = "referral.settle"
_CODE_LETTERS: Final = 10  # 50 bits: nobody guesses one, and a person can still type it
_MAX_CODE: Final = 40


async def give_code(tx: Tx, membership_id: UUID) -> tuple[Program, str]:
    """A member's own code, made when asked for the first time, with their program.

    Raises MembershipNotFound, ReferralNotOffered.
    """
    seats = await earning.seats_of(tx, await members.seats_by_id(tx, [membership_id]))
    if not seats:
        raise MembershipNotFound
    program = seats[0].program
    if program.settings.referral is None:
        raise ReferralNotOffered(program=program.name)
    made: str | None = await queries.find_code(tx, membership_id)
    while made is None:  # a code that another member has is as unlikely as a lost coin standing on its edge
        place = (tx.organization_id, membership_id, program.id, new_code(_CODE_LETTERS), clock.now())
        made = await tx.fetchval(queries.ADD_CODE, *place) or await queries.find_code(tx, membership_id)
    return program, made


async def note_opened(tx: Tx, program_id: UUID, code: str) -> None:
    """A person opened the join page with this code, or with what they take for one."""
    if 0 < len(code) <= _MAX_CODE:
        await tx.execute(queries.OPENED, tx.organization_id, program_id, rules.normal_code(code))


async def credit_referrer(
    tx: Tx, program_id: UUID, enrolled: Enrolled, customer_id: UUID, code: str
) -> Referral | None:
    """Write down who brought somebody that has just joined, or why nobody did; once, whatever codes they come with.

    None when nobody in the program has the code, or the program rewards no referrals.
    """
    row = await queries.find_referrer(tx, program_id, rules.normal_code(code)) if len(code) <= _MAX_CODE else None
    if row is None:
        return None
    program = (await programs_at(tx, {program_id: row["version"]}))[program_id]
    if program.settings.referral is None:
        return None
    arrival = Arrival(
        created=enrolled.created,
        same_customer=row["customer_id"] == customer_id,
        same_email=await customers.share_mailbox(tx, row["customer_id"], customer_id),
    )
    reason = rules.why_no_friend(arrival)
    state = "joined" if reason is None else "refused"
    place = (tx.organization_id, new_id(), program_id, row["membership_id"], enrolled.membership_id)
    made = await tx.fetchrow(queries.ADD, *place, state, reason, clock.now())
    if made is None:
        return Referral(**await queries.find_of_friend(tx, enrolled.membership_id))
    referral = Referral(**made)
    if reason is None:
        await announce(tx, FriendJoined(referral.id, program_id, referral.referrer_id, referral.friend_id))
    else:
        await _announce_refused(tx, referral)
    return referral


async def find_member(tx: Tx, program_id: UUID, code: str) -> UUID | None:
    """The member of a program who shares this code, unless their membership ended."""
    row = await queries.find_referrer(tx, program_id, rules.normal_code(code))
    return None if row is None else row["membership_id"]


async def note_purchase(tx: Tx, accrued: Sequence[Accrued], purchase: Purchase) -> None:
    """Let a purchase qualify friends who wait for one; no statement when no program concerned rewards referrals.

    The buyer's memberships are locked. What both sides get is given by a job after the commit (settling.py).
    """
    standings = {
        one.standing.membership.id: one.standing
        for one in accrued
        if one.standing.program.settings.referral is not None
        and barred(one.standing.membership, one.standing.program, purchase.occurred_at) is None
    }
    if not standings:
        return
    for row in await queries.waiting_friends(tx, sorted(standings)):
        standing = standings[row["friend_id"]]
        settings, household_id = standing.program.settings.referral, standing.membership.household_id
        assert settings is not None
        verdict = rules.judge(
            settings,
            joined_at=row["joined_at"],
            occurred_at=purchase.occurred_at,
            amount_minor=purchase.amount_minor,
            same_household=household_id is not None and household_id == row["household_id"],
        )
        await _apply(tx, row["id"], verdict, purchase.id)


async def reopen(tx: Tx, purchase_id: UUID, *, only: Sequence[UUID] | None = None) -> None:
    """A purchase was taken back: the friend whom it qualified or refused waits for another, and a reward returns.

    ``only``: these referrals, in place of all that rest on the purchase.
    """
    for row in await tx.fetch(queries.REOPEN, tx.organization_id, purchase_id, clock.now(), only):
        if row["settled_purchase_id"] is not None:
            await enqueue(tx, SETTLE_JOB, {"referral_id": str(row["id"])})


async def note_refund(tx: Tx, purchase: Purchase) -> None:
    """A part was paid back: where too little is left for the purchase to qualify, the friend waits for another."""
    rest = purchase.amount_minor - purchase.refunded_minor
    rows = await tx.fetch(queries.QUALIFIED_BY, tx.organization_id, purchase.id)
    programs = await programs_at(tx, {row["program_id"]: row["version"] for row in rows})
    asked = {program_id: program.settings.referral for program_id, program in programs.items()}
    lost = [
        row["id"]
        for row in rows
        if (settings := asked[row["program_id"]]) is not None and rest < settings.minimum_amount_minor
    ]
    if lost:
        await reopen(tx, purchase.id, only=lost)


async def list_of_member(tx: Tx, membership_id: UUID, before: UUID, limit: int) -> list[Referral]:
    """Friends of a member, newest first; raises MembershipNotFound."""
    await members.get_membership(tx, membership_id)
    return [Referral(**row) for row in await queries.list_of_member(tx, membership_id, before, limit)]


async def list_of_program(tx: Tx, program_id: UUID, before: UUID, limit: int) -> list[Referral]:
    """Referrals of a program, newest first; raises ProgramNotFound."""
    await _require_program(tx, program_id)
    return [Referral(**row) for row in await queries.list_of_program(tx, program_id, before, limit)]


async def member_figures(tx: Tx, membership_id: UUID) -> ReferralFigures:
    """How far the friends of one member got."""
    return ReferralFigures(**await queries.figures_of_member(tx, membership_id))


async def program_figures(tx: Tx, program_id: UUID) -> ReferralFigures:
    """How far the friends of all members got; raises ProgramNotFound."""
    await _require_program(tx, program_id)
    return ReferralFigures(**await queries.figures_of_program(tx, program_id))


async def _require_program(tx: Tx, program_id: UUID) -> None:
    if not await members.programs_by_id(tx, [program_id]):
        raise ProgramNotFound


async def _apply(tx: Tx, referral_id: UUID, verdict: Verdict, purchase_id: UUID) -> None:
    if verdict.state == "joined":
        return
    now = clock.now()
    qualified_at = now if verdict.state == "qualified" else None
    place = (tx.organization_id, referral_id, verdict.state, verdict.reason, purchase_id, qualified_at, now)
    referral = Referral(**await tx.fetchrow(queries.JUDGED, *place))
    if verdict.state == "refused":
        await _announce_refused(tx, referral)
        return
    members_of = (referral.program_id, referral.referrer_id, referral.friend_id)
    await announce(tx, FriendQualified(referral.id, *members_of, purchase_id))
    await enqueue(tx, SETTLE_JOB, {"referral_id": str(referral.id)})


async def _announce_refused(tx: Tx, referral: Referral) -> None:
    assert referral.reason is not None
    place = (referral.id, referral.program_id, referral.referrer_id, referral.friend_id)
    await announce(tx, ReferralRefused(*place, referral.reason))
