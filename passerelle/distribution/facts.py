"""Link facts: what was seen, asked for, added and removed, and the adoption funnel made of them.

Bots are never recorded: those who call ``record`` have asked ``rules.opener_of`` before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from passerelle.distribution import queries
from passerelle.distribution.errors import PeriodTooLong
from passerelle.distribution.rules import Platform
from passerelle.distribution.schemas import (
    FunnelBy,
    FunnelOut,
    FunnelRow,
    FunnelSteps,
    LinkFigures,
    LinkTotals,
    Trail,
)
from passerelle.giftcards import service as giftcards
from passerelle.kit import clock
from passerelle.kit.db import Row, Tx
from passerelle.kit.i18n import Language
from passerelle.kit.ids import encode, new_id
from passerelle.organizations import service as organizations
from passerelle.organizations.errors import LocationNotFound
from passerelle.passes import service as passes
from passerelle.passes.events import PassInstalled, PassRemoved
from passerelle.programs import service as programs
from passerelle.rewards.coupons import service as coupons

FactKind = Literal["viewed", "platform_detected", "joined", "tapped"]
Via = Literal["join_page", "handout_page", "form_link", "staff_link"]
MAX_PERIOD_DAYS: Final = 800
_PLATFORM_OF_WALLET: Final[dict[str, Platform]] = {"apple": "iphone", "google": "android"}


@dataclass(frozen=True, slots=True)
class Scene:
    """Where something happened: on which page, of which program or offering, on what kind of device."""

    via: Via
    program_id: UUID | None
    platform: Platform
    language: Language | None
    trail: Trail
    pass_id: UUID | None = None
    smart_link_id: UUID | None = None
    offering_id: UUID | None = None


async def record(tx: Tx, scene: Scene, *kinds: FactKind) -> None:
    """Append facts, in one statement."""
    trail = scene.trail
    await tx.execute(
        queries.INSERT_FACTS,
        tx.organization_id,
        [new_id() for _ in kinds],
        list(kinds),
        *(scene.via, clock.now(), scene.program_id, scene.offering_id, scene.platform, scene.language),
        *(scene.pass_id, scene.smart_link_id, trail.join_link_id, trail.handout_link_id, trail.location_id),
        *(trail.utm_source, trail.utm_medium, trail.utm_campaign),
    )


def views(platform: Platform) -> tuple[FactKind, ...]:
    """What opening a page tells: that it was seen, and whether on a device that a wallet knows."""
    return ("viewed",) if platform == "other" else ("viewed", "platform_detected")


async def note_wallet(tx: Tx, told: PassInstalled | PassRemoved) -> None:
    """Record that a wallet added or gave up a card, as a consequence of the link that issued it."""
    card = await passes.get_card(tx, told.pass_id)
    await tx.execute(
        queries.INSERT_WALLET_FACT,
        *(tx.organization_id, new_id(), "added" if isinstance(told, PassInstalled) else "removed", clock.now()),
        *(card.program_id, told.pass_id, _PLATFORM_OF_WALLET.get(told.wallet, "other"), told.wallet),
        card.offering_id,
    )


async def funnel(tx: Tx, program_id: UUID, start: datetime, end: datetime, by: FunnelBy = "platform") -> FunnelOut:
    """The adoption funnel of ``[start, end)``; raises ProgramNotFound, PeriodTooLong.

    Every step counts what happened in the period, so a card that was added today from yesterday's link is in
    today's ``added`` alone.
    """
    await programs.get_program(tx, program_id)
    return await _funnel(tx, "program_id", program_id, start, end, by=by, program_id=program_id)


async def campaign_funnel(
    tx: Tx, campaign_id: UUID, start: datetime, end: datetime, by: FunnelBy = "platform"
) -> FunnelOut:
    """The same of the cards of a coupon campaign; raises CampaignNotFound, PeriodTooLong."""
    await coupons.get_campaign(tx, campaign_id)
    return await _funnel(tx, "offering_id", campaign_id, start, end, by=by, campaign_id=campaign_id)


async def product_funnel(
    tx: Tx, product_id: UUID, start: datetime, end: datetime, by: FunnelBy = "platform"
) -> FunnelOut:
    """The same of the cards of a gift card product; raises GiftCardProductNotFound, PeriodTooLong."""
    await giftcards.get_product(tx, product_id)
    return await _funnel(tx, "offering_id", product_id, start, end, by=by, gift_card_product_id=product_id)


async def _funnel(
    tx: Tx,
    subject: queries.FunnelSubject,
    subject_id: UUID,
    start: datetime,
    end: datetime,
    *,
    by: FunnelBy,
    **named: UUID,
) -> FunnelOut:
    _require_countable(start, end)
    total, *rows = await queries.funnel_rows(tx, subject, subject_id, start, end, by=by)
    return FunnelOut(
        start=start,
        end=end,
        by=by,
        total=FunnelSteps(**{name: total[name] for name in FunnelSteps.model_fields}),
        rows=[
            FunnelRow(
                **{name: row[name] for name in FunnelSteps.model_fields},
                key=encode("loc", UUID(row["key"])) if by == "location" and row["key"] else row["key"],
                name=await _location_name(tx, row["key"]) if by == "location" and row["key"] else row["key"],
            )
            for row in rows
        ],
        **named,
    )


async def link_figures(tx: Tx, link_ids: Sequence[UUID], start: datetime, end: datetime) -> list[LinkFigures]:
    """How each of these links did in ``[start, end)``; unknown ones are left out. Raises PeriodTooLong."""
    _require_countable(start, end)
    found = {row["link_id"]: LinkFigures(**row) for row in await queries.link_figures(tx, link_ids, start, end)}
    return [found[link_id] for link_id in link_ids if link_id in found]


async def handout_figures(tx: Tx, link_ids: Sequence[UUID], start: datetime, end: datetime) -> Sequence[Row]:
    """The same of handout links, as rows of ``LinkCounts``. Raises PeriodTooLong."""
    _require_countable(start, end)
    return await queries.handout_figures(tx, link_ids, start, end)


async def totals(
    tx: Tx, program_ids: Sequence[UUID], start: datetime, end: datetime, location_id: UUID | None = None
) -> LinkTotals:
    """How often pages of these programs were seen in ``[start, end)``, and for how many cards a wallet was asked."""
    return LinkTotals(**await queries.totals(tx, program_ids, start, end, location_id))


def _require_countable(start: datetime, end: datetime) -> None:
    if not timedelta(0) < end - start <= timedelta(days=MAX_PERIOD_DAYS):
        raise PeriodTooLong(limit_days=MAX_PERIOD_DAYS)


async def _location_name(tx: Tx, location_id: str) -> str | None:
    """Read one by one: the session remembers, and a program has few locations."""
    try:
        return (await organizations.get_location(tx, UUID(location_id))).name
    except LocationNotFound:
        return None
