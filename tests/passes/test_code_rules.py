"""What a code proves: the tables and vectors of docs/mechanisms/barcodes.md, and what no value may ever do."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.emulators.phone.barcodes import rotating_value
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.ids import new_code
from passerelle.passes import code_rules as rules
from passerelle.passes.rendering import keys_of_code
from passerelle.passes.wallets.google.values import rotating_barcode
from tests.factories.documents import Document

DOCUMENT: Final = Document("mechanisms/barcodes.md")
KEYS: Final = rules.CodeKeys(bytes(range(32)), b"12345678901234567890")
TENANT: Final = TenantKeys.of(bytes(range(32)))
CODE: Final = "k7v4m2q9x1c8r5tz"
NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
CODES = st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=16, max_size=16)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  given below


def _at(text: str) -> datetime:
    return datetime.combine(NOON.date(), datetime.strptime(text, "%H:%M:%S").time(), UTC)  # noqa: DTZ007  given beside it


def _shown_at(instant: datetime, code: str = CODE, keys: rules.CodeKeys = KEYS) -> str:
    return code + rules.rotating_proof(keys, rules.step_at(instant))


@DOCUMENT.each_row("totp")
def test_passwords_are_those_of_the_rfc(row: dict[str, str]) -> None:
    step = int(row["second"]) // rules.PERIOD_SECONDS
    assert (str(step), rules.totp(KEYS.rotating, step)) == (row["step"], row["password"])


@DOCUMENT.each_row("values")
def test_values_are_as_documented(row: dict[str, str]) -> None:
    step = int(row["second"]) // rules.PERIOD_SECONDS
    proof = rules.signed_proof(KEYS, CODE) if row["kind"] == "signed" else rules.rotating_proof(KEYS, step)
    assert CODE + proof == row["value"]


@DOCUMENT.each_row("ages")
def test_how_long_a_code_is_good(row: dict[str, str]) -> None:
    shown = _at(row["shown at"])
    told = rules.read(CODE + "u" + rules.totp(KEYS.rotating, rules.step_at(shown)) + str(int(shown.timestamp())))
    slack = timedelta(minutes=int(row["slack"].removesuffix(" min")))
    found = rules.verify(KEYS, told, _at(row["scanned at"]), slack)
    assert ("good" if isinstance(found, rules.Shown) else found) == row["is"]


@DOCUMENT.each_row("may")
def test_what_may_be_done(row: dict[str, Any]) -> None:
    assert rules.may_with(row["program asks for"], row["shown"], row["copies may"]) == row["code_may"]


def test_each_use_asks_for_its_own() -> None:
    uses: tuple[rules.Use, ...] = ("look_up", "earn", "take")
    for most, may in enumerate(("look_up", "earn", "everything")):
        assert [rules.suffices(may, use) for use in uses] == [place <= most for place in range(3)]  # type: ignore[arg-type]  # of the tuple


@given(CODES, INSTANTS)
def test_what_is_shown_is_read_however_it_was_typed(code: str, at: datetime) -> None:
    for value, kind in (
        (code, "static"),
        (code + rules.signed_proof(KEYS, code), "signed"),
        (_shown_at(at, code), "rotating"),
    ):
        typed = " ".join(value[place : place + 4] for place in range(0, len(value), 4)).upper() + "-"
        told = rules.read(typed.replace("0", "O").replace("1", "l"))
        assert (told.code, told.kind) == (code, kind)
        if kind != "static":
            assert isinstance(rules.verify(KEYS, told, at), rules.Shown)


@given(CODES, INSTANTS, st.integers(-3_000, 3_000))
def test_a_rotating_code_is_good_for_one_step_around_its_own(code: str, at: datetime, seconds: int) -> None:
    told = rules.read(_shown_at(at, code))
    found = rules.verify(KEYS, told, at + timedelta(seconds=seconds))
    apart = rules.step_at(at + timedelta(seconds=seconds)) - rules.step_at(at)
    assert found == "too_old" if apart > 1 else found == "ahead" if apart < -1 else isinstance(found, rules.Shown)


@given(CODES, INSTANTS, st.data())
def test_no_letter_can_be_changed(code: str, at: datetime, data: st.DataObject) -> None:
    keys = keys_of_code(TENANT, code)
    value = data.draw(st.sampled_from((code + rules.signed_proof(keys, code), _shown_at(at, code, keys))))
    place = data.draw(st.integers(0, len(value) - 1).filter(lambda place: value[place] != "u"))
    other = data.draw(st.sampled_from("0123456789").filter(lambda letter: letter != value[place]))
    told = rules.read(value[:place] + other + value[place + 1 :])
    found = rules.verify(keys_of_code(TENANT, told.code), told, at)
    if told.kind == "rotating" and place >= len(value) - 10:  # another second of the same step, or of one beside it
        assert found == "wrong" or abs(rules.step_at(at) - told.shown_second // rules.PERIOD_SECONDS) <= 1
    else:
        assert found == "wrong"


@given(CODES, INSTANTS)
def test_a_proof_is_of_one_organization(code: str, at: datetime) -> None:
    keys, stranger = keys_of_code(TENANT, code), keys_of_code(TenantKeys.of(bytes(32)), code)
    for proof in (rules.rotating_proof(keys, rules.step_at(at)), rules.signed_proof(keys, code)):
        assert rules.verify(stranger, rules.read(code + proof), at) == "wrong"


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    told = rules.read(text)
    assert len(told.code) <= 64
    if told.kind != "static":
        assert rules.verify(KEYS, told, NOON) in {"wrong", "too_old", "ahead"}


@pytest.mark.parametrize("ago", [0, 1, 29, 30])
def test_google_shows_what_the_server_takes(ago: int) -> None:
    pattern = rules.proven(CODE, CODE, rules.GOOGLE_PROOF)
    barcode = rotating_barcode("QR_CODE", pattern, [KEYS.rotating], period_seconds=rules.PERIOD_SECONDS)
    shown = rotating_value(dict(barcode), (NOON - timedelta(seconds=ago)).timestamp())
    found = rules.verify(KEYS, rules.read(shown), NOON)
    assert isinstance(found, rules.Shown)
    assert found.kind == "rotating"


def test_a_wallet_may_tell_the_second_itself() -> None:
    """Whether the second is the step's first or the present one is not said; both fit their password."""
    password = rules.totp(KEYS.rotating, rules.step_at(NOON))
    for second in (0, 17, 29, -1, 30):
        told = rules.read(f"{CODE}u{password}{int(NOON.timestamp()) + second}")
        assert isinstance(rules.verify(KEYS, told, NOON), rules.Shown)


def test_the_proof_follows_the_code_in_whatever_the_design_writes() -> None:
    assert rules.proven(f"https://till.example/{CODE}?x", CODE, "uXY") == f"https://till.example/{CODE}uXY?x"
    assert rules.proven(CODE.upper(), CODE, "u1") == f"{CODE.upper()}u1"
    assert rules.proven("member", CODE, "u1") == "member"
    assert rules.proven(CODE, CODE, "") == CODE


def test_new_codes_have_no_mark() -> None:
    assert all("u" not in new_code() and len(new_code()) == rules.CODE_LETTERS for _ in range(100))
