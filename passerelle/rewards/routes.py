"""HTTP of rewards."""

from typing import Annotated

from fastapi import Query, Request

from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id
from passerelle.kit.web import Router, allow, language_of, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.ledger.errors import TransferConflict
from passerelle.programs import service as programs
from passerelle.programs.errors import (
    MembershipNotActive,
    MembershipNotFound,
    ProgramNotFound,
    ProgramNotRunning,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.refunds.errors import PurchaseNotOpen
from passerelle.programs.schemas import MembershipId, ProgramId
from passerelle.purchases.errors import PurchaseNotFound
from passerelle.rewards import service
from passerelle.rewards.errors import (
    IssuedRewardNotFound,
    RewardLimitReached,
    RewardNotFound,
    RewardNotOffered,
    RewardNotReady,
    RewardSoldOut,
    TooManyRewards,
)
from passerelle.rewards.schemas import (
    IssuedRewardId,
    IssuedRewardOut,
    MemberRewardsOut,
    ReadyRewardOut,
    RedemptionIn,
    RewardChange,
    RewardId,
    RewardIn,
    RewardOut,
)

router = Router(prefix="/api/v1", tags=["rewards"])


@router.post(
    "/rewards", status_code=201, responses=refusals(ProgramNotFound, UnitNotNamed, UnitNotFound, TooManyRewards)
)
async def create_reward(body: RewardIn, tx: Annotated[Tx, allow("programs:write")]) -> RewardOut:
    """Put a reward into the catalogue."""
    return await service.create_reward(tx, body)


@router.get("/rewards", responses=refusals())
async def list_rewards(
    tx: Annotated[Tx, allow("programs:read")],
    program_id: Annotated[ProgramId | None, Query(description="Only those of this program.")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[RewardOut]:
    """Rewards, newest first."""
    items = await service.list_rewards(tx, program_id, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/rewards/{reward_id}", responses=refusals(RewardNotFound))
async def get_reward(reward_id: RewardId, tx: Annotated[Tx, allow("programs:read")]) -> RewardOut:
    """One reward."""
    return await service.get_reward(tx, reward_id)


@router.patch("/rewards/{reward_id}", responses=refusals(RewardNotFound, TooManyRewards))
async def change_reward(
    reward_id: RewardId, body: RewardChange, tx: Annotated[Tx, allow("programs:write")]
) -> RewardOut:
    """Change name, price, stock or limit; take out of the catalogue, or offer again."""
    return await service.change_reward(tx, reward_id, body)


@router.get("/members/{membership_id}/rewards", responses=refusals(MembershipNotFound))
async def list_member_rewards(
    membership_id: MembershipId, request: Request, tx: Annotated[Tx, allow("programs:read")]
) -> MemberRewardsOut:
    """How ready each reward is for a member, cheapest first."""
    standing = await programs.standing(tx, membership_id)
    language = language_of(request)
    return MemberRewardsOut(
        items=[ReadyRewardOut.of(ready, language) for ready in await service.ready_rewards(tx, standing)]
    )


@router.post(
    "/members/{membership_id}/redemptions",
    status_code=201,
    responses=refusals(
        MembershipNotFound,
        MembershipNotActive,
        ProgramNotRunning,
        RewardNotFound,
        RewardNotOffered,
        RewardNotReady,
        RewardSoldOut,
        RewardLimitReached,
        TransferConflict,
        PurchaseNotFound,
        PurchaseNotOpen,
    ),
)
async def redeem_reward(
    membership_id: MembershipId, body: RedemptionIn, request: Request, tx: Annotated[Tx, allow("rewards:redeem")]
) -> IssuedRewardOut:
    """Give a member a reward for its price."""
    redeemed = await service.redeem_reward(
        tx,
        membership_id,
        body.reward_id,
        reference=body.reference or str(new_id()),
        location_id=body.location_id or tx.actor.location_id,
        purchase_id=body.purchase_id,
    )
    return IssuedRewardOut.of(redeemed, language_of(request))


@router.post("/issued-rewards/{issued_reward_id}/undo", responses=refusals(IssuedRewardNotFound))
async def undo_redemption(
    issued_reward_id: IssuedRewardId, request: Request, tx: Annotated[Tx, allow("ledger:adjust")]
) -> IssuedRewardOut:
    """Take a redemption back: the price returns to the balance. Harmless when it was undone before."""
    return IssuedRewardOut.of(await service.undo_redemption(tx, issued_reward_id), language_of(request))
