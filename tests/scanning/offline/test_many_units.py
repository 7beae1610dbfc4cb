"""A program with several units, caps, cooldowns, tiers, goals and rewards that come by themselves: one set of books.

A random week at a till is told three ways: at once to a server that hears each operation when it happens, in one
batch at the end of the week, and at its end in batches of any size, shuffled, each operation twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

import httpx
import pytest

from passerelle.kit import clock
from passerelle.kit.db import Database
from tests.conftest import Shop
from tests.scanning.offline.conftest import Counter, Json, Till

NOON: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPENED: Final = NOON - timedelta(days=8)
UNITS: Final[list[Json]] = [
    {
        "code": "points",
        "kind": "points",
        "timing": {"expiry": {"type": "after", "days": 30}},
        "shortfall": "owe",
        "caps": [{"per": "day", "units": 60}, {"per": "balance", "units": 90, "action": "refuse"}],
    },
    {"code": "stamps", "kind": "stamps", "caps": [{"per": "week", "units": 9}]},
    {"code": "status", "kind": "points", "spendable": False, "policy": "best"},
]
RULES: Final[list[Json]] = [
    {"type": "per_amount", "unit": "points", "amount_minor_per_step": 100, "units_per_step": 2},
    {"type": "per_item", "unit": "stamps", "skus": ["coffee"], "caps": [{"per": "purchase", "units": 3}]},
    {"type": "per_visit", "unit": "stamps", "cooldown_minutes": 90},
    {"type": "per_visit", "unit": "points", "units": 5, "once_per_day": True},
    {"type": "per_amount", "unit": "status", "amount_minor_per_step": 100, "cap_per_day": 25},
    {"type": "per_visit", "unit": "status", "units": 4, "times": [{"per": "week", "times": 3}]},
]
GOLD_BONUS: Final = {"type": "per_amount", "unit": "points", "amount_minor_per_step": 100}
REWARDS: Final[dict[str, Json]] = {
    "bun": {"unit": "points", "price": 20, "period_limits": {"day": 1}},
    "coffee": {"unit": "stamps", "price": 5, "auto_issue": True},
    "welcome": {"price": None},
}
GOALS: Final[dict[str, Json]] = {
    "Regular": {
        "definition": {"type": "goal", "metric": "visits", "target": 4},
        "prize": {"unit": "stamps", "amount": 4},
    },
    "Three days": {
        "definition": {"type": "streak", "unit": "day", "length": 3},
        "prize": {"unit": "points", "amount": 7},
    },
}


@dataclass
class Club(Counter):
    """A shop with one program that counts in three units."""

    program_id: str = ""
    rewards: dict[str, str] = field(default_factory=dict)

    async def open(self) -> None:
        program = await self.post(
            "/api/v1/programs", {"name": "Club", "kind": "points", "units": UNITS, "rules": RULES}
        )
        self.program_id = program["id"]
        place = {"program_id": program["id"]}
        for name, fields in REWARDS.items():
            self.rewards[name] = (await self.post("/api/v1/rewards", place | {"name": name} | fields))["id"]
        gold = {"entry_units": {"unit": "points", "amount": 15}, "entry_reward_id": self.rewards["welcome"]}
        tiers = [{"name": "Basic", "threshold": 0}, {"name": "Gold", "threshold": 30} | gold]
        status = {"name": "Status", "basis": "earned", "unit": "status", "tiers": tiers, "refunds": "at_once"}
        ladder = await self.post("/api/v1/tier-sets", place | status)
        path = f"/api/v1/programs/{program['id']}"
        bonus = GOLD_BONUS | {"conditions": {"tiers": [ladder["tiers"][1]["id"]]}}
        answer = await self.client.patch(path, json={"rules": [*program["rules"], bonus]}, headers=self.shop.headers)
        assert answer.is_success, answer.text
        for name, goal in GOALS.items():
            await self.post(f"{path}/achievements", {"name": name, "repeatable": True} | goal)

    async def join(self) -> tuple[str, str]:
        """A new member and the code of the card."""
        customer = await self.post("/api/v1/customers", {"first_name": "Lina"})
        path = f"/api/v1/programs/{self.program_id}/members"
        member = await self.post(path, {"customer_id": customer["id"]})
        self.members.append(member["id"])
        return member["id"], (await self.post("/api/v1/passes", {"membership_id": member["id"]}))["code"]

    async def told(self, member: str) -> Json:
        """All that a member can see: balances, tiers with their history, goals, rewards, the lines of the ledger."""
        path = f"/api/v1/members/{member}"
        standing = await self.get(path)
        goals = (await self.get(f"{path}/achievements"))["items"]
        tiers = (await self.get(f"{path}/tiers"))["items"]
        issued = (await self.get(f"/api/v1/issued-rewards?membership_id={member}&limit=100"))["items"]
        lines = (await self.get(f"{path}/ledger?limit=100"))["items"]
        return {
            "balances": [{name: one[name] for name in one} for one in standing["balances"]],
            "goals": [(one["name"], one["current"], one["times"]) for one in goals],
            "tiers": [
                (one["tier"]["name"], one["amount"], [line["to_tier"] for line in one["history"]]) for one in tiers
            ],
            "issued": sorted((one["name"], one["source"], one["state"]) for one in issued),
            "lines": [
                (line["kind"], line["reference"].split(":")[0], [tuple(one.values()) for one in line["movements"]])
                for line in lines
            ],
        }


def _queue(club: Club, till: Till, codes: Sequence[str], random: Random) -> list[Json]:
    """Some thirty operations of a week: purchases with lines, visits, redemptions, undos, and what is refused."""
    at, queue = OPENED + timedelta(hours=1), list[Json]()
    for _ in range(30):
        at += timedelta(minutes=random.choice((2, 20, 70, 300, 900)))
        kind = random.choice(("purchase", "purchase", "purchase", "visit", "visit", "redemption", "undo"))
        fields: Json = {"code": random.choice(codes)}
        match kind:
            case "purchase":
                fields |= _basket(random)
            case "redemption":
                fields["reward_id"] = club.rewards[random.choice(("bun", "coffee", "welcome"))]
            case "undo" if queue:
                fields = {"operation_id": random.choice(queue[-3:])["id"]}
            case "undo":
                continue
        queue.append(till.queue(kind, at=at.isoformat(), **fields))
    assert at < NOON
    return queue


def _basket(random: Random) -> Json:
    coffees, cakes = random.randint(0, 4), random.randint(0, 3)
    items = (("Coffee", "coffee", coffees, 310), ("Cake", "cake", cakes, 470))
    lines = [
        {"name": name, "sku": sku, "quantity": quantity, "unit_amount_minor": price}
        for name, sku, quantity, price in items
        if quantity
    ]
    return {"amount_minor": coffees * 310 + cakes * 470, "lines": lines}


async def _as_it_happens(club: Club, till: Till, queue: list[Json], random: Random) -> None:
    for operation in queue:
        with clock.frozen(datetime.fromisoformat(operation["at"])):
            await club.send(till, [operation])


async def _in_one_batch(club: Club, till: Till, queue: list[Json], random: Random) -> None:
    with clock.frozen(NOON):
        await club.send(till, queue)


async def _twice_and_shuffled(club: Club, till: Till, queue: list[Json], random: Random) -> None:
    with clock.frozen(NOON):
        sent = random.sample(queue * 2, 2 * len(queue))
        while sent:
            size = random.randint(1, 20)
            batch, sent = sent[:size], sent[size:]
            await club.send(till, batch)


@pytest.mark.parametrize("seeds", [(0, 2), (6, 7)])
async def test_several_units_make_the_same_books_in_whatever_way_they_are_told(
    application: httpx.AsyncClient, database: Database, shop: Shop, seeds: Sequence[int]
) -> None:
    club = Club(application, database, shop)
    with clock.frozen(OPENED):
        await club.open()
    for seed in seeds:
        books = []
        for tell in (_as_it_happens, _in_one_batch, _twice_and_shuffled):
            random = Random(seed)  # noqa: S311  a history, no secret
            with clock.frozen(OPENED):
                members = [await club.join() for _ in range(2)]
                till = await club.till(redemptions_per_day=9, redemptions_per_member_per_day=2)
                queue = _queue(club, till, [code for _, code in members], random)
            await tell(club, till, queue, random)
            with clock.frozen(NOON):
                path = f"/api/v1/offline-operations?limit=100&device_id={till.device_id}"
                listed = sorted((await club.get(path))["items"], key=lambda one: int(one["sequence"]))
                outcomes = [(one["status"], (one["reason"] or {}).get("code")) for one in listed]
                books.append((outcomes, [await club.told(member) for member, _ in members]))
        assert books[0] == books[1]
        assert books[1] == books[2]
        outcomes, told = books[0]
        assert sum(status == "accepted" for status, _ in outcomes) > len(outcomes) // 2
        assert all(balance["earned"] for one in told for balance in one["balances"]), "each unit has moved"
    with clock.frozen(NOON):
        await club.books()
