"""Reversals and refunds: what a transfer did, undone by another one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.ledger import ageing, queries, rules, settling
from passerelle.ledger.booking import Draft
from passerelle.ledger.errors import (
    AlreadyReversed,
    MoreThanGiven,
    MoreThanTaken,
    NotReversible,
    SpentMeanwhile,
    TransferNotFound,
)
from passerelle.ledger.retries import book_once, replayed
from passerelle.ledger.reversal_rules import (
    Situation,
    forgive,
    gave_from,
    given,
    hand_back,
    pay_debts,
    put_back,
    returnable,
    take_back,
)
from passerelle.ledger.schemas import AccountKey, Debit, Posted, ShortfallByUnit, TransferKind, TransferOut

Decide: TypeAlias = Callable[[Draft, Situation, TransferOut], dict[AccountKey, int]]
"""Decides the moves of an undoing, and the debts; returns what is missing, by account."""
_REFUNDABLE: Final[frozenset[TransferKind]] = frozenset({"accrual", "redemption", "adjustment"})
_REVERSIBLE: Final = _REFUNDABLE | {"move"}


async def get_transfer(tx: Tx, transfer_id: UUID) -> TransferOut:
    """A transfer with its entries; raises TransferNotFound."""
    found = await queries.find_transfer(tx, transfer_id)
    if found is None:
        raise TransferNotFound
    return found


async def left_to_take(tx: Tx, transfer_id: UUID) -> dict[AccountKey, int]:
    """What a transfer gave and refunds of it have not taken back, by account."""
    transfer = await get_transfer(tx, transfer_id)
    taken_before, _ = await queries.list_refunded_before(tx, transfer_id)
    return _left(taken_before, transfer)


async def missing(tx: Tx, transfer_id: UUID, wanted: Sequence[Debit] | None, now: datetime) -> dict[AccountKey, int]:
    """What of a transfer's gifts could not be taken back, of all that is left or of ``wanted``; books nothing."""
    transfer = await get_transfer(tx, transfer_id)
    accounts = sorted({(entry.owner_id, entry.unit_id) for entry in transfer.entries})
    lots = await queries.list_lot_histories(tx, accounts)
    situation = Situation(now, lots, *await queries.list_refunded_before(tx, transfer_id))
    plan = _left(situation.taken_before, transfer) if wanted is None else rules.wanted(wanted)
    short = {key: take_back(situation, transfer.entries, key, amount)[1] for key, amount in plan.items()}
    return {key: amount for key, amount in short.items() if amount}


async def undo(tx: Tx, draft: Draft, decide: Decide) -> Posted:
    """Book the opposite of the transfer that the draft reverses, as ``decide`` says: whole, or a part."""
    assert draft.reverses is not None
    transfer = await get_transfer(tx, draft.reverses)
    if transfer.kind not in (_REVERSIBLE if draft.kind == "reversal" else _REFUNDABLE):
        raise NotReversible(kind=transfer.kind)
    draft.debts = await settling.lock(tx, {(entry.owner_id, entry.unit_id) for entry in transfer.entries}, draft.now)
    accounts = list(draft.debts)
    replay = await replayed(tx, draft, accounts)
    if replay is not None:
        return replay
    if (await get_transfer(tx, transfer.id)).reversed_by is not None:
        raise AlreadyReversed
    await ageing.expire_on(tx, accounts, draft.now)
    lots = await queries.list_lot_histories(tx, accounts)
    situation = Situation(draft.now, lots, *await queries.list_refunded_before(tx, transfer.id))
    draft.changes = {key: rules.Change() for key in accounts}
    missing = decide(draft, situation, transfer)
    pay_debts(situation, draft.debts)
    for move in situation.decided():
        draft.move(move)
    return await book_once(tx, draft, accounts, missing)


def whole(shortfall: ShortfallByUnit) -> Decide:
    """All that is left: what the transfer took goes back, what it gave is taken back."""

    def decide(draft: Draft, situation: Situation, transfer: TransferOut) -> dict[AccountKey, int]:
        if transfer.kind != "move":
            put_back(situation, transfer.entries)
        return _take_back(draft, situation, transfer, _left(situation.taken_before, transfer), shortfall)

    return decide


def part(wanted: Mapping[AccountKey, int], shortfall: ShortfallByUnit) -> Decide:
    """What is wanted of what the transfer gave; raises MoreThanGiven."""

    def decide(draft: Draft, situation: Situation, transfer: TransferOut) -> dict[AccountKey, int]:
        left = _left(situation.taken_before, transfer)
        for key, amount in wanted.items():
            if amount > left.get(key, 0):
                raise MoreThanGiven(owner_id=key[0], unit_id=key[1], available=left.get(key, 0), needed=amount)
        return _take_back(draft, situation, transfer, wanted, shortfall)

    return decide


def returning(unit_id: UUID, amount: int) -> Decide:
    """A part of what the transfer took; raises MoreThanTaken."""

    def decide(_: Draft, situation: Situation, transfer: TransferOut) -> dict[AccountKey, int]:
        left = returnable(situation, transfer.entries).get(unit_id, 0)
        if amount > left:
            raise MoreThanTaken(unit_id=unit_id, available=left, needed=amount)
        put_back(situation, transfer.entries, {unit_id: amount})
        return {}

    return decide


def _take_back(
    draft: Draft,
    situation: Situation,
    transfer: TransferOut,
    plan: Mapping[AccountKey, int],
    shortfall: ShortfallByUnit,
) -> dict[AccountKey, int]:
    """Decide what is taken back; returns what is missing and was forgiven or is owed."""
    missing: dict[AccountKey, int] = {}
    for key, amount in plan.items():
        taken, short = take_back(situation, transfer.entries, key, amount)
        if short:
            missing[key] = short
            policy = rules.policy_for(shortfall, key[1])
            if policy == "refuse":
                raise SpentMeanwhile(owner_id=key[0], unit_id=key[1], missing=short, needed=amount)
            if policy == "forgive":
                forgive(situation, transfer.entries, key, short)
            else:
                draft.owe(key, gave_from(transfer.entries, key), short)
        if transfer.kind == "move":
            hand_back(situation, transfer.entries, taken + short)
    return missing


def _left(taken_before: Mapping[AccountKey, int], transfer: TransferOut) -> dict[AccountKey, int]:
    """What the transfer gave and refunds of it have not taken back."""
    return {key: amount - taken_before.get(key, 0) for key, amount in given(transfer.entries).items()}
