"""Two shops alike and random crowds, at once in the one, in turn in the other: the same answers, the same rows."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import httpx

from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.ledger import service as ledger
from tests.conftest import Shop, open_shop
from tests.scanning.test_routes import post
from tests.scanning.test_together import at_once, in_turn, plain

Json = dict[str, Any]
_OPENED: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)
_SLIDING: Final = {"expiry": {"type": "on_inactivity", "days": 20}}
_UNITS: Final[list[Json]] = [
    {"code": "points", "kind": "points", "shortfall": "owe", "timing": _SLIDING},
    {"code": "stamps", "kind": "stamps", "timing": {"pending": {"type": "for", "days": 2}}},
    {"code": "beans", "kind": "points", "shortfall": "owe", "caps": [{"per": "balance", "units": 60}]},
    {"code": "status", "kind": "points", "spendable": False, "policy": "best"},
]
_RULES: Final[list[Json]] = [
    {"type": "per_amount", "unit": "points", "amount_minor_per_step": 100, "units_per_step": 2},
    {"type": "per_item", "unit": "stamps", "categories": ["coffee"], "caps": [{"per": "day", "units": 4}]},
    {"type": "per_visit", "unit": "stamps", "cooldown_minutes": 2000},
    {"type": "per_visit", "unit": "points", "units": 5, "once_per_day": True},
    {"type": "per_visit", "unit": "beans", "units": 9, "conditions": {"first_purchase": True}},
    {"type": "per_visit", "unit": "beans", "units": 7, "conditions": {"segments": ["vip"]}},
    {"type": "per_amount", "unit": "beans", "amount_minor_per_step": 300, "caps": [{"per": "week", "units": 8}]},
    {"type": "per_amount", "unit": "status", "amount_minor_per_step": 100, "cap_per_day": 25},
    {"type": "per_visit", "unit": "status", "units": 4, "times": [{"per": "week", "times": 3}]},
]
_PROMOTIONS: Final[list[Json]] = [
    {"unit": "points", "effect": {"type": "multiplier", "percent": 150}, "limit_per_customer": 2},
    {"unit": "points", "effect": {"type": "bonus", "units": 3}, "conditions": {"segments": ["vip"]}},
    {"unit": "stamps", "effect": {"type": "multiplier", "percent": 300}, "stacking": "exclusive", "priority": 5},
    {"unit": "beans", "effect": {"type": "bonus", "units": 2}, "timing": {"pending": {"type": "for", "days": 1}}},
]
_GOALS: Final[list[Json]] = [
    {"definition": {"type": "goal", "metric": "spend", "target": 3000}, "prize": {"unit": "beans", "amount": 4}},
    {"definition": {"type": "goal", "metric": "visits", "target": 2}, "prize": {"unit": "points", "amount": 6}},
    {"definition": {"type": "streak", "unit": "day", "length": 2}, "prize": {"unit": "points", "amount": 7}},
]
_SETTINGS: Final = {
    "referral": {"referrer": {"amount": 5, "unit": "points"}, "friend": {"amount": 5, "unit": "points"}},
    "households": {"units": ["points"]},
}
_MONEY: Final[Json] = {
    "name": "Cash",
    "kind": "cashback",
    "rules": [{"type": "per_percent", "basis_points": 500, "rounding": "half_up"}],
}
# What is another each time, or of no purchase.
_LEFT_OUT: Final = {"idempotency_keys", "api_keys", "organizations", "operators", "sessions", "organization_keys"}
# The first reward that a program ever issues is told of; two may be the first.
_FIRST_REWARD: Final = '{"fields": ["issued_rewards"]'


@dataclass
class Twin:
    """One of the shops. ``scarce``: what promotions and rewards have runs out."""

    client: httpx.AsyncClient
    shop: Shop
    ask: Any
    scarce: bool
    program_id: str = ""
    bun: str = ""
    second: dict[int, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    tills: list[dict[str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    purchases: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    async def must(self, path: str, body: Json) -> Json:
        return await post(self.client, f"/api/v1/{path}", body, **self.shop.headers)

    async def open(self, random: Random, crowd: int) -> None:
        """Everything that a program can have, some of it."""
        units = [unit | ({} if random.random() < 0.7 else {"timing": {}}) for unit in _UNITS]
        rules = random.sample(_RULES, random.randint(5, len(_RULES)))
        told: Json = {"name": "Club", "kind": "points", "units": units, "rules": rules, "settings": _SETTINGS}
        self.program_id = (await self.must("programs", told))["id"]
        cash = (await self.must("programs", _MONEY))["id"]
        place = {"program_id": self.program_id}
        welcome = await self.must("rewards", place | {"name": "Welcome", "price": None})
        for number, fields in enumerate(random.sample(_PROMOTIONS, 3)):
            budget: Json = {"budget_uses": 3, "budget_units": 40} if self.scarce else {"budget_uses": 900}
            told = place | {"name": f"No. {number}", "state": "active"} | fields
            await self.must("promotions", told | (budget if random.random() < 0.7 else {}))
        stock = {"stock": 4} if self.scarce else {"limit_per_customer": 2}
        self.bun = (await self.must("rewards", place | {"name": "Bun", "unit": "points", "price": 3}))["id"]
        for unit, price in (("points", 40), ("beans", 12)):
            told = place | {"name": unit, "unit": unit, "price": price, "auto_issue": True}
            await self.must("rewards", told | stock | {"expires_after_days": 3})
        for goal in random.sample(_GOALS, 2):
            await self.must(f"programs/{self.program_id}/achievements", {"name": "Goal"} | goal)
        entry = {"entry_units": {"unit": "points", "amount": 15}, "entry_reward_id": welcome["id"]}
        for basis in ({"basis": "spend"}, {"basis": "earned", "unit": "status"}):
            tiers = [{"name": "Basic", "threshold": 0}, {"name": "Gold", "threshold": 30, **entry}]
            if basis["basis"] == "spend":
                tiers[1]["threshold"] = 2500
            made = await self.must("tier-sets", place | basis | {"name": basis["basis"], "tiers": tiers})
        gold = {"conditions": {"tiers": [made["tiers"][1]["id"]]}, "effect": {"type": "bonus", "units": 11}}
        await self.must("promotions", place | {"name": "Gold", "state": "active", "unit": "points"} | gold)
        await self.fill(random, crowd, cash)

    async def fill(self, random: Random, crowd: int, cash: str) -> None:
        """Customers with their cards; some are friends of the first, two share a household."""
        code = None
        for number in range(crowd):
            person = {"phone": f"+3361234{number:04}", "segments": ["vip"] if random.random() < 0.3 else []}
            told = {"customer_id": (await self.must("customers", person))["id"]}
            both = random.random() < 0.5
            if code and random.random() < 0.4:
                told |= {"referral_code": code}
            member = (await self.must(f"programs/{self.program_id}/members", told))["id"]
            if both:
                other = await self.must(f"programs/{cash}/members", {"customer_id": told["customer_id"]})
                self.second[number] = (await self.must("passes", {"membership_id": other["id"]}))["code"]
            if code is None:
                code = (await self.must(f"members/{member}/referral-code", {}))["code"]
            self.members.append(member)
            self.codes.append((await self.must("passes", {"membership_id": member}))["code"])
        household = await self.must(f"members/{self.members[1]}/household", {"name": "Home"})
        await self.must(f"members/{self.members[2]}/household/join", {"code": household["code"]})
        for name in ("left", "right", "online"):
            place = (await self.must("locations", {"name": name}))["id"] if name != "online" else None
            key = await self.must(
                "api-keys", {"name": name, "scopes": ["scans:write", "rewards:redeem"], "location_id": place}
            )
            self.names[key["id"]] = f"the till {name}"
            language = {"left": "en", "right": "fr", "online": "ar"}[name]
            self.tills.append({"Authorization": f"Bearer {key['api_key']}", "Accept-Language": language})

    async def buy(self, random: Random, day: int) -> None:
        """A crowd, some of whom are refused."""
        told: list[Json] = []
        crowd = random.sample(range(len(self.codes)), random.randint(4, len(self.codes)))
        if 1 in crowd and 2 in crowd:  # both would be told what the household has with what the other one brings
            crowd.remove(2)
        for number in crowd:
            lines: list[Json] = [
                {
                    "name": "Espresso",
                    "quantity": random.randint(1, 3),
                    "unit_amount_minor": 150,
                    "category": "coffee",
                },
                {"name": "Cake", "unit_amount_minor": random.randint(1, 12) * 100, "sku": "cake"},
            ]
            amount = sum(line.get("quantity", 1) * line["unit_amount_minor"] for line in lines)
            body: Json = {"code": self.codes[number], "amount_minor": amount}
            body |= {"lines": lines} if random.random() < 0.6 else {}
            body |= {"external_reference": f"{day}-{number}"} if random.random() < 0.5 else {}
            body |= {"occurred_at": (_OPENED + timedelta(hours=1)).isoformat()} if random.random() < 0.05 else {}
            body |= {"amount_minor": 0} if random.random() < 0.05 else {}
            body |= {"paid_with": {"points_minor": 50}} if random.random() < 0.2 and amount > 100 else {}
            told.append(body)
            if number in self.second and "occurred_at" not in body and random.random() < 0.3:
                told.append({"code": self.second[number], "amount_minor": 500})
        answers = await self.ask(self.client, told, *self.tills)
        assert {answer.status_code for answer in answers} <= {201, 422}, [a.text for a in answers]
        self.heard += [plain(answer.text) for answer in answers]
        self.purchases += [answer.json()["purchase"]["id"] for answer in answers if answer.status_code == 201]

    async def meddle(self, random: Random) -> None:
        """What happens between crowds, in turn in both shops: some of it leaves debts."""
        for _ in range(4):
            member = random.choice(self.members)
            unit, amount = random.choice(("points", "beans")), random.randint(-30, 20) or 1
            body = {"amount": amount, "unit": unit, "reason": "By hand"}
            await self.must(f"members/{member}/adjustments", body)
        held, state = random.choice(self.members), random.choice(("active", "active", "suspended"))
        for method, path, told in (
            ("POST", f"members/{held}/holds", {"reward_id": self.bun}),
            ("PATCH", f"members/{random.choice(self.members)}", {"state": state}),
        ):
            answer = await self.client.request(method, f"/api/v1/{path}", json=told, headers=self.shop.headers)
            assert answer.status_code < 500, answer.text
        for purchase in random.sample(self.purchases, min(3, len(self.purchases))):
            asked = random.choice((("void", {}), ("refunds", {"amount_minor": 100, "forgive_missing": True})))
            answer = await self.client.post(
                f"/api/v1/purchases/{purchase}/{asked[0]}", json=asked[1], headers=self.shop.headers
            )
            assert answer.status_code < 500, answer.text
            self.heard.append(plain(answer.text))

    def simple(self, row: str) -> str:
        """A row with the names of tills. How often a card was marked as changed depends on what is folded."""
        for key_id, name in self.names.items():
            row = row.replace(key_id, name)
        return re.sub(r'"version": ([2-9]|\d\d+)', '"version": "changed"', plain(row))

    async def written(self, database: Database) -> dict[str, list[str]]:
        """Every row of the shop, in no order."""
        found = {}
        async with database.transaction(self.shop.organization_id) as tx:
            assert await ledger.check_books(tx) == []
            tables = await tx.fetch(
                "SELECT table_name, array_agg(column_name::text) FILTER (WHERE data_type = 'bytea') AS hidden"
                " FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name"
                " HAVING bool_or(column_name = 'organization_id') ORDER BY table_name"
            )
            for name, hidden in ((row["table_name"], row["hidden"]) for row in tables):
                if name in _LEFT_OUT:
                    continue
                sql = f"SELECT (to_jsonb(t) - $2::text[])::text AS row FROM {name} t WHERE organization_id = $1"  # noqa: S608  a table of ours
                left_out = [*(hidden or ()), "serial_number", "code", "definition", "proof_measure"]
                rows = await tx.fetch(sql, tx.organization_id, left_out)
                found[name] = sorted(self.simple(row["row"]) for row in rows if _FIRST_REWARD not in row["row"])
        return found


async def _live(database: Database, client: httpx.AsyncClient, seed: int, *, scarce: bool) -> list[Twin]:
    twins = []
    for ask in (at_once, in_turn):
        random = Random(seed)  # noqa: S311  the same for both
        twin = Twin(client, await open_shop(database), ask, scarce)
        with clock.frozen(_OPENED):
            await twin.open(random, 10)
        for day in range(4):
            with clock.frozen(_OPENED + timedelta(days=day, hours=5)):
                await twin.buy(random, day)
            with clock.frozen(_OPENED + timedelta(days=day, hours=8)):
                await twin.meddle(random)
        twins.append(twin)
    return twins


async def test_a_crowd_is_booked_as_in_turn(client: httpx.AsyncClient, database: Database) -> None:
    together, alone = await _live(database, client, 15, scarce=False)
    for one, other in zip(together.heard, alone.heard, strict=True):
        assert one == other
    rows = await alone.written(database)
    for table, found in (await together.written(database)).items():
        assert found == rows[table], table


# For each promotion with a budget: what it says it gave, what it gave, and what it may.
_GIVEN: Final = """
SELECT p.used_uses, p.used_units, p.budget_uses, p.budget_units, count(u.id)::bigint AS uses,
       coalesce(sum(u.units - u.returned_units), 0)::bigint AS units
