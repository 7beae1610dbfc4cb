"""What a purchase costs: with fifty active rules, and with a million customers instead of ten thousand.

The real server (``passerelle serve``) runs as a user starts it; tills post purchases over keep-alive connections. The
program has fifty active rules of every kind with conditions, caps and cooldowns, and two promotions, and no tiers,
whose assessment is a cost of its own. Customers are copies of one that was made through the services, with card and
books, written by PostgreSQL itself.

``python -m bench purchases`` prints the figures; ``run()`` returns them.
"""

import asyncio
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any, Final
from uuid import UUID

import asyncpg
import uvloop

from bench.cards import database_of
from bench.server import API_PROCESSES, HOST, Cpu, Running, free_port, serving
from passerelle import wiring
from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.emulators.apple_device import HttpClient
from passerelle.emulators.apple_device.http1 import Origin
from passerelle.entry.databases import DatabaseUrls, open_database
from passerelle.kit.config import Settings
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import LocationIn, OrganizationIn
from passerelle.passes import service as passes
from passerelle.programs import service as programs
from passerelle.programs.promotions import service as promotions
from passerelle.programs.promotions.schemas import PromotionIn
from passerelle.programs.schemas import ProgramIn
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase

_FEW: Final = 10_000
_MANY: Final = 1_000_000
_AT_ONCE: Final = 32
_WARM_UP_S: Final = 5.0
_MEASURED_S: Final = 15.0
_ONE_BY_ONE: Final = 1_000
_TARGET: Final = "/api/v1/scans/purchases"
_PASSWORD: Final = "correct horse battery"  # nobody signs in
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEPT_CODES: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Shop:
    organization_id: UUID
    customer_id: UUID
    membership_id: UUID
    api_key: str


@dataclass(frozen=True, slots=True)
class _Site:
    """A prepared installation."""

    directory: Path
    port: int
    environment: dict[str, str]
    settings: Settings


@dataclass(frozen=True, slots=True)
class _Stage:
    """A running server with its shop, and the codes of some of its cards."""

    server: Running
    site: _Site
    shop: _Shop
    codes: Sequence[str]


def run() -> dict[str, float]:
    """Both figures; within ten minutes, with nothing left behind."""
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-", ignore_cleanup_errors=True) as folder:
        with _opened(Path(folder) / "few", _FEW) as few:
            busy = uvloop.run(_measure_busy(few))
            started = time.perf_counter()
            with _opened(Path(folder) / "many", _MANY) as many:
                print(f"purchases: {_MANY:,} customers were ready after {time.perf_counter() - started:.0f} s")
                short, long = uvloop.run(_seconds_in_turn(few, many))
        print(
            f"purchases: one by one {short * 1e3:.2f} ms with {_FEW:,} customers, {long * 1e3:.2f} ms with {_MANY:,}"
        )
        return busy | {"purchase_cost_growth_10k_to_1m": long / short}


@contextmanager
def _opened(directory: Path, people: int) -> Iterator[_Stage]:
    """A server of its own with so many customers."""
    directory.mkdir()
    site = _site(directory)
    with open_database(site.settings) as urls, serving(site.directory, site.port, site.environment) as server:
        shop = uvloop.run(_make_shop(site, urls))
        yield _Stage(server, site, shop, uvloop.run(_populate(urls, shop, people)))


def _site(directory: Path) -> _Site:
    port = free_port()
    environment = {
        "PASSERELLE_DATA_DIR": str(directory / "data"),
        "PASSERELLE_BASE_URL": f"http://{HOST}:{port}",
        "PASSERELLE_HOST": HOST,
        "PASSERELLE_PORT": str(port),
        "PASSERELLE_API_PROCESSES": str(API_PROCESSES),
        "PASSERELLE_LOG_LEVEL": "warning",
    }
    names = {name.removeprefix("PASSERELLE_").lower(): value for name, value in environment.items()}
    return _Site(directory, port, environment, Settings(_env_file=None, **names))  # type: ignore[arg-type]  # pydantic converts


async def _make_shop(site: _Site, urls: DatabaseUrls) -> _Shop:
    """An organization, the program with its rules, and one customer with a card and a purchase."""
    wiring.subscribe_all()
    database = database_of(site.settings, urls.application)
    async with database.transaction(new_id()) as tx:
        new = OrganizationIn(
            name="Café Central", owner_name="Ada", owner_email="ada@example.com", owner_password=_PASSWORD
        )
        organization, _, api_key = await organizations.create_organization(tx, new)
    async with database.transaction(organization.id) as tx:
        place = await organizations.add_location(tx, LocationIn(name="Rue des Martyrs"))
        asked: dict[str, Any] = {"name": "Club", "kind": "points", "goal": 500, "reward_name": "Free coffee"}
        asked["rules"] = _fifty_rules(place.id)
        asked["units"] = [{"code": "points", "caps": [{"per": "month", "units": 10**6}]}]
        program = await programs.create_program(tx, ProgramIn.model_validate(asked))
        for effect in ({"type": "multiplier", "percent": 110}, {"type": "bonus", "units": 3}):
            fields = {"program_id": program.id, "name": "Spring", "effect": effect, "state": "active"}
            await promotions.create_promotion(tx, PromotionIn.model_validate(fields))
        customer = await customers.register(tx, NewCustomer(segments=["regulars"]))
        member = await programs.enroll(tx, program.id, customer.customer_id, source="api")
        await passes.issue_pass(tx, member.membership_id)
        purchase = await purchases.record_purchase(tx, NewPurchase(customer.customer_id, 450))
        await programs.accrue_for_purchase(tx, customer.customer_id, purchase)
    await database.close()
    return _Shop(organization.id, customer.customer_id, member.membership_id, api_key)


