"""How a plan gets into the ledger: each unit by its own policy for what was spent meanwhile."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.errors import SpentMeanwhile
from passerelle.ledger.schemas import AccountKey, Debit, Posted, Shortfall
from passerelle.programs import queries
from passerelle.programs.earning import find_seat, merge_reference, seats_of
from passerelle.programs.refunds.events import UnitsMissed
from passerelle.programs.refunds.values import Plan, Spending


@dataclass(slots=True)
class Taken:
    """What was taken out of balances, and what was missing there, by account."""

    taken: dict[AccountKey, int] = field(default_factory=lambda: defaultdict(int))
    missing: dict[AccountKey, int] = field(default_factory=lambda: defaultdict(int))


async def shortfalls_of(tx: Tx, membership_ids: Sequence[UUID], instead: Shortfall | None) -> dict[UUID, Shortfall]:
    """The policy of each unit of these memberships' programs; ``instead`` overrides them all."""
    seats = await seats_of(tx, await queries.seats_by_id(tx, membership_ids)) if membership_ids else []
    return {unit.id: instead or unit.shortfall for seat in seats for unit in seat.program.units}


async def lock_accounts(tx: Tx, plan: Plan, spendings: Sequence[Spending]) -> None:
    """Hold every balance that is going to move, in the ledger's order."""
    accounts = {account for accounts in plan.due.values() for account in accounts}
    accounts |= {account for spending in spendings for account in spending.accounts}
    if accounts:
        await ledger.lock_accounts(tx, sorted(accounts))


async def take_parts(
    tx: Tx, plan: Plan, shortfalls: Mapping[UUID, Shortfall], *, reference: str, reason: str | None
) -> Taken:
    """Take back what is planned, by refunds; raises the ledger's SpentMeanwhile."""
    taken = Taken()
    for transfer_id, accounts in sorted(plan.due.items()):
        left = await _still_given(tx, transfer_id, accounts)
        for shortfall, debits in _by_policy(left, shortfalls).items():
            told = f"{reference}:{transfer_id}:{shortfall}"
            book = partial(ledger.refund, tx, transfer_id, debits, reference=told, reason=reason)
            await _count(tx, taken, await _take(tx, transfer_id, book, shortfall, debits))
    return taken


async def take_all(tx: Tx, plan: Plan, shortfalls: Mapping[UUID, Shortfall], *, reason: str | None) -> None:
    """Take back all that is left of each transfer: the last policy by a reversal, which ends the transfer.

    Raises the ledger's SpentMeanwhile.
    """
    for transfer_id, accounts in sorted(plan.due.items()):
        last = [*_by_policy(accounts, shortfalls)][-1]
        left = await _still_given(tx, transfer_id, accounts)
        for shortfall, debits in _by_policy(left, shortfalls).items():
            if shortfall == last:
                continue
            told = f"undo:{transfer_id}:{shortfall}"
            book = partial(ledger.refund, tx, transfer_id, debits, reference=told, reason=reason)
            await _take(tx, transfer_id, book, shortfall, debits)
        book = partial(ledger.reverse, tx, transfer_id, reference=f"undo:{transfer_id}", reason=reason)
        await _take(tx, transfer_id, book, last, None)


async def _still_given(tx: Tx, transfer_id: UUID, accounts: Mapping[AccountKey, int]) -> dict[AccountKey, int]:
    """What is planned, without what was taken back otherwise: pending units that staff cancelled are gone already."""
    left = await ledger.left_to_take(tx, transfer_id)
    planned = {account: min(amount, left.get(account, 0)) for account, amount in accounts.items()}
    return {account: amount for account, amount in planned.items() if amount}


async def _take(
    tx: Tx,
    transfer_id: UUID,
    book: Callable[..., Awaitable[Posted]],
    shortfall: Shortfall,
    debits: Sequence[Debit] | None,
) -> Posted:
    """Book it; when something is missing, whoever holds what nobody had anything for yet returns it first.

    What was booked over to another entry of the same person comes back from there.
    """
    try:
        return await book(shortfall="refuse")
    except SpentMeanwhile:
        for (owner_id, unit_id), amount in (await ledger.missing(tx, transfer_id, debits)).items():
            await announce(tx, UnitsMissed(owner_id, unit_id, transfer_id, amount))
            await _bring_back(tx, owner_id, unit_id, amount, shortfall)
    return await book(shortfall=shortfall)


async def _bring_back(tx: Tx, owner_id: UUID, unit_id: UUID, amount: int, shortfall: Shortfall) -> None:
    """Return units that a merge booked over from the membership that was kept, which may itself have been merged.

    What is not there any more follows the policy there: that is where the person spends, and owes.
    """
    seat = await find_seat(tx, owner_id)
    unit = next((unit for unit in seat.program.units if unit.id == unit_id), None) if seat else None
    merge = await ledger.find_transfer_by_reference(tx, merge_reference(owner_id, unit.code)) if unit else None
    if merge is None:
        return
    [kept_id] = {entry.owner_id for entry in merge.entries} - {owner_id}
    amount = min(amount, (await ledger.left_to_take(tx, merge.id)).get((kept_id, unit_id), 0))
    if amount == 0:
        return
    debits, reference = [Debit(kept_id, unit_id, amount)], f"merge:undo:{new_id()}"
    book = partial(ledger.refund, tx, merge.id, debits, reference=reference, reason=merge.reason)
    await _take(tx, merge.id, book, shortfall, debits)
    await ledger.give_back(tx, merge.id, unit_id, amount, reference=f"{reference}:back", reason=merge.reason)


async def give_back(
    tx: Tx, spending: Spending, amount: int, *, reference: str, reason: str | None
) -> dict[AccountKey, int]:
    """Return what a transfer took into its lots; by account how much, nothing when it was undone before."""
    transfer = spending.transfer
    if transfer.reversed_by is not None:
        return {}
    posted = await ledger.give_back(tx, transfer.id, spending.unit_id, amount, reference=reference, reason=reason)
    returned: dict[AccountKey, int] = defaultdict(int)
    for entry in (await ledger.get_transfer(tx, posted.transfer_id)).entries:
        if entry.account == "redeemed":
            returned[entry.owner_id, entry.unit_id] += entry.amount
    return returned


def _by_policy(
    accounts: Mapping[AccountKey, int], shortfalls: Mapping[UUID, Shortfall]
) -> dict[Shortfall, list[Debit]]:
    """The lines of one transfer by policy; what may be refused comes first."""
    lines: dict[Shortfall, list[Debit]] = {}
    for (owner_id, unit_id), amount in sorted(accounts.items(), key=lambda item: shortfalls[item[0][1]] != "refuse"):
        lines.setdefault(shortfalls[unit_id], []).append(Debit(owner_id, unit_id, amount))
    return lines


async def _count(tx: Tx, taken: Taken, posted: Posted) -> None:
    transfer = await ledger.get_transfer(tx, posted.transfer_id)
    for entry in transfer.entries:
        if entry.account == "issued":
            taken.taken[entry.owner_id, entry.unit_id] -= entry.amount
    for account, amount in posted.missing.items():
        taken.missing[account] += amount
        taken.taken[account] -= amount