FROM promotions p LEFT JOIN promotion_uses u
  ON u.organization_id = $1 AND u.promotion_id = p.id AND u.undone_at IS NULL
WHERE p.organization_id = $1 AND p.budget_uses IS NOT NULL GROUP BY p.organization_id, p.id
"""
_TAKEN: Final = """
SELECT r.stock, count(i.id) FILTER (WHERE i.state = 'issued') AS taken
FROM rewards r LEFT JOIN issued_rewards i ON i.organization_id = $1 AND i.reward_id = r.id
WHERE r.organization_id = $1 AND r.stock IS NOT NULL GROUP BY r.organization_id, r.id, r.stock
"""


async def test_what_runs_out_is_given_out_once(client: httpx.AsyncClient, database: Database) -> None:
    """Who gets the last of it may be another one, for nobody promised an order."""
    for twin in await _live(database, client, 16, scarce=True):
        await twin.written(database)
        async with database.transaction(twin.shop.organization_id) as tx:
            for row in await tx.fetch(_GIVEN, tx.organization_id):
                assert (row["used_uses"], row["used_units"]) == (row["uses"], row["units"])
                assert row["uses"] <= row["budget_uses"]
                assert row["units"] <= row["budget_units"]
            for row in await tx.fetch(_TAKEN, tx.organization_id):
                assert row["stock"] + row["taken"] == 4
