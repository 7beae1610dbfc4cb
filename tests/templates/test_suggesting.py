"""The card that a program would come with, and a merchant's own logo on it."""

import io
from typing import Any

import httpx
import pytest
from PIL import Image, ImageDraw

from passerelle.templates import artwork


def png(size: tuple[int, int], colour: tuple[int, ...], *, hole: bool = True) -> bytes:
    """A logo: a bar of one colour, on nothing or on a full ground."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0) if hole else colour)
    ImageDraw.Draw(picture).rectangle((size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4), fill=colour)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("kind", ["stamps", "points", "cashback", "multipass", "membership"])
async def test_what_is_suggested_is_what_is_made(client: httpx.AsyncClient, kind: str) -> None:
    goal = {"goal": 8, "reward_name": "Café offert", "reward_names": {"en": "Free coffee"}}
    wanted = {"kind": kind, "name": "Club", "names": {"ar": "النادي"}} | (goal if kind == "stamps" else {})
    before = (await client.get("/api/v1/templates")).json()["items"]
    suggested = (await client.post("/api/v1/templates/suggestion", json=wanted)).json()
    assert (await client.get("/api/v1/templates")).json()["items"] == before
    program = (await client.post("/api/v1/programs", json=wanted)).json()
    made = (await client.get(f"/api/v1/templates/{program['template_id']}/versions/1")).json()["content"]
    assert suggested["images"] == dict.fromkeys(made["images"])
    assert suggested | {"images": made["images"]} == made


@pytest.mark.parametrize(
    ("kind", "path", "more"),
    [
        ("coupon", "/api/v1/coupon-campaigns", {"terms": {"effect": {"type": "percent_off", "basis_points": 1000}}}),
        ("gift_card", "/api/v1/gift-card-products", {"amounts": {"amounts_minor": [2000]}}),
        ("ticket", "/api/v1/ticketed-events", {"venue_name": "Hall", "starts_at": "2190-06-05T20:00Z"}),
    ],
)
async def test_what_is_suggested_without_a_program_is_what_is_made(
    client: httpx.AsyncClient, kind: str, path: str, more: dict[str, Any]
) -> None:
    name = {"name": "Fête", "names": {"en": "Party", "ar": "عيد"}}
    suggested = (await client.post("/api/v1/templates/suggestion", json={"kind": kind, **name})).json()
    offered = (await client.post(path, json=name | more)).json()
    if kind == "coupon":
        await client.post(f"{path}/{offered['id']}/codes/import", json={"codes": ["FETE10"]})
        await client.post("/api/v1/coupons/FETE10/card")
    elif kind == "ticket":
        issued = await client.post("/api/v1/tickets", json={"event_id": offered["id"]})
        await client.post(f"/api/v1/tickets/{issued.json()['id']}/card")
    else:
        sold = await client.post("/api/v1/gift-cards", json={"product_id": offered["id"], "amount_minor": 2000})
        await client.post(f"/api/v1/gift-cards/{sold.json()['id']}/card")
    template = (await client.get(f"{path}/{offered['id']}")).json()["template_id"]
    made = (await client.get(f"/api/v1/templates/{template}/versions/1")).json()["content"]
    assert suggested | {"images": made["images"]} == made
    design = "event_ticket" if kind == "ticket" else kind
    before = (await client.post("/api/v1/templates", json={"kind": design, **name})).json()
    designed = (await client.get(f"/api/v1/templates/{before['id']}/versions/1")).json()["content"]
    assert suggested | {"images": designed["images"]} == designed


async def test_a_logo_of_ones_own_is_on_the_card(client: httpx.AsyncClient) -> None:
    upload = await client.post(
        "/api/v1/images", content=png((400, 200), (20, 90, 200, 255)), headers={"Content-Type": "image/png"}
    )
    digest = upload.json()["url"].rpartition("/")[2].removesuffix(".png")
    brand = {"background": "#145ac8", "foreground": "#ffffff", "label": "#ffffff", "logo": digest}
    assert (await client.patch("/api/v1/organization", json={"brand": brand})).is_success
    program = (await client.post("/api/v1/programs", json={"name": "Club", "kind": "points"})).json()
    made = (await client.get(f"/api/v1/templates/{program['template_id']}/versions/1")).json()["content"]
    sizes = {}
    for place in ("icon", "logo"):
        kept = (await client.get(f"/api/v1/images/{made['images'][place]}")).json()
        sizes[place] = (kept["width"], kept["height"])
        picture = Image.open(io.BytesIO((await client.get(kept["url"])).content)).convert("RGBA")
        middle = picture.getpixel((picture.width // 2, picture.height // 2))
        assert middle == (20, 90, 200, 255)
    assert sizes["icon"] == (660, 660)
    assert sizes["logo"][0] <= 480
    assert sizes["logo"][1] <= 150


@pytest.mark.parametrize(
    ("ink", "background", "on_white"),
    [((20, 90, 200, 255), (20, 90, 200), True), ((255, 255, 255, 255), (20, 90, 200), False)],
)
def test_a_logo_that_would_melt_into_the_card_gets_a_plate(
    ink: tuple[int, ...], background: tuple[int, int, int], *, on_white: bool
) -> None:
    picture = Image.open(io.BytesIO(artwork.logo_of(png((300, 150), ink), background)))
    edge = picture.getpixel((picture.width // 2, 4))
    assert edge == ((255, 255, 255, 255) if on_white else (0, 0, 0, 0))


def test_an_icon_goes_on_where_a_full_logo_ends() -> None:
    icon = Image.open(io.BytesIO(artwork.icon_of(png((300, 300), (200, 30, 30, 255), hole=False))))
    assert icon.size == (660, 660)
    assert icon.getpixel((0, 0)) == icon.getpixel((330, 330)) == (200, 30, 30)
