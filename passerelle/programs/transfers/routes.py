"""HTTP of transfers between members."""

from typing import Annotated

from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.ledger.errors import InsufficientBalance, SpentMeanwhile, TransferConflict
from passerelle.programs.errors import (
    ACTING_REFUSALS,
    MembershipNotFound,
    UnitNotFound,
    UnitNotNamed,
)
from passerelle.programs.schemas import MembershipId
from passerelle.programs.transfers import service
from passerelle.programs.transfers.errors import (
    MemberTransferNotFound,
    ReceiverNotHere,
    TransferDayLimit,
    TransferOutOfBounds,
    TransfersNotOffered,
    TransferToOneself,
)
from passerelle.programs.transfers.schemas import MemberTransferId, MemberTransferOut, TransferIn

router = Router(prefix="/api/v1", tags=["transfers"])


@router.post(
    "/members/{membership_id}/transfers",
    status_code=201,
    responses=refusals(
        MembershipNotFound,
        *ACTING_REFUSALS,
        ReceiverNotHere,
        TransferToOneself,
        TransfersNotOffered,
        UnitNotNamed,
        UnitNotFound,
        TransferOutOfBounds,
        TransferDayLimit,
        TransferConflict,
        InsufficientBalance,
    ),
)
async def give_units(
    membership_id: MembershipId, body: TransferIn, tx: Annotated[Tx, allow("ledger:adjust")]
) -> MemberTransferOut:
    """Give units of this member to another; they keep the end of their time."""
    return MemberTransferOut.of(await service.give_units(tx, membership_id, body))


@router.get("/members/{membership_id}/transfers", responses=refusals(MembershipNotFound))
async def list_transfers(
    membership_id: MembershipId, tx: Annotated[Tx, allow("ledger:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[MemberTransferOut]:
    """What a member gave or was given, newest first."""
    found = await service.list_transfers(tx, membership_id, after(cursor), limit)
    items = [MemberTransferOut.of(transfer) for transfer in found]
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.post(
    "/member-transfers/{member_transfer_id}/undo", responses=refusals(MemberTransferNotFound, SpentMeanwhile)
)
async def undo_transfer(
    member_transfer_id: MemberTransferId, tx: Annotated[Tx, allow("ledger:adjust")]
) -> MemberTransferOut:
    """Give back what was given, while the receiver still has it."""
    return MemberTransferOut.of(await service.undo_transfer(tx, member_transfer_id))
