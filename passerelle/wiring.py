"""The list of everything: routers, jobs, subscribers, holders of personal data. Nothing registers itself."""

from typing import Final

from fastapi import APIRouter
from starlette.routing import BaseRoute

from passerelle.analytics import jobs as analytics_jobs
from passerelle.analytics import personal_data as analytics_data
from passerelle.analytics.routes import router as analytics
from passerelle.clientele.directory.routes import router as directory
from passerelle.clientele.imports import jobs as import_jobs
from passerelle.clientele.imports.routes import router as imports
from passerelle.clientele.merging.routes import router as merging
from passerelle.clientele.timeline.routes import router as timeline
from passerelle.customers import events as customer_events
from passerelle.customers import personal_data as customer_data
from passerelle.customers.notes import personal_data as note_data
from passerelle.customers.notes.routes import router as notes
from passerelle.customers.routes import router as customers
from passerelle.distribution import card_pages, join_pages
from passerelle.distribution import jobs as distribution_jobs
from passerelle.distribution import personal_data as distribution_data
from passerelle.distribution.card_routes import router as cards
from passerelle.distribution.handouts import pages as handout_pages
from passerelle.distribution.handouts.routes import router as handouts
from passerelle.distribution.handouts.ticket_routes import router as ticket_links
from passerelle.distribution.kiosks import pages as kiosk_pages
from passerelle.distribution.kiosks.routes import router as kiosks
from passerelle.distribution.mypage import jobs as page_jobs
from passerelle.distribution.mypage import pages as own_pages
from passerelle.distribution.mypage import personal_data as page_data
from passerelle.distribution.mypage.routes import router as page_links
from passerelle.distribution.posters.routes import router as posters
from passerelle.distribution.routes import router as distribution
from passerelle.giftcards import events as gift_card_events
from passerelle.giftcards import personal_data as gift_card_data
from passerelle.giftcards.routes import router as giftcards
from passerelle.kit.events import subscribe
from passerelle.kit.jobs import PRUNE_ANSWERS, JobKind, in_order
from passerelle.ledger import events as ledger_events
from passerelle.ledger import jobs as ledger_jobs
from passerelle.messaging import jobs as message_jobs
from passerelle.messaging import personal_data as message_data
from passerelle.messaging.routes import router as messages
from passerelle.organizations import jobs as organization_jobs
from passerelle.organizations.events import LocationChanged
from passerelle.organizations.invitations import jobs as invitation_jobs
from passerelle.organizations.invitations.routes import router as invitations
from passerelle.organizations.passkeys.routes import router as passkeys
from passerelle.organizations.recovery import jobs as recovery_jobs
from passerelle.organizations.recovery.routes import router as recovery
from passerelle.organizations.routes import router as organizations
from passerelle.organizations.second_factors.routes import router as second_factors
from passerelle.organizations.sessions.routes import router as sessions
from passerelle.passes import apple_routes, google_routes
from passerelle.passes import events as pass_events
from passerelle.passes import jobs as pass_jobs
from passerelle.passes import personal_data as pass_data
from passerelle.passes.own.routes import router as own_identities
from passerelle.passes.routes import ROUTES as TRIAL_CARD_ROUTES
from passerelle.passes.routes import router as passes
from passerelle.privacy import personal_data as privacy_data
from passerelle.privacy.holders import PersonalData
from passerelle.privacy.routes import router as privacy
from passerelle.programs import events as program_events
from passerelle.programs import jobs as program_jobs
from passerelle.programs import nightly
from passerelle.programs import personal_data as program_data
from passerelle.programs.achievements.routes import router as achievements
from passerelle.programs.birthdays import jobs as birthday_jobs
from passerelle.programs.households import events as household_events
from passerelle.programs.households import jobs as household_jobs
from passerelle.programs.households.routes import router as households
from passerelle.programs.liability import jobs as liability_jobs
from passerelle.programs.liability.routes import router as liability
from passerelle.programs.promotions.routes import router as promotions
from passerelle.programs.referral import jobs as referral_jobs
from passerelle.programs.referral.routes import router as referral
from passerelle.programs.refund_routes import router as refunds
from passerelle.programs.refunds import events as refund_events
from passerelle.programs.routes import router as programs
from passerelle.programs.tiers import events as tier_events
from passerelle.programs.tiers import jobs as tier_jobs
from passerelle.programs.tiers.routes import router as tiers
from passerelle.programs.time_routes import router as times_of_units
from passerelle.programs.transfers.routes import router as transfers
from passerelle.purchases import events as purchase_events
from passerelle.purchases import personal_data as purchase_data
from passerelle.purchases.routes import router as purchases
from passerelle.rewards import events as reward_events
from passerelle.rewards import jobs as reward_jobs
from passerelle.rewards import personal_data as reward_data
from passerelle.rewards.coupons import events as coupon_events
from passerelle.rewards.coupons import jobs as coupon_jobs
from passerelle.rewards.coupons import personal_data as coupon_data
from passerelle.rewards.coupons.routes import router as coupons
from passerelle.rewards.dry_runs.routes import router as dry_runs
from passerelle.rewards.payments.routes import router as payments
from passerelle.rewards.routes import router as rewards
from passerelle.scanning.coupons.routes import router as scanning_coupons
from passerelle.scanning.gift_cards.routes import router as scanning_gift_cards
from passerelle.scanning.offline import jobs as offline_jobs
from passerelle.scanning.offline import personal_data as offline_data
from passerelle.scanning.offline.routes import router as offline
from passerelle.scanning.routes import router as scanning
from passerelle.scanning.tickets.routes import router as scanning_tickets
from passerelle.templates import events as template_events
from passerelle.templates import jobs as template_jobs
from passerelle.templates.routes import public_router as images
from passerelle.templates.routes import router as templates
from passerelle.ticketing import events as ticketing_events
from passerelle.ticketing import jobs as ticketing_jobs
from passerelle.ticketing import personal_data as ticket_data
from passerelle.ticketing.routes import router as ticketing

