"""The list of every route, in the order in which they are tried, and of those that are open to everybody."""

from typing import Final

from fastapi import APIRouter
from starlette.routing import BaseRoute

from passerelle.analytics.routes import router as analytics
from passerelle.checkins.routes import router as checkins
from passerelle.clientele.directory.routes import router as directory
from passerelle.clientele.imports.routes import router as imports
from passerelle.clientele.merging.routes import router as merging
from passerelle.clientele.timeline.routes import router as timeline
from passerelle.customers.notes.routes import router as notes
from passerelle.customers.routes import router as customers
from passerelle.distribution import card_pages, join_pages
from passerelle.distribution.card_routes import router as cards
from passerelle.distribution.checkins import pages as check_in_pages
from passerelle.distribution.checkins.routes import router as check_in_codes
from passerelle.distribution.handouts import pages as handout_pages
from passerelle.distribution.handouts.routes import router as handouts
from passerelle.distribution.handouts.ticket_routes import router as ticket_links
from passerelle.distribution.kiosks import pages as kiosk_pages
from passerelle.distribution.kiosks.routes import router as kiosks
from passerelle.distribution.mypage import afterwards
from passerelle.distribution.mypage import pages as own_pages
from passerelle.distribution.mypage.routes import router as page_links
from passerelle.distribution.posters.routes import router as posters
from passerelle.distribution.routes import router as distribution
from passerelle.feedback.routes import router as feedback
from passerelle.giftcards.routes import router as giftcards
from passerelle.messaging.routes import router as messages
from passerelle.organizations.invitations.routes import router as invitations
from passerelle.organizations.passkeys.routes import router as passkeys
from passerelle.organizations.recovery.routes import router as recovery
from passerelle.organizations.routes import router as organizations
from passerelle.organizations.second_factors.routes import router as second_factors
from passerelle.organizations.sessions.routes import router as sessions
from passerelle.passes import apple_routes, google_routes
from passerelle.passes.own.routes import router as own_identities
from passerelle.passes.routes import ROUTES as TRIAL_CARD_ROUTES
from passerelle.passes.routes import router as passes
from passerelle.privacy.routes import router as privacy
from passerelle.programs.achievements.routes import router as achievements
from passerelle.programs.households.routes import router as households
from passerelle.programs.liability.routes import router as liability
from passerelle.programs.promotions.routes import router as promotions
from passerelle.programs.referral.routes import router as referral
from passerelle.programs.refund_routes import router as refunds
from passerelle.programs.routes import router as programs
from passerelle.programs.terms.routes import router as terms
from passerelle.programs.tiers.routes import router as tiers
from passerelle.programs.time_routes import router as times_of_units
from passerelle.programs.transfers.routes import router as transfers
from passerelle.purchases.routes import router as purchases
from passerelle.rewards.coupons.routes import router as coupons
from passerelle.rewards.dry_runs.routes import router as dry_runs
from passerelle.rewards.payments.routes import router as payments
from passerelle.rewards.routes import router as rewards
from passerelle.scanning.checkins.routes import router as scanning_checkins
from passerelle.scanning.coupons.routes import router as scanning_coupons
from passerelle.scanning.gift_cards.routes import router as scanning_gift_cards
from passerelle.scanning.offline.routes import router as offline
from passerelle.scanning.receipts.routes import router as receipts
from passerelle.scanning.routes import router as scanning
from passerelle.scanning.tickets.routes import router as scanning_tickets
from passerelle.templates.routes import public_router as images
from passerelle.templates.routes import router as templates
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
    *check_in_pages.ROUTES,
    *afterwards.ROUTES,
    *TRIAL_CARD_ROUTES,
    scanning_coupons,
    scanning_gift_cards,
    scanning_tickets,
    scanning_checkins,
    images,
    organizations,
    sessions,
    second_factors,
    passkeys,
    invitations,
    recovery,
    customers,
    notes,
    feedback,
    messages,
    directory,
    timeline,
    merging,
    imports,
    privacy,
    page_links,
    receipts,
    purchases,
    refunds,
    programs,
    times_of_units,
    promotions,
    terms,
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
    checkins,
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
    check_in_codes,
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
