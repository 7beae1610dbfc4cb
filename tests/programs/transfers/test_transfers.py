"""Transfers between members on a real database: what moves, what does not, and what is taken back."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from passerelle.kit import clock
from passerelle.kit.db import Database, Tx
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import InsufficientBalance, SpentMeanwhile, TransferConflict
from passerelle.ledger.schemas import Credit
from passerelle.programs import service
from passerelle.programs.errors import MembershipNotActive, MembershipNotFound, ProgramNotRunning, UnitNotFound
from passerelle.programs.referral import service as referral
from passerelle.programs.schemas import Program, ProgramChange
from passerelle.programs.transfers import service as transfers
from passerelle.programs.transfers.errors import (
    MemberTransferNotFound,
    ReceiverNotHere,
    TransferDayLimit,
    TransferOutOfBounds,
    TransfersNotOffered,
    TransferToOneself,
)
from passerelle.programs.transfers.schemas import MemberTransfer, TransferIn
from tests.conftest import Shop
from tests.programs.conftest import Teller


async def _pair(teller: Teller, **limits: Any) -> tuple[Program, UUID, UUID]:
    program = await teller.program(rules=[], settings={"transfers": limits, "referral": {}})
    giver, receiver = [await teller.member(program, await teller.customer()) for _ in range(2)]
    await _credit(teller.tx, giver, program, 100)
    return program, giver, receiver


async def _credit(tx: Tx, member: UUID, program: Program, amount: int, **days: int) -> None:
    times: dict[str, Any] = {name: clock.now() + timedelta(days=count) for name, count in days.items()}
    reference = f"test:{member}:{amount}:{days}"
    credit = Credit(member, program.units[0].id, amount, **times)
    await ledger.post(tx, kind="accrual", reference=reference, credits=[credit])


async def _give(tx: Tx, giver: UUID, receiver: UUID, amount: int, **fields: Any) -> MemberTransfer:
    return await transfers.give_units(tx, giver, TransferIn(to_membership_id=receiver, amount=amount, **fields))


async def _active(tx: Tx, *members: UUID) -> list[int]:
    return [(await service.standing(tx, member)).balance().active for member in members]


async def test_units_change_hands_and_keep_the_end_of_their_time(teller: Teller) -> None:
    program, giver, receiver = await _pair(teller)
    await _credit(teller.tx, giver, program, 10, expires_at=5)
    given = await _give(teller.tx, giver, receiver, 30)
    assert await _active(teller.tx, giver, receiver) == [80, 30]
    unit = program.units[0].id
    assert [amount for _, amount in await ledger.next_expiries(teller.tx, receiver, unit, 9)] == [10]
    assert (given.unit, given.amount, given.undone_at) == ("points", 30, None)
    assert await ledger.check_books(teller.tx) == []
    both = [
        await transfers.list_transfers(teller.tx, each, UUID(int=(1 << 128) - 1), 9) for each in (giver, receiver)
    ]
    assert both == [[given], [given]]


async def test_by_the_code_that_a_member_shares(teller: Teller) -> None:
    program, giver, receiver = await _pair(teller)
    _, code = await referral.give_code(teller.tx, receiver)
    asked = TransferIn(to_code=f"{code[:5]}-{code[5:].upper()}", amount=5)
    assert (await transfers.give_units(teller.tx, giver, asked)).receiver_id == receiver
    with pytest.raises(ReceiverNotHere):
        await transfers.give_units(teller.tx, giver, TransferIn(to_code="nobody", amount=5))
    assert program.settings.transfers is not None


async def test_pending_and_lapsed_units_stay(teller: Teller) -> None:
    program, giver, receiver = await _pair(teller)
    await _credit(teller.tx, giver, program, 50, activates_at=3)
    await _credit(teller.tx, giver, program, 40, expires_at=1)
    with clock.frozen(clock.now() + timedelta(days=2)), pytest.raises(InsufficientBalance) as refused:
        await _give(teller.tx, giver, receiver, 101)
    assert refused.value.params["available"] == 100


async def test_told_again_it_is_the_same(teller: Teller) -> None:
    _, giver, receiver = await _pair(teller)
    first = await _give(teller.tx, giver, receiver, 30, reference="1")
    assert await _give(teller.tx, giver, receiver, 30, reference="1") == first
    assert await _active(teller.tx, giver, receiver) == [70, 30]
    with pytest.raises(TransferConflict):
        await _give(teller.tx, giver, receiver, 31, reference="1")


async def test_staff_take_it_back_while_it_is_there(teller: Teller) -> None:
    _, giver, receiver = await _pair(teller)
    given = await _give(teller.tx, giver, receiver, 30)
    for _ in range(2):
        undone = await transfers.undo_transfer(teller.tx, given.id)
        assert undone.undone_at is not None
    assert await _active(teller.tx, giver, receiver) == [100, 0]
    again = await _give(teller.tx, giver, receiver, 30)
    await service.adjust(teller.tx, receiver, amount=-1, reason="spent", reference="1")
    with pytest.raises(SpentMeanwhile):
        await transfers.undo_transfer(teller.tx, again.id)
    with pytest.raises(MemberTransferNotFound):
        await transfers.undo_transfer(teller.tx, giver)
    assert await ledger.check_books(teller.tx) == []


async def test_limits(teller: Teller) -> None:
    _, giver, receiver = await _pair(teller, minimum=5, maximum=40, maximum_per_day=60)
    for amount in (4, 41):
        with pytest.raises(TransferOutOfBounds):
            await _give(teller.tx, giver, receiver, amount)
    first = await _give(teller.tx, giver, receiver, 40)
    with pytest.raises(TransferDayLimit) as refused:
        await _give(teller.tx, giver, receiver, 21)
    assert refused.value.params["left"] == 20
    await transfers.undo_transfer(teller.tx, first.id)
    await _give(teller.tx, giver, receiver, 40)
    await _give(teller.tx, giver, receiver, 20)
    with clock.frozen(clock.now() + timedelta(days=1)):
        await _give(teller.tx, giver, receiver, 40)


async def test_who_may_not(teller: Teller) -> None:
    program, giver, receiver = await _pair(teller)
    with pytest.raises(TransferToOneself):
        await _give(teller.tx, giver, giver, 1)
    other, stranger, _ = await _pair(teller)
    with pytest.raises(ReceiverNotHere):
        await _give(teller.tx, giver, stranger, 1)
    with pytest.raises(ReceiverNotHere):
        await _give(teller.tx, giver, other.id, 1)
    with pytest.raises(MembershipNotFound):
        await _give(teller.tx, other.id, giver, 1)
    with pytest.raises(UnitNotFound):
        await _give(teller.tx, giver, receiver, 1, unit="stars")
    for member in (receiver, giver):
        for state in ("suspended", "ended"):
            await service.change_membership(teller.tx, member, state)
            with pytest.raises(MembershipNotActive):
                await _give(teller.tx, giver, receiver, 1)
        await service.change_membership(teller.tx, member, "active")
    await service.change_program(teller.tx, program.id, ProgramChange(state="paused"))
    with pytest.raises(ProgramNotRunning):
        await _give(teller.tx, giver, receiver, 1)


@pytest.mark.parametrize("part", [None, {"units": []}])
async def test_a_program_without_transfers(teller: Teller, part: dict[str, Any] | None) -> None:
    program = await teller.program(settings={"transfers": part})
    giver, receiver = [await teller.member(program, await teller.customer()) for _ in range(2)]
    with pytest.raises(TransfersNotOffered if part is None else InsufficientBalance):
        await _give(teller.tx, giver, receiver, 1)


async def test_two_who_give_to_each_other_at_once_never_block(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        program, one, other = await _pair(Teller(tx))
        await _credit(tx, other, program, 100)

    async def give(number: int) -> None:
        giver, receiver = (one, other) if number % 2 else (other, one)
        async with database.transaction(shop.organization_id) as own:
            await _give(own, giver, receiver, 10)

    await asyncio.gather(*(give(number) for number in range(10)))
    async with database.transaction(shop.organization_id) as tx:
        assert await _active(tx, one, other) == [100, 100]
        assert await ledger.check_books(tx) == []


async def test_what_is_there_is_given_once(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        _, giver, receiver = await _pair(Teller(tx))

    async def give() -> bool:
        try:
            async with database.transaction(shop.organization_id) as own:
                await _give(own, giver, receiver, 30)
        except InsufficientBalance:
            return False
        return True

    assert sum(await asyncio.gather(*(give() for _ in range(6)))) == 3
    async with database.transaction(shop.organization_id) as tx:
        assert await _active(tx, giver, receiver) == [10, 90]
