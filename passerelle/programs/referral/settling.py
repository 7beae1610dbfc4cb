"""Bringing the books to what a referral says: both sides are given their units, or these are taken back.

Done by a job, in a transaction of its own, because it holds two members: a till that books the friend's purchase
holds the friend already and must not wait for the referrer.

Order of locks: memberships by id, the referral, accounts.
"""

from typing import Final, Literal
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.ledger import service as ledger
from passerelle.programs import earning
from passerelle.programs import queries as members
from passerelle.programs.achievements import service as achievements
from passerelle.programs.community_settings import Milestone, ReferralSettings
from passerelle.programs.giving import give_prize, may_receive
from passerelle.programs.referral import queries, rules
from passerelle.programs.referral.events import ReferralRefused, ReferralRewarded, ReferralTakenBack
from passerelle.programs.referral.rules import ShareReason
from passerelle.programs.referral.schemas import Referral
from passerelle.programs.refunds.service import undo_accrual
from passerelle.programs.rules import ReasonCode
from passerelle.programs.values import Accrued, Seat

_SHARES: Final = ("friend", "referrer", "milestone")


async def settle_referral(tx: Tx, referral_id: UUID) -> None:
    """Give or take back what the state of a referral asks for; harmless when that was done before."""
    referral = Referral(**await queries.get_referral(tx, referral_id))
    rows = await members.seats_for_update(tx, sorted({referral.referrer_id, referral.friend_id}))
    seats = {seat.membership.id: seat for seat in await earning.seats_of(tx, rows)}
    referral = Referral(**await queries.get_referral(tx, referral_id, for_update=True))
    referrer, friend = seats[referral.referrer_id], seats[referral.friend_id]
    units = [unit.id for unit in referrer.program.units]
    await ledger.lock_accounts(
        tx, [(seat.membership.id, unit_id) for seat in (referrer, friend) for unit_id in units]
    )
    if referral.settled_purchase_id not in {None, referral.purchase_id} or referral.state == "refused":
        await _take_back(tx, referral)
    if referral.state == "qualified":
        await _reward(tx, referral, referrer, friend)


async def _take_back(tx: Tx, referral: Referral) -> None:
    """Undo what both sides got; what was spent meanwhile is forgiven, for they did nothing wrong."""
    if referral.settled_purchase_id is None:
        return
    await achievements.take_back(tx, _reference(referral.id, referral.settled_purchase_id, "friend"), "forgive")
    for share in _SHARES:
        reference = _reference(referral.id, referral.settled_purchase_id, share)
        await undo_accrual(tx, reference, reason="referral", shortfall="forgive")
    await tx.execute(queries.UNSETTLE, tx.organization_id, referral.id, clock.now())
    now = clock.now()
    left = (await queries.counted(tx, referral.referrer_id, now, now)).total
    for row in await queries.milestones_above(tx, referral.referrer_id, left):
        reference = _reference(row["id"], row["settled_purchase_id"], "milestone")
        await undo_accrual(tx, reference, reason="referral", shortfall="forgive")
        await tx.execute(queries.DROP_MILESTONE, tx.organization_id, row["id"])
    await announce(
        tx,
        ReferralTakenBack(
            referral_id=referral.id,
            program_id=referral.program_id,
            referrer_id=referral.referrer_id,
            friend_id=referral.friend_id,
            purchase_id=referral.settled_purchase_id,
        ),
    )


