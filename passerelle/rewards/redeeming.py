"""What becomes of an issued reward: held, redeemed, handed over, cancelled, lapsed, undone. Part of service.py.

Every verb is one UPDATE that names the states it may come from: of two that meet in the same instant, one finds the
row as it expects, and the other is told what happened.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce
from passerelle.kit.ids import digest, new_code
from passerelle.ledger import service as ledger
from passerelle.programs import service as programs
from passerelle.programs.refunds.events import UnitsSurrendered
from passerelle.rewards import queries, rules
from passerelle.rewards.catalogue import catalogue_of
from passerelle.rewards.errors import (
    AlreadyRedeemed,
    FulfilmentRefused,
    HoldExpired,
    HoldNotFound,
    IssuedRewardClosed,
    IssuedRewardExpired,
    NotToFulfil,
)
from passerelle.rewards.events import (
    RewardCancelled,
    RewardExpired,
    RewardFulfilled,
    RewardHeld,
    RewardRedemptionUndone,
)
from passerelle.rewards.rules import Fulfilment
from passerelle.rewards.taking import (
    gift_reference,
    issued_of,
    redeemed_now,
    step_of,
    steps_json,
    take_reward,
    tell_redeemed,
)
from passerelle.rewards.values import Basket, Held, IssuedReward, Outcome, Source

_CODE_LENGTH: Final = 8
_SURRENDERED: Final = "refund"


async def get_issued_reward(tx: Tx, issued_reward_id: UUID) -> IssuedReward:
    """A reward that was issued, as it stands now; raises IssuedRewardNotFound."""
    return issued_of(await queries.get_issued_reward(tx, clock.now(), issued_reward_id))


async def hold_reward(
    tx: Tx, membership_id: UUID, reward_id: UUID, *, reference: str, minutes: int | None = None
) -> Held:
    """Start to redeem a reward for its price: it is taken now and lapses, with its price given back, with the hold.

    Raises what ``redeem_reward`` raises.
    """
    seat = await programs.seat_for_update(tx, membership_id)
    rewards = (await catalogue_of(tx, seat.program)).rewards
    usual = next((reward.hold_minutes for reward in rewards if reward.id == reward_id), None)
    hold_for = timedelta(minutes=minutes or usual or rules.HOLD_MINUTES)
    taken = await take_reward(tx, membership_id, reward_id, reference=reference, hold_for=hold_for)
    return await hold_issued_reward(tx, taken.issued_reward.id, minutes=minutes)


async def hold_issued_reward(tx: Tx, issued_reward_id: UUID, *, minutes: int | None = None) -> Held:
    """Start to redeem an issued reward: the till completes it with the code until the hold ends by itself.

    Held again, it has a new code and a new time. Raises IssuedRewardNotFound, AlreadyRedeemed, IssuedRewardExpired,
    IssuedRewardClosed, MembershipNotActive, ProgramNotRunning.
    """
    issued = await get_issued_reward(tx, issued_reward_id)
    seat = await programs.seat_for_update(tx, issued.membership_id)
    rewards = (await catalogue_of(tx, seat.program)).rewards
    usual = next((reward.hold_minutes for reward in rewards if reward.id == issued.reward_id), rules.HOLD_MINUTES)
    code, now = new_code(_CODE_LENGTH), clock.now()
    held_until = now + timedelta(minutes=minutes or usual)
    row = await tx.fetchrow(
        queries.HOLD, tx.organization_id, now, issued_reward_id, held_until, digest(code.encode())
    )
    if row is None:
        raise await _why_not(tx, issued_reward_id)
    held = issued_of(row)
    assert held.held_until is not None
    await announce(tx, RewardHeld(*_ids(held), held_until=held.held_until.isoformat()))
    return Held(Outcome(held, await programs.standing_with(tx, seat, {})), code)


async def redeem_hold(tx: Tx, code: str, *, location_id: UUID | None = None, basket: Basket | None = None) -> Outcome:
    """Complete a hold with the code that the customer shows.

    Raises HoldNotFound, HoldExpired, and what ``redeem_issued_reward`` raises.
    """
    wanted = digest(rules.plain_code(code).encode())
    row = await queries.find_issued_reward_by_hold(tx, clock.now(), wanted)
    if row is None:
        raise HoldNotFound
    return await _redeem(tx, issued_of(row), location_id, basket, hold_digest=wanted)


async def redeem_issued_reward(
    tx: Tx, issued_reward_id: UUID, *, location_id: UUID | None = None, basket: Basket | None = None
) -> Outcome:
    """Give out a reward that was issued before, held or not; of two tills in the same instant, one does.

    Raises IssuedRewardNotFound, AlreadyRedeemed, IssuedRewardExpired, IssuedRewardClosed, MembershipNotActive,
    ProgramNotRunning.
    """
    return await _redeem(tx, await get_issued_reward(tx, issued_reward_id), location_id, basket)


async def cancel_issued_reward(tx: Tx, issued_reward_id: UUID, *, reason: str | None = None) -> Outcome:
    """Take an issued reward back before it is redeemed: its price returns into the lots it came from.

    Harmless when it was cancelled before. Raises IssuedRewardNotFound, AlreadyRedeemed, IssuedRewardExpired,
    IssuedRewardClosed.
    """
    place = (tx.organization_id, clock.now(), issued_reward_id, tx.actor.label)
    row = await tx.fetchrow(queries.CANCEL, *place, reason)
    if row is None:
        found = await get_issued_reward(tx, issued_reward_id)
        if found.state != "cancelled":
            raise await _why_not(tx, issued_reward_id)
        return Outcome(found, await programs.standing(tx, found.membership_id), replayed=True)
    issued = issued_of(row)
    await _give_back(tx, issued, f"cancel:reward:{issued.id}", reason)
    await announce(tx, RewardCancelled(*_ids(issued), reason=reason))
    return Outcome(issued, await programs.standing(tx, issued.membership_id))


async def was_redeemed(tx: Tx, membership_id: UUID, *, source: Source, reference: str) -> bool:
    """Whether a gift for an occasion was redeemed; ``reference`` names it, or begins the names of its repetitions."""
    return await queries.was_redeemed(tx, membership_id, gift_reference(source, reference))


async def withdraw_gift(tx: Tx, *, source: Source, reference: str, reason: str) -> None:
    """Cancel what ``issue_reward`` gave under a reference if it can still be redeemed; harmless otherwise."""
    found = await queries.find_issued_reward_by_reference(tx, clock.now(), gift_reference(source, reference))
    if found is not None and found["state"] in {"issued", "held"}:
        await cancel_issued_reward(tx, found["id"], reason=reason)


async def undo_redemption(tx: Tx, issued_reward_id: UUID, *, reason: str | None = None) -> Outcome:
    """Give the price back into the lots it came from; a gift can be redeemed again. Harmless when undone before.

    Raises IssuedRewardNotFound.
    """
    place = (tx.organization_id, clock.now(), issued_reward_id, steps_json(step_of(tx, "undone")))
    row = await tx.fetchrow(queries.UNDO, *place)
    if row is not None:
        await _give_back(tx, issued_of(row), f"undo:redemption:{issued_reward_id}", reason)
    else:
        row = await tx.fetchrow(queries.TAKE_GIFT_BACK, *place)
    if row is None:
        found = await get_issued_reward(tx, issued_reward_id)
        return Outcome(found, await programs.standing(tx, found.membership_id), replayed=True)
    issued = issued_of(row)
    await announce(tx, RewardRedemptionUndone(*_ids(issued)))
    return Outcome(issued, await programs.standing(tx, issued.membership_id))


async def mark_returned(tx: Tx, membership_id: UUID, transfer_id: UUID) -> None:
    """Mark the reward that a transfer paid for as undone: its price has come back with the purchase."""
    issued_reward_id = await queries.find_paid_by(tx, membership_id, transfer_id)
    if issued_reward_id is None:
        return
    place = (tx.organization_id, clock.now(), issued_reward_id, steps_json(step_of(tx, "undone")))
    row = await tx.fetchrow(queries.UNDO, *place)
    if row is not None:
        issued = issued_of(row)
        await tx.execute(queries.PUT_BACK_IN_STOCK, tx.organization_id, issued.reward_id)
        await announce(tx, RewardRedemptionUndone(*_ids(issued)))


async def surrender_automatic(tx: Tx, membership_id: UUID, unit_id: UUID, *, transfer_id: UUID, missing: int) -> None:
    """Cancel rewards that were issued by themselves and not redeemed until their prices make up for what is missing.

    Those that the units of ``transfer_id`` paid for go first, of these the last issued. Nobody has had anything for
    them, so they do not count as spent. The accounts are locked.
    """
    rows = await queries.open_automatic(tx, clock.now(), membership_id, unit_id)
    if not rows:
        return
    opened = [issued_of(row) for row in rows]
    payments = [issued.transfer_id for issued in opened if issued.transfer_id is not None]
    concerned = await ledger.paid_from(tx, membership_id, transfer_id, payments)
    opened.sort(key=lambda issued: issued.transfer_id not in concerned)
    for issued in opened:
        if missing <= 0:
            break
        await cancel_issued_reward(tx, issued.id, reason=_SURRENDERED)
        missing -= issued.price
        await announce(tx, UnitsSurrendered(membership_id, unit_id, issued.price, issued.name, dict(issued.names)))


async def fulfil_reward(
    tx: Tx, issued_reward_id: UUID, state: Fulfilment, *, tracking: str | None = None
) -> IssuedReward:
    """Bring a thing that was redeemed to a state of fulfilment; ``cancelled`` undoes its redemption.

    Raises IssuedRewardNotFound, NotToFulfil, FulfilmentRefused.
    """
    found = await get_issued_reward(tx, issued_reward_id)
    if found.fulfilment is None:
        raise NotToFulfil(reward=found.name)
    if not rules.may_follow(found.fulfilment, state):
        raise FulfilmentRefused(state=found.fulfilment, wanted=state)
    if state == found.fulfilment and tracking in {None, found.tracking}:
        return found
    if state == "cancelled":
        issued = (await undo_redemption(tx, issued_reward_id)).issued_reward
    else:
        place = (tx.organization_id, clock.now(), issued_reward_id, found.fulfilment)
        row = await tx.fetchrow(queries.FULFIL, *place, state, tracking, steps_json(step_of(tx, state)))
        if row is None:
            now = (await get_issued_reward(tx, issued_reward_id)).fulfilment
            raise FulfilmentRefused(state=now, wanted=state)
        issued = issued_of(row)
    await announce(tx, RewardFulfilled(*_ids(issued), state=state))
    return issued


async def list_expired(tx: Tx, limit: int) -> list[UUID]:
    """Issued rewards whose time is over and which are not booked as lapsed yet."""
    return await queries.list_expired(tx, clock.now(), limit)


async def expire_issued_reward(tx: Tx, issued_reward_id: UUID) -> None:
    """Book that an issued reward lapsed and give its price back; harmless for any other."""
    place = (tx.organization_id, clock.now(), issued_reward_id, tx.actor.label)
    row = await tx.fetchrow(queries.EXPIRE, *place)
    if row is not None:
        issued = issued_of(row)
        await _give_back(tx, issued, f"expiry:reward:{issued.id}", None)
        await announce(tx, RewardExpired(*_ids(issued)))


async def end_holds(tx: Tx) -> None:
    """Book that holds ended whose rewards can still be redeemed."""
    await tx.execute(queries.END_HOLDS, tx.organization_id, clock.now())


async def _redeem(
    tx: Tx, issued: IssuedReward, location_id: UUID | None, basket: Basket | None, *, hold_digest: bytes | None = None
) -> Outcome:
    seat = await programs.seat_for_update(tx, issued.membership_id)
    wanted = redeemed_now(tx, issued, location_id, basket)
    steps = wanted.fulfilment_steps[len(issued.fulfilment_steps) :]
    row = await tx.fetchrow(
        queries.REDEEM,
        *(tx.organization_id, wanted.redeemed_at, issued.id, wanted.redeemed_by, location_id),
        *(wanted.discount_minor, wanted.fulfilment, steps_json(*steps), hold_digest),
    )
    if row is None:
        raise await _why_not(tx, issued.id, by_hold=hold_digest is not None)
    redeemed = issued_of(row)
    await tell_redeemed(tx, redeemed)
    return Outcome(redeemed, await programs.standing_with(tx, seat, {}))


async def _why_not(tx: Tx, issued_reward_id: UUID, *, by_hold: bool = False) -> Refusal:
    """Why an issued reward cannot be held, redeemed or cancelled any more."""
    issued = await get_issued_reward(tx, issued_reward_id)
    if issued.redeemed_at is not None and issued.state == "redeemed":
        return AlreadyRedeemed(reward=issued.name, redeemed_at=issued.redeemed_at.isoformat())
    if by_hold and issued.state in {"issued", "held", "expired"}:
        return HoldExpired(reward=issued.name)
    if issued.state == "expired" and issued.expires_at is not None:
        return IssuedRewardExpired(reward=issued.name, expired_at=issued.expires_at.isoformat())
    return IssuedRewardClosed(reward=issued.name, state=issued.state)


async def _give_back(tx: Tx, issued: IssuedReward, reference: str, reason: str | None) -> None:
    """Return the place in stock, then the price into its lots: the order in which they were taken."""
    await tx.execute(queries.PUT_BACK_IN_STOCK, tx.organization_id, issued.reward_id)
    if issued.transfer_id is not None:
        await ledger.reverse(tx, issued.transfer_id, reference=reference, reason=reason)


def _ids(issued: IssuedReward) -> tuple[UUID, UUID, UUID, UUID]:
    return issued.id, issued.reward_id, issued.membership_id, issued.customer_id
