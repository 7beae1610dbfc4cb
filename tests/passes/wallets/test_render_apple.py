"""Apple cards: signed for real, judged as Wallet would, read back in every language, and fast."""

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from passerelle.emulators.apple_ca import Authority, create_authority
from passerelle.kit.money import Money
from passerelle.passes.wallets.apple.certificates import examine
from passerelle.passes.wallets.apple.localization import read_pass_strings
from passerelle.passes.wallets.apple.render import RenderedPass, render
from passerelle.passes.wallets.apple.signing import Signer
from passerelle.passes.wallets.apple.verify import judge
from passerelle.templates.compiled import CompiledTemplate
from passerelle.templates.content import TemplateContent
from passerelle.templates.facts import SAMPLES, Facts
from tests.templates.conftest import compiled_of, content_of, designed, one_field

PASS_TYPE, TEAM = "pass.example.loyalty", "ABCDE12345"
KINDS = ("stamps", "points", "membership", "coupon", "gift_card", "event_ticket", "generic")
TOKEN = "a" * 32


@pytest.fixture(scope="module")
def authority() -> Authority:
    return create_authority()


@pytest.fixture(scope="module")
def signer(authority: Authority) -> Signer:
    issued = authority.issue_pass_certificate(PASS_TYPE, TEAM)
    found = examine([issued.certificate_pem(), issued.key_pem()], trust=[authority.root, authority.intermediate])
    assert found.identity is not None
    return found.identity.signer()


def card(compiled: CompiledTemplate, facts: Facts = SAMPLES, **changes: Any) -> RenderedPass:
    """One card as passes.service asks for it."""
    asked: dict[str, Any] = {
        "serial_number": "0198c0de",
        "pass_type_identifier": PASS_TYPE,
        "team_identifier": TEAM,
        "authentication_token": TOKEN,
        "web_service_url": "https://cafe.example/wallet/apple",
    }
    return render(compiled, facts, **(asked | changes))


def document(compiled: CompiledTemplate, facts: Facts = SAMPLES, **changes: Any) -> dict[str, Any]:
    """pass.json of one card."""
    found: dict[str, Any] = json.loads(card(compiled, facts, **changes).pass_json)
    return found


def only(content: TemplateContent, facts: Facts = SAMPLES) -> dict[str, Any] | None:
    """The one field of a card."""
    found = document(compiled_of(content), facts)["storeCard"]["secondaryFields"]
    assert len(found) <= 1
    return found[0] if found else None


