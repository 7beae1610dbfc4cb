"""A hostile accountant: random histories by the API alone, judged by sums of their own and never by the code."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from passerelle.kit.clock import frozen
from passerelle.kit.db import Database
from tests.conftest import open_shop
from tests.journeys.shop_floor import ShopFloor
from tests.journeys.shopkeeper import Json, Member, Shopkeeper

START = datetime(2026, 2, 1, 9, tzinfo=UTC)
UNITS = [
    {"code": "points", "timing": {"pending": {"type": "for", "days": 3}}, "shortfall": "owe"},
    {"code": "stars", "kind": "points", "timing": {"expiry": {"type": "after", "days": 30}}, "shortfall": "owe"},
    {"code": "cash", "kind": "money", "shortfall": "owe", "cost_micros": 1_000_000},
]
RULES = [
    {"type": "per_amount", "unit": "points", "amount_minor_per_step": 100, "units_per_step": 3, "cap_per_day": 500},
    {"type": "per_item", "unit": "stars", "skus": ["coffee"], "units_per_item": 2},
    {"type": "per_percent", "unit": "cash", "basis_points": 700, "rounding": "half_even"},
    {"type": "per_visit", "unit": "stars", "units": 1, "once_per_day": True},
]


async def _figures(floor: ShopFloor, member: Member) -> dict[str, Json]:
    standing = await floor.done(f"/members/{member.membership_id}", method="GET")
    figures = {one["unit"]: one for one in standing["balances"]}
    for one in figures.values():
        gone = one["held"] + one["spent"] + one["expired"] + one["reversed"]
        assert one["earned"] + one["adjusted"] == one["active"] + one["pending"] + gone, one
    return figures


async def _require_the_report_to_agree(floor: ShopFloor, program: Json, members: list[Member]) -> None:
    """What the liability report calls outstanding is what members have, and not what they owe."""
    report = await floor.done(f"/reports/liability?program_id={program['id']}", method="GET")
    reported: dict[tuple[str, str], int] = defaultdict(int)
    for row in report["rows"]:
        for figure in ("active", "pending"):
            reported[row["unit"], figure] += row[figure]
        assert row["outstanding"] == row["active"] + row["pending"]
    held: dict[tuple[str, str], int] = defaultdict(int)
    for member in members:
        for unit, one in (await _figures(floor, member)).items():
            held[unit, "active"] += max(0, one["active"]) + one["held"]
            held[unit, "pending"] += one["pending"]
    assert {key: amount for key, amount in held.items() if amount} == {
        key: amount for key, amount in reported.items() if amount
    }
    assert sum(row["liability_minor"] for row in report["rows"]) == sum(report["totals_minor"].values())


def _basket(random: Random) -> Json:
    coffees, cakes = random.randint(0, 4), random.randint(0, 3)
    lines: list[Json] = []
    if coffees:
        lines.append({"name": "Coffee", "sku": "coffee", "quantity": coffees, "unit_amount_minor": 333})
    if cakes:
        lines.append({"name": "Cake", "sku": "cake", "quantity": cakes, "unit_amount_minor": 457})
    if not lines:
        return {"amount_minor": random.randint(1, 30_000)}
    return {"amount_minor": coffees * 333 + cakes * 457, "lines": lines}


def _earned(told: Json) -> list[tuple[Any, ...]]:
    return sorted(
        (str(each["rule_id"]), str(each["promotion_id"]), each["unit"], each["amount"], str(each["reasons"]))
        for one in (told["earned"] if "earned" in told else told["items"])
        for each in one["accruals"]
        if each["amount"]
    )


@pytest.mark.parametrize("seed", range(3))
async def test_every_preview_says_what_is_booked(floor: ShopFloor, seed: int) -> None:
    random = Random(seed)  # noqa: S311  a history, no secret
    with frozen(START):
        program = await floor.program(units=UNITS, rules=RULES)
        promotion = {"program_id": program["id"], "unit": "points", "name": "Double", "budget_units": 300}
        double = {"effect": {"type": "multiplier", "percent": 233}, "state": "active"}
        await floor.done("/promotions", promotion | double)
        member = await floor.keeper.join(program)
    for step in range(15):
        with frozen(START + timedelta(hours=random.randint(1, 9) + 9 * step)):
            basket = _basket(random)
            preview = await floor.done("/preview", {"customer_id": member.customer_id} | basket)
            booked = await floor.bought(member, **basket)
            assert _earned(preview) == _earned(booked)


@pytest.mark.parametrize("seed", [0, 1, 10, 15])
async def test_books_and_report_agree_after_any_history(floor: ShopFloor, seed: int) -> None:
    random = Random(seed)  # noqa: S311  a history, no secret
    at = START
    with frozen(at):
        program = await floor.program(units=UNITS, rules=RULES)
        members = [await floor.keeper.join(program) for _ in range(2)]
    purchases: list[Json] = []
    for _ in range(30):
        at += timedelta(hours=random.choice((1, 5, 30, 200)))
        with frozen(at):
            member = random.choice(members)
            match random.choice(("buy", "buy", "buy", "slice", "slice", "void", "spend", "adjust")):
                case "buy":
                    purchases.append((await floor.bought(member, **_basket(random)))["purchase"])
                case "slice" if purchases:
                    await _slice(floor, random, purchases)
                case "void" if purchases:
                    purchase = purchases.pop(random.randrange(len(purchases)))
                    await floor.done(f"/purchases/{purchase['id']}/void", {})
                case "spend":
                    await _take(floor, member, random)
                case "adjust":
                    wanted = {"amount": random.randint(1, 50), "reason": "audit", "unit": "stars"}
                    await floor.done(f"/members/{member.membership_id}/adjustments", wanted)
            for each in members:
                await _figures(floor, each)
            await _require_the_report_to_agree(floor, program, members)
    with frozen(at + timedelta(days=1)):
        for purchase in purchases:
            await floor.done(f"/purchases/{purchase['id']}/void", {})
        await floor.has(members[0])
        await _require_the_report_to_agree(floor, program, members)
    with frozen(at + timedelta(days=400)):
        for one in [await _figures(floor, each) for each in members]:
            assert one["stars"]["active"] <= 0, "all that had a time is over"
            assert one["points"]["pending"] == 0


async def _slice(floor: ShopFloor, random: Random, purchases: list[Json]) -> None:
    place = random.randrange(len(purchases))
    left = purchases[place]["amount_minor"] - purchases[place]["refunded_minor"]
    part = random.choice((left, random.randint(1, left)))
    outcome = await floor.done(f"/purchases/{purchases[place]['id']}/refunds", {"amount_minor": part})
    assert outcome["purchase"]["refunded_minor"] == purchases[place]["refunded_minor"] + part
    for units in outcome["units"]:
        assert units["due"] >= units["taken"] + units["missing"]
    purchases[place] = outcome["purchase"]
    if part == left:
        purchases.pop(place)


async def _take(floor: ShopFloor, member: Member, random: Random) -> None:
    figures = await _figures(floor, member)
    unit = random.choice([code for code, one in figures.items() if one["active"] > 0] or [""])
    if unit:
        amount = random.randint(1, figures[unit]["active"])
        body = {"amount": -amount, "reason": "audit", "unit": unit}
        await floor.done(f"/members/{member.membership_id}/adjustments", body)


@pytest.mark.parametrize("slices", [[1, 998, 1], [333, 333, 334], [999, 1], [500, 250, 125, 125]])
async def test_slices_leave_no_trace(floor: ShopFloor, slices: list[int]) -> None:
    with frozen(START):
        program = await floor.program(units=UNITS, rules=RULES)
        member = await floor.keeper.join(program)
        line = {"name": "Coffee", "sku": "coffee", "quantity": 3, "unit_amount_minor": 333}
        tip = {"name": "Tip", "quantity": 1, "unit_amount_minor": 1}
        bought = await floor.bought(member, 1000, lines=[line, tip])
        for part in slices:
            await floor.done(f"/purchases/{bought['purchase']['id']}/refunds", {"amount_minor": part})
        for one in (await _figures(floor, member)).values():
            assert (one["active"], one["pending"]) == (0, 0)
            assert one["earned"] == one["reversed"]


@dataclass
class _Till:
    """Two gift cards, and what they must hold by sums on paper."""

    floor: ShopFloor
    random: Random
    at: datetime
    balance: dict[str, int]
    blocked: set[str] = field(default_factory=set)
    spent: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    held: dict[str, list[tuple[datetime, int]]] = field(default_factory=lambda: defaultdict(list))

    async def act(self, card: str, kind: str, *, allowed: bool, **fields: Any) -> Json | None:
        """What happens if and only if it is allowed."""
        answer = await self.floor.keeper.post(f"/api/v1/gift-cards/{card}/activities", {"type": kind} | fields)
        assert answer.is_success == allowed, f"{kind} {fields} {answer.status_code} {answer.text}"
        assert answer.status_code < 500
        return dict(answer.json()) if allowed else None

    def free(self, card: str) -> int:
        """What can be spent."""
        self.held[card] = [(until, amount) for until, amount in self.held[card] if until > self.at]
        return self.balance[card] - sum(amount for _, amount in self.held[card])

    async def load(self, card: str, amount: int) -> None:
        if await self.act(card, "LOAD", allowed=card not in self.blocked, amount_minor=amount):
            self.balance[card] += amount

    async def redeem(self, card: str, amount: int) -> None:
        allowed = card not in self.blocked and amount <= self.free(card)
        done = await self.act(card, "REDEEM", allowed=allowed, amount_minor=amount)
        if done is not None:
            self.balance[card] -= amount
            self.spent[card][done["id"]] = amount

    async def refund(self, card: str, _: int) -> None:
        for redemption, left in list(self.spent[card].items())[:1]:
            back = self.random.randint(1, left + 1)
            allowed = card not in self.blocked and back <= left
            named = {"amount_minor": back, "redemption_id": redemption}
            if await self.act(card, "REFUND", allowed=allowed, **named):
                self.balance[card] += back
                self.spent[card][redemption] -= back

    async def block(self, card: str, _: int) -> None:
        if await self.act(card, "BLOCK", allowed=card not in self.blocked, reason="audit"):
            self.blocked.add(card)

    async def unblock(self, card: str, _: int) -> None:
        if await self.act(card, "UNBLOCK", allowed=card in self.blocked, reason="audit"):
            self.blocked.remove(card)

    async def hold(self, card: str, amount: int) -> None:
        wanted = {"amount_minor": amount, "seconds": 1800}
        allowed = card not in self.blocked and amount <= self.free(card)
        answer = await self.floor.keeper.post(f"/api/v1/gift-cards/{card}/holds", wanted)
        assert answer.is_success == allowed, answer.text
        if allowed:
            self.held[card].append((self.at + timedelta(minutes=30), amount))

    async def transfer(self, card: str, _: int) -> None:
        [other] = self.balance.keys() - {card}
        allowed = other not in self.blocked and self.free(card) == self.balance[card]
        if await self.act(card, "TRANSFER_BALANCE_TO", allowed=allowed, gift_card_id=other):
            self.balance = {other: sum(self.balance.values()), card: 0}

    async def require_agreement(self) -> None:
        """Each card shows its sum, and the report all of them."""
        for card, balance in self.balance.items():
            shown = await self.floor.done(f"/gift-cards/{card}", method="GET")
            assert (shown["balance_minor"], shown["available_minor"]) == (balance, self.free(card))
        assert _owed(await self.floor.done("/reports/gift-card-liability", method="GET")) == sum(
            self.balance.values()
        )


@pytest.mark.parametrize("seed", range(4))
async def test_gift_cards_add_up_to_what_is_owed(floor: ShopFloor, seed: int) -> None:
    random = Random(seed)  # noqa: S311  a history, no secret
    amounts = {"minimum_minor": 1, "maximum_minor": 50_000}
    with frozen(START):
        product = await floor.done("/gift-card-products", {"name": "Card", "amounts": amounts})
        sold = [{"product_id": product["id"], "amount_minor": start} for start in (5_000, 1_000)]
        balance = {(await floor.done("/gift-cards", one))["id"]: one["amount_minor"] for one in sold}
    till = _Till(floor, random, START, balance)
    verbs = [till.load, till.redeem, till.redeem, till.refund, till.block, till.unblock, till.hold, till.transfer]
    for _ in range(40):
        till.at += timedelta(minutes=random.choice((1, 10, 90)))
        with frozen(till.at):
            await random.choice(verbs)(random.choice(sorted(till.balance)), random.randint(1, 1_500))
            await till.require_agreement()


def _owed(report: Json) -> int:
    assert sum(row["liability_minor"] for row in report["rows"]) == sum(report["totals_minor"].values())
    return sum(row["liability_minor"] for row in report["rows"])


# The clocks of Morocco go back an hour for Ramadan (15 February 2026) and forth again after it (22 March 2026).
@pytest.mark.parametrize(
    ("zone", "around"),
    [
        ("Africa/Casablanca", date(2026, 2, 15)),
        ("Africa/Casablanca", date(2026, 3, 22)),
        ("Europe/Paris", date(2026, 3, 29)),
        ("Europe/Paris", date(2026, 10, 25)),
    ],
)
async def test_days_and_streaks_over_a_change_of_the_clock(
    database: Database, counter: httpx.ASGITransport, zone: str, around: date
) -> None:
    """A visit at the first and one at the last minute of each local day: so many days, and no day twice."""
    shop, local = await open_shop(database, time_zone=zone), ZoneInfo(zone)
    client = httpx.AsyncClient(transport=counter, base_url="http://testserver", headers=shop.headers)
    floor = ShopFloor(Shopkeeper(client), database, shop)
    days = [around + timedelta(days=number) for number in range(-2, 3)]

    def at(day: date, hour: int, minute: int) -> datetime:
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=local).astimezone(UTC)

    with frozen(at(days[0], 0, 0) - timedelta(hours=5)):
        daily = [{"type": "per_visit", "units": 1, "once_per_day": True}]
        program = await floor.program(rules=daily)
        streak = {"type": "streak", "unit": "day", "length": 5}
        place = f"/programs/{program['id']}/achievements"
        await floor.done(place, {"name": "Five", "definition": streak, "prize": {"amount": 100}})
        spend = {"type": "goal", "metric": "visits", "target": 2, "window": "day"}
        goal = {"name": "Two", "definition": spend, "prize": {"amount": 10}, "repeatable": True}
        await floor.done(place, goal)
        member = await floor.keeper.join(program)
    for number, day in enumerate(days, start=1):
        for hour, minute in ((0, 1), (23, 59)):
            with frozen(at(day, hour, minute)):
                await floor.bought(member, 100)
                earned = number + 10 * (number if hour == 23 else number - 1) + (100 if number == 5 else 0)
                assert await floor.has(member) == earned


async def test_a_month_of_tiers_begins_at_local_midnight_in_ramadan(
    database: Database, counter: httpx.ASGITransport
) -> None:
    """1 March 2026 begins in Casablanca at midnight UTC, for clocks stand an hour back; 1 April an hour sooner."""
    shop = await open_shop(database, time_zone="Africa/Casablanca")
    client = httpx.AsyncClient(transport=counter, base_url="http://testserver", headers=shop.headers)
    floor = ShopFloor(Shopkeeper(client), database, shop)
    window = {"window": {"type": "calendar"}, "period": "month", "validity": {"type": "end_of_period"}}
    tiers = [{"name": "Basic", "threshold": 0}, {"name": "Silver", "threshold": 1000}]
    with frozen(datetime(2026, 2, 1, tzinfo=UTC)):
        program = await floor.program()
        sent = {"program_id": program["id"], "name": "Status", "basis": "spend", "tiers": tiers}
        await floor.done("/tier-sets", sent | window)
        member = await floor.keeper.join(program)

    async def amount_at(moment: datetime) -> tuple[int, str]:
        with frozen(moment):
            shown = (await floor.done(f"/members/{member.membership_id}/tiers", method="GET"))["items"][0]
            return shown["amount"], shown["tier"]["name"]

    for first in (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, 23, tzinfo=UTC)):
        with frozen(first - timedelta(seconds=1)):
            await floor.bought(member, 1500)
        assert await amount_at(first - timedelta(seconds=1)) == (1500, "Silver")
        assert (await amount_at(first))[0] == 0
