"""The verbs of refunds. Part of the public door, programs/service.py."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import orjson

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import AccountKey, Shortfall
from passerelle.programs import budgets
from passerelle.programs.earning import purchase_reference, standings_of
from passerelle.programs.earning_rules import Item
from passerelle.programs.refunds import queries, rules
from passerelle.programs.refunds.booking import Taken, give_back, lock_accounts, shortfalls_of, take_all, take_parts
from passerelle.programs.refunds.errors import PurchaseNotOpen
from passerelle.programs.refunds.events import SpendingReturned, UnitsSurrendered
from passerelle.programs.refunds.rules import Progress, Returns
from passerelle.programs.refunds.values import Plan, RefundedUnits, RefundOutcome, Spending
from passerelle.programs.rule_schemas import earning_of
from passerelle.programs.rules import Reason
from passerelle.programs.values import Standing, Undone
from passerelle.purchases import service as purchases
from passerelle.purchases.errors import PurchaseNotFound
from passerelle.purchases.events import PurchaseRefunded
from passerelle.purchases.schemas import NewRefund, Purchase, Refund, Refunded

_FORGIVE: Final = "ledger:adjust"
_SPENDING: Final = ("membership_id", "unit_id", "amount", "returned", "returns")


async def refund_purchase(
    tx: Tx, purchase_id: UUID, new: NewRefund, *, forgive_missing: bool = False
) -> RefundOutcome:
    """Record a slice paid back; its share of what the purchase earned is taken back, of what it cost given back.

    What was spent meanwhile follows the unit's policy: one that refuses refuses the whole refund (SpentMeanwhile),
    unless somebody who may adjust balances says ``forgive_missing`` (else NotAllowed). Told again with its reference
    it answers the first outcome. Raises PurchaseNotFound and the refusals of ``purchases.record_refund``.
    """
    if forgive_missing:
        tx.actor.require(_FORGIVE)
    before = len(tx.events)
    refunded = await purchases.record_refund(tx, purchase_id, new)
    if refunded.replayed:
        return await _told_before(tx, refunded)
    reference = purchase_reference(purchase_id)
    member_ids = await queries.lock_members(tx, reference, purchase_id)
    progress = _progress(refunded)
    plan = _plan(await queries.open_accruals(tx, reference), progress)
    spendings = await _spendings(tx, purchase_id)
    await _mark_undone(tx, plan)
    await (budgets.give_back if progress.complete else budgets.give_parts_back)(tx, reference)
    await lock_accounts(tx, plan, spendings)
    returned = await _return_spendings(tx, spendings, refunded.purchase, progress, refunded.refund)
    taken = await take_parts(
        tx,
        plan,
        await shortfalls_of(tx, member_ids, "forgive" if forgive_missing else None),
        reference=f"refund:{refunded.refund.id}",
        reason=refunded.refund.reason,
    )
    units = _units(plan, taken, returned, surrendered(tx, before))
    touched = {*member_ids, *(each.membership_id for each in units)}
    await _keep(tx, refunded.refund, units)
    await _announce(tx, refunded, units)
    return RefundOutcome(refunded.refund, refunded.purchase, units, tuple(await standings_of(tx, sorted(touched))))


async def undo_purchase(
    tx: Tx, purchase_id: UUID, *, reason: str | None = None, shortfall: Shortfall | None = None
) -> Undone:
    """Void a purchase, or what refunds left of it: what it earned is taken back, what was spent on it comes back.

    Harmless when done before. What was spent meanwhile follows the unit's policy, or ``shortfall`` when it is given:
    refused with the ledger's SpentMeanwhile, or let go. Raises PurchaseNotFound, NothingLeftToRefund.
    """
    purchase = await purchases.void_purchase(tx, purchase_id)
    reference = purchase_reference(purchase_id)
    member_ids = await queries.lock_members(tx, reference, purchase_id)
    plan = _whole(await queries.open_accruals(tx, reference))
    spendings = await _spendings(tx, purchase_id)
    await budgets.give_back(tx, reference)
    await lock_accounts(tx, plan, spendings)
    complete = Progress(purchase.amount_minor, purchase.amount_minor)
    await _return_spendings(tx, spendings, purchase, complete, None)
    await _take_whole(tx, plan, await shortfalls_of(tx, member_ids, shortfall), reason)
    touched = plan.member_ids | {owner_id for spending in spendings for owner_id, _ in spending.accounts}
    return Undone(purchase, tuple(await standings_of(tx, sorted(touched))))


async def undo_accrual(
    tx: Tx, reference: str, *, reason: str | None = None, shortfall: Shortfall | None = None
) -> list[Standing]:
    """Take back what was given under a reference; where the members stand now, empty when nothing is left to undo.

    Without ``shortfall`` the units' policies say what happens to what was spent meanwhile.
    """
    member_ids = await queries.lock_members(tx, reference, None)
    plan = _whole(await queries.open_accruals(tx, reference))
    await budgets.give_back(tx, reference)
    await lock_accounts(tx, plan, [])
    await _take_whole(tx, plan, await shortfalls_of(tx, member_ids, shortfall), reason)
    return await standings_of(tx, sorted(plan.member_ids))


async def open_purchase(tx: Tx, purchase_id: UUID) -> Purchase:
    """A purchase on which something may be spent; nobody takes it back before the transaction ends.

    Asked before the member is locked, for a refund locks in that order, too. Raises PurchaseNotFound and
    PurchaseNotOpen.
    """
    purchase = await purchases.hold_purchase(tx, purchase_id)
    if purchase.state != "recorded":
        raise PurchaseNotOpen
    return purchase


async def tie_spending(
    tx: Tx,
    purchase: Purchase,
    transfer_id: UUID,
    *,
    customer_id: UUID,
    membership_id: UUID,
    unit_id: UUID,
    amount: int,
    returns: Returns,
) -> None:
    """Remember that a transfer paid for something in a purchase, so that taking the purchase back returns it.

    ``purchase`` comes from ``open_purchase``, ``returns`` is as in models.SpendingRow. Harmless to repeat. Raises
    PurchaseNotFound when the purchase is somebody else's.
    """
    if purchase.customer_id != customer_id:
        raise PurchaseNotFound
    await tx.execute(
        queries.TIE, tx.organization_id, transfer_id, purchase.id, membership_id, unit_id, amount, returns
    )


async def list_refunds(tx: Tx, purchase_id: UUID) -> list[RefundOutcome]:
    """The slices of a purchase with what each moved, in order; raises PurchaseNotFound."""
    purchase = await purchases.get_purchase(tx, purchase_id)
    refunds = await purchases.list_refunds(tx, purchase_id)
    units = await _kept(tx, [refund.id for refund in refunds])
    return [RefundOutcome(refund, purchase, tuple(units[refund.id])) for refund in refunds]


def share_taken(earned: int, earning: Any, refunded: Refunded) -> int:
    """How much of what a rule gives for a purchase goes back for all slices of it; nothing is booked."""
    return rules.taken_back(earned, earning, _progress(refunded))


def items_left(purchase: Purchase, slices: Sequence[Refund]) -> list[Item]:
    """The items of a purchase that did not come back with these slices; money without items leaves them."""
    left = [line.quantity for line in purchase.lines]
    for each in slices:
        for item in each.lines:
            left[item.line] -= item.quantity
    lines = zip(purchase.lines, left, strict=True)
    return [Item(count, line.sku, line.category) for line, count in lines if line.kind == "item" and count]


def surrendered(tx: Tx, before: int) -> dict[AccountKey, list[Reason]]:
    """Why issued rewards were cancelled, by the account that got their price back.

    In this transaction, after the first ``before`` facts of it.
    """
    reasons: dict[AccountKey, list[Reason]] = defaultdict(list)
    for fact in tx.events[before:]:
        if isinstance(fact, UnitsSurrendered):
            params = {"reward": fact.reward, "reward_names": fact.reward_names}
            reasons[fact.membership_id, fact.unit_id].append(Reason("reward_surrendered", params))
    return reasons


async def _take_whole(tx: Tx, plan: Plan, shortfalls: Mapping[UUID, Shortfall], reason: str | None) -> None:
    await take_all(tx, plan, shortfalls, reason=reason)
    await _mark_undone(tx, plan)


async def _mark_undone(tx: Tx, plan: Plan) -> None:
    """What was taken back counts no more: as a visit, towards a cap."""
    await tx.execute(
        queries.UNDO_PART, tx.organization_id, list(plan.totals), list(plan.totals.values()), clock.now()
    )


async def _spendings(tx: Tx, purchase_id: UUID) -> list[Spending]:
    """What was spent on a purchase and has not all come back."""
    return [
        Spending(await ledger.get_transfer(tx, row["transfer_id"]), **{name: row[name] for name in _SPENDING})
        for row in await queries.open_spendings(tx, purchase_id)
    ]


async def _return_spendings(
    tx: Tx, spendings: Sequence[Spending], purchase: Purchase, progress: Progress, refund: Refund | None
) -> dict[AccountKey, int]:
    """Give back what was spent on the purchase, before anything is taken: it may be what makes up for the rest."""
    returned: dict[AccountKey, int] = defaultdict(int)
    totals: dict[UUID, int] = {}
    occasion, reason = (f"refund:{refund.id}", refund.reason) if refund else (f"void:{purchase.id}", None)
    for spending in spendings:
        total = rules.given_back(spending.amount, spending.returns, progress)
        if total <= spending.returned:
            continue
        transfer_id = spending.transfer.id
        totals[transfer_id] = total
        reference = f"{occasion}:{transfer_id}"
        parts = await give_back(tx, spending, total - spending.returned, reference=reference, reason=reason)
        for account, part in parts.items():
            returned[account] += part
        if total == spending.amount:
            await announce(tx, SpendingReturned(transfer_id, purchase.id, spending.membership_id))
    await tx.execute(queries.RETURN_PART, tx.organization_id, list(totals), list(totals.values()))
    return returned


def _plan(rows: Sequence[Any], progress: Progress) -> Plan:
    plan = Plan()
    for row in rows:
        earning = earning_of(row["earning"]) if row["earning"] else None
        total = max(row["undone_amount"], rules.taken_back(row["amount"], earning, progress))
        plan.totals[row["id"]] = total
        plan.add(row["transfer_id"], (row["membership_id"], row["unit_id"]), total - row["undone_amount"])
    return plan


def _whole(rows: Sequence[Any]) -> Plan:
    plan = Plan()
    for row in rows:
        plan.totals[row["id"]] = row["amount"]
        plan.add(row["transfer_id"], (row["membership_id"], row["unit_id"]), row["amount"] - row["undone_amount"])
        plan.member_ids.add(row["membership_id"])
    return plan


def _progress(refunded: Refunded) -> Progress:
    lines = refunded.purchase.lines
    returned = [
        Item(item.quantity, lines[item.line].sku, lines[item.line].category)
        for each in refunded.slices
        for item in each.lines
        if lines[item.line].kind == "item"
    ]
    return Progress(
        amount_minor=refunded.purchase.amount_minor,
        refunded_minor=refunded.purchase.refunded_minor,
        unnamed_minor=sum(each.amount_minor for each in refunded.slices if not each.lines),
        bought=[Item(line.quantity, line.sku, line.category) for line in lines if line.kind == "item"],
        returned=returned,
    )


def _units(
    plan: Plan, taken: Taken, returned: Mapping[AccountKey, int], reasons: Mapping[AccountKey, Sequence[Reason]]
) -> tuple[RefundedUnits, ...]:
    due: dict[AccountKey, int] = defaultdict(int)
    for accounts in plan.due.values():
        for account, amount in accounts.items():
            due[account] += amount
    return tuple(
        RefundedUnits(
            *account,
            due=due.get(account, 0),
            taken=taken.taken.get(account, 0),
            missing=taken.missing.get(account, 0),
            returned=returned.get(account, 0),
            reasons=tuple(reasons.get(account, ())),
        )
        for account in sorted(due.keys() | returned.keys())
    )


async def _keep(tx: Tx, refund: Refund, units: Sequence[RefundedUnits]) -> None:
    if units:
        columns = ("membership_id", "unit_id", "due", "taken", "missing", "returned")
        values = [[getattr(each, column) for each in units] for column in columns]
        reasons = [orjson.dumps(each.reasons).decode() for each in units]
        await tx.execute(queries.KEEP_UNITS, tx.organization_id, refund.id, *values, reasons)


async def _announce(tx: Tx, refunded: Refunded, units: Sequence[RefundedUnits]) -> None:
    taken: dict[str, int] = defaultdict(int)
    returned: dict[str, int] = defaultdict(int)
    for each in units:
        taken[str(each.unit_id)] += each.taken + each.missing
        returned[str(each.unit_id)] += each.returned
    await announce(
        tx,
        PurchaseRefunded(
            refund_id=refunded.refund.id,
            purchase_id=refunded.purchase.id,
            customer_id=refunded.purchase.customer_id,
            amount_minor=refunded.refund.amount_minor,
            refunded_minor=refunded.purchase.refunded_minor,
            currency=refunded.purchase.currency,
            complete=refunded.purchase.state == "refunded",
            location_id=refunded.refund.location_id,
            units={unit: amount for unit, amount in taken.items() if amount},
            returned={unit: amount for unit, amount in returned.items() if amount},
        ),
    )


async def _told_before(tx: Tx, refunded: Refunded) -> RefundOutcome:
    units = (await _kept(tx, [refunded.refund.id]))[refunded.refund.id]
    purchase_id = refunded.purchase.id
    member_ids = await queries.lock_members(tx, purchase_reference(purchase_id), purchase_id)
    standings = await standings_of(tx, sorted(member_ids))
    return RefundOutcome(refunded.refund, refunded.purchase, tuple(units), tuple(standings), replayed=True)


async def _kept(tx: Tx, refund_ids: Sequence[UUID]) -> dict[UUID, list[RefundedUnits]]:
    units: dict[UUID, list[RefundedUnits]] = defaultdict(list)
    for row in await queries.units_of(tx, refund_ids):
        fields = dict(row)
        fields["reasons"] = tuple(Reason(**reason) for reason in fields["reasons"])
        units[fields.pop("refund_id")].append(RefundedUnits(**fields))
    return units
