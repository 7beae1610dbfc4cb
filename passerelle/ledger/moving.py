"""Units that change hands, and units set aside for somebody who is about to pay with them."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import encode
from passerelle.ledger import queries, rules, settling
from passerelle.ledger.booking import Draft
from passerelle.ledger.errors import HoldIsOver, HoldNotFound, InsufficientBalance, InvalidTransfer
from passerelle.ledger.retries import book_once, digest_of, replay_or_refuse, require, require_texts
from passerelle.ledger.rules import Move, netted, spend, state_of
from passerelle.ledger.schemas import AccountKey, Credit, Debit, HoldOut, Posted, SystemAccount
from passerelle.ledger.time_rules import elapse

_KEEP_HOLD: Final = """
INSERT INTO ledger_holds (organization_id, id, owner_id, unit_id, amount, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
"""


async def move(
    tx: Tx, from_owner: UUID, to_owner: UUID, unit_id: UUID, amount: int, *, reference: str, reason: str | None = None
) -> Posted:
    """Give active units of one owner to another; each part keeps the end of its time, for a new one would never end.

    Soonest-to-expire first; what the other owner owes is paid from it. ``reverse`` undoes it. The same reference with
    the same input answers the first move again. Raises InsufficientBalance, InvalidTransfer, TransferConflict, Busy.
    """
    require_texts(reference, reason)
    require(rules.fault_of_lines((), [Debit(from_owner, unit_id, amount)]))
    require("an owner cannot give to itself." if from_owner == to_owner else None)
    content = [str(from_owner), str(to_owner), str(unit_id), amount]
    draft = Draft("move", reference, digest_of("move", reason, content), clock.now(), reason)
    giver = (from_owner, unit_id)
    draft.debts = await settling.lock(tx, [giver, (to_owner, unit_id)], draft.now)
    takings, available = await _takings(tx, giver, amount, "moved", draft.now)
    if available < amount:
        return await replay_or_refuse(tx, draft, draft.debts, _insufficient(giver, amount, available))
    for taking in takings:
        lot = taking.lot
        times = (lot.activates_at, lot.expires_at)
        draft.move(taking)
        draft.credit(Credit(to_owner, unit_id, -taking.amount, *times, policy=lot.policy), "moved", lot.earned_at)
    return await book_once(tx, draft, draft.debts)


async def hold(
    tx: Tx,
    owner_id: UUID,
    unit_id: UUID,
    amount: int,
    *,
    reference: str,
    expires_at: datetime,
    reason: str | None = None,
) -> Posted:
    """Set active units aside until ``capture``, ``release`` or ``expires_at``; the transfer's id is the hold's.

    Meanwhile nobody spends them and they do not lapse. The same reference with the same input answers the first hold
    again, even if it is over. Raises InsufficientBalance, InvalidTransfer, TransferConflict, Busy.
    """
    require_texts(reference, reason)
    require(rules.fault_of_lines((), [Debit(owner_id, unit_id, amount)]))
    key, digest = (owner_id, unit_id), digest_of("hold", reason, [str(owner_id), str(unit_id), amount])
    draft = Draft("hold", reference, digest, clock.now(), reason)
    accounts = await settling.lock(tx, [key], draft.now)
    takings, available = await _takings(tx, key, amount, "set_aside", draft.now)
    if available < amount:
        return await replay_or_refuse(tx, draft, accounts, _insufficient(key, amount, available))
    fault = rules.fault_of_hold(expires_at, draft.now)
    if fault is not None:
        return await replay_or_refuse(tx, draft, accounts, InvalidTransfer(detail=fault))
    for taking in takings:
        draft.move(taking)
    posted = await book_once(tx, draft, accounts)
    if not posted.replayed:
        await tx.execute(_KEEP_HOLD, tx.organization_id, posted.transfer_id, *key, amount, expires_at)
    return posted


async def release(tx: Tx, hold_id: UUID, *, reason: str | None = None) -> Posted:
    """End a hold and give its units back into their lots; what lapsed there meanwhile has expired.

    Harmless when the hold was released before, or by its time. Raises HoldNotFound, HoldIsOver when it was captured.
    """
    found = await get_hold(tx, hold_id)
    now, key = clock.now(), (found.owner_id, found.unit_id)
    debts = await settling.lock(tx, [key], now)
    found = await get_hold(tx, hold_id)
    if found.state == "captured":
        raise HoldIsOver(state=found.state)
    reference = f"release:{encode('trf', hold_id)}"
    draft = Draft("release", reference, digest_of("release", reason, str(hold_id)), now, reason)
    if found.ended_by is not None:
        held = await settling.balances(tx, [found.owner_id], now)
        return Posted(found.ended_by, replayed=True, balances={key: held[key[0]][key[1]]})
    parts = next(one for one in (await queries.list_holds(tx, [key]))[key] if one.id == hold_id)
    lots = await queries.list_dated_lots(tx, [key])
    elapsed = elapse(lots[key], [replace(parts, expires_at=now)], debts[key], now)
    for one in netted(elapsed.moves):
        draft.move(one)
    posted = await book_once(tx, draft, debts)
    await tx.execute(settling.END_HOLDS, tx.organization_id, [hold_id], posted.transfer_id)
    return posted


async def capture(tx: Tx, hold_id: UUID, *, reference: str, reason: str | None = None) -> Posted:
    """Spend what a hold has set aside, whole: a redemption, which ``reverse`` undoes like any other.

    The same reference answers the first capture again. Raises HoldNotFound, HoldIsOver, TransferConflict.
    """
    require_texts(reference, reason)
    found = await get_hold(tx, hold_id)
    key, digest = (found.owner_id, found.unit_id), digest_of("redemption", reason, ["hold", str(hold_id)])
    draft = Draft("redemption", reference, digest, clock.now(), reason)
    accounts = await settling.lock(tx, [key], draft.now)
    found = await get_hold(tx, hold_id)
    if found.state != "open":
        return await replay_or_refuse(tx, draft, accounts, HoldIsOver(state=found.state))
    parts = next(one for one in (await queries.list_holds(tx, [key]))[key] if one.id == hold_id)
    lots = (await queries.list_dated_lots(tx, [key]))[key]
    for lot_id, amount in parts.parts.items():
        lot = lots[lot_id]
        state = state_of(lot.activates_at, lot.expires_at, draft.now)
        draft.move(Move(lot, "set_aside", amount, state))
        draft.move(Move(lot, "redeemed", -amount, state))
    posted = await book_once(tx, draft, accounts)
    if not posted.replayed:
        await tx.execute(settling.END_HOLDS, tx.organization_id, [hold_id], posted.transfer_id)
    return posted


async def get_hold(tx: Tx, hold_id: UUID) -> HoldOut:
    """A hold; raises HoldNotFound."""
    found = await queries.find_hold(tx, hold_id)
    if found is None:
        raise HoldNotFound
    return found


async def _takings(
    tx: Tx, key: AccountKey, amount: int, account: SystemAccount, now: datetime
) -> tuple[list[Move], int]:
    lots = await queries.list_open_lots(tx, [key])
    return spend(lots[key], amount, account, now)


def _insufficient(key: AccountKey, amount: int, available: int) -> InsufficientBalance:
    return InsufficientBalance(owner_id=key[0], unit_id=key[1], available=available, needed=amount)
