"""The verbs of transfers between members; the only writer of their table."""

from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.days import day_of
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import TransferConflict
from passerelle.programs import earning
from passerelle.programs import queries as members
from passerelle.programs.community_settings import TransferSettings
from passerelle.programs.errors import MembershipNotFound
from passerelle.programs.prizes import named_unit
from passerelle.programs.referral import service as referral
from passerelle.programs.transfers import queries, rules
from passerelle.programs.transfers.errors import (
    ReceiverNotHere,
    TransferDayLimit,
    TransferOutOfBounds,
    TransfersNotOffered,
    TransferToOneself,
)
from passerelle.programs.transfers.events import UnitsTransferred, UnitsTransferUndone
from passerelle.programs.transfers.schemas import MemberTransfer, TransferIn
from passerelle.programs.values import Seat, Unit


async def give_units(tx: Tx, giver_id: UUID, asked: TransferIn) -> MemberTransfer:
    """Move units of one member to another; the same reference with the same amount answers the first again.

    Raises MembershipNotFound, MembershipNotActive, ProgramNotRunning, ReceiverNotHere, TransferToOneself,
    TransfersNotOffered, UnitNotNamed, UnitNotFound, TransferOutOfBounds, TransferDayLimit, TransferConflict, and the
    ledger's InsufficientBalance.
    """
    giver, receiver = await _both(tx, giver_id, asked)
    reference = asked.reference or str(new_id())
    unit = named_unit(giver.program, asked.unit)
    before = await queries.find_by_reference(tx, giver_id, reference)
    if before is not None:
        if (before.receiver_id, before.unit, before.amount) != (receiver.membership.id, unit.code, asked.amount):
            raise TransferConflict
        return before
    for seat in (giver, receiver):
        earning.require_acting(seat, clock.now())
    await _require_allowed(tx, giver, unit, asked.amount)
    member_transfer_id, receiver_id = new_id(), receiver.membership.id
    moved = await ledger.move(
        tx, giver_id, receiver_id, unit.id, asked.amount, reference=f"member_transfer:{member_transfer_id}"
    )
    place = (tx.organization_id, member_transfer_id, giver_id, receiver_id, unit.id, asked.amount, reference)
    await tx.execute(queries.ADD, *place, moved.transfer_id, tx.actor.label, clock.now())
    transferred = UnitsTransferred(
        member_transfer_id=member_transfer_id,
        program_id=giver.program.id,
        giver_id=giver_id,
        receiver_id=receiver_id,
        unit_id=unit.id,
        amount=asked.amount,
    )
    await announce(tx, transferred)
    return await queries.get_transfer(tx, member_transfer_id)


async def undo_transfer(tx: Tx, member_transfer_id: UUID) -> MemberTransfer:
    """Give back what was given; harmless when it was done before.

    Raises MemberTransferNotFound, and the ledger's SpentMeanwhile when the receiver has spent it.
    """
    transfer = await queries.get_transfer(tx, member_transfer_id)
    await members.seats_for_update(tx, sorted((transfer.giver_id, transfer.receiver_id)))
    unit_id = await tx.fetchval(queries.UNDO, tx.organization_id, member_transfer_id, clock.now())
    if unit_id is None:
        return await queries.get_transfer(tx, member_transfer_id)
    await ledger.reverse(tx, transfer.transfer_id, reference=f"undo:{transfer.transfer_id}", reason="transfer")
    undone = UnitsTransferUndone(
        member_transfer_id=member_transfer_id,
        giver_id=transfer.giver_id,
        receiver_id=transfer.receiver_id,
        unit_id=unit_id,
        amount=transfer.amount,
    )
    await announce(tx, undone)
    return await queries.get_transfer(tx, member_transfer_id)


async def list_transfers(tx: Tx, membership_id: UUID, before: UUID, limit: int) -> list[MemberTransfer]:
    """What a member gave or was given, newest first; raises MembershipNotFound."""
    await members.get_membership(tx, membership_id)
    return [MemberTransfer(**row) for row in await queries.list_transfers(tx, membership_id, before, limit)]


async def _both(tx: Tx, giver_id: UUID, asked: TransferIn) -> tuple[Seat, Seat]:
    """Giver and receiver, locked in the order of ids."""
    receiver_id = asked.to_membership_id
    if asked.to_code is not None:
        program_id = (await members.get_membership(tx, giver_id))["program_id"]
        receiver_id = await referral.find_member(tx, program_id, asked.to_code)
    if receiver_id == giver_id:
        raise TransferToOneself
    if receiver_id is None:
        raise ReceiverNotHere
    rows = await members.seats_for_update(tx, sorted((giver_id, receiver_id)))
    seats = {seat.membership.id: seat for seat in await earning.seats_of(tx, rows)}
    giver, receiver = seats.get(giver_id), seats.get(receiver_id)
    if giver is None:
        raise MembershipNotFound
    if receiver is None or receiver.program.id != giver.program.id:
        raise ReceiverNotHere
    return giver, receiver


async def _require_allowed(tx: Tx, giver: Seat, unit: Unit, amount: int) -> None:
    settings = giver.program.settings.transfers
    if settings is None or not _is_transferable(settings, unit):
        raise TransfersNotOffered(unit=unit.code, program=giver.program.name)
    day = day_of(clock.now(), giver.program.time_zone)
    given = await queries.given_between(tx, giver.membership.id, unit.id, *day)
    fault = rules.fault_of(settings, amount, given)
    if fault == "out_of_bounds":
        raise TransferOutOfBounds(minimum=settings.minimum, maximum=settings.maximum or "…")
    if fault == "day_limit":
        limit = settings.maximum_per_day or 0
        raise TransferDayLimit(limit=limit, left=max(0, limit - given))


def _is_transferable(settings: TransferSettings, unit: Unit) -> bool:
    return unit.spendable and (not settings.units or unit.code in settings.units)
