"""How passes become cards: fields, styles, colours, rows, barcodes, and words."""

import base64
import re
import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.emulators.apple_device import Trust, open_package
from passerelle.emulators.google_wallet import SavedPass
from passerelle.emulators.google_wallet.discovery import KINDS
from passerelle.emulators.google_wallet.pages import ink_on
from passerelle.emulators.phone.apple_card import AppleCard, apple_card, css_color
from passerelle.emulators.phone.barcodes import draw, rotating_value
from passerelle.emulators.phone.card_text import rich_text, with_links
from passerelle.emulators.phone.google_card import GoogleCard, google_card
from passerelle.emulators.phone.links import card_link, save_jwt_in
from passerelle.emulators.phone.texts import LANGUAGES, TEXTS
from tests.emulators.google_wallet.conftest import CLASS_BODIES, class_body, localized, object_body
from tests.emulators.phone.stage import AUTHORITY, cafe_pass, picture, pkpass

TRUST = Trust.from_pem(AUTHORITY.root_pem())


def drawn(pass_json: dict[str, Any], files: dict[str, bytes] | None = None, language: str = "en") -> AppleCard:
    packed = pkpass(pass_json, files)
    now = datetime.now(UTC)
    package = open_package(packed, TRUST, now)
    return apple_card(package, language=language, zone=ZoneInfo("Europe/Paris"), now=now.timestamp())


def styled(style: str, content: dict[str, Any]) -> dict[str, Any]:
    body = {key: value for key, value in cafe_pass().items() if key != "storeCard"}
    return body | {style: content}


def google_drawn(
    kind: str, wallet_class: dict[str, Any], wallet_object: dict[str, Any], language: str = "en"
) -> GoogleCard:
    saved = SavedPass(KINDS[f"{kind}Object"], wallet_class, wallet_object, 0)
    return google_card(saved, language=language, now=time.time())


def test_all_languages_have_all_words() -> None:
    assert len({frozenset(words) for words in TEXTS.values()}) == 1
    assert set(TEXTS) == set(LANGUAGES)
    assert all(all(words.values()) for words in TEXTS.values())


def test_a_store_card_has_its_groups_in_their_places() -> None:
    card = drawn(cafe_pass(1234))
    assert [field.value for field in card.header] == ["1,234"]
    assert [field.label for field in card.secondary] == ["Name", "Level"]
    assert 'href="https://cafe.example/terms"' in card.back[0].rich
    assert card.back[1].rich == '<a href="https://cafe.example" target="_blank" rel="noreferrer">Shop</a>'
    assert (card.background, card.foreground, card.label) == ("rgb(24, 72, 62)", "rgb(255, 255, 255)", "#f3c98b")
    assert card.images["strip"]
    assert card.barcode is not None
    assert card.barcode.svg.startswith("<svg")


def test_values_follow_language_and_style() -> None:
    fields = [
        {"key": "price", "value": 12.5, "currencyCode": "EUR"},
        {"key": "day", "value": "2026-12-04T20:00+01:00", "dateStyle": "PKDateStyleLong"},
    ]
    card = drawn(styled("generic", {"secondaryFields": fields}), language="fr")
    assert [re.sub(r"\s", " ", field.value) for field in card.secondary] == ["12,50 €", "4 décembre 2026"]


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("generic", {"logo", "icon", "thumbnail"}),
        ("coupon", {"logo", "icon", "strip"}),
        ("eventTicket", {"logo", "icon", "strip"}),
        ("boardingPass", {"logo", "icon", "footer"}),
    ],
)
def test_each_style_shows_its_pictures(style: str, shown: set[str]) -> None:
    pictures = {f"{name}.png": picture(4, 4, "red") for name in ("thumbnail", "background", "footer")}
    card = drawn(styled(style, {}), pictures)
    assert {name for name, path in card.images.items() if path} == shown


@pytest.mark.parametrize(
    ("change", "state"), [({"voided": True}, (True, False)), ({"expirationDate": "2020-01-01T00:00Z"}, (False, True))]
)
def test_passes_end(change: dict[str, Any], state: tuple[bool, bool]) -> None:
    card = drawn(cafe_pass(**change))
    assert (card.voided, card.expired) == state


def test_the_older_barcode_key_is_the_fallback() -> None:
    body = {key: value for key, value in cafe_pass().items() if key != "barcodes"}
    barcode = {"format": "PKBarcodeFormatPDF417", "message": "old", "messageEncoding": "iso-8859-1"}
    card = drawn(body | {"barcode": barcode})
    assert card.barcode is not None
    assert (card.barcode.message, card.barcode.asked_for) == ("old", "PDF417")
    assert drawn(body).barcode is None


@given(st.text())
def test_colours_cannot_write_css(text: str) -> None:
    assert re.fullmatch(r"#[0-9a-fA-F]{3,6}|rgb\(\d{1,3}, \d{1,3}, \d{1,3}\)", css_color(text, "#fff"), re.ASCII)