# Matching is by trial, so what phones and tills ask all day comes first.
ROUTES: Final[tuple[BaseRoute | APIRouter, ...]] = (
    *apple_routes.ROUTES,
    scanning,
    *google_routes.ROUTES,
    *join_pages.ROUTES,
    *kiosk_pages.ROUTES,
    *card_pages.ROUTES,
    *handout_pages.ROUTES,
    *own_pages.ROUTES,
    *TRIAL_CARD_ROUTES,
    scanning_coupons,
    scanning_gift_cards,
    scanning_tickets,
    images,
    organizations,
    sessions,
    second_factors,
    passkeys,
    invitations,
    recovery,
    customers,
    notes,
    messages,
    directory,
    timeline,
    merging,
    imports,
    privacy,
    page_links,
    purchases,
    refunds,
    programs,
    times_of_units,
    promotions,
    tiers,
    achievements,
    referral,
    households,
    liability,
    transfers,
    rewards,
    coupons,
    dry_runs,
    giftcards,
    ticketing,
    payments,
    templates,
    passes,
    own_identities,
    distribution,
    posters,
    kiosks,
    cards,
    handouts,
    ticket_links,
    analytics,
    offline,
)
# Everything else wants an API key or a session.
PUBLIC_OPERATIONS: Final = frozenset(
    {
        "POST /api/v1/organizations",
        "POST /api/v1/sessions",
        "GET /api/v1/sign-in-options",
        "POST /api/v1/sessions/passkey/options",
        "POST /api/v1/sessions/passkey",
        "POST /api/v1/invitations/read",
        "POST /api/v1/invitations/accept",
        "POST /api/v1/password-resets",
        "POST /api/v1/password-resets/use",
        "GET /images/{organization_id}/{digest}.png",
    }
)
# The order in which time is worked through, and why, is in docs/algorithms/expiry.md. Units change at their instant
# whenever this runs; what belongs to a program's midnight asks programs.service.begun_nights.
NIGHT: Final = JobKind(
    "night",
    in_order(
        ledger_jobs.activate,  # rewards that are issued by themselves follow in the same transaction
        tier_jobs.turn_due,
        ledger_jobs.expire,  # tiers that depend on a balance follow in the same transaction
        nightly.tell_expiring,
    ),
    schedule="* * * * *",
)
JOBS: Final[tuple[JobKind, ...]] = (
    PRUNE_ANSWERS,
    organization_jobs.FORGET_ENDED_SESSIONS,
    invitation_jobs.MAIL_INVITATION,
    recovery_jobs.MAIL_NEW_PASSWORD,
    NIGHT,
    tier_jobs.SETTLE,
    tier_jobs.RECALCULATE,
    tier_jobs.FORGET,
    coupon_jobs.GENERATE,
    coupon_jobs.RELEASE_HOLD,
    coupon_jobs.EXPIRE,
    referral_jobs.SETTLE,
    birthday_jobs.KEEP,
    household_jobs.LEAVE,
    liability_jobs.CHECK_LIMITS,
    reward_jobs.EXPIRE,
    reward_jobs.AUTO_ISSUE,
    pass_jobs.ADOPT,
    pass_jobs.REFRESH,
    pass_jobs.REFRESH_OFFERING,
    pass_jobs.REFRESH_SUBJECT,
    pass_jobs.FORGET_NONCES,
    pass_jobs.FORGET_PHONES,
    analytics_jobs.DERIVE_VISITS,
    offline_jobs.APPLY_WHAT_WAITED,
    import_jobs.WORK,
    import_jobs.FORGET,
    page_jobs.MAIL_LINK,
    page_jobs.MAIL_ADDRESS,
    page_jobs.MAIL_NUMBER,
    page_jobs.TELL_OLD_ADDRESS,
    page_jobs.PRUNE,
    message_jobs.PRUNE,
)
PERSONAL_DATA: Final[tuple[PersonalData, ...]] = (
    analytics_data,
    distribution_data,
    page_data,
    offline_data,
    coupon_data,
    reward_data,
    gift_card_data,
    ticket_data,
    pass_data,
    program_data,
    purchase_data,
    privacy_data,
    note_data,
    message_data,
    customer_data,
)


