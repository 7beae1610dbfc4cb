"""Reversals and refunds: what a transfer did, undone by another one."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.ledger import ageing, queries, rules, settling
from passerelle.ledger.booking import Draft
from passerelle.ledger.errors import (
    AlreadyReversed,
    MoreThanGiven,
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
    take_back,
)
from passerelle.ledger.schemas import AccountKey, Posted, ShortfallByUnit, TransferKind, TransferOut

_REFUNDABLE: Final[frozenset[TransferKind]] = frozenset({"accrual", "redemption", "adjustment"})
_REVERSIBLE: Final = _REFUNDABLE | {"move"}


async def get_transfer(tx: Tx, transfer_id: UUID) -> TransferOut:
    """A transfer with its entries; raises TransferNotFound."""
    found = await queries.find_transfer(tx, transfer_id)
    if found is None:
        raise TransferNotFound
    return found


async def undo(tx: Tx, draft: Draft, wanted: Mapping[AccountKey, int] | None, shortfall: ShortfallByUnit) -> Posted:
    """Book the opposite of the transfer that the draft reverses: whole, or what is ``wanted`` of what it gave."""
    assert draft.reverses is not None
    transfer = await get_transfer(tx, draft.reverses)
    if transfer.kind not in (_REVERSIBLE if wanted is None else _REFUNDABLE):
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
    situation = Situation(draft.now, lots, await queries.list_taken_before(tx, transfer.id))
    draft.changes = {key: rules.Change() for key in accounts}
    missing = _decide(draft, situation, transfer, wanted, shortfall)
    pay_debts(situation, draft.debts)
    for move in situation.decided():
        draft.move(move)
    return await book_once(tx, draft, accounts, missing)


def _decide(
    draft: Draft,
    situation: Situation,
    transfer: TransferOut,
    wanted: Mapping[AccountKey, int] | None,
    shortfall: ShortfallByUnit,
) -> dict[AccountKey, int]:
    """Decide the moves; returns what is missing and was forgiven or is owed."""
    if wanted is None and transfer.kind != "move":
        put_back(situation, transfer.entries)
    missing: dict[AccountKey, int] = {}
    for key, amount in _plan(situation, transfer, wanted).items():
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


def _plan(
    situation: Situation, transfer: TransferOut, wanted: Mapping[AccountKey, int] | None
) -> Mapping[AccountKey, int]:
    """What is to be taken back; raises MoreThanGiven."""
    gave = given(transfer.entries)
    left = {key: amount - situation.taken_before.get(key, 0) for key, amount in gave.items()}
    for key, amount in (wanted or {}).items():
        if amount > left.get(key, 0):
            raise MoreThanGiven(owner_id=key[0], unit_id=key[1], available=left.get(key, 0), needed=amount)
    return left if wanted is None else wanted