def shown_on(packed: bytes, language: str, text: str) -> str:
    """What a phone of that language shows for a text of pass.json: it looks the text up in pass.strings."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return read_pass_strings(archive.read(f"{language}.lproj/pass.strings")).get(text, text)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_default_card_is_judged_without_fault(
    kind: str, language: str, authority: Authority, signer: Signer
) -> None:
    rendered = card(
        compiled_of(designed(kind, language, goal=2), drawn=True), {**SAMPLES, "balance.money": Money(4_500, "MAD")}
    )
    packed = rendered.archive.pack(rendered.pass_json, signer, rendered.extra_files)
    verdict = judge(packed, trust=[authority.root])
    assert [(each.severity, each.code, each.path) for each in verdict.findings if each.severity != "note"] == []


def test_a_card_of_stamps() -> None:
    found = document(compiled_of(designed("stamps")))
    assert found["serialNumber"] == "0198c0de"
    assert found["authenticationToken"] == TOKEN
    assert found["backgroundColor"] == "rgb(91, 58, 41)"
    assert found["barcodes"] == [
        {
            "format": "PKBarcodeFormatQR",
            "message": "7K2M-9QXD",
            "messageEncoding": "iso-8859-1",
            "altText": "7K2M-9QXD",
        }
    ]
    assert found["storeCard"]["headerFields"] == [
        {"key": "stamps", "label": "STAMPS", "changeMessage": "You now have %@ stamps", "value": "7/10"}
    ]
    assert "expirationDate" not in found
    assert "voided" not in found


@pytest.mark.parametrize("count", [-1, 0, 1, 2, 3, 99, None])
def test_the_strip_shows_the_stamps(count: int | None) -> None:
    compiled = compiled_of(designed("stamps", goal=2), drawn=True)
    rendered = card(compiled, {**SAMPLES, "stamps.count": count})
    strips = {each.name: each for each in rendered.extra_files if each.name.startswith("strip")}
    assert set(strips) == {"strip.png", "strip@2x.png", "strip@3x.png"}
    expected = compiled.files[f"strip-{min(max(count or 0, 0), 2)}@2x.png"]
    assert strips["strip@2x.png"].size_bytes == len(expected)
    again = card(compiled, {**SAMPLES, "stamps.count": count})
    assert [each for each in again.extra_files if each.name == "strip.png"] == [strips["strip.png"]]


CHANGED = [
    ("en", False, "You now have %@ stamps"),
    ("fr", False, "Vous avez maintenant %@ tampons"),
    ("ar", False, "لديك الآن %@ من الأختام"),
    ("en", True, "%@, your reward is ready: Free coffee"),
    ("fr", True, "%@, votre cadeau vous attend : Café offert"),
    ("ar", True, "%@، مكافأتك جاهزة: قهوة مجانية"),
]


@pytest.mark.parametrize(("language", "ready", "message"), CHANGED)
def test_a_phone_reads_its_own_language(language: str, ready: bool, message: str, signer: Signer) -> None:  # noqa: FBT001  a table's column
    content = designed("stamps", goal=2)
    for other, name in (("fr", "Café offert"), ("ar", "قهوة مجانية")):
        source = content.fields.header[0].change_message
        assert source is not None
        translated = content.translations[other][source]
        content.translations[other] |= {"Free coffee": name, source: translated.replace("{{ reward.name }}", name)}
    rendered = card(compiled_of(content, drawn=True), {**SAMPLES, "reward.ready": ready})
    packed = rendered.archive.pack(rendered.pass_json, signer, rendered.extra_files)
    header = json.loads(rendered.pass_json)["storeCard"]["headerFields"][0]
    assert shown_on(packed, language, header["changeMessage"]) == message
    assert shown_on(packed, language, header["label"]) == {"en": "STAMPS", "fr": "TAMPONS", "ar": "الأختام"}[language]
    assert shown_on(packed, "fr", "Free coffee") == "Café offert"
    assert shown_on(packed, "en", "Free coffee") == "Free coffee"


def test_translations_of_one_card_are_brought_only_when_needed() -> None:
    content = content_of(
        fields={"secondary": [{"key": "left", "label": "LEFT", "value": "{{ stamps.left }} to go"}]},
        translations={
            "fr": {"LEFT": "RESTE", "{{ stamps.left }} to go": "encore {{ stamps.left }}"},
            "de": {"LEFT": "NOCH"},
        },
    )
    compiled = compiled_of(content)
    first = card(compiled)
    assert [each.name for each in first.extra_files] == ["fr.lproj/pass.strings"]
    assert card(compiled).extra_files == first.extra_files
    assert card(compiled, {**SAMPLES, "stamps.left": 1}).extra_files != first.extra_files
    assert first.archive.names >= {"en.lproj/pass.strings", "fr.lproj/pass.strings", "de.lproj/pass.strings"}
    plain = compiled_of(
        content_of(fields=one_field("{{ customer.full_name }}"), translations={"fr": {"ONLY": "SEUL"}})
    )
    assert card(plain).extra_files == ()
    alone = compiled_of(content_of(fields=one_field("{{ member.since }}")))
    assert not any(name.endswith("strings") for name in card(alone).archive.names)


NEXT = timezone(timedelta(hours=1))
VALUES: list[tuple[dict[str, Any], object, dict[str, Any] | None]] = [
    ({"format": "decimal"}, 12_000, {"value": 12_000, "numberStyle": "PKNumberStyleDecimal"}),
    ({"format": "percent"}, Decimal("0.25"), {"value": 0.25, "numberStyle": "PKNumberStylePercent"}),
    ({"format": "currency"}, Money(1_250, "EUR"), {"value": 12.5, "currencyCode": "EUR"}),
    ({"format": "currency"}, Money(1_250, "JPY"), {"value": 1_250, "currencyCode": "JPY"}),
    ({"format": "currency"}, Money(450, "TND"), {"value": 0.45, "currencyCode": "TND"}),
    ({"format": "currency", "currency": "MAD"}, 4_500, {"value": 45, "currencyCode": "MAD"}),
    ({"format": "currency"}, 4_500, {"value": "4500"}),
    ({"format": "decimal"}, None, None),
    ({}, 0, {"value": "0"}),
    ({}, "", None),
    ({"alignment": "right"}, 1, {"value": "1", "textAlignment": "PKTextAlignmentRight"}),
    (
        {"format": "date"},
        date(2026, 3, 1),
        {"value": "2026-03-01T00:00:00Z", "dateStyle": "PKDateStyleMedium", "timeStyle": "PKDateStyleNone",
         "ignoresTimeZone": True},
    ),
    (
        {"format": "date_time", "length": "short", "relative": True},
        datetime(2026, 3, 1, 20, tzinfo=NEXT),
        {"value": "2026-03-01T19:00:00Z", "dateStyle": "PKDateStyleShort", "timeStyle": "PKDateStyleShort",
         "isRelative": True},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("more", "fact", "expected"), VALUES)
def test_values_are_written_for_wallet_to_format(
    more: dict[str, Any], fact: object, expected: dict[str, Any] | None
) -> None:
    name = "member.since" if more.get("format") in {"date", "date_time"} else "balance.units"
    found = only(content_of(fields=one_field(f"{{{{ {name} }}}}", **more)), {name: fact})  # type: ignore[dict-item]  # any kind of fact
    assert found == (None if expected is None else {"key": "only", "label": "ONLY", **expected})


LITERALS = [
    ({"format": "decimal"}, "12.5", {"value": 12.5, "numberStyle": "PKNumberStyleDecimal"}),
    ({"format": "currency", "currency": "EUR"}, "9.90", {"value": 9.9, "currencyCode": "EUR"}),
    ({"format": "date"}, "2027-01-01T10:00:00+01:00",
     {"value": "2027-01-01T09:00:00Z", "dateStyle": "PKDateStyleMedium", "timeStyle": "PKDateStyleNone"}),
    ({}, "As it is", {"value": "As it is"}),
    ({}, "", None),
]  # fmt: skip


@pytest.mark.parametrize(("more", "value", "expected"), LITERALS)
def test_values_of_the_template_itself(more: dict[str, Any], value: str, expected: dict[str, Any] | None) -> None:
    found = only(content_of(fields=one_field(value, **more)), {})
    assert found == (None if expected is None else {"key": "only", "label": "ONLY", **expected})


def test_links_stand_on_the_back_and_are_escaped(signer: Signer) -> None:
    content = content_of(
        fields={"back": [
            {"key": "hi", "value": "Hi {{ customer.first_name }}", "link": "https://a.example/?a=1&b='2'"},
            {"key": "us", "value": "Visit <us>", "link": "https://b.example"},
        ]},
        links=[{"label": "Shop", "url": "https://shop.example"}],
        translations={
            "fr": {"Visit <us>": "Venez <ici>", "Hi {{ customer.first_name }}": "Salut {{ customer.first_name }}"}
        },
    )  # fmt: skip
    rendered = card(compiled_of(content), {"customer.first_name": "<b>Eve</b>"})
    hi, us, shop = json.loads(rendered.pass_json)["storeCard"]["backFields"]
    url = "https://a.example/?a=1&amp;b=&#x27;2&#x27;"
    assert hi["attributedValue"] == f'<a href="{url}">Hi &lt;b&gt;Eve&lt;/b&gt;</a>'
    assert us["attributedValue"] == '<a href="https://b.example">Visit &lt;us&gt;</a>'
    assert (shop["key"], shop["value"]) == ("link_0", "Shop")
    packed = rendered.archive.pack(rendered.pass_json, signer, rendered.extra_files)
    assert shown_on(packed, "fr", us["attributedValue"]) == '<a href="https://b.example">Venez &lt;ici&gt;</a>'
    assert shown_on(packed, "fr", hi["attributedValue"]) == f'<a href="{url}">Salut &lt;b&gt;Eve&lt;/b&gt;</a>'


def test_a_card_ends_at_the_earlier_end() -> None:
    end = datetime(2027, 1, 1, tzinfo=UTC)
    compiled = compiled_of(content_of(expires_at=end))
    assert document(compiled)["expirationDate"] == "2027-01-01T00:00:00Z"
    assert document(compiled, expiration=end - timedelta(days=1))["expirationDate"] == "2026-12-31T00:00:00Z"
    assert document(compiled, expiration=end + timedelta(days=1))["expirationDate"] == "2027-01-01T00:00:00Z"
    assert document(compiled, voided=True)["voided"] is True


def test_what_belongs_together_comes_together() -> None:
    found = document(compiled_of(content_of()), authentication_token=None)
    assert not {"webServiceURL", "authenticationToken"} & found.keys()


def test_the_overlay_lies_over_everything_but_what_is_ours() -> None:
    content = content_of(
        fields=one_field("x"),
        logo_text="Café",
        apple={
            "userInfo": {"who": "{{ customer.first_name }}", "n": [1, 2.5, None, True]},
            "semantics": {"balance": {"amount": "12.50", "currencyCode": "EUR"}},
            "storeCard": {"auxiliaryFields": [{"key": "more", "value": "{{ balance.points }}"}]},
            "logoText": None,
            "maxDistance": 50,
        },
    )
    found = document(compiled_of(content))
    assert found["userInfo"] == {"who": "Lina", "n": [1, 2.5, None, True]}
    assert found["storeCard"]["auxiliaryFields"] == [{"key": "more", "value": "120"}]
    assert found["storeCard"]["secondaryFields"] == [{"key": "only", "label": "ONLY", "value": "x"}]
    assert found["maxDistance"] == 50
    assert "logoText" not in found


def test_places_and_barcodes() -> None:
    content = content_of(
        locations=[
            {"latitude": 33.99, "longitude": -6.85, "relevant_text": "Nearby"},
            {"latitude": 0, "longitude": 0},
        ],
        max_distance_m=200,
        sharing_prohibited=True,
        barcode={"format": "code128", "message": "{{ customer.first_name }}", "alt_text": ""},
    )
    found = document(compiled_of(content), {"customer.first_name": "لينا"})
    assert found["locations"] == [
        {"latitude": 33.99, "longitude": -6.85, "relevantText": "Nearby"},
        {"latitude": 0.0, "longitude": 0.0},
    ]
    assert (found["maxDistance"], found["sharingProhibited"]) == (200, True)
    assert found["barcodes"] == [{"format": "PKBarcodeFormatCode128", "message": "لينا", "messageEncoding": "utf-8"}]
    assert document(compiled_of(content), {})["barcodes"] == []
    assert "barcodes" not in document(compiled_of(content_of(barcode=None)))


values = st.one_of(
    st.text(max_size=30),
    st.text(st.characters(categories=["Cs", "Cc", "Lo"]), max_size=5),
    st.integers(),
    st.booleans(),
    st.none(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12),
    st.dates(),
    st.datetimes(timezones=st.one_of(st.none(), st.timezones())),
    st.builds(Money, st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "MAD", "JPY", "TND"])),
)
COMPILED = [compiled_of(designed(kind, language)) for kind in KINDS for language in ("en", "ar")]
NAMES = sorted({name for compiled in COMPILED for name in compiled.placeholders})


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(COMPILED), st.dictionaries(st.sampled_from(NAMES), values))
def test_any_facts_make_a_card(compiled: CompiledTemplate, facts: dict[str, Any]) -> None:
    rendered = card(compiled, facts)
    found = json.loads(rendered.pass_json)
    keys = [
        each["key"] for style in found.values() if isinstance(style, dict) for area in style.values() for each in area
    ]
    assert len(keys) == len(set(keys))
    assert all(each.name.endswith(("strings", ".png")) for each in rendered.extra_files)


def test_what_is_prepared_goes_with_its_template() -> None:
    import gc  # noqa: PLC0415  only here
    import weakref  # noqa: PLC0415  only here

    compiled = compiled_of(content_of())
    card(compiled)
    gone = weakref.ref(compiled)
    del compiled
    gc.collect()
    assert gone() is None