def subscribe_all() -> None:
    """Connect facts to those who listen, in the order in which they are told; harmless to call again."""
    subscribe(program_events.ProgramCreated, reward_jobs.create_first_reward)
    subscribe(program_events.ProgramCreated, template_jobs.create_card)
    subscribe(program_events.ProgramCreated, distribution_jobs.on_program_created)
    subscribe(pass_events.PassInstalled, distribution_jobs.on_pass_installed)
    subscribe(pass_events.PassRemoved, distribution_jobs.on_pass_removed)
    subscribe(ledger_events.BalanceChanged, reward_jobs.announce_ready_rewards)
    subscribe(ledger_events.BalanceChanged, pass_jobs.on_balance_changed)
    subscribe(ledger_events.BalanceChanged, program_jobs.on_balance_changed)
    subscribe(ledger_events.ExpiryPostponed, pass_jobs.on_expiry_postponed)
    subscribe(ledger_events.BalanceChanged, tier_jobs.on_balance_changed)
    subscribe(purchase_events.PurchaseRecorded, tier_jobs.on_purchase_recorded)
    subscribe(purchase_events.PurchaseVoided, tier_jobs.on_purchase_voided)
    subscribe(program_events.MemberEnrolled, tier_jobs.on_member_enrolled)
    subscribe(program_events.MemberChanged, tier_jobs.on_member_changed)
    subscribe(tier_events.TierChanged, pass_jobs.on_tier_changed)
    subscribe(tier_events.TierRewardEarned, reward_jobs.issue_tier_reward)
    subscribe(tier_events.TierRewardLost, reward_jobs.take_tier_reward_back)
    subscribe(purchase_events.PurchaseRefunded, tier_jobs.on_purchase_refunded)
    subscribe(reward_events.RewardIssued, pass_jobs.on_reward_moved)
    subscribe(reward_events.RewardRedeemed, pass_jobs.on_reward_moved)
    subscribe(reward_events.RewardRedemptionUndone, pass_jobs.on_reward_moved)
    subscribe(reward_events.RewardCancelled, pass_jobs.on_reward_moved)
    subscribe(reward_events.RewardExpired, pass_jobs.on_reward_moved)
    subscribe(program_events.GoalChanged, reward_jobs.follow_goal)
    subscribe(refund_events.SpendingReturned, reward_jobs.mark_returned)
    subscribe(refund_events.UnitsMissed, reward_jobs.surrender_automatic)
    _subscribe_households()
    subscribe(program_events.MemberChanged, pass_jobs.on_member_changed)
    _subscribe_cards_beside_loyalty()
    subscribe(program_events.ProgramChanged, pass_jobs.on_program_changed)
    subscribe(customer_events.CustomerChanged, pass_jobs.on_customer_changed)
    subscribe(template_events.TemplatePublished, pass_jobs.on_template_published)
    subscribe(purchase_events.PurchaseRecorded, analytics_jobs.on_customer_came)
    subscribe(purchase_events.PurchaseVoided, analytics_jobs.on_customer_came)
    subscribe(purchase_events.PurchaseRefunded, analytics_jobs.on_customer_came)
    subscribe(program_events.MemberEnrolled, analytics_jobs.on_customer_came)
    subscribe(program_events.VisitRecorded, analytics_jobs.on_visit_recorded)
    subscribe(program_events.VisitUndone, analytics_jobs.on_visit_undone)
    subscribe(pass_events.PassIssued, analytics_jobs.on_pass_issued)
    subscribe(pass_events.PassInstalled, analytics_jobs.on_pass_installed)


