"""A stage for stories: the application on a real socket, a phone, APNs, Google, and a reconciler that runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from passerelle.emulators.apns import ApnsEmulator
from passerelle.emulators.apple_device import AppleDevice
from passerelle.emulators.google_wallet import GoogleWalletEmulator
from passerelle.entry.api import create_app
from passerelle.entry.emulated import Emulated, emulated
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.passes import identities
from passerelle.passes.google import GoogleReconciler
from passerelle.passes.identities import Wallets
from passerelle.passes.own.held import Identities
from passerelle.passes.pushing import Pushers
from passerelle.passes.reconcile import AppleReconciler
from tests.conftest import Shop

Json = dict[str, Any]


@dataclass(slots=True)
class Stage:
    """Everything between a till and two phones. ``tell`` runs the reconciler until nothing is due."""

    http: httpx.AsyncClient
    emulated: Emulated
    settings: Settings
    wallets: Wallets
    database: Database
    apple: AppleReconciler
    google_reconciler: GoogleReconciler

    @property
    def phone(self) -> AppleDevice:
        return self.emulated.device

    @property
    def apns(self) -> ApnsEmulator:
        return self.emulated.apns

    @property
    def google(self) -> GoogleWalletEmulator:
        return self.emulated.google

    async def tell(self) -> None:
        """What the worker does, until there is nothing left to do, phones included."""
        while await self.apple.round():
            await self.emulated.fleet.settle()
        while await self.google_reconciler.round():
            await self.google_reconciler.drain()
        await self.google.drain()

    async def post(self, path: str, body: Json | None = None, **headers: str) -> Json:
        """A write that must succeed."""
        answer = await self.http.post(path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}

    async def get(self, path: str) -> Json:
        """A read that must succeed."""
        answer = await self.http.get(path)
        assert answer.is_success, answer.text
        return dict(answer.json())

    async def member(self, kind: str = "stamps", **program: Any) -> Json:
        """A customer with a card in a new program; ids and the card's code."""
        defaults = {"goal": 10, "reward_name": "Free coffee"} if kind == "stamps" else {}
        made = await self.post("/api/v1/programs", {"name": "Coffee Club", "kind": kind} | defaults | program)
        return await self.join(made["id"])

    async def join(self, program_id: str, phone: str = "+33612345678") -> Json:
        """A customer joins by the API."""
        customer = await self.post("/api/v1/customers", {"first_name": "Lina", "phone": phone})
        member = await self.post(f"/api/v1/programs/{program_id}/members", {"customer_id": customer["id"]})
        card = await self.post("/api/v1/passes", {"membership_id": member["id"]})
        return {"program": program_id, "customer": customer["id"], "member": member["id"], "card": card}


@asynccontextmanager
async def open_stage(database: Database, shop: Shop, directory: Path) -> AsyncIterator[Stage]:
    """Build it on loopback ports of its own. What other tests left to be told is no part of what is played here."""
    async with database.unscoped() as connection:
        await connection.execute("DELETE FROM pass_updates")
    async with emulated(directory) as vendors, _served() as (base_url, mount):
        environment = {name.removeprefix("PASSERELLE_").lower(): value for name, value in vendors.environment.items()}
        settings = Settings(_env_file=None, data_dir=directory, base_url=base_url, **environment)  # type: ignore[arg-type]  # pydantic converts
        wallets = identities.load(settings)
        app = create_app(database, settings, wallets=wallets)
        mount(app)
        signing = Identities(settings, wallets)
        pushers = Pushers(settings, signing)
        async with httpx.AsyncClient(base_url=base_url, headers=shop.headers, timeout=10) as http:
            yield Stage(
                http,
                vendors,
                settings,
                wallets,
                database,
                AppleReconciler(database, pushers),
                GoogleReconciler(database, signing),
            )
        await pushers.close()
        await signing.close()
        await app.state.identities.close()
        await wallets.close()


Mount = Callable[[Callable[..., Awaitable[None]]], None]


@asynccontextmanager
async def _served() -> AsyncIterator[tuple[str, Mount]]:
    """A server whose application comes once its address is known."""
    mounted: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await mounted[0](scope, receive, send)

    config = uvicorn.Config(app, port=0, log_level="warning", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110  uvicorn has a flag, no event
        await asyncio.sleep(0)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", mounted.append
    finally:
        server.should_exit = True
        await task
