"""What passes do when something else happens: a card that shows a changed thing is marked as changed.

Marking is deferred to the end of the transaction, so a purchase that moves three balances changes a card once.
"""

from typing import Any, Final
from uuid import UUID

from passerelle.customers.events import CustomerChanged
from passerelle.kit.db import Tx
from passerelle.kit.jobs import JobKind, Work, enqueue, organization_of
from passerelle.ledger.events import BalanceChanged, ExpiryPostponed
from passerelle.passes import google, service
from passerelle.programs.events import MemberChanged, ProgramChanged
from passerelle.programs.tiers.events import TierChanged
from passerelle.rewards.events import (
    RewardCancelled,
    RewardExpired,
    RewardIssued,
    RewardRedeemed,
    RewardRedemptionUndone,
)
from passerelle.templates.events import TemplatePublished

_SHOWN: Final = frozenset({"name", "names", "goal", "rewards", "state", "tiers"})


async def on_balance_changed(tx: Tx, changed: BalanceChanged) -> None:
    """The card shows the balance."""
    tx.defer(service.mark_members_changed, changed.owner_id)


async def on_expiry_postponed(tx: Tx, postponed: ExpiryPostponed) -> None:
    """The card may say what expires next."""
    tx.defer(service.mark_members_changed, postponed.owner_id)


async def on_reward_moved(
    tx: Tx, moved: RewardIssued | RewardRedeemed | RewardRedemptionUndone | RewardCancelled | RewardExpired
) -> None:
    """The card shows rewards that wait to be redeemed, also those that no balance paid for."""
    tx.defer(service.mark_members_changed, moved.membership_id)


async def on_member_changed(tx: Tx, changed: MemberChanged) -> None:
    """A suspended member's card may look different."""
    tx.defer(service.mark_members_changed, changed.membership_id)


async def on_tier_changed(tx: Tx, changed: TierChanged) -> None:
    """The card may show the tier."""
    tx.defer(service.mark_members_changed, changed.membership_id)


async def on_customer_changed(tx: Tx, changed: CustomerChanged) -> None:
    """The card may carry the customer's name."""
    tx.defer(service.mark_customers_changed, changed.customer_id)


async def on_program_changed(tx: Tx, changed: ProgramChanged) -> None:
    """All cards of the program follow, by and by."""
    if _SHOWN & set(changed.fields):
        await enqueue(tx, REFRESH.name, {"program_id": str(changed.program_id)})


async def on_template_published(tx: Tx, published: TemplatePublished) -> None:
    """All cards of the template follow, by and by."""
    payload = {"template_id": str(published.template_id), "version": published.version}
    await enqueue(tx, ADOPT.name, payload)


async def adopt_template(work: Work, payload: dict[str, Any]) -> None:
    """Move cards to a template's version, some at a time; whoever repeats this finds fewer left."""
    template_id, version = UUID(payload["template_id"]), int(payload["version"])
    moved = -1
    while moved:
        async with work.database.transaction(organization_of(payload)) as tx:
            moved = await service.adopt_template(tx, template_id, version)


async def refresh_program(work: Work, payload: dict[str, Any]) -> None:
    """Mark all cards of a program as changed, some at a time."""
    last: UUID | None = UUID(int=0)
    while last is not None:
        async with work.database.transaction(organization_of(payload)) as tx:
            last = await service.refresh_program(tx, UUID(payload["program_id"]), last)


async def forget_nonces(work: Work, payload: dict[str, Any]) -> None:
    """Forget nonces of callbacks that would be refused for their age alone."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await google.forget_nonces(tx)


async def forget_phones(work: Work, payload: dict[str, Any]) -> None:
    """Forget the phones of somebody who was erased a week ago."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.forget_phones(tx, UUID(payload["customer_id"]))


FORGET_PHONES: Final = JobKind(service.FORGET_PHONES, forget_phones)
ADOPT: Final = JobKind("passes.adopt_template", adopt_template)
REFRESH: Final = JobKind("passes.refresh_program", refresh_program)
FORGET_NONCES: Final = JobKind("passes.forget_nonces", forget_nonces, schedule="29 * * * *")
