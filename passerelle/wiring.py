"""The list of everything but routes: jobs, subscribers, holders of personal data. Nothing registers itself.

Routes are listed in ``entry/routes.py``: the worker loads this, and serves nobody.
"""

from typing import Final

from passerelle.analytics import jobs as analytics_jobs
from passerelle.analytics import personal_data as analytics_data
from passerelle.checkins import events as check_in_events
from passerelle.checkins import jobs as check_in_jobs
from passerelle.checkins import personal_data as check_in_data
from passerelle.clientele.imports import jobs as import_jobs
from passerelle.customers import events as customer_events
from passerelle.customers import personal_data as customer_data
from passerelle.customers.notes import personal_data as note_data
from passerelle.distribution import jobs as distribution_jobs
from passerelle.distribution import personal_data as distribution_data
from passerelle.distribution.mypage import jobs as page_jobs
from passerelle.distribution.mypage import personal_data as page_data
from passerelle.feedback import jobs as feedback_jobs
from passerelle.feedback import personal_data as feedback_data
from passerelle.giftcards import events as gift_card_events
from passerelle.giftcards import personal_data as gift_card_data
from passerelle.kit.events import subscribe
from passerelle.kit.jobs import PRUNE_ANSWERS, JobKind, in_order
from passerelle.ledger import events as ledger_events
from passerelle.ledger import jobs as ledger_jobs
from passerelle.messaging import jobs as message_jobs
from passerelle.messaging import personal_data as message_data
from passerelle.organizations import jobs as organization_jobs
from passerelle.organizations.events import LocationChanged
from passerelle.organizations.invitations import jobs as invitation_jobs
from passerelle.organizations.recovery import jobs as recovery_jobs
from passerelle.passes import events as pass_events
from passerelle.passes import jobs as pass_jobs
from passerelle.passes import personal_data as pass_data
from passerelle.privacy import personal_data as privacy_data
from passerelle.privacy.holders import PersonalData
from passerelle.programs import events as program_events
from passerelle.programs import jobs as program_jobs
from passerelle.programs import nightly
from passerelle.programs import personal_data as program_data
from passerelle.programs.birthdays import jobs as birthday_jobs
from passerelle.programs.households import events as household_events
from passerelle.programs.households import jobs as household_jobs
from passerelle.programs.liability import jobs as liability_jobs
from passerelle.programs.referral import jobs as referral_jobs
from passerelle.programs.refunds import events as refund_events
from passerelle.programs.terms import events as term_events
from passerelle.programs.terms import jobs as term_jobs
from passerelle.programs.tiers import events as tier_events
from passerelle.programs.tiers import jobs as tier_jobs
from passerelle.purchases import events as purchase_events
from passerelle.purchases import personal_data as purchase_data
from passerelle.purchases.receipts import jobs as receipt_jobs
from passerelle.purchases.receipts import personal_data as receipt_data
from passerelle.rewards import events as reward_events
from passerelle.rewards import jobs as reward_jobs
from passerelle.rewards import personal_data as reward_data
from passerelle.rewards.coupons import events as coupon_events
from passerelle.rewards.coupons import jobs as coupon_jobs
from passerelle.rewards.coupons import personal_data as coupon_data
from passerelle.scanning.offline import jobs as offline_jobs
from passerelle.scanning.offline import personal_data as offline_data
from passerelle.templates import events as template_events
from passerelle.templates import jobs as template_jobs
from passerelle.ticketing import events as ticketing_events
from passerelle.ticketing import jobs as ticketing_jobs
from passerelle.ticketing import personal_data as ticket_data

# The order in which time is worked through, and why, is in docs/algorithms/expiry.md. Units change at their instant
# whenever this runs; what belongs to a program's midnight asks programs.service.begun_nights.
NIGHT: Final = JobKind(
    "night",
    in_order(
        ledger_jobs.activate,  # rewards that are issued by themselves follow in the same transaction
        tier_jobs.turn_due,
        ledger_jobs.expire,  # tiers that depend on a balance follow in the same transaction
        nightly.tell_expiring,
        term_jobs.tell_due,
    ),
    schedule="* * * * *",
)
JOBS: Final[tuple[JobKind, ...]] = (
    PRUNE_ANSWERS,
    organization_jobs.FORGET_ENDED_SESSIONS,
    invitation_jobs.MAIL_INVITATION,
    recovery_jobs.MAIL_NEW_PASSWORD,
    NIGHT,
    term_jobs.SETTLE,
    tier_jobs.SETTLE,
    tier_jobs.RECALCULATE,
    tier_jobs.FORGET,
    coupon_jobs.GENERATE,
    coupon_jobs.RELEASE_HOLD,
    coupon_jobs.WITHDRAW,
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
    pass_jobs.FORGET_SPENT,
    analytics_jobs.DERIVE_VISITS,
    check_in_jobs.CLOSE_FORGOTTEN,
    offline_jobs.APPLY_WHAT_WAITED,
    import_jobs.WORK,
    import_jobs.FORGET,
    page_jobs.MAIL_LINK,
    page_jobs.MAIL_ADDRESS,
    page_jobs.MAIL_NUMBER,
    page_jobs.TELL_OLD_ADDRESS,
    page_jobs.PRUNE,
    message_jobs.PRUNE,
    receipt_jobs.PRUNE,
    feedback_jobs.ASK,
    feedback_jobs.WRITE,
    feedback_jobs.PRUNE,
)
PERSONAL_DATA: Final[tuple[PersonalData, ...]] = (
    analytics_data,
    distribution_data,
    page_data,
    feedback_data,
    offline_data,
    coupon_data,
    reward_data,
    gift_card_data,
    ticket_data,
    check_in_data,
    pass_data,
    program_data,
    receipt_data,
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
    for moved in term_events.MOVED:
        subscribe(moved, pass_jobs.on_term_moved)
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
    subscribe(purchase_events.PurchaseVoided, coupon_jobs.on_purchase_taken_back)
    subscribe(purchase_events.PurchaseRefunded, coupon_jobs.on_purchase_taken_back)
    subscribe(refund_events.SpendingReturned, reward_jobs.mark_returned)
    subscribe(refund_events.UnitsMissed, reward_jobs.surrender_automatic)
    _subscribe_households()
    subscribe(program_events.MemberChanged, pass_jobs.on_member_changed)
    _subscribe_cards_beside_loyalty()
    subscribe(program_events.ProgramChanged, pass_jobs.on_program_changed)
    subscribe(customer_events.CustomerChanged, pass_jobs.on_customer_changed)
    subscribe(template_events.TemplatePublished, pass_jobs.on_template_published)
    subscribe(pass_events.CodeRuleChanged, pass_jobs.on_code_rule_changed)
    subscribe(purchase_events.PurchaseRecorded, analytics_jobs.on_customer_came)
    subscribe(purchase_events.PurchaseVoided, analytics_jobs.on_customer_came)
    subscribe(purchase_events.PurchaseRefunded, analytics_jobs.on_customer_came)
    subscribe(program_events.MemberEnrolled, analytics_jobs.on_customer_came)
    subscribe(program_events.VisitRecorded, analytics_jobs.on_visit_recorded)
    subscribe(program_events.VisitUndone, analytics_jobs.on_visit_undone)
    subscribe(check_in_events.CheckInOpened, analytics_jobs.on_check_in_opened)
    subscribe(check_in_events.CheckInUndone, analytics_jobs.on_check_in_undone)
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
