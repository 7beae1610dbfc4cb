"""What the card of a coupon shows: the offer of its campaign, and what is left of this code."""

from collections.abc import Mapping, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from passerelle.kit.db import Row, Tx
from passerelle.kit.money import Money
from passerelle.passes.face import Blank, Face, blanks_of, card_of, condition_of, last_day
from passerelle.passes.schemas import Condition, SubjectCard
from passerelle.rewards.coupons import service as coupons
from passerelle.rewards.coupons.schemas import Campaign, Coupon, CouponState
from passerelle.templates.service import CompiledTemplate

_CONDITIONS: Final[Mapping[CouponState, Condition]] = {
    "active": "valid",
    "used": "used",
    "voided": "blocked",
    "expired": "expired",
}


async def read_faces(tx: Tx, cards: Sequence[tuple[Row, CompiledTemplate]]) -> list[Face]:
    """The faces of coupons' cards, in their order."""
    found = await coupons.coupons_among(tx, [row["subject_id"] for row, _ in cards])
    return [await _face(tx, blank, *found[blank.row["subject_id"]]) for blank in await blanks_of(tx, cards)]


async def read_card(tx: Tx, row: Row) -> SubjectCard:
    """A coupon's card as it is now."""
    campaign, coupon = await coupons.get_coupon(tx, row["subject_id"])
    condition = _CONDITIONS[coupons.coupon_state(campaign, coupon)]
    return card_of(row, coupon.code, condition, coupons.window_of(campaign, coupon)[1])


async def _face(tx: Tx, blank: Blank, campaign: Campaign, coupon: Coupon) -> Face:
    state = coupons.coupon_state(campaign, coupon)
    starts_at, ends_at = coupons.window_of(campaign, coupon)
    language, limit = blank.compiled.content.language, campaign.terms.uses_per_code
    title = campaign.name_in(language)
    until = last_day(ends_at, campaign.time_zone)
    minimum = campaign.terms.conditions.minimum_basket_minor
    facts = {
        **await blank.facts(tx, coupon.code, until),
        "program.name": title,
        "reward.name": title,
        "coupon.title": title,
        "coupon.value": await coupons.benefit_of(tx, campaign, language),
        "coupon.code": coupon.code,
        "coupon.valid_from": starts_at.astimezone(ZoneInfo(campaign.time_zone)).date() if starts_at else None,
        "coupon.valid_until": until,
        "coupon.uses_left": None if limit is None else max(0, limit - coupon.uses),
        "coupon.minimum": Money(minimum, campaign.currency) if minimum else None,
        "coupon.state": state,
    }
    return Face(facts, condition_of(blank.row, _CONDITIONS[state]), ends_at)