def _subscribe_households() -> None:
    subscribe(program_events.MemberChanged, household_jobs.on_member_changed)
    subscribe(household_events.HouseholdJoined, pass_jobs.on_household_moved)
    subscribe(household_events.HouseholdChanged, pass_jobs.on_household_moved)
    subscribe(household_events.HouseholdLeft, pass_jobs.on_household_moved)
    subscribe(household_events.HouseholdLeft, pass_jobs.on_household_left)


def _subscribe_cards_beside_loyalty() -> None:
    subscribe(coupon_events.CouponRedeemed, pass_jobs.on_coupon_moved)
    subscribe(coupon_events.CouponRedemptionUndone, pass_jobs.on_coupon_moved)
    subscribe(coupon_events.CouponVoided, pass_jobs.on_coupon_moved)
    subscribe(coupon_events.CouponExpired, pass_jobs.on_coupon_moved)
    subscribe(coupon_events.CouponCampaignChanged, pass_jobs.on_campaign_changed)
    for activity in gift_card_events.ACTIVITIES:
        subscribe(activity, pass_jobs.on_gift_card_moved)
    subscribe(gift_card_events.GiftCardHoldMade, pass_jobs.on_gift_card_held)
    subscribe(gift_card_events.GiftCardHoldReleased, pass_jobs.on_gift_card_moved)
    subscribe(gift_card_events.GiftCardChanged, pass_jobs.on_gift_card_moved)
    subscribe(gift_card_events.GiftCardProductChanged, pass_jobs.on_product_changed)
    for moved in ticketing_events.MOVED:
        subscribe(moved, pass_jobs.on_ticket_moved)
    subscribe(ticketing_events.TicketedEventChanged, pass_jobs.on_ticketed_event_changed)
    subscribe(LocationChanged, ticketing_jobs.on_location_changed)