def _fifty_rules(location_id: UUID) -> list[dict[str, Any]]:
    """Rules as a chain would have them: most do not apply to a given purchase, some do."""
    always: list[dict[str, Any]] = [
        {"type": "per_amount", "amount_minor_per_step": 100, "cap_per_day": 100_000},
        {"type": "per_amount", "amount_minor_per_step": 500, "base": {"taxes": False}},
        {"type": "per_visit", "cooldown_minutes": 1, "times": [{"per": "month", "times": 3}]},
        {"type": "per_item", "categories": ["coffee"], "caps": [{"per": "week", "units": 50, "action": "refuse"}]},
        {"type": "per_visit", "units": 100, "conditions": {"first_purchase": True}},
    ]
    items = [{"type": "per_item", "skus": [f"sku-{number}", f"sku-{number + 100}"]} for number in range(9)]
    hours = [
        {"type": "per_visit", "conditions": {"weekdays": [_DAYS[day]], "hours": [{"from": "14:00", "to": "17:00"}]}}
        for day in range(7)
    ]
    nights = [
        {"type": "per_visit", "conditions": {"hours": [{"from": "23:00", "to": f"0{hour}:00"}]}} for hour in range(5)
    ]
    places = [{"type": "per_visit", "conditions": {"locations": [location_id]}} for _ in range(6)]
    groups = [{"type": "per_visit", "conditions": {"segments": [f"group-{number}"]}} for number in range(10)]
    online = [
        {"type": "per_amount", "amount_minor_per_step": 50, "conditions": {"channels": ["online"]}} for _ in range(3)
    ]
    seasons = [
        {"type": "per_visit", "units": 5, "conditions": {"starts_at": f"20{year}-06-01T00:00:00Z"}}
        for year in (30, 31, 32)
    ]
    large = [
        {"type": "per_amount", "amount_minor_per_step": 100, "minimum_amount_minor": minimum}
        for minimum in (50_000, 100_000)
    ]
    every = [*always, *items, *hours, *nights, *places, *groups, *online, *seasons, *large]
    assert len(every) == 50
    return every


async def _populate(urls: DatabaseUrls, shop: _Shop, wanted: int) -> list[str]:
    """Copy the one customer, their membership, card, purchase, accrual and books, until there are so many.

    Returns the codes of some of the cards, chosen at random.
    """
    connection = await asyncpg.connect(urls.owner, timeout=60)
    await connection.execute("SELECT set_config('app.organization_id', $1, false)", str(shop.organization_id))
    present = await connection.fetchval("SELECT count(*) FROM customers")
    await connection.execute(_PEOPLE.format(count=wanted - present))
    copies: Sequence[tuple[str, str, dict[str, str]]] = (
        ("customers", f"id = '{shop.customer_id}'", {"id": "n.customer_id"}),
        ("memberships", f"id = '{shop.membership_id}'", {"id": "n.membership_id", "customer_id": "n.customer_id"}),
        ("passes", f"subject_id = '{shop.membership_id}'", _CARD),
        ("purchases", f"customer_id = '{shop.customer_id}'", {"id": "uuidv7()", "customer_id": "n.customer_id"}),
        ("ledger_accounts", f"owner_id = '{shop.membership_id}'", {"owner_id": "n.membership_id"}),
        ("ledger_transfers", "kind = 'accrual'", {"id": "n.transfer_id", "reference": _REFERENCE}),
        ("ledger_lots", f"owner_id = '{shop.membership_id}'", _LOT | {"id": "n.lot_id"}),
        ("ledger_entries", f"owner_id = '{shop.membership_id}'", _LOT | {"lot_id": "n.lot_id"}),
        ("accruals", f"membership_id = '{shop.membership_id}'", _ACCRUAL),
    )
    for table, prototype, overrides in copies:
        await _copy(connection, table, prototype, overrides)
    await connection.execute("VACUUM (ANALYZE)")
    rows = await connection.fetch(f"SELECT code FROM people ORDER BY random() LIMIT {_KEPT_CODES}")  # noqa: S608  a constant
    await connection.execute("DROP TABLE people")
    await connection.close()
    return [row["code"] for row in rows]