async def _reward(tx: Tx, referral: Referral, referrer: Seat, friend: Seat) -> None:
    settings, now = referrer.program.settings.referral, clock.now()
    if settings is None or not referrer.program.is_running(now):
        return await _refuse(tx, referral)
    assert referral.qualified_at is not None
    assert referral.purchase_id is not None
    period = rules.period_of(referral.qualified_at, settings.cap_period, referrer.program.time_zone)
    counted = await queries.counted(tx, referrer.membership.id, *period)
    reason = rules.why_no_share(settings, counted, referrer_acts=may_receive(referrer))
    given = {"friend": await _give(tx, referral, friend, "friend", settings)}
    milestone: Milestone | None = None
    if reason is None:
        given["referrer"] = await _give(tx, referral, referrer, "referrer", settings)
        milestone = await _milestone(tx, settings, referrer, counted.total + 1)
    if milestone is not None:
        given["milestone"] = await _give_milestone(tx, referral, referrer, milestone, settings)
    amounts = {share: _amount(accrued) for share, accrued in given.items()}
    await _settled(tx, referral, amounts, milestone, reason)
    if reason is None:
        reference = _reference(referral.id, referral.purchase_id, "friend")
        await achievements.count_friend(tx, referrer, reference=reference, occurred_at=referral.qualified_at)
    return None


async def _milestone(tx: Tx, settings: ReferralSettings, referrer: Seat, friends: int) -> Milestone | None:
    """The milestone that this friend reaches, unless it stands already."""
    milestone = rules.milestone_at(settings.milestones, friends)
    if milestone is None or await queries.milestones_above(tx, referrer.membership.id, friends - 1):
        return None
    return milestone


async def _give(
    tx: Tx, referral: Referral, seat: Seat, side: Literal["referrer", "friend"], settings: ReferralSettings
) -> Accrued | None:
    assert referral.purchase_id is not None
    prize = settings.referrer if side == "referrer" else settings.friend
    code: ReasonCode = "referral_referrer" if side == "referrer" else "referral_friend"
    reference = _reference(referral.id, referral.purchase_id, side)
    return await give_prize(tx, seat, prize, code, reference=reference, pending_days=settings.refund_days)


async def _give_milestone(
    tx: Tx, referral: Referral, referrer: Seat, milestone: Milestone, settings: ReferralSettings
) -> Accrued | None:
    assert referral.purchase_id is not None
    return await give_prize(
        tx,
        referrer,
        milestone.prize,
        "referral_milestone",
        reference=_reference(referral.id, referral.purchase_id, "milestone"),
        pending_days=settings.refund_days,
        friends=milestone.friends,
    )


async def _settled(
    tx: Tx, referral: Referral, amounts: dict[str, int], milestone: Milestone | None, reason: ShareReason | None
) -> None:
    referrer_amount, friend_amount = amounts.get("referrer", 0), amounts["friend"]
    await tx.execute(
        queries.SETTLE,
        *(tx.organization_id, referral.id, "rewarded", reason, referral.purchase_id, referrer_amount, friend_amount),
        *(milestone.friends if milestone else None, amounts.get("milestone", 0), clock.now()),
    )
    await announce(
        tx,
        ReferralRewarded(
            referral_id=referral.id,
            program_id=referral.program_id,
            referrer_id=referral.referrer_id,
            friend_id=referral.friend_id,
            referrer_amount=referrer_amount,
            friend_amount=friend_amount,
            milestone=milestone.friends if milestone else None,
            reason=reason,
        ),
    )


async def _refuse(tx: Tx, referral: Referral) -> None:
    """The program was paused or stopped rewarding between the purchase and now."""
    await tx.execute(
        queries.SETTLE,
        *(tx.organization_id, referral.id, "refused", "not_running", None, 0, 0, None, 0, clock.now()),
    )
    await announce(
        tx,
        ReferralRefused(
            referral_id=referral.id,
            program_id=referral.program_id,
            referrer_id=referral.referrer_id,
            friend_id=referral.friend_id,
            reason="not_running",
        ),
    )


def _amount(accrued: Accrued | None) -> int:
    return sum(accrual.amount for accrual in accrued.accruals) if accrued else 0


def _reference(referral_id: UUID, purchase_id: UUID, share: str) -> str:
    """How the ledger names what was given; another purchase of the same friend has other references."""
    return f"referral:{referral_id}:{purchase_id}:{share}"
