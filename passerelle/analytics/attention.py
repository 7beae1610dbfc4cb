"""What somebody should do something about, and what to do first in an empty shop."""

import math
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from passerelle.analytics import deriving, queries
from passerelle.analytics.schemas import AttentionKind, AttentionOut, FirstStepOut, HealthOut, Severity
from passerelle.feedback import service as feedback
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.messaging import service as messaging
from passerelle.organizations import service as organizations
from passerelle.passes import service as passes
from passerelle.programs import service as programs
from passerelle.programs.promotions import service as promotions
from passerelle.rewards import service as rewards
from passerelle.scanning.offline import service as offline

LOW_STOCK: Final = 5
_CERTIFICATE_DAYS: Final = 30
_LATE: Final = timedelta(minutes=5)
_BUDGET_PERCENT: Final = 90
_SHOWN: Final = 10


class WalletState:
    """What the server knows of its wallets: whether any is configured, and when Apple's certificate ends."""

    def __init__(self, *, configured: bool, certificate_ends: datetime | None) -> None:
        self.configured = configured
        self.certificate_ends = certificate_ends


async def health(tx: Tx, wallets: WalletState) -> HealthOut:
    """What needs attention, most urgent first, and the first steps."""
    items = [*_certificates(wallets), *await _updates(tx), *await _mails(tx), *await _tills(tx)]
    items += [*await _stock(tx), *await _budgets(tx), *await _low_answers(tx)]
    items.sort(key=lambda item: item.severity != "critical")
    return HealthOut(items=items, first_steps=await _first_steps(tx))


def _certificates(wallets: WalletState) -> list[AttentionOut]:
    if not wallets.configured:
        return [_item("wallets_missing", "critical", 0)]
    ends = wallets.certificate_ends
    if ends is None:
        return []
    days = math.floor((ends - clock.now()) / timedelta(days=1))
    if days < 0:
        return [_item("certificate_expired", "critical", -days, "apple", since=ends)]
    if days > _CERTIFICATE_DAYS:
        return []
    return [_item("certificate_expiring", "critical" if days <= 7 else "warning", days, "apple", since=ends)]


async def _updates(tx: Tx) -> list[AttentionOut]:
    """Cards that wallets should have been told of; what was tried in vain outweighs what only waits."""
    found = []
    for late in await passes.late_updates(tx):
        if late.failing:
            found.append(_item("updates_failing", "critical", late.failing, late.wallet, since=late.due_since))
        elif clock.now() - late.due_since > _LATE:
            found.append(_item("updates_delayed", "warning", late.cards, late.wallet, since=late.due_since))
    return found


async def _mails(tx: Tx) -> list[AttentionOut]:
    """Mails that the server did not take; those that it took at a later try count no more."""
    failing, since = await messaging.failing(tx)
    return [_item("mails_failing", "critical", failing, since=since)] if failing else []


async def _stock(tx: Tx) -> list[AttentionOut]:
    found = []
    for reward in await rewards.low_in_stock(tx, LOW_STOCK, _SHOWN):
        kind: Literal["reward_sold_out", "reward_low_in_stock"] = (
            "reward_low_in_stock" if reward.stock else "reward_sold_out"
        )
        found.append(_item(kind, "warning", reward.stock, reward.name, reward_id=reward.id))
    return found


async def _tills(tx: Tx) -> list[AttentionOut]:
    """What happened at a till without a network and could not be booked afterwards."""
    rejected = await offline.count_unresolved(tx)
    return [_item("offline_rejected", "warning", rejected)] if rejected else []


async def _budgets(tx: Tx) -> list[AttentionOut]:
    return [
        _item("budget_nearly_used", "warning", promotion.used_percent, promotion.name, promotion_id=promotion.id)
        for promotion in await promotions.nearly_used(tx, _BUDGET_PERCENT, _SHOWN)
    ]


async def _low_answers(tx: Tx) -> list[AttentionOut]:
    """What customers found bad, until somebody has seen to it."""
    low, since = await feedback.low_open(tx)
    return [_item("feedback_low", "warning", low, since=since)] if low else []


async def _first_steps(tx: Tx) -> list[FirstStepOut]:
    await deriving.catch_up(tx)
    begun = await queries.beginnings(tx)
    return [
        FirstStepOut(step="program", done=bool(await programs.list_programs(tx, ABOVE_ALL, 1))),
        FirstStepOut(step="location", done=bool(await organizations.list_locations(tx, ABOVE_ALL, 1))),
        FirstStepOut(step="card", done=begun["card"]),
        FirstStepOut(step="scan", done=begun["scan"]),
        FirstStepOut(step="team", done=len(await organizations.list_operators(tx, ABOVE_ALL, 2)) > 1),
    ]


def _item(
    kind: AttentionKind,
    severity: Severity,
    count: int,
    subject: str | None = None,
    *,
    reward_id: UUID | None = None,
    promotion_id: UUID | None = None,
    since: datetime | None = None,
) -> AttentionOut:
    return AttentionOut(
        kind=kind,
        severity=severity,
        count=count,
        subject=subject,
        reward_id=reward_id,
        promotion_id=promotion_id,
        since=since,
    )
