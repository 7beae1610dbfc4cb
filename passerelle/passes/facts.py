"""What the placeholders of a member's card say: gathered from customers, programs and rewards for one moment.

Names of facts are those of ``templates/facts.py``.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from passerelle.customers import service as customers
from passerelle.customers.schemas import CardFacts
from passerelle.kit import clock
from passerelle.kit.db import Row, Tx
from passerelle.kit.money import Money
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.programs.schemas import NextExpiry, Program, Standing
from passerelle.programs.terms.schemas import MemberTermOut
from passerelle.programs.tiers import service as tiers
from passerelle.programs.tiers.schemas import TierFacts
from passerelle.rewards import service as rewards
from passerelle.rewards.schemas import ReadyReward
from passerelle.templates.service import CompiledTemplate, Facts

# The address of the customer's own page is known without asking.
_ORGANIZATION: Final = frozenset({"organization.name", "organization.website"})


async def read_facts(
    tx: Tx, cards: Sequence[tuple[Row, CompiledTemplate]]
) -> list[tuple[Facts, MemberTermOut | None]]:
    """The facts of members' cards now, in their order, with until when they are good where that ends.

    The statements are as many for one as for all of them.

    What a template does not mention and would cost a statement of its own is left out.
    """
    rows = [row for row, _ in cards]
    standings = await programs.standings_of(tx, [row["subject_id"] for row in rows])
    by_membership = {each.membership.id: each for each in standings}
    people = await customers.card_facts_of(tx, [row["customer_id"] for row in rows])
    tiered, lapsing = _about("tier.", cards), _about("expiry.", cards)
    held = await tiers.tier_facts(tx, tiered) if tiered else {}
    expiries = await programs.next_expiries_of(tx, [by_membership[each] for each in lapsing]) if lapsing else {}
    gathered: list[tuple[Facts, MemberTermOut | None]] = []
    now = clock.now()
    for row, compiled in cards:
        membership_id: UUID = row["subject_id"]
        facts = await _facts_of(tx, row, compiled, by_membership[membership_id], people[row["customer_id"]])
        program = by_membership[membership_id].program
        facts |= _tier(held.get(membership_id, []), program, compiled.content.language)
        term = MemberTermOut.of(by_membership[membership_id].membership, program, now)
        facts |= _expiry(expiries.get(membership_id, []), program) | _term(term, program, now)
        gathered.append((facts, term))
    return gathered


def _about(prefix: str, cards: Sequence[tuple[Row, CompiledTemplate]]) -> list[UUID]:
    """The memberships whose template mentions a placeholder of this kind."""
    return [
        row["subject_id"] for row, compiled in cards if any(name.startswith(prefix) for name in compiled.placeholders)
    ]


async def _facts_of(
    tx: Tx, row: Row, compiled: CompiledTemplate, standing: Standing, person: CardFacts
) -> dict[str, Any]:
    language = compiled.content.language
    facts: dict[str, Any] = {
        **name_facts(person),
        **_balances(standing, language),
        **_reward(await rewards.ready_rewards(tx, standing), standing.program, language),
        "pass.code": row["code"],
        "pass.serial": row["serial_number"],
        "pass.expires": row["expires_at"],
        "language": language,
    }
    facts |= await organization_facts(tx, compiled)
    if standing.membership.location_id is not None and "location.name" in compiled.placeholders:
        facts["location.name"] = (await organizations.get_location(tx, standing.membership.location_id)).name
    return facts


async def organization_facts(tx: Tx, compiled: CompiledTemplate) -> dict[str, Any]:
    """Who issues the card, for designs that mention it."""
    if not _ORGANIZATION & compiled.placeholders:
        return {}
    organization = await organizations.get_organization(tx)
    return {"organization.name": organization.name, "organization.website": organization.brand.website}


def shown_stamps(balance: int, goal: int) -> int:
    """How many stamps the card shows: a full card stays full until the next stamp begins a new one."""
    return (balance - 1) % goal + 1 if balance > 0 else 0


def name_facts(person: CardFacts) -> dict[str, Any]:
    """The holder's name."""
    return {
        "customer.first_name": person.first_name,
        "customer.last_name": person.full_name.removeprefix(person.first_name).strip(),
        "customer.full_name": person.full_name,
    }


def _balances(standing: Standing, language: str) -> dict[str, Any]:
    program = standing.program
    facts: dict[str, Any] = {
        "program.name": program.name_in(language),
        "member.since": standing.membership.joined_at.astimezone(ZoneInfo(program.time_zone)).date(),
    }
    for unit in program.units:
        facts[f"balance.{unit.code}"] = _written(standing.balances[unit.id].active, unit.id, program)
    if program.kind == "stamps" and program.goal:
        count = shown_stamps(standing.balance("stamps").active, program.goal)
        facts |= {"stamps.count": count, "stamps.goal": program.goal, "stamps.left": program.goal - count}
    return facts


def _written(amount: int, unit_id: UUID | None, program: Program) -> Money | Decimal | int:
    """So many of a unit, as the card shows them; a gift's price is of no unit."""
    unit = next((unit for unit in program.units if unit.id == unit_id), None)
    if unit is not None and unit.kind == "money":
        return Money(amount, program.currency)
    return Decimal(amount).scaleb(-unit.decimals) if unit is not None and unit.decimals else amount


def _tier(held: list[TierFacts], program: Program, language: str) -> dict[str, Any]:
    """The tier of the program's first set in which one is held."""
    if not held:
        return {}
    first = held[0]
    return {
        "tier.name": first.name_in(language),
        "tier.next": first.next_name_in(language),
        "tier.missing": Money(first.missing, program.currency)
        if first.basis == "spend"
        else _written(first.missing, first.unit_id, program),
        "tier.ends": first.ends_on,
    }


def _expiry(lapsing: Sequence[NextExpiry], program: Program) -> dict[str, Any]:
    """What lapses first, in whichever unit."""
    if not lapsing:
        return {}
    first = lapsing[0]
    return {"expiry.amount": _written(first.amount, first.unit_id, program), "expiry.last_day": first.last_day}


def _term(term: MemberTermOut | None, program: Program, now: datetime) -> dict[str, Any]:
    """Until when the membership is good; ``ending`` from the day of the reminder on."""
    if term is None:
        return {}
    settings, zone = program.settings.term, ZoneInfo(program.time_zone)
    assert settings is not None
    ending = term.last_day is not None and now.astimezone(zone).date() >= term.last_day - timedelta(
        days=settings.remind_days
    )
    return {
        "membership.status": "ending" if term.status == "active" and ending and settings.remind_days else term.status,
        "membership.valid_from": term.valid_from.astimezone(zone).date() if term.valid_from else None,
        "membership.valid_until": term.last_day,
    }


def _reward(ready: list[ReadyReward], program: Program, language: str) -> dict[str, Any]:
    """The dearest reward that is ready or waits to be redeemed, or else the cheapest that may become so."""
    if not ready:
        return {"reward.ready": False, "reward.ready_count": 0}
    waiting = [each for each in ready if each.ready_count + each.issued_count > 0]
    coming = [each for each in ready if each.held_back is None]
    chosen = waiting[-1] if waiting else (coming or ready)[0]
    return {
        "reward.name": chosen.reward.name_in(language),
        "reward.ready": bool(waiting),
        "reward.ready_count": chosen.ready_count + chosen.issued_count,
        "reward.price": _written(chosen.price or 0, chosen.reward.unit_id, program),
        "reward.missing": _written(chosen.missing, chosen.reward.unit_id, program),
    }
