"""Coupons, gift cards and tickets that are handed out as wallet cards, for stories."""

from datetime import timedelta
from typing import Any

import httpx

from passerelle.emulators.apple_device import HeldPass
from passerelle.kit import clock
from tests.factories.stage import Json, Stage

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


async def gift_card(stage: Stage, amount_minor: int = 2_000, **more: Any) -> Json:
    """A gift card that was sold; ``product`` changes what is sold."""
    product = await stage.post(
        "/api/v1/gift-card-products",
        {"name": "Gift card", "amounts": {"minimum_minor": 100, "maximum_minor": 50_000}} | more.pop("product", {}),
    )
    return await stage.post("/api/v1/gift-cards", {"product_id": product["id"], "amount_minor": amount_minor} | more)


async def coupon(stage: Stage, **campaign: Any) -> Json:
    """A code of a new campaign, issued to a new customer."""
    customer = await stage.post("/api/v1/customers", {"first_name": "Lina", "phone": "+33612345678"})
    terms = {"effect": {"type": "percent_off", "basis_points": 2_000}} | campaign.pop("terms", {})
    made = await stage.post("/api/v1/coupon-campaigns", {"name": "Breakfast week", "terms": terms} | campaign)
    return await stage.post(f"/api/v1/coupon-campaigns/{made['id']}/issue", {"customer_id": customer["id"]})


async def opened(url: str, user_agent: str) -> httpx.Response:
    """A link as a phone opens it."""
    async with httpx.AsyncClient(headers={"User-Agent": user_agent}) as browser:
        return await browser.get(url)


async def added(stage: Stage, link: Json) -> HeldPass:
    """The card behind a link, added to the iPhone."""
    answer = await opened(link["url"], IPHONE)
    assert answer.headers["content-type"] == "application/vnd.apple.pkpass", answer.text
    return await stage.phone.add(answer.content)


async def saved(stage: Stage, link: Json) -> None:
    """The card behind a link, saved to the Android phone, and Google's callback taken."""
    answer = await opened(link["url"], ANDROID)
    assert answer.status_code == 302, answer.text
    await stage.google.save(answer.headers["location"].rpartition("/")[2])
    await stage.google.drain()
    await stage.tell()


def shown(stage: Stage) -> Json:
    """The pass.json of the only card on the iPhone."""
    [held] = stage.phone.passes.values()
    return dict(held.package.pass_json)


def value(pass_json: Json, key: str) -> Any:
    """What a field says."""
    [style] = [pass_json[name] for name in ("coupon", "storeCard", "eventTicket") if name in pass_json]
    return next(each["value"] for fields in style.values() for each in fields if each["key"] == key)


def google_object(stage: Stage) -> Json:
    """The only object in Google Wallet."""
    [one] = stage.google.saved_passes()
    return dict(one.wallet_object)


async def ticket(stage: Stage, event: Json | None = None, **more: Any) -> Json:
    """A ticket of an event that lets in now; ``event`` changes what is on."""
    now = clock.now().replace(microsecond=0)
    planned = {
        "name": "Opening night",
        "names": {"fr": "Soirée d'ouverture"},
        "venue_name": "Grand Hall",
        "venue_address": "1 Harbour Road",
        "starts_at": (now + timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(hours=4)).isoformat(),
    }
    made = await stage.post("/api/v1/ticketed-events", planned | (event or {}))
    return await stage.post("/api/v1/tickets", {"event_id": made["id"]} | more)