_PEOPLE: Final = """
CREATE TEMPORARY TABLE people AS
SELECT uuidv7() AS customer_id, uuidv7() AS membership_id, uuidv7() AS pass_id, uuidv7() AS transfer_id,
       uuidv7() AS lot_id, substr(md5(random()::text || number), 1, 16) AS code
FROM generate_series(1, {count}) AS number
"""
_REFERENCE: Final = "'copy:' || n.membership_id"
_CARD: Final = {
    "id": "n.pass_id",
    "code": "n.code",
    "serial_number": "n.pass_id::text",
    "subject_id": "n.membership_id",
    "customer_id": "n.customer_id",
}
_LOT: Final = {"owner_id": "n.membership_id", "transfer_id": "n.transfer_id"}
_ACCRUAL: Final = {
    "id": "uuidv7()",
    "membership_id": "n.membership_id",
    "transfer_id": "n.transfer_id",
    "reference": _REFERENCE,
}


async def _copy(connection: Any, table: str, prototype: str, overrides: dict[str, str]) -> None:
    """Give everybody a row like the prototype's; columns that a later release adds are copied, too."""
    rows = await connection.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1", table
    )
    names = [row["column_name"] for row in rows]
    values = ", ".join(overrides.get(name, f"p.{name}") for name in names)
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values}"  # noqa: S608  names of our own tables and columns
        f" FROM (SELECT * FROM {table} WHERE {prototype} LIMIT 1) AS p, people AS n",
        timeout=600,
    )


async def _measure_busy(stage: _Stage) -> dict[str, float]:
    """CPU seconds of API and PostgreSQL for a purchase, while as many as possible come in."""
    server, tills = stage.server, _Tills(stage)
    end = time.perf_counter() + _WARM_UP_S + _MEASURED_S
    running = asyncio.gather(*(tills.buy_until(end) for _ in range(_AT_ONCE)))
    await asyncio.sleep(_WARM_UP_S)
    before, answered = Cpu.of(server), tills.answered
    await asyncio.sleep(_MEASURED_S)
    used, count = Cpu.of(server).since(before), tills.answered - answered
    await running
    await tills.close()
    api, postgresql = used.seconds["api"], used.seconds["postgresql"]
    print(f"purchases: {count / used.at:,.0f} a second came through on this machine, tills included", flush=True)
    return {
        "purchase_50_rules_per_s": count / (api + postgresql),
        "purchase_50_rules_cpu_us_api": api / count * 1e6,
        "purchase_50_rules_cpu_us_postgresql": postgresql / count * 1e6,
    }


async def _seconds_in_turn(few: _Stage, many: _Stage) -> tuple[float, float]:
    """How long a purchase takes in each shop when no other is under way, of customers chosen at random.

    In turn, so that whatever else runs on this machine slows down both; the lower quartiles, for that is not asked.
    """
    pairs = [(_Tills(stage), list[float]()) for stage in (few, many)]
    for number in range(_ONE_BY_ONE + _ONE_BY_ONE // 5):
        for tills, timings in pairs:
            started = time.perf_counter()
            await tills.buy()
            if number >= _ONE_BY_ONE // 5:
                timings.append(time.perf_counter() - started)
    for tills, _ in pairs:
        await tills.close()
    short, long = (quantiles(timings, n=4)[0] for _, timings in pairs)
    return short, long


class _Tills:
    """Tills that post purchases of three lines, each of another customer."""

    def __init__(self, stage: _Stage) -> None:
        self.answered = 0
        self._http = HttpClient(max_connections=_AT_ONCE)
        self._refused: list[bytes] = []
        self._origin = Origin("http", HOST, stage.site.port)
        self._headers = f"Authorization: Bearer {stage.shop.api_key}\r\nContent-Type: application/json\r\n"
        self._codes = stage.codes

    async def close(self) -> None:
        """Raises RuntimeError when a purchase was refused."""
        await self._http.close()
        if self._refused:
            raise RuntimeError(f"{len(self._refused)} purchases were refused: {self._refused[0]!r}")

    async def buy_until(self, end: float) -> None:
        while time.perf_counter() < end:
            await self.buy()

    async def buy(self) -> None:
        answer = await self._http.request("POST", self._origin, _TARGET, self._headers, self._body())
        self.answered += 1
        if answer.status != 201:
            self._refused.append(answer.body[:500])

    def _body(self) -> bytes:
        espressos = random.randint(1, 4)  # noqa: S311  no secret
        lines = [
            {
                "name": "Espresso",
                "quantity": espressos,
                "unit_amount_minor": 250,
                "category": "coffee",
                "sku": "sku-3",
            },
            {"name": "Cake", "unit_amount_minor": 420, "category": "food", "tax_minor": 38},
            {"name": "Delivery", "unit_amount_minor": 300, "kind": "shipping"},
        ]
        amount_minor = 250 * espressos + 720
        code = random.choice(self._codes)  # noqa: S311  no secret
        return json.dumps({"code": code, "amount_minor": amount_minor, "lines": lines}).encode()
