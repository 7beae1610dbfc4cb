"""Two phones, a shop and the page, each on a real loopback socket."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from passerelle.emulators.apple_device import AppleDevice, HttpClient, Retry, Trust
from passerelle.emulators.google_wallet import GoogleWalletEmulator
from passerelle.emulators.phone import PhonePage
from tests.emulators.google_wallet.conftest import (
    EMAIL,
    ISSUER,
    PUBLIC_PEM,
    class_body,
    image,
    object_body,
    save_jwt,
)
from tests.emulators.google_wallet.receiver import serving
from tests.emulators.phone.stage import AUTHORITY, Shop, cafe_pass, pkpass

Json = dict[str, Any]


@dataclass
class Stage:
    """The page over HTTP, and what stands behind it."""

    page: PhonePage
    device: AppleDevice
    google: GoogleWalletEmulator
    shop: Shop
    shop_url: str
    http: httpx.AsyncClient

    async def act(self, path: str, **body: str) -> Json:
        answer = await self.http.post(f"/phone/{path}", json=body)
        assert answer.status_code == 200, answer.text
        outcome: Json = answer.json()
        return outcome

    async def state(self, **params: str) -> Json:
        found: Json = (await self.http.get("/phone/state", params=params)).json()
        return found

    def google_payload(self) -> Json:
        logo = image(f"{self.shop_url}/logo.png")
        wallet_class = class_body(issuerName="Café Atlas", programName="Atlas Club", programLogo=logo)
        return {"loyaltyClasses": [wallet_class], "loyaltyObjects": [object_body()]}

    def serve_pass(self, points: int = 40) -> None:
        web = {"webServiceURL": self.shop_url, "authenticationToken": "a-secret-of-one-card"}
        self.shop.package = pkpass(cafe_pass(points, **web))


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    google = GoogleWalletEmulator()
    google.register_service_account(EMAIL, PUBLIC_PEM, ISSUER)
    trust = Trust.from_pem(AUTHORITY.root_pem())
    device = AppleDevice("device-1", "a" * 64, trust=trust, http=HttpClient(), retry=Retry(attempts=1))
    page = PhonePage(device, google, time_zone="Africa/Casablanca")
    shop = Shop()
    async with serving(shop.app()) as shop_url, serving(page.app) as page_url:
        google.base_url = shop_url
        async with httpx.AsyncClient(base_url=page_url) as http:
            made = Stage(page, device, google, shop, shop_url, http)
            shop.save_url = f"{shop_url}/gp/v/save/{save_jwt(made.google_payload())}"
            made.serve_pass()
            yield made
        page.close()
        await google.aclose()
