"""Ids, money, languages, tokens: values without a database."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from passerelle.kit import clock
from passerelle.kit.i18n import direction, preferred
from passerelle.kit.ids import InvalidId, WireId, decode, encode, new_code, new_id, open_tenant_token, tenant_token
from passerelle.kit.money import Money, UnknownCurrency, exponent
from passerelle.organizations.schemas import OrganizationId


@given(st.uuids())
def test_ids_survive_the_wire(value: UUID) -> None:
    text = encode("cus", value)
    assert len(text) == 30
    assert decode("cus", text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cus",
        "cus_",
        "org_" + "0" * 26,
        "cus_" + "0" * 25,
        "cus_" + "z" * 26,
        "cus_" + "u" * 26,
        "cus_" + "é" * 26,
    ],
)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidId):
        decode("cus", text)


def test_ids_sort_by_time() -> None:
    made = [new_id() for _ in range(100)]
    assert made == sorted(made)


def test_wire_ids_in_models() -> None:
    class Holder(BaseModel):
        id: OrganizationId

    value = new_id()
    assert Holder(id=value).model_dump_json() == f'{{"id":"{encode("org", value)}"}}'
    assert Holder.model_validate({"id": encode("org", value)}).id == value
    with pytest.raises(ValidationError, match="copied whole"):
        Holder.model_validate({"id": encode("cus", value)})
    assert WireId("org") == WireId("org")


@given(st.uuids(), st.binary(min_size=1, max_size=64))
def test_tokens_carry_their_tenant(organization_id: UUID, secret: bytes) -> None:
    token = tenant_token("key", organization_id, secret)
    assert open_tenant_token("key", token) == (organization_id, secret)
    assert open_tenant_token("ses", token) is None


@given(st.text(max_size=80))
def test_garbage_is_no_token(text: str) -> None:
    opened = open_tenant_token("key", "key_" + text)
    assert opened is None or len(opened[1]) > 0


def test_codes_have_no_look_alikes() -> None:
    code = new_code()
    assert len(code) == 16
    assert not set(code) & set("ilouILOU")


@pytest.mark.parametrize(
    ("currency", "digits", "amount_minor", "language", "text"),
    [
        ("EUR", 2, 450, "fr", "4,50\xa0€"),
        ("EUR", 2, 450, "en", "€4.50"),
        ("JPY", 0, 450, "en", "¥450"),
        ("TND", 3, 1500, "fr", "1,500\xa0TND"),
        ("MAD", 2, 1, "fr", "0,01\xa0MAD"),
    ],
)
def test_money(currency: str, digits: int, amount_minor: int, language: str, text: str) -> None:
    assert exponent(currency) == digits
    assert Money(amount_minor, currency).formatted(language) == text


def test_unknown_currency() -> None:
    with pytest.raises(UnknownCurrency):
        Money(1, "XYZ")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("fr-MA,fr;q=0.9,en;q=0.8", "fr"),
        ("de, ar;q=0.5, en;q=0.4", "ar"),
        ("en;q=0, fr;q=0.1", "fr"),
        ("fr;q=x, ar;q=0.2", "ar"),
        ("*" * 10_000, "en"),
    ],
)
def test_languages(header: str | None, language: str) -> None:
    assert preferred(header) == language


def test_direction() -> None:
    assert [direction(tag) for tag in ("ar", "ar-MA", "fr", "en")] == ["rtl", "rtl", "ltr", "ltr"]


def test_the_clock_can_be_held() -> None:
    instant = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    with clock.frozen(instant):
        assert clock.now() == instant
        assert clock.today("Africa/Casablanca").isoformat() == "2026-11-23"
    assert clock.now() != instant
    with pytest.raises(ValueError, match="time zone"), clock.frozen(datetime(2026, 1, 1)):  # noqa: DTZ001  the fault
        pass
