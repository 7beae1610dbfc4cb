"""Accounts brought up to now: what time did to those that owe or have units set aside is booked under their lock.

Other accounts need nothing: their lots say by themselves what they hold at an instant. The lock tells which is which,
so an account without debts and holds costs no statement here.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.kit.actors import Actor
from passerelle.kit.db import Row, Tx
from passerelle.kit.ids import encode, new_id
from passerelle.ledger import booking, queries
from passerelle.ledger.booking import Draft, Locked, book
from passerelle.ledger.rules import balance_of, netted
from passerelle.ledger.schemas import AccountKey, Balance
from passerelle.ledger.time_rules import elapse

_NOBODY: Final[Mapping[AccountKey, Actor]] = {}
END_HOLDS: Final = """
UPDATE ledger_holds SET ended_by = $3 WHERE organization_id = $1 AND id = ANY($2::uuid[])
"""


async def lock(
    tx: Tx, accounts: Iterable[AccountKey], now: datetime, actors: Mapping[AccountKey, Actor] = _NOBODY
) -> dict[AccountKey, int]:
    """Lock accounts to the end of the transaction and bring them up to now; what each owes, sorted by account.

    ``actors``: in whose name, where it is not the transaction's.
    """
    locked = await booking.lock(tx, accounts)
    special = {key: account for key, account in locked.items() if account != Locked(0, 0)}
    return {key: account.owed for key, account in locked.items()} | await settle(tx, special, now, actors)


async def settle(
    tx: Tx, locked: dict[AccountKey, Locked], now: datetime, actors: Mapping[AccountKey, Actor] = _NOBODY
) -> dict[AccountKey, int]:
    """Book what time did to locked accounts, one transfer for each that it did something to; what each owes then."""
    if not locked:
        return {}
    lots, holds = await queries.list_dated_lots(tx, list(locked)), await queries.list_holds(tx, list(locked))
    debts: dict[AccountKey, int] = {}
    for key, account in locked.items():
        elapsed = elapse(lots[key], holds[key], account.owed, now)
        debts[key] = elapsed.debt
        if elapsed.moves:
            if key in actors:
                tx.act_for(actors[key])
            reference = f"settlement:{encode('trf', new_id())}"
            digest = hashlib.sha256(reference.encode()).digest()
            draft = Draft("settlement", reference, digest, now, deltas={key: elapsed.delta()})
            for move in netted(elapsed.moves):
                draft.move(move)
            booked = await book(tx, draft)
            assert booked is not None, "Its reference is new."
            if elapsed.over:
                await tx.execute(END_HOLDS, tx.organization_id, elapsed.over, booked[0])
    return debts


async def balances(tx: Tx, owner_ids: Sequence[UUID], now: datetime) -> dict[UUID, dict[UUID, Balance]]:
    """Balances by owner and unit; one statement, and two more when an account owes or has something set aside."""
    rows = await queries.list_accounts(tx, owner_ids, now)
    special = [row for row in rows if row["owed"] or row["held"]]
    settled = await _as_if_settled(tx, special, now) if special else {}
    found: dict[UUID, dict[UUID, Balance]] = {owner_id: {} for owner_id in owner_ids}
    for row in rows:
        key = (row["owner_id"], row["unit_id"])
        found[key[0]][key[1]] = settled[key] if key in settled else queries.balance_from(row)
    return found


async def _as_if_settled(tx: Tx, rows: Sequence[Row], now: datetime) -> dict[AccountKey, Balance]:
    keys = [(row["owner_id"], row["unit_id"]) for row in rows]
    lots, holds = await queries.list_dated_lots(tx, keys), await queries.list_holds(tx, keys)
    settled: dict[AccountKey, Balance] = {}
    for key, row in zip(keys, rows, strict=True):
        figures = queries.figures_from(row)
        for move in elapse(lots[key], holds[key], row["owed"], now).moves:
            figures.add(move.account, move.amount, move.state)
        settled[key] = balance_of(figures, row["pending"], 0)
    return settled
