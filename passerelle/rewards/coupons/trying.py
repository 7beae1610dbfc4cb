"""Trying what coupons would do: their terms on a purchase that was made, and one that has not been made.

By the rules that judge codes at the till, and that give them after a purchase.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.programs.schemas import Accrued
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase, Purchase
from passerelle.rewards.coupons import rules
from passerelle.rewards.coupons.codes import CodePattern
from passerelle.rewards.coupons.errors import JUDGED
from passerelle.rewards.coupons.giving import promise_after_purchase
from passerelle.rewards.coupons.schemas import TermsTrialIn, TermsTrialOut, basket_of
from passerelle.rewards.coupons.terms import Terms
from passerelle.rewards.coupons.values import Campaign, Coupon, Promised, Situation

_NOBODYS: Final = UUID(int=0)


async def try_terms(tx: Tx, trial: TermsTrialIn, language: Language) -> TermsTrialOut:
    """What a new code of its buyer would have given for a purchase, or why not; books nothing.

    Raises PurchaseNotFound, ProgramNotFound. Dates of a campaign and uses so far are left out: terms are tried.
    """
    purchase = await purchases.get_purchase(tx, trial.purchase_id)
    program = await programs.get_program(tx, trial.program_id) if trial.program_id is not None else None
    home: Any = program or await organizations.get_organization(tx)
    campaign = _campaign(trial.terms, purchase, home.time_zone, trial.program_id)
    situation = Situation(purchase.occurred_at, purchase.customer_id, purchase.location_id, purchase.channel)
    basket = basket_of(purchase.amount_minor, purchase.lines)
    told = TermsTrialOut(currency=purchase.currency, discount_minor=0, units=0, why_not=None)
    try:
        gain = rules.judge(campaign, _coupon(purchase), situation, basket=basket, counts={})
    except JUDGED as refusal:
        return told.model_copy(update={"why_not": refusal.sentence(language)})
    return told.model_copy(update={"discount_minor": gain.discount_minor, "units": gain.units})


async def try_purchase(tx: Tx, new: NewPurchase) -> tuple[Sequence[Accrued], Sequence[Promised]]:
    """What a purchase would earn, and the codes it would give; raises what recording it would."""
    accrued = await programs.preview_purchase(tx, new)
    purchase = await purchases.checked_purchase(tx, new)
    return accrued, await promise_after_purchase(tx, purchase, accrued)


def _campaign(terms: Terms, purchase: Purchase, time_zone: str, program_id: UUID | None) -> Campaign:
    return Campaign(
        id=_NOBODYS,
        name="",
        names={},
        state="active",
        program_id=program_id,
        currency=purchase.currency,
        time_zone=time_zone,
        starts_at=None,
        ends_at=None,
        ended_at=None,
        pattern=CodePattern(),
        terms=terms,
        created_at=purchase.occurred_at,
    )


def _coupon(purchase: Purchase) -> Coupon:
    return Coupon(
        id=_NOBODYS,
        campaign_id=_NOBODYS,
        code="",
        customer_id=purchase.customer_id,
        state="active",
        uses=0,
        starts_at=None,
        expires_at=None,
        issued_at=purchase.occurred_at,
    )
