"""What passes do when something else happens: a card that shows a changed thing is marked as changed.

Marking is deferred to the end of the transaction, so a purchase that moves three balances changes a card once.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from passerelle.customers.events import CustomerChanged
from passerelle.giftcards.events import (
    GiftCardActivity,
    GiftCardChanged,
    GiftCardHoldMade,
    GiftCardHoldReleased,
    GiftCardProductChanged,
)
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.jobs import JobKind, Work, enqueue, organization_of
from passerelle.ledger.events import BalanceChanged, ExpiryPostponed
from passerelle.passes import codes, google, service
from passerelle.passes.events import CodeRuleChanged
from passerelle.programs.events import MemberChanged, ProgramChanged
from passerelle.programs.households import service as households
from passerelle.programs.households.events import HouseholdChanged, HouseholdJoined, HouseholdLeft
from passerelle.programs.terms.events import TermMoved
from passerelle.programs.tiers.events import TierChanged
from passerelle.rewards.coupons.events import (
    CouponCampaignChanged,
    CouponExpired,
    CouponRedeemed,
    CouponRedemptionUndone,
    CouponVoided,
)
from passerelle.rewards.events import (
    RewardCancelled,
    RewardExpired,
    RewardIssued,
    RewardRedeemed,
    RewardRedemptionUndone,
)
from passerelle.templates.events import TemplatePublished
from passerelle.ticketing.events import TicketedEventChanged, TicketMoved

_SHOWN: Final = frozenset({"name", "names", "goal", "rewards", "state", "tiers", "term"})
_OFFER_SHOWN: Final = frozenset({"name", "names", "terms", "starts_at", "ends_at", "state"})
_NOT_ON_TICKETS: Final = frozenset({"capacity", "template_id"})


async def on_balance_changed(tx: Tx, changed: BalanceChanged) -> None:
    """The card shows the balance, and those of a household what they can have together."""
    tx.defer(service.mark_subjects_changed, changed.owner_id)
    if households.may_share(tx, changed.owner_id):
        tx.defer(service.mark_sharers_changed, changed.owner_id)


async def on_household_moved(tx: Tx, moved: HouseholdJoined | HouseholdLeft | HouseholdChanged) -> None:
    """Who comes or goes changes what the others can have together."""
    tx.defer(service.mark_sharers_changed, moved.household_id)


async def on_household_left(tx: Tx, left: HouseholdLeft) -> None:
    """Whoever left has only their own again."""
    tx.defer(service.mark_subjects_changed, left.membership_id)


async def on_expiry_postponed(tx: Tx, postponed: ExpiryPostponed) -> None:
    """The card may say what expires next."""
    tx.defer(service.mark_subjects_changed, postponed.owner_id)


async def on_reward_moved(
    tx: Tx, moved: RewardIssued | RewardRedeemed | RewardRedemptionUndone | RewardCancelled | RewardExpired
) -> None:
    """The card shows rewards that wait to be redeemed, also those that no balance paid for."""
    tx.defer(service.mark_subjects_changed, moved.membership_id)


async def on_member_changed(tx: Tx, changed: MemberChanged) -> None:
    """A suspended member's card may look different."""
    tx.defer(service.mark_subjects_changed, changed.membership_id)


async def on_term_moved(tx: Tx, moved: TermMoved) -> None:
    """The card shows until when the membership is good, and whether it still is."""
    tx.defer(service.mark_subjects_changed, moved.membership_id)


async def on_tier_changed(tx: Tx, changed: TierChanged) -> None:
    """The card may show the tier."""
    tx.defer(service.mark_subjects_changed, changed.membership_id)


async def on_coupon_moved(
    tx: Tx, moved: CouponRedeemed | CouponRedemptionUndone | CouponVoided | CouponExpired
) -> None:
    """The coupon's card shows whether it can be used. A hold is left out: it ends within minutes."""
    tx.defer(service.mark_subjects_changed, moved.coupon_id)


async def on_campaign_changed(tx: Tx, changed: CouponCampaignChanged) -> None:
    """All cards of the campaign follow, by and by."""
    if _OFFER_SHOWN & set(changed.fields):
        await enqueue(tx, REFRESH_OFFERING.name, {"offering_id": str(changed.campaign_id)})


