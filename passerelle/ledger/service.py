"""The verbs of the ledger: the only public door.

What each verb books is in the module named after it; these and booking.py are the only writers.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.ledger import ageing, checks, queries, rules, settling, undoing
from passerelle.ledger import outstanding as outlook
from passerelle.ledger.ageing import Walk
from passerelle.ledger.booking import Draft, book_many, book_one
from passerelle.ledger.errors import InsufficientBalance, InvalidTransfer
from passerelle.ledger.moving import capture, get_hold, hold, move, release
from passerelle.ledger.retries import book_once, digest_of, replay_or_refuse, require, require_texts
from passerelle.ledger.schemas import (
    MAX_AMOUNT,
    AccountKey,
    Balance,
    Cohort,
    Credit,
    Debit,
    Expiry,
    Fault,
    Outstanding,
    PendingLot,
    Posted,
    Posting,
    PostKind,
    Shortfall,
    ShortfallByUnit,
    Sliding,
    TransferKind,
    TransferOut,
)
from passerelle.ledger.undoing import get_transfer, part, returning, undo, whole
from passerelle.ledger.waiting import activate_pending, cancel_pending, postpone

__all__ = [
    "Walk",
    "activate_due_lots",
    "activate_pending",
    "announce_expiring",
    "balances",
    "cancel_pending",
    "capture",
    "check_books",
    "cohort",
    "end_due_holds",
    "expire_due_lots",
    "find_transfer_by_reference",
    "first_expiries",
    "get_hold",
    "get_transfer",
    "give_back",
    "given_under",
    "hold",
    "list_expiries",
    "list_pending",
    "list_sliding",
    "list_transfers",
    "lock_accounts",
    "missing",
    "move",
    "next_expiries",
    "outstanding",
    "paid_from",
    "post",
    "post_each",
    "postpone",
    "refund",
    "release",
    "reverse",
    "trial_balance",
]


async def lock_accounts(tx: Tx, accounts: Sequence[AccountKey]) -> None:
    """Hold accounts (opened when new) to the end of the transaction, to decide on balances that cannot change.

    A transaction that posts more than once names all its accounts here first: two that lock in different order
    would wait for each other. Raises Busy when another transaction does not let go in time.
    """
    await settling.lock(tx, accounts, clock.now())


async def post(
    tx: Tx,
    *,
    kind: PostKind,
    reference: str,
    credits: Sequence[Credit] = (),  # noqa: A002  the word of double entry; nobody wants the interpreter's credits()
    debits: Sequence[Debit] = (),
    reason: str | None = None,
    shortfall: Shortfall = "refuse",
) -> Posted:
    """Book a transfer whole or not at all; debits come first, so no credit pays for its own transfer.

    What an account owes is paid from its credits that are active at once. With ``shortfall="owe"`` debits may take
    more than is there. The same reference with the same input answers the first booking again. Raises
    InsufficientBalance, TransferConflict, InvalidTransfer, Busy.
    """
    assert shortfall != "forgive", "There is nothing to forgive in a debit."
    require_texts(reference, reason)
    require(rules.fault_of_lines(credits, debits))
    lines: list[Credit | Debit] = [*credits, *debits]
    draft = _draft_of(kind, reference, reason, lines)
    if len(lines) == 1 and credits and rules.fault_of_time(credits, draft.now) is None:
        booked = await book_one(tx, draft, credits[0], rules.CREDIT_ACCOUNT[kind])
        if booked is not None:
            return Posted(booked[0], replayed=False, balances=booked[1])
        draft = _draft_of(kind, reference, reason, lines)
    draft.debts = await settling.lock(tx, [(line.owner_id, line.unit_id) for line in lines], draft.now)
    accounts = list(draft.debts)
    refusal = await _draft_lines(tx, draft, kind, credits, debits, shortfall=shortfall)
    if refusal is not None:
        return await replay_or_refuse(tx, draft, accounts, refusal)
    return await book_once(tx, draft, accounts)


async def post_each(
    tx: Tx, postings: Sequence[Posting], *, kind: PostKind, reason: str | None = None
) -> dict[str, Posted]:
    """Book many transfers in two statements; those that were booked, by their references.

    No two of them are of one account. A reference that is in the books already is left out, whatever it booked:
    ``post`` tells whether it was the same. Raises InvalidTransfer, Busy.
    """
    if not postings:
        return {}
    accounts: set[AccountKey] = set()
    actors: dict[AccountKey, Actor] = {}
    drafts = []
    for posting in postings:
        require_texts(posting.reference, reason)
        require(rules.fault_of_lines(posting.credits, ()))
        keys = {(line.owner_id, line.unit_id) for line in posting.credits}
        assert accounts.isdisjoint(keys), "Two transfers on one account need its balance between them."
        accounts |= keys
        if posting.actor is not None:
            actors |= dict.fromkeys(keys, posting.actor)
        drafts.append(_draft_of(kind, posting.reference, reason, posting.credits))
    now = drafts[0].now
    require(rules.fault_of_time([line for posting in postings for line in posting.credits], now))
    debts = await settling.lock(tx, accounts, now, actors)
    for draft, posting in zip(drafts, postings, strict=True):
        draft.now, draft.actor = now, posting.actor
        draft.debts = {key: debts[key] for key in {(line.owner_id, line.unit_id) for line in posting.credits}}
        draft.credit_all(posting.credits, rules.CREDIT_ACCOUNT[kind])
    booked = await book_many(tx, drafts)
    return {
        reference: Posted(transfer_id, replayed=False, balances=balances)
        for reference, (transfer_id, balances) in booked.items()
    }


async def reverse(
    tx: Tx, transfer_id: UUID, *, reference: str, reason: str | None = None, shortfall: ShortfallByUnit = "refuse"
) -> Posted:
    """Undo a transfer, once: what it took goes back into its lots, what it gave (less refunds) is taken back.

    Raises SpentMeanwhile when the account cannot give it back; with ``shortfall="forgive"`` that part is
    forgiven, with "owe" it becomes a debt; both are told in ``Posted.missing``. Raises TransferNotFound,
    NotReversible, AlreadyReversed, TransferConflict.
    """
    require_texts(reference, reason)
    digest = digest_of("reversal", reason, str(transfer_id))
    draft = Draft("reversal", reference, digest, clock.now(), reason, transfer_id)
    return await undo(tx, draft, whole(shortfall))


async def refund(
    tx: Tx,
    transfer_id: UUID,
    amounts: Sequence[Debit],
    *,
    reference: str,
    reason: str | None = None,
    shortfall: ShortfallByUnit = "refuse",
) -> Posted:
    """Take back a part of what a transfer gave; as often as parts are left, and ``reverse`` takes the rest.

    Raises MoreThanGiven beside what ``reverse`` raises.
    """
    require_texts(reference, reason)
    require(rules.fault_of_lines((), amounts))
    wanted = rules.wanted(amounts)
    lines = sorted((str(owner_id), str(unit_id), amount) for (owner_id, unit_id), amount in wanted.items())
    digest = digest_of("refund", reason, [str(transfer_id), lines])
    draft = Draft("refund", reference, digest, clock.now(), reason, transfer_id)
    return await undo(tx, draft, part(wanted, shortfall))


async def give_back(
    tx: Tx, transfer_id: UUID, unit_id: UUID, amount: int, *, reference: str, reason: str | None = None
) -> Posted:
    """Return a part of what a transfer took into the lots it came from; as often as parts are left.

    The lots that were taken last get it first, as if less had been spent, whosever they are. Raises MoreThanTaken
    beside what ``reverse`` raises.
    """
    require_texts(reference, reason)
    require(None if 1 <= amount <= MAX_AMOUNT else f"an amount must be from 1 to {MAX_AMOUNT}.")
    digest = digest_of("refund", reason, [str(transfer_id), str(unit_id), -amount])
    draft = Draft("refund", reference, digest, clock.now(), reason, transfer_id)
    return await undo(tx, draft, returning(unit_id, amount))


async def missing(tx: Tx, transfer_id: UUID, amounts: Sequence[Debit] | None = None) -> dict[AccountKey, int]:
    """What ``reverse``, or ``refund`` with these amounts, would find missing now, by account; books nothing.

    For whoever can make up for it first. Call it under the accounts' locks. Raises TransferNotFound.
    """
    return await undoing.missing(tx, transfer_id, amounts, clock.now())


async def balances(tx: Tx, owner_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, Balance]]:
    """Balances by owner and unit; an owner without accounts has an empty dict.

    One statement, and two more when one of the accounts owes or has units set aside.
    """
    return await settling.balances(tx, owner_ids, clock.now())


async def is_in_use(tx: Tx, unit_id: UUID) -> bool:
    """Whether anybody has, or had, some of a unit."""
    return await queries.is_in_use(tx, unit_id)


async def find_transfer_by_reference(tx: Tx, reference: str) -> TransferOut | None:
    """The transfer that was booked under a reference."""
    found = await queries.find_transfer_by_reference(tx, reference)
    return found[0] if found else None


async def list_transfers(
    tx: Tx, owner_id: UUID, before: UUID, limit: int, *, kind: TransferKind | None = None
) -> list[TransferOut]:
    """Transfers that touched an owner, newest first, all or of one kind; entries of other owners are left out."""
    return await queries.list_transfers(tx, owner_id, before, limit, kind)


async def list_expiries(tx: Tx, owner_id: UUID, limit: int, *, unit_id: UUID | None = None) -> list[Expiry]:
    """When active units of an owner will lapse and how much then, soonest first; pending ones are not counted yet."""
    return await queries.list_expiries(tx, owner_id, unit_id, clock.now(), limit)


async def given_under(tx: Tx, reference: str, owner_id: UUID, unit_id: UUID) -> int:
    """What the transfer under a reference gave an account, less what was taken back; pending lots do not count."""
    return await queries.given_under(tx, reference, owner_id, unit_id, clock.now())


async def paid_from(tx: Tx, owner_id: UUID, transfer_id: UUID, candidates: Sequence[UUID]) -> set[UUID]:
    """Which of these transfers took something out of the lots that a transfer gave an owner."""
    return await queries.paid_from(tx, owner_id, transfer_id, candidates)


async def next_expiries(tx: Tx, owner_id: UUID, unit_id: UUID, limit: int) -> list[tuple[datetime, int]]:
    """The same for one unit, as instants and amounts."""
    found = await list_expiries(tx, owner_id, limit, unit_id=unit_id)
    return [(one.expires_at, one.amount) for one in found]


async def first_expiries(tx: Tx, owner_ids: Sequence[UUID]) -> list[Expiry]:
    """What lapses first on each account of many owners, in one statement."""
    return await queries.list_first_expiries(tx, owner_ids, clock.now())


async def list_pending(tx: Tx, owner_id: UUID) -> list[PendingLot]:
    """What of an owner is pending, soonest to become active first."""
    return await queries.list_pending_lots(tx, owner_id, clock.now())


async def list_sliding(tx: Tx, accounts: Sequence[AccountKey]) -> list[Sliding]:
    """The policies that live lots of these accounts were posted with, for ``postpone``; call it under their lock."""
    return await queries.list_sliding(tx, accounts, clock.now())


async def activate_due_lots(tx: Tx, limit: int, walk: Walk | None = None) -> int:
    """Announce the lots that became active, on the accounts of up to ``limit`` of them; returns how many accounts.

    With ``walk`` it goes on where the batch before ended, and notes where this one did.
    """
    return await ageing.activate_due_lots(tx, clock.now(), limit, walk or Walk())


async def expire_due_lots(tx: Tx, limit: int, walk: Walk | None = None) -> int:
    """Book the lots that lapsed, in the same way."""
    return await ageing.expire_due_lots(tx, clock.now(), limit, walk or Walk())


async def end_due_holds(tx: Tx, limit: int, walk: Walk | None = None) -> int:
    """Give back what holds set aside whose time is over, in the same way."""
    return await ageing.end_due_holds(tx, clock.now(), limit, walk or Walk())


async def announce_expiring(
    tx: Tx, unit_ids: Sequence[UUID], *, until: datetime, told_until: datetime, told_at: datetime, walk: Walk
) -> int:
    """Announce what of these units lapses until an instant, once for each account and instant; returns how many.

    ``told_until`` and ``told_at`` are those of the pass before: what was told then is left out. Goes on where
    ``walk`` ended, and notes where this batch did.
    """
    return await ageing.announce_expiring(
        tx, clock.now(), unit_ids, until=until, told_until=told_until, told_at=told_at, walk=walk
    )


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


def _draft_of(kind: PostKind, reference: str, reason: str | None, lines: Sequence[Credit | Debit]) -> Draft:
    content = sorted((str(line.owner_id), str(line.unit_id), isinstance(line, Credit), line.amount) for line in lines)
    return Draft(kind, reference, digest_of(kind, reason, content), clock.now(), reason)


async def _draft_lines(
    tx: Tx,
    draft: Draft,
    kind: PostKind,
    credit_lines: Sequence[Credit],
    debit_lines: Sequence[Debit],
    *,
    shortfall: Shortfall,
) -> Refusal | None:
    """Fill the draft, or say what forbids it: a refusal only if the reference is new, for a retry books nothing."""
    fault = rules.fault_of_time(credit_lines, draft.now)
    if fault is not None:
        return InvalidTransfer(detail=fault)
    wanted = rules.wanted(debit_lines)
    if shortfall == "owe":  # what lapsed before there was a debt never pays it
        await ageing.expire_on(tx, list(wanted), draft.now)
    lots = await queries.list_open_lots(tx, list(wanted)) if wanted else {}
    taken_to, given_from = rules.DEBIT_ACCOUNT[kind], rules.CREDIT_ACCOUNT[kind]
    for key, amount in wanted.items():
        moves, available = rules.spend(lots[key], amount, taken_to, draft.now)
        if available < amount and shortfall == "refuse":
            available -= draft.debts[key]
            return InsufficientBalance(owner_id=key[0], unit_id=key[1], available=available, needed=amount)
        for one in moves:
            draft.move(one)
        if available < amount:
            draft.owe(key, taken_to, amount - available)
    draft.credit_all(credit_lines, given_from)
    return None
