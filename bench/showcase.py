"""A café with something on every page, served as a user serves it: what pages are measured and pictured with.

Ten weeks of customers, purchases and rewards are told through the public API while the clock is held in the past;
then the real server starts on the same data, with Apple and Google played in this process.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx

from bench.around import Around
from bench.server import HOST, free_port, serving
from passerelle import wiring
from passerelle.distribution import service as distribution
from passerelle.distribution.facts import Scene
from passerelle.distribution.schemas import Trail
from passerelle.entry.api import create_app
from passerelle.entry.databases import open_database
from passerelle.entry.emulated import emulated
from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault, load_master_key
from passerelle.kit.db import Database
from passerelle.kit.events import announce
from passerelle.kit.ids import decode
from passerelle.kit.jobs import Work
from passerelle.passes.events import PassInstalled

Json = dict[str, Any]

PASSWORD: Final = "correct horse battery"
_WEEKS: Final = 10
_PEOPLE: Final = (
    *("Lina Benali", "Omar Haddad", "Zoé Lefèvre", "Max Noël", "Inès Roy", "سارة العلوي", "Adam Cohen", "Jade Petit"),
    *("Yasmine Idrissi", "Hugo Martin", "Chloé Durand", "Mehdi Tazi", "Léa Moreau", "نور بناني", "Noah Bernard"),
    *("Salma Fassi", "Louis Garnier", "Emma Faure", "Karim Alami", "Alice Dubois"),
)
_ADDED: Final = 0.85
_BASKETS_MINOR: Final = (320, 450, 480, 690, 890, 1_250, 1_890)


@dataclass(slots=True)
class Showcase:
    """The shop as its owner, its till and its customers reach it; card and code are Lina's.

    ``around_paths`` are public pages beside hers, ``own_parts`` those below her own page.
    """

    base_url: str
    email: str = "ada@cafe-central.example"
    api_key: str = ""
    join_path: str = ""
    card_path: str = ""
    handout_paths: tuple[str, ...] = ()
    kiosk_path: str = ""
    code: str = ""
    around_paths: tuple[str, ...] = ()
    own_parts: tuple[str, ...] = ()
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def account(self) -> dict[str, str]:
        """What the owner signs in with."""
        return {"email": self.email, "password": PASSWORD}


@asynccontextmanager
async def showcase(directory: Path) -> AsyncIterator[Showcase]:
    """The shop on its server, below ``directory``, for the length of the block."""
    port = free_port()
    async with emulated(directory / "emulators") as vendors:
        environment = vendors.environment | {
            "PASSERELLE_DATA_DIR": str(directory / "data"),
            "PASSERELLE_BASE_URL": f"http://localhost:{port}",  # browsers allow passkeys and workers at a name alone
            "PASSERELLE_HOST": HOST,
            "PASSERELLE_PORT": str(port),
            "PASSERELLE_LOG_LEVEL": "warning",
        }
        shop = Showcase(environment["PASSERELLE_BASE_URL"])
        await asyncio.to_thread(_furnish, shop, environment)
        with serving(directory, port, environment):
            yield shop


def _furnish(shop: Showcase, environment: dict[str, str]) -> None:
    names = {name.removeprefix("PASSERELLE_").lower(): value for name, value in environment.items()}
    settings = Settings(_env_file=None, **names)  # type: ignore[arg-type]  # pydantic converts
    wiring.subscribe_all()

    async def furnish(dsn: str) -> None:
        database = Database(dsn, Vault(load_master_key(None, settings.data_dir)))
        transport = httpx.ASGITransport(create_app(database, settings))
        async with httpx.AsyncClient(transport=transport, base_url=shop.base_url, timeout=60) as http:
            await _Story(shop, http, database, settings).tell()
        await database.close()

    with open_database(settings) as urls:
        asyncio.run(furnish(urls.application))


class _Story:
    """What happened in the shop until now."""

    def __init__(self, shop: Showcase, http: httpx.AsyncClient, database: Database, settings: Settings) -> None:
        self.shop, self.http, self.work = shop, http, Work(database, settings)
        self.people: dict[int, tuple[str, str]] = {}  # customer and code of the stamp card
        self.chance = random.Random(26)  # noqa: S311  the same shop each time
        self.now = clock.now()
        self.joined = (UUID(int=0), UUID(int=0))  # card and customer of who came last

    async def post(self, path: str, body: Json) -> Json:
        """A write that must succeed."""
        answer = await self.http.post(f"/api/v1{path}", json=body)
        if answer.is_error:
            raise RuntimeError(f"The shop could not be furnished: {path}: {answer.text}")
        return dict(answer.json())

    async def tell(self) -> None:
        """All of it, oldest first."""
        with clock.frozen(self.now - timedelta(weeks=_WEEKS)):
            await self._open()
            await self._programs()
        await self._visits()
        await self._offers()
        await self._people()
        around = Around(self.http, self.post, self.work, self.shop.ids)
        await around.tell([who for _, who in sorted(self.people.items())], self.now)
        self.shop.around_paths, self.shop.own_parts = tuple(around.paths), tuple(around.own_parts)

    async def _open(self) -> None:
        new = {
            "name": "Café Central",
            "currency": "EUR",
            "time_zone": "Europe/Paris",
            "language": "fr",
            "owner_name": "Ada Lemaire",
            "owner_email": self.shop.email,
            "owner_password": PASSWORD,
            "legal": {"controller": "Café Central SARL, Paris", "contact_email": "bonjour@cafe-central.example"},
        }
        opened = await self.post("/organizations", new)
        self.shop.api_key, self.shop.ids["organization"] = opened["api_key"], opened["organization"]["id"]
        self.http.headers["Authorization"] = f"Bearer {self.shop.api_key}"
        for name, address in (("Rue des Martyrs", "12 rue des Martyrs, Paris"), ("Gare", "Place de la Gare, Lyon")):
            self.shop.ids[name] = (await self.post("/locations", {"name": name, "address": address}))["id"]

    async def _programs(self) -> None:
        stamps = {
            "name": "Carte café",
            "names": {"en": "Coffee card", "ar": "بطاقة القهوة"},
            "kind": "stamps",
            "goal": 10,
            "reward_name": "Café offert",
            "reward_names": {"en": "Free coffee", "ar": "قهوة مجانية"},
        }
        points = {
            "name": "Club Central",
            "names": {"en": "Club Central", "ar": "نادي سنترال"},
            "kind": "points",
            "goal": 50,
            "reward_name": "Petit déjeuner",
            "reward_names": {"en": "Breakfast", "ar": "فطور"},
        }
        for name, program in (("stamps", stamps), ("points", points)):
            made = await self.post("/programs", program)
            self.shop.ids |= {name: made["id"], f"{name}_template": made["template_id"]}
        await self.post("/programs", {"name": "Yoga 10", "kind": "multipass", "state": "draft"})
        self.shop.join_path = f"/join/{self.shop.ids['stamps']}"

    async def _visits(self) -> None:
        """Who came when, in order of time."""
        visits: list[tuple[datetime, int]] = []
        for person in range(len(_PEOPLE)):
            days = self.chance.uniform(0, _WEEKS * 7 - 7)
            for _ in range(self.chance.choice((1, 3, 4, 6, 9, 12))):
                visits.append((self.now - timedelta(days=_WEEKS * 7 - 1 - days), person))
                days += self.chance.uniform(1, 9)
        known: dict[int, str] = {}
        for at, person in sorted(each for each in visits if each[0] < self.now):
            with clock.frozen(at):
                if person not in known:
                    known[person] = await self._join(person)
                    await self._install()
                where = self.shop.ids[self.chance.choice(("Rue des Martyrs", "Gare"))]
                amount = self.chance.choice(_BASKETS_MINOR)
                lines = [{"name": "Café crème", "quantity": 1, "unit_amount_minor": amount, "sku": "CC"}]
                bought = {"code": known[person], "amount_minor": amount, "location_id": where, "lines": lines}
                await self.post("/scans/purchases", bought)

    async def _join(self, person: int) -> str:
        """A new customer in both programs; the code of the stamp card."""
        first, last = _PEOPLE[person].split()
        contact = {"phone": f"+3361234{person:04d}", "email": f"client{person}@example.com"}
        customer = await self.post("/customers", {"first_name": first, "last_name": last, **contact})
        code = ""
        for program in ("points", "stamps"):
            path = f"/programs/{self.shop.ids[program]}/members"
            member = await self.post(path, {"customer_id": customer["id"], "source": "form"})
            card = await self.post("/passes", {"membership_id": member["id"]})
            code = card["code"]
            self.joined = decode("pas", card["id"]), decode("cus", customer["id"])
            if person == 0:
                self.shop.code = code
                self.shop.ids |= {"customer": customer["id"], "pass": card["id"], f"{program}_member": member["id"]}
        self.people[person] = customer["id"], code
        return code

    async def _install(self) -> None:
        """What is known of who has just joined: that the page was seen, at times in vain, and the card added."""
        pass_id, customer_id = self.joined
        program = decode("prg", self.shop.ids["stamps"])
        scene = Scene("join_page", program, "iphone", "fr", Trail(), pass_id)
        async with self.work.database.transaction(decode("org", self.shop.ids["organization"])) as tx:
            for _ in range(self.chance.randint(0, 2)):
                await distribution.record(tx, scene, "viewed")
            await distribution.record(tx, scene, "viewed", "joined")
            if self.chance.random() < _ADDED:
                await distribution.record(tx, scene, "tapped")
                await announce(tx, PassInstalled(pass_id=pass_id, customer_id=customer_id, wallet="apple"))

    async def _offers(self) -> None:
        """Everything that a shop may have beside its cards."""
        points, member = self.shop.ids["points"], self.shop.ids["points_member"]
        levels = [
            {"name": "Argent", "threshold": 30, "colour": "#9aa0a6", "benefits": [{"text": "Café offert le mardi"}]},
            {"name": "Or", "threshold": 80, "colour": "#d4af37"},
        ]
        await self.post("/tier-sets", {"program_id": points, "name": "Statut", "basis": "balance", "tiers": levels})
        happy = {"name": "Heure joyeuse", "effect": {"type": "multiplier", "percent": 200}, "state": "active"}
        await self.post("/promotions", {"program_id": points, "conditions": {"weekdays": ["tue"]}, **happy})
        mug = {"program_id": points, "name": "Mug", "price": 30, "stock": 4, "benefit": {"type": "physical"}}
        reward = await self.post("/rewards", mug)
        await self.post(f"/members/{member}/gifts", {"reward_id": reward["id"], "reason": "Fidèle depuis le début"})
        terms = {
            "effect": {"type": "percent_off", "basis_points": 1250},
            "conditions": {"minimum_basket_minor": 2000},
        }
        campaign = {"name": "Rentrée", "terms": terms, "pattern": {"prefix": "RENTREE"}}
        made = await self.post("/coupon-campaigns", campaign)
        await self.post(f"/coupon-campaigns/{made['id']}/codes/import", {"codes": ["HELLO-26", "SALUT-26"]})
        amounts = {"amounts_minor": [2000, 5000, 10000]}
        product = await self.post("/gift-card-products", {"name": "Carte cadeau", "amounts": amounts})
        handouts = (
            {"name": "Vitrine", "campaign_id": made["id"]},
            {"name": "Fêtes", "gift_card_product_id": product["id"]},
        )
        links = [await self.post("/handout-links", handout) for handout in handouts]
        self.shop.handout_paths = tuple(httpx.URL(link["url"]).path for link in links)
        gift = {
            "product_id": product["id"],
            "amount_minor": 5000,
            "recipient_name": "Sara",
            "message": "Bonne fête !",
        }
        card = await self.post("/gift-cards", gift)
        await self.post(f"/gift-cards/{card['id']}/activities", {"type": "REDEEM", "amount_minor": 1250})
        streak = {"type": "streak", "unit": "week", "length": 4}
        prize = {"name": "Habitué", "definition": streak, "prize": {"amount": 50}, "badge": "Fidèle"}
        await self.post(f"/programs/{points}/achievements", prize)

    async def _people(self) -> None:
        """Colleagues, links, and the first customer's own page."""
        await self.post("/invitations", {"email": "omar@cafe-central.example", "role": "cashier"})
        await self.post("/api-keys", {"name": "Caisse 1", "scopes": ["scans:write", "programs:read"]})
        note = {"text": "Préfère le lait d'avoine"}
        await self.post(f"/customers/{self.shop.ids['customer']}/notes", note)
        link = {"program_id": self.shop.ids["stamps"], "name": "Comptoir", "location_id": self.shop.ids["Gare"]}
        await self.post("/links", link)
        url = (await self.post(f"/passes/{self.shop.ids['pass']}/link", {}))["url"]
        self.shop.card_path = httpx.URL(url).path
        kiosk = await self.post("/kiosks", {"name": "Comptoir", "program_id": self.shop.ids["stamps"]})
        self.shop.kiosk_path = httpx.URL(kiosk["url"]).path
