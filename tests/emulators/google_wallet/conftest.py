"""An emulator with one issuer, and a client that speaks to it as that issuer's service account."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import httpx
import pytest
from google.auth import crypt
from google.auth import jwt as google_jwt

from passerelle.emulators.google_wallet import GoogleWalletEmulator, key_pair

BASE_URL: Final = "http://google.test"
ISSUER: Final = 3388000000022141777
EMAIL: Final = "signer@passerelle-demo.iam.gserviceaccount.com"
SCOPE: Final = "https://www.googleapis.com/auth/wallet_object.issuer"
PRIVATE_PEM, PUBLIC_PEM = key_pair()
STRANGER_PEM, _ = key_pair()
Json = dict[str, Any]


@dataclass
class Clock:
    """Real time, moved on by hand."""

    ahead: float = 0

    def __call__(self) -> float:
        return time.time() + self.ahead


@cache
def _signer(private_pem: str) -> Any:
    """Reading a key checks its primes, which takes longer than most tests."""
    return crypt.RSASigner.from_string(private_pem)  # type: ignore[no-untyped-call]  # google-auth has no types


def signed(claims: Json, private_pem: str = PRIVATE_PEM) -> str:
    token: bytes = google_jwt.encode(_signer(private_pem), claims)  # type: ignore[no-untyped-call]  # nor here
    return token.decode()


def assertion(now: float, **changes: Any) -> str:
    claims = {"iss": EMAIL, "scope": SCOPE, "aud": f"{BASE_URL}/token", "iat": int(now), "exp": int(now) + 3600}
    return signed(claims | changes)


def save_jwt(payload: Json, *, private_pem: str = PRIVATE_PEM, changes: Json | None = None) -> str:
    """A save JWT; a claim changed to None is left out."""
    claims = {
        "iss": EMAIL,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(time.time()),
        "origins": ["https://shop.example"],
        "payload": payload,
    } | (changes or {})
    return signed({key: value for key, value in claims.items() if value is not None}, private_pem)


def localized(text: str) -> Json:
    return {"defaultValue": {"language": "en", "value": text}}


def image(url: str = "https://shop.example/logo.png") -> Json:
    return {"sourceUri": {"uri": url}}


def name(suffix: str) -> str:
    return f"{ISSUER}.{suffix}"


CLASS_BODIES: Final[dict[str, Json]] = {
    "loyaltyClass": {"issuerName": "Café", "programLogo": image(), "programName": "Café Club"},
    "offerClass": {"issuerName": "Café", "provider": "Café", "redemptionChannel": "INSTORE", "title": "1 free"},
    "giftCardClass": {"issuerName": "Café"},
    "eventTicketClass": {"issuerName": "Hall", "eventName": localized("Concert")},
    "genericClass": {},
    "transitClass": {"issuerName": "Bus", "logo": image(), "transitType": "BUS"},
    "flightClass": {
        "issuerName": "Air",
        "origin": {"airportIataCode": "TUN"},
        "destination": {"airportIataCode": "CDG"},
        "flightHeader": {"carrier": {"carrierIataCode": "TU"}, "flightNumber": "1"},
        "localScheduledDepartureDateTime": "2026-12-01T10:00:00",
    },
}
OBJECT_BODIES: Final[dict[str, Json]] = {
    "loyaltyObject": {
        "state": "ACTIVE",
        "accountId": "M-1",
        "accountName": "Ada",
        "loyaltyPoints": {"label": "Points", "balance": {"int": 40}},
        "barcode": {"type": "QR_CODE", "value": "M-1"},
    },
    "offerObject": {"state": "ACTIVE"},
    "giftCardObject": {"state": "ACTIVE", "cardNumber": "123"},
    "eventTicketObject": {"state": "ACTIVE"},
    "genericObject": {"cardTitle": localized("Library"), "header": localized("Ada")},
    "transitObject": {"state": "ACTIVE", "tripType": "ONE_WAY"},
    "flightObject": {"state": "ACTIVE", "passengerName": "Ada", "reservationInfo": {"confirmationCode": "X"}},
}


def class_body(kind: str = "loyaltyClass", suffix: str = "club", **changes: Any) -> Json:
    review = {} if kind == "genericClass" else {"reviewStatus": "UNDER_REVIEW"}
    return {"id": name(suffix)} | review | CLASS_BODIES[kind] | changes


def object_body(
    kind: str = "loyaltyObject", suffix: str = "member", class_suffix: str = "club", **changes: Any
) -> Json:
    return {"id": name(suffix), "classId": name(class_suffix)} | OBJECT_BODIES[kind] | changes


@dataclass
class Api:
    """The emulator, its clock, and HTTP as a service account speaks it."""

    google: GoogleWalletEmulator
    clock: Clock
    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)

    async def sign_in(self, **changes: Any) -> httpx.Response:
        grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
        data = {"grant_type": grant, "assertion": assertion(self.clock(), **changes)}
        answer = await self.http.post("/token", data=data)
        if answer.is_success:
            self.headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        return answer

    async def call(self, method: str, path: str, body: Any = None, **params: str) -> httpx.Response:
        return await self.http.request(
            method, f"/walletobjects/v1/{path}", json=body, params=params, headers=self.headers
        )

    async def ok(self, method: str, path: str, body: Any = None, **params: str) -> Json:
        answer = await self.call(method, path, body, **params)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def refused(self, method: str, path: str, body: Any = None, **params: str) -> tuple[int, str, str]:
        """(status, reason, message) of a refusal, checked to be in Google's shape."""
        answer = await self.call(method, path, body, **params)
        error = answer.json()["error"]
        assert error["code"] == answer.status_code >= 400
        assert {"code", "message", "status", "errors"} <= set(error)
        return answer.status_code, error["errors"][0]["reason"], error["message"]

    async def with_card(self, **changes: Any) -> None:
        """A loyalty class and object, in the customer's wallet."""
        await self.ok("POST", "loyaltyClass", class_body(**changes))
        await self.ok("POST", "loyaltyObject", object_body())
        await self.google.save(save_jwt({"loyaltyObjects": [{"id": name("member")}]}))


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    clock = Clock()
    google = GoogleWalletEmulator(base_url=BASE_URL, clock=clock)
    google.state.requests_per_second = 1_000
    google.register_service_account(EMAIL, PUBLIC_PEM, ISSUER)
    transport = httpx.ASGITransport(google.app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as http:
        made = Api(google, clock, http)
        await made.sign_in()
        yield made
    await google.aclose()