async def on_gift_card_moved(tx: Tx, moved: GiftCardActivity | GiftCardHoldReleased | GiftCardChanged) -> None:
    """Balances, states, holds, names and the message; what lapses is told by the ledger."""
    tx.defer(service.mark_subjects_changed, moved.gift_card_id)


async def on_gift_card_held(tx: Tx, held: GiftCardHoldMade) -> None:
    """A card may show what is free to spend, and a hold ends by itself."""
    tx.defer(service.mark_subjects_changed, held.gift_card_id)
    seconds = (datetime.fromisoformat(held.held_until) - clock.now()).total_seconds() + 1
    await enqueue(tx, REFRESH_SUBJECT.name, {"subject_id": str(held.gift_card_id)}, after_seconds=max(1, seconds))


async def on_product_changed(tx: Tx, changed: GiftCardProductChanged) -> None:
    """All cards of the product follow, by and by."""
    if _OFFER_SHOWN & set(changed.fields):
        await enqueue(tx, REFRESH_OFFERING.name, {"offering_id": str(changed.product_id)})


async def on_ticket_moved(tx: Tx, moved: TicketMoved) -> None:
    """The ticket's card shows whether it lets in."""
    tx.defer(service.mark_subjects_changed, moved.ticket_id)


async def on_ticketed_event_changed(tx: Tx, changed: TicketedEventChanged) -> None:
    """All cards of the event follow, by and by."""
    if set(changed.fields) - _NOT_ON_TICKETS:
        await enqueue(tx, REFRESH_OFFERING.name, {"offering_id": str(changed.event_id)})


async def on_customer_changed(tx: Tx, changed: CustomerChanged) -> None:
    """The card may carry the customer's name."""
    tx.defer(service.mark_customers_changed, changed.customer_id)


async def on_program_changed(tx: Tx, changed: ProgramChanged) -> None:
    """All cards of the program follow, by and by."""
    if _SHOWN & set(changed.fields):
        await enqueue(tx, REFRESH.name, {"program_id": str(changed.program_id)})


async def on_code_rule_changed(tx: Tx, changed: CodeRuleChanged) -> None:
    """All cards of the program show their code in the new way, by and by."""
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


async def refresh_offering(work: Work, payload: dict[str, Any]) -> None:
    """Mark all cards of a campaign, a product or an event as changed, some at a time."""
    last: UUID | None = UUID(int=0)
    while last is not None:
        async with work.database.transaction(organization_of(payload)) as tx:
            last = await service.refresh_offering(tx, UUID(payload["offering_id"]), last)


async def refresh_subject(work: Work, payload: dict[str, Any]) -> None:
    """Mark one card: something that it shows ended by itself."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.mark_subjects_changed(tx, {UUID(payload["subject_id"])})


async def forget_nonces(work: Work, payload: dict[str, Any]) -> None:
    """Forget nonces of callbacks that would be refused for their age alone."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await google.forget_nonces(tx)


async def forget_spent(work: Work, payload: dict[str, Any]) -> None:
    """Forget codes that were spent long ago."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await codes.forget_spent(tx)


async def forget_phones(work: Work, payload: dict[str, Any]) -> None:
    """Forget the phones of somebody who was erased a week ago."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.forget_phones(tx, UUID(payload["customer_id"]))


FORGET_PHONES: Final = JobKind(service.FORGET_PHONES, forget_phones)
ADOPT: Final = JobKind("passes.adopt_template", adopt_template)
REFRESH_OFFERING: Final = JobKind("passes.refresh_offering", refresh_offering)
REFRESH_SUBJECT: Final = JobKind("passes.refresh_subject", refresh_subject)
REFRESH: Final = JobKind("passes.refresh_program", refresh_program)
FORGET_NONCES: Final = JobKind("passes.forget_nonces", forget_nonces, schedule="29 * * * *")
FORGET_SPENT: Final = JobKind("passes.forget_spent_codes", forget_spent, schedule="41 3 * * *")
