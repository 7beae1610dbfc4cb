"""What was told before is answered again: a reference with the hash of its input, and what it booked.

Used by every verb that books under a reference of its caller.
"""

import hashlib
from collections.abc import Iterable, Mapping

import orjson

from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.ledger import queries, rules, settling
from passerelle.ledger.booking import Draft, book
from passerelle.ledger.errors import InvalidTransfer, TransferConflict
from passerelle.ledger.schemas import AccountKey, Posted


def digest_of(kind: str, reason: str | None, content: object) -> bytes:
    """The hash of an input: who, what, how much, why.

    Times are left out, for a retry a second later computes others and is a retry still; so is ``shortfall``,
    which permits and does not ask.
    """
    return hashlib.sha256(orjson.dumps([kind, reason, content])).digest()


def require(fault: str | None) -> None:
    """Raises InvalidTransfer for a fault."""
    if fault is not None:
        raise InvalidTransfer(detail=fault)


def require_texts(reference: str, reason: str | None) -> None:
    """Raises InvalidTransfer for a reference or a reason that cannot be kept."""
    require(rules.fault_of_texts(reference, reason))


async def book_once(
    tx: Tx, draft: Draft, accounts: Iterable[AccountKey], missing: Mapping[AccountKey, int] | None = None
) -> Posted:
    """Book a draft on locked accounts, or answer what its reference booked before; raises TransferConflict."""
    booked = await book(tx, draft)
    if booked is not None:
        return Posted(booked[0], replayed=False, balances=booked[1], missing=missing or {})
    replay = await replayed(tx, draft, accounts)
    assert replay is not None, "A booking that wrote nothing found its reference in the books."
    return replay


async def replay_or_refuse(tx: Tx, draft: Draft, accounts: Iterable[AccountKey], refusal: Refusal) -> Posted:
    """Raises the refusal, unless the reference was booked before with the same input: a retry books nothing."""
    replay = await replayed(tx, draft, accounts)
    if replay is None:
        raise refusal
    return replay


async def replayed(tx: Tx, draft: Draft, accounts: Iterable[AccountKey]) -> Posted | None:
    """What the reference of a draft booked before, with the balances of now; raises TransferConflict."""
    found = await queries.find_transfer_by_reference(tx, draft.reference)
    if found is None:
        return None
    transfer, digest = found
    if digest != draft.digest:
        raise TransferConflict
    keys = list(accounts)
    held = await settling.balances(tx, [owner_id for owner_id, _ in keys], draft.now)
    missing: dict[AccountKey, int] = {}
    for entry in transfer.entries:
        if draft.reverses is not None and entry.account in {"forgiven", "owed"} and entry.amount > 0:
            key = (entry.owner_id, entry.unit_id)
            missing[key] = missing.get(key, 0) + entry.amount
    balances = {key: held[key[0]][key[1]] for key in keys}
    return Posted(transfer.id, replayed=True, balances=balances, missing=missing)