@given(st.text(alphabet=st.sampled_from("<>a/&\"' =hrefjvscipt:x;")))
def test_rich_text_holds_text_and_safe_links_alone(text: str) -> None:
    for shown in (rich_text(text), with_links(text)):
        tags = re.findall(r"<[^>]*>", shown)
        assert all(tag == "</a>" or tag.startswith('<a href="') for tag in tags)
        assert "javascript:" not in " ".join(tags).lower()


@given(st.integers(0, 0xFFFFFF))
def test_text_on_a_card_can_be_read(color: int) -> None:
    def luminance(code: str) -> float:
        values = [int(code[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    background = f"#{color:06x}"
    pair = sorted((luminance(background), luminance(ink_on(background))))
    assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 3


def test_long_messages_are_told_in_words() -> None:
    assert draw("QR_CODE", "x" * 5_000, "").svg == ""
    assert draw("TEXT_ONLY", "x", "").svg == ""
    assert draw("PKBarcodeFormatQR", "é", "", "no such encoding").svg == ""


@pytest.mark.parametrize(
    ("seconds", "value"), [(59, "94287082"), (1111111109, "07081804"), (20000000000, "65353130")]
)
def test_rotating_barcodes_follow_rfc_6238(seconds: int, value: str) -> None:
    """Vectors of RFC 6238 Appendix B, SHA-1."""
    key = base64.b16encode(b"12345678901234567890").decode()
    rotating = {
        "valuePattern": "M-{totp_value_0}-{totp_timestamp_seconds}",
        "totpDetails": {"periodMillis": "30000", "parameters": [{"key": key, "valueLength": 8}]},
    }
    assert rotating_value(rotating, seconds) == f"M-{value}-{seconds // 30 * 30}"


@pytest.mark.parametrize("kind", sorted(kind.removesuffix("Class") for kind in CLASS_BODIES))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_google_type_has_a_card(kind: str, language: str) -> None:
    card = google_drawn(kind, class_body(f"{kind}Class"), object_body(f"{kind}Object"), language)
    assert card.title or card.header
    assert card.state == "active"


def test_template_rows_name_their_fields() -> None:
    def item(*paths: str) -> dict[str, Any]:
        return {"firstValue": {"fields": [{"fieldPath": path} for path in paths]}}

    rows = [
        {
            "twoItems": {
                "startItem": item("object.textModulesData['stamps']"),
                "endItem": item("object.none", "class.programName"),
            }
        },
        {"oneItem": {"item": item("object.loyaltyPoints.balance")}},
        {"oneItem": {"item": item("object.nothing.at['all']")}},
    ]
    wallet_class = class_body(classTemplateInfo={"cardTemplateOverride": {"cardRowTemplateInfos": rows}})
    modules = [{"id": "stamps", "header": "Stamps", "localizedBody": localized("3 of 10")}]
    card = google_drawn("loyalty", wallet_class, object_body(textModulesData=modules))
    assert [[(item.label, item.value) for item in row] for row in card.rows] == [
        [("Stamps", "3 of 10"), ("Program name", "Café Club")],
        [("Points", "40")],
    ]


def test_gift_cards_show_money() -> None:
    balance = {"micros": "150000000", "currencyCode": "MAD"}
    card = google_drawn("giftCard", class_body("giftCardClass"), object_body("giftCardObject", balance=balance), "fr")
    assert re.sub(r"\s", " ", card.rows[0][0].value) == "150,00 MAD"
    assert card.rows[0][0].label == "Solde"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"state": "EXPIRED"}, "expired"),
        ({"state": "INACTIVE"}, "inactive"),
        ({"validTimeInterval": {"end": {"date": "2020-01-01T00:00:00Z"}}}, "expired"),
        ({"validTimeInterval": {"end": {"date": "2999-01-01"}}}, "active"),
    ],
)
def test_google_passes_end(change: dict[str, Any], state: str) -> None:
    assert google_drawn("loyalty", class_body(), object_body(**change)).state == state


def test_messages_come_newest_first() -> None:
    messages = [{"header": "old", "body": "1"}, {"header": "new", "body": "2"}]
    card = google_drawn("loyalty", class_body(), object_body(messages=messages))
    assert [message.label for message in card.messages] == ["new", "old"]


@pytest.mark.parametrize(
    ("url", "jwt"),
    [
        ("https://pay.google.com/gp/v/save/a.b.c", "a.b.c"),
        ("http://127.0.0.1:5000/gp/v/save/a.b.c?x=1", "a.b.c"),
        ("https://pay.google.com/gp/v/other", ""),
        ("https://x.example/?next=/gp/v/save/a", ""),
    ],
)
def test_save_links_are_recognised(url: str, jwt: str) -> None:
    assert save_jwt_in(url) == jwt


def test_buttons_of_a_landing_page_are_found() -> None:
    page = (
        '<a href="http://[">x</a><a href=/c/t type="application/vnd.apple.pkpass">A</a><a href="/gp/v/save/j">G</a>'
    )
    assert card_link(page, "https://s.example/x", "iphone") == "https://s.example/c/t"
    assert card_link(page, "https://s.example/x", "android") == "https://s.example/gp/v/save/j"
    assert card_link("<a>", "https://s.example", "iphone") == ""
