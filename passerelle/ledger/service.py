"""The verbs of the ledger: the only public door, and with booking.py and ageing.py the only writer."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import orjson

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.ledger import ageing, checks, queries, rules
from passerelle.ledger import outstanding as outlook
from passerelle.ledger.booking import Draft, book, lock
from passerelle.ledger.errors import (
    AlreadyReversed,
    InsufficientBalance,
    InvalidTransfer,
    MoreThanGiven,
    MoreThanTaken,
    NotReversible,
    SpentMeanwhile,
    TransferConflict,
    TransferNotFound,
)
from passerelle.ledger.reversal_rules import Situation, forgive, given, put_back, returnable, take_back
from passerelle.ledger.schemas import (
    AccountKey,
    Balance,
    Cohort,
    Credit,
    Debit,
    Fault,
    Outstanding,
    Posted,
    PostKind,
    Shortfall,
    TransferKind,
    TransferOut,
)

_Decide: TypeAlias = Callable[[Situation, TransferOut], dict[AccountKey, int]]
"""Decides the moves of an undoing; returns what is missing, by account."""


async def lock_accounts(tx: Tx, accounts: Sequence[AccountKey]) -> None:
    """Hold accounts (opened when new) to the end of the transaction, to decide on balances that cannot change.

    A transaction that posts more than once names all its accounts here first: two that lock in different order
    would wait for each other. Raises Busy when another transaction does not let go in time.
    """
    await lock(tx, accounts)


async def post(
    tx: Tx,
    *,
    kind: PostKind,
    reference: str,
    credits: Sequence[Credit] = (),  # noqa: A002  the word of double entry; nobody wants the interpreter's credits()
    debits: Sequence[Debit] = (),
    reason: str | None = None,
) -> Posted:
    """Book a transfer whole or not at all; debits come first, so no credit pays for its own transfer.

    The same reference with the same input answers the first booking again. Raises InsufficientBalance,
    TransferConflict, InvalidTransfer, Busy.
    """
    now = clock.now()
    _require_texts(reference, reason)
    _require(rules.fault_of_lines(credits, debits))
    lines: list[Credit | Debit] = [*credits, *debits]
    content = sorted((str(line.owner_id), str(line.unit_id), isinstance(line, Credit), line.amount) for line in lines)
    draft = Draft(kind, reference, _digest(kind, reason, content), now, reason)
    accounts = await lock(tx, [(line.owner_id, line.unit_id) for line in lines])
    refusal = await _draft_lines(tx, draft, kind, credits, debits)
    if refusal is None:
        return await _book(tx, draft, accounts)
    replayed = await _replayed(tx, draft, accounts)
    if replayed is None:
        raise refusal
    return replayed


async def reverse(
    tx: Tx, transfer_id: UUID, *, reference: str, reason: str | None = None, shortfall: Shortfall = "refuse"
) -> Posted:
    """Undo a transfer, once: what it took goes back into its lots, what it gave (less refunds) is taken back.

    Raises SpentMeanwhile when the account cannot give it back; with ``shortfall="forgive"`` that part is
    forgiven and told in ``Posted.missing``. Raises TransferNotFound, NotReversible, AlreadyReversed,
    TransferConflict.
    """
    _require_texts(reference, reason)
    digest = _digest("reversal", reason, str(transfer_id))
    draft = Draft("reversal", reference, digest, clock.now(), reason, transfer_id)

    def decide(situation: Situation, transfer: TransferOut) -> dict[AccountKey, int]:
        put_back(situation, transfer.entries)
        return _take_back(situation, transfer, None, shortfall)

    return await _undo(tx, draft, decide)


async def refund(
    tx: Tx,
    transfer_id: UUID,
    amounts: Sequence[Debit],
    *,
    reference: str,
    reason: str | None = None,
    shortfall: Shortfall = "refuse",
) -> Posted:
    """Take back a part of what a transfer gave; as often as parts are left, and ``reverse`` takes the rest.

    Raises MoreThanGiven beside what ``reverse`` raises.
    """
    _require_texts(reference, reason)
    _require(rules.fault_of_lines((), amounts))
    wanted = rules.wanted(amounts)
    lines = sorted((str(owner_id), str(unit_id), amount) for (owner_id, unit_id), amount in wanted.items())
    digest = _digest("refund", reason, [str(transfer_id), lines])
    draft = Draft("refund", reference, digest, clock.now(), reason, transfer_id)
    return await _undo(tx, draft, lambda situation, transfer: _take_back(situation, transfer, wanted, shortfall))


async def give_back(
    tx: Tx, transfer_id: UUID, unit_id: UUID, amount: int, *, reference: str, reason: str | None = None
) -> Posted:
    """Return a part of what a transfer took into the lots it came from; as often as parts are left.

    The lots that were taken last get it first, as if less had been spent, whosever they are. Raises MoreThanTaken
    beside what ``reverse`` raises.
    """
    _require_texts(reference, reason)
    _require(None if 1 <= amount <= rules.MAX_AMOUNT else f"an amount must be from 1 to {rules.MAX_AMOUNT}.")
    digest = _digest("refund", reason, [str(transfer_id), str(unit_id), -amount])
    draft = Draft("refund", reference, digest, clock.now(), reason, transfer_id)

    def decide(situation: Situation, transfer: TransferOut) -> dict[AccountKey, int]:
        left = returnable(situation, transfer.entries).get(unit_id, 0)
        if amount > left:
            raise MoreThanTaken(unit_id=unit_id, available=left, needed=amount)
        put_back(situation, transfer.entries, {unit_id: amount})
        return {}

    return await _undo(tx, draft, decide)


async def balances(tx: Tx, owner_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, Balance]]:
    """Balances by owner and unit, in one statement; an owner without accounts has an empty dict."""
    return await queries.list_balances(tx, owner_ids, clock.now())


async def get_transfer(tx: Tx, transfer_id: UUID) -> TransferOut:
    """A transfer with its entries; raises TransferNotFound."""
    found = await queries.find_transfer(tx, transfer_id)
    if found is None:
        raise TransferNotFound
    return found


async def find_transfer_by_reference(tx: Tx, reference: str) -> TransferOut | None:
    """The transfer that was booked under a reference."""
    found = await queries.find_transfer_by_reference(tx, reference)
    return found[0] if found else None


async def list_transfers(
    tx: Tx, owner_id: UUID, before: UUID, limit: int, *, kind: TransferKind | None = None
) -> list[TransferOut]:
    """Transfers that touched an owner, newest first, all or of one kind; entries of other owners are left out."""
    return await queries.list_transfers(tx, owner_id, before, limit, kind)


async def given_under(tx: Tx, reference: str, owner_id: UUID, unit_id: UUID) -> int:
    """What the transfer under a reference gave an account, less what was taken back; pending lots do not count."""
    return await queries.given_under(tx, reference, owner_id, unit_id, clock.now())


async def next_expiries(tx: Tx, owner_id: UUID, unit_id: UUID, limit: int) -> list[tuple[datetime, int]]:
    """When active lots will lapse and how much then, soonest first; pending lots are not counted yet."""
    return await queries.list_next_expiries(tx, owner_id, unit_id, clock.now(), limit)


async def activate_due_lots(tx: Tx, limit: int) -> int:
    """Announce the lots that became active, on up to ``limit`` accounts; returns how many accounts."""
    return await ageing.activate_due_lots(tx, clock.now(), limit)


async def expire_due_lots(tx: Tx, limit: int) -> int:
    """Book the lots that lapsed, on up to ``limit`` accounts; returns how many accounts."""
    return await ageing.expire_due_lots(tx, clock.now(), limit)


async def outstanding(tx: Tx, zones: Mapping[UUID, str], *, at: datetime | None = None) -> list[Outstanding]:
    """What owners hold of some units, by the month until which it is good; ``zones`` are the units' time zones.

    Now, or as it stood just before ``at``: by the entries booked before, less what had lapsed by then.
    """
    return await outlook.outstanding(tx, zones, clock.now(), at)


async def cohort(tx: Tx, unit_id: UUID, since: datetime, until: datetime, as_of: datetime) -> Cohort:
    """What became until ``as_of`` of the units that were given in ``[since, until)``."""
    return await outlook.cohort(tx, unit_id, since, until, as_of)


async def trial_balance(tx: Tx) -> dict[UUID, dict[str, int]]:
    """Per unit, what each system account holds by the entries and what owners hold (``held``) by the lots.

    The figures of a unit sum to zero.
    """
    return await checks.trial_balance(tx)


async def check_books(tx: Tx) -> list[Fault]:
    """Recompute lots and accounts from the entries; an empty list proves every stored figure."""
    return await checks.check_books(tx, clock.now())


async def _draft_lines(
    tx: Tx, draft: Draft, kind: PostKind, credit_lines: Sequence[Credit], debit_lines: Sequence[Debit]
) -> Refusal | None:
    """Fill the draft, or say what forbids it: a refusal only if the reference is new, for a retry books nothing."""
    fault = rules.fault_of_time(credit_lines, draft.now)
    if fault is not None:
        return InvalidTransfer(detail=fault)
    wanted = rules.wanted(debit_lines)
    lots = await queries.list_open_lots(tx, list(wanted)) if wanted else {}
    for key, amount in wanted.items():
        moves, available = rules.spend(lots[key], amount, rules.DEBIT_ACCOUNT[kind], draft.now)
        if available < amount:
            return InsufficientBalance(owner_id=key[0], unit_id=key[1], available=available, needed=amount)
        for move in moves:
            draft.move(move)
    for line in credit_lines:
        draft.credit(line, rules.CREDIT_ACCOUNT[kind])
    return None


async def _undo(tx: Tx, draft: Draft, decide: _Decide) -> Posted:
    assert draft.reverses is not None
    transfer = await get_transfer(tx, draft.reverses)
    if transfer.kind not in {"accrual", "redemption", "adjustment"}:
        raise NotReversible(kind=transfer.kind)
    accounts = await lock(tx, [(entry.owner_id, entry.unit_id) for entry in transfer.entries])
    replayed = await _replayed(tx, draft, accounts)
    if replayed is not None:
        return replayed
    if (await get_transfer(tx, transfer.id)).reversed_by is not None:
        raise AlreadyReversed
    await ageing.expire_on(tx, accounts, draft.now)
    lots = await queries.list_lot_histories(tx, accounts)
    situation = Situation(draft.now, lots, *await queries.list_refunded_before(tx, transfer.id))
    missing = decide(situation, transfer)
    draft.changes = {key: rules.Change() for key in accounts}
    for move in situation.decided():
        draft.move(move)
    return await _book(tx, draft, accounts, missing)


def _take_back(
    situation: Situation, transfer: TransferOut, wanted: Mapping[AccountKey, int] | None, shortfall: Shortfall
) -> dict[AccountKey, int]:
    gave = given(transfer.entries)
    left = {key: amount - situation.taken_before.get(key, 0) for key, amount in gave.items()}
    missing: dict[AccountKey, int] = {}
    for key, amount in (left if wanted is None else wanted).items():
        if amount > left.get(key, 0):
            raise MoreThanGiven(owner_id=key[0], unit_id=key[1], available=left.get(key, 0), needed=amount)
        short = take_back(situation, transfer.entries, key, amount)
        if short and shortfall == "refuse":
            raise SpentMeanwhile(owner_id=key[0], unit_id=key[1], missing=short, needed=amount)
        if short:
            forgive(situation, transfer.entries, key, short)
            missing[key] = short
    return missing


async def _book(
    tx: Tx, draft: Draft, accounts: Sequence[AccountKey], missing: Mapping[AccountKey, int] | None = None
) -> Posted:
    booked = await book(tx, draft)
    if booked is not None:
        return Posted(booked[0], replayed=False, balances=booked[1], missing=missing or {})
    replayed = await _replayed(tx, draft, accounts)
    assert replayed is not None, "A booking that wrote nothing found its reference in the books."
    return replayed


async def _replayed(tx: Tx, draft: Draft, accounts: Sequence[AccountKey]) -> Posted | None:
    found = await queries.find_transfer_by_reference(tx, draft.reference)
    if found is None:
        return None
    transfer, digest = found
    if digest != draft.digest:
        raise TransferConflict
    held = await queries.list_balances(tx, [owner_id for owner_id, _ in accounts], draft.now)
    missing: dict[AccountKey, int] = {}
    for entry in transfer.entries:
        if entry.account == "forgiven" and entry.amount > 0:
            key = (entry.owner_id, entry.unit_id)
            missing[key] = missing.get(key, 0) + entry.amount
    return Posted(
        transfer.id, replayed=True, balances={key: held[key[0]][key[1]] for key in accounts}, missing=missing
    )


def _digest(kind: str, reason: str | None, content: object) -> bytes:
    """The hash of an input: who, what, how much, why.

    Times are left out, for a retry a second later computes others and is a retry still; so is ``shortfall``,
    which permits and does not ask.
    """
    return hashlib.sha256(orjson.dumps([kind, reason, content])).digest()


def _require(fault: str | None) -> None:
    if fault is not None:
        raise InvalidTransfer(detail=fault)


def _require_texts(reference: str, reason: str | None) -> None:
    _require(rules.fault_of_texts(reference, reason))
