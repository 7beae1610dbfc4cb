"""HTTP of rewards."""

from typing import Annotated, Final

from fastapi import Query, Request

from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput, Refusal
from passerelle.kit.ids import new_id
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.ledger.errors import TransferConflict
from passerelle.programs import service as programs
from passerelle.programs.errors import (
    ACTING_REFUSALS,
    MembershipNotFound,
    ProgramNotFound,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.refunds.errors import PurchaseNotOpen
from passerelle.programs.schemas import MembershipId, ProgramId
from passerelle.programs.tiers.errors import TierNotFound
from passerelle.purchases.errors import PurchaseNotFound
from passerelle.rewards import service
from passerelle.rewards.answers import reward_out, rewards_out
from passerelle.rewards.errors import (
    GIVE_REFUSALS,
    REDEEM_REFUSALS,
    TAKE_REFUSALS,
    FulfilmentRefused,
    IssuedRewardNotFound,
    NotToFulfil,
    RewardNotFound,
    TooManyRewards,
    UnitNotSpendable,
)
from passerelle.rewards.rules import Fulfilment
from passerelle.rewards.schemas import (
    CancelIn,
    FulfilIn,
    GiftIn,
    HeldOut,
    HoldIn,
    HoldIssuedIn,
    IssuedRewardId,
    IssuedRewardOut,
    IssuedRewardOutcome,
    MemberRewardOut,
    MemberRewardsOut,
    RedeemIssuedIn,
    RedemptionIn,
    RewardChange,
    RewardId,
    RewardIn,
    RewardOut,
    TakeIn,
    basket_of,
)
from passerelle.rewards.values import IssuedRewardState

router = Router(prefix="/api/v1", tags=["rewards"])
_TAKING: Final[tuple[type[Refusal], ...]] = (MembershipNotFound, *ACTING_REFUSALS, *TAKE_REFUSALS, TransferConflict)
_GIVING: Final[tuple[type[Refusal], ...]] = (MembershipNotFound, *ACTING_REFUSALS, *GIVE_REFUSALS, TransferConflict)


@router.post(
    "/rewards",
    status_code=201,
    responses=refusals(ProgramNotFound, UnitNotNamed, UnitNotFound, UnitNotSpendable, TierNotFound, TooManyRewards),
)
async def create_reward(body: RewardIn, request: Request, tx: Annotated[Tx, allow("programs:write")]) -> RewardOut:
    """Put a reward into the catalogue."""
    return await reward_out(tx, await service.create_reward(tx, body), language_of(request))


@router.get("/rewards", responses=refusals())
async def list_rewards(
    request: Request,
    tx: Annotated[Tx, allow("programs:read")],
    program_id: Annotated[ProgramId | None, Query(description="Only those of this program.")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[RewardOut]:
    """Rewards, newest first."""
    items = await service.list_rewards(tx, program_id, after(cursor), limit)
    following = cursor_of(items[-1].id) if len(items) == limit else None
    return Page(items=await rewards_out(tx, items, language_of(request)), next=following)


@router.get("/rewards/{reward_id}", responses=refusals(RewardNotFound))
async def get_reward(reward_id: RewardId, request: Request, tx: Annotated[Tx, allow("programs:read")]) -> RewardOut:
    """One reward."""
    return await reward_out(tx, await service.get_reward(tx, reward_id), language_of(request))


@router.patch("/rewards/{reward_id}", responses=refusals(RewardNotFound, TierNotFound, TooManyRewards, InvalidInput))
async def change_reward(
    reward_id: RewardId, body: RewardChange, request: Request, tx: Annotated[Tx, allow("programs:write")]
) -> RewardOut:
    """Change a reward; take it out of the catalogue, or offer it again."""
    return await reward_out(tx, await service.change_reward(tx, reward_id, body), language_of(request))


@router.get("/members/{membership_id}/rewards", responses=refusals(MembershipNotFound))
async def list_member_rewards(
    membership_id: MembershipId, request: Request, tx: Annotated[Tx, allow("programs:read")]
) -> MemberRewardsOut:
    """What a member can have at which price, how ready it is, and why not; cheapest first."""
    standing = await programs.standing(tx, membership_id)
    ready = await service.ready_rewards(tx, standing)
    return MemberRewardsOut(items=[MemberRewardOut.shown(each, language_of(request)) for each in ready])


@router.post(
    "/members/{membership_id}/redemptions",
    status_code=201,
    responses=refusals(*_TAKING, PurchaseNotFound, PurchaseNotOpen),
)
async def redeem_reward(
    membership_id: MembershipId, body: RedemptionIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> IssuedRewardOutcome:
    """Give a member a reward for its price, at once."""
    redeemed = await service.redeem_reward(
        tx,
        membership_id,
        body.reward_id,
        reference=body.reference or str(new_id()),
        location_id=body.location_id or tx.actor.location_id,
        basket=basket_of(body.basket),
        purchase_id=body.purchase_id,
    )
    return IssuedRewardOutcome.of(redeemed, language_of(request))


@router.post("/members/{membership_id}/issued-rewards", status_code=201, responses=refusals(*_TAKING))
async def take_reward(
    membership_id: MembershipId, body: TakeIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> IssuedRewardOutcome:
    """Take a reward for its price now, to be redeemed later."""
    reference = body.reference or str(new_id())
    taken = await service.take_reward(tx, membership_id, body.reward_id, reference=reference)
    return IssuedRewardOutcome.of(taken, language_of(request))


@router.post("/members/{membership_id}/gifts", status_code=201, responses=refusals(*_GIVING, InvalidInput))
async def give_reward(
    membership_id: MembershipId, body: GiftIn, request: Request, tx: Annotated[Tx, allow("ledger:adjust")]
) -> IssuedRewardOutcome:
    """Give a member a reward for nothing, to be redeemed later; who did it and why is kept."""
    given = await service.issue_reward(
        tx,
        membership_id,
        body.reward_id,
        source="manual",
        reference=body.reference or str(new_id()),
        expires_at=body.expires_at,
        reason=body.reason,
    )
    return IssuedRewardOutcome.of(given, language_of(request))


@router.post("/members/{membership_id}/holds", status_code=201, responses=refusals(*_TAKING))
async def hold_reward(
    membership_id: MembershipId, body: HoldIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> HeldOut:
    """Start to redeem a reward: its price is taken now and comes back by itself when the hold ends."""
    reference = body.reference or str(new_id())
    held = await service.hold_reward(tx, membership_id, body.reward_id, reference=reference, minutes=body.minutes)
    return HeldOut.of_hold(held, language_of(request))


@router.get("/issued-rewards", responses=refusals())
async def list_issued_rewards(
    request: Request,
    tx: Annotated[Tx, allow("programs:read")],
    *,
    customer_id: CustomerId | None = None,
    membership_id: MembershipId | None = None,
    state: IssuedRewardState | None = None,
    fulfilment: Fulfilment | None = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[IssuedRewardOut]:
    """What was taken and given, newest first, as it stands now."""
    items = await service.list_issued_rewards(
        tx,
        after(cursor),
        limit,
        customer_id=customer_id,
        membership_id=membership_id,
        state=state,
        fulfilment=fulfilment,
    )
    following = cursor_of(items[-1].id) if len(items) == limit else None
    return Page(items=[IssuedRewardOut.told(item, language_of(request)) for item in items], next=following)


@router.get("/issued-rewards/{issued_reward_id}", responses=refusals(IssuedRewardNotFound))
async def get_issued_reward(
    issued_reward_id: IssuedRewardId, request: Request, tx: Annotated[Tx, allow("programs:read")]
) -> IssuedRewardOut:
    """One issued reward, as it stands now."""
    return IssuedRewardOut.told(await service.get_issued_reward(tx, issued_reward_id), language_of(request))


@router.post("/issued-rewards/{issued_reward_id}/hold", responses=refusals(*ACTING_REFUSALS, *REDEEM_REFUSALS))
async def hold_issued_reward(
    issued_reward_id: IssuedRewardId,
    body: HoldIssuedIn,
    request: Request,
    tx: Annotated[Tx, allow("rewards:redeem")],
) -> HeldOut:
    """Start to redeem an issued reward. Held again, it has a new code and a new time."""
    held = await service.hold_issued_reward(tx, issued_reward_id, minutes=body.minutes)
    return HeldOut.of_hold(held, language_of(request))


@router.post("/issued-rewards/{issued_reward_id}/redeem", responses=refusals(*ACTING_REFUSALS, *REDEEM_REFUSALS))
async def redeem_issued_reward(
    issued_reward_id: IssuedRewardId,
    body: RedeemIssuedIn,
    request: Request,
    tx: Annotated[Tx, allow("rewards:redeem")],
) -> IssuedRewardOutcome:
    """Give out a reward that was issued before."""
    redeemed = await service.redeem_issued_reward(
        tx,
        issued_reward_id,
        location_id=body.location_id or tx.actor.location_id,
        basket=basket_of(body.basket),
    )
    return IssuedRewardOutcome.of(redeemed, language_of(request))


@router.post(
    "/issued-rewards/{issued_reward_id}/cancel",
    responses=refusals(*REDEEM_REFUSALS),
)
async def cancel_issued_reward(
    issued_reward_id: IssuedRewardId, body: CancelIn, request: Request, tx: Annotated[Tx, allow("ledger:adjust")]
) -> IssuedRewardOutcome:
    """Take an issued reward back before it is redeemed: its price returns. Harmless when it was cancelled before."""
    cancelled = await service.cancel_issued_reward(tx, issued_reward_id, reason=body.reason)
    return IssuedRewardOutcome.of(cancelled, language_of(request))


@router.post(
    "/issued-rewards/{issued_reward_id}/fulfil",
    responses=refusals(IssuedRewardNotFound, NotToFulfil, FulfilmentRefused),
)
async def fulfil_reward(
    issued_reward_id: IssuedRewardId, body: FulfilIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> IssuedRewardOut:
    """Say where a thing is that was redeemed: prepared, shipped, ready, handed over, returned or cancelled."""
    issued = await service.fulfil_reward(tx, issued_reward_id, body.state, tracking=body.tracking)
    return IssuedRewardOut.told(issued, language_of(request))


@router.post("/issued-rewards/{issued_reward_id}/undo", responses=refusals(IssuedRewardNotFound))
async def undo_redemption(
    issued_reward_id: IssuedRewardId, request: Request, tx: Annotated[Tx, allow("ledger:adjust")]
) -> IssuedRewardOutcome:
    """Take a redemption back: the price returns to the balance. Harmless when it was undone before."""
    return IssuedRewardOutcome.of(await service.undo_redemption(tx, issued_reward_id), language_of(request))
