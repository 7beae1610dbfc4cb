"""The pure rules, by the tables of docs/algorithms/giftcards.md."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.giftcards import rules
from passerelle.giftcards.errors import GiftCardBalanceTooLow, GiftCardStateRefused
from passerelle.giftcards.rules import Figures, Kind, State
from passerelle.kit.ids import new_code, new_id
from tests.giftcards.conftest import DOCUMENT

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
KINDS: dict[str, Kind] = {kind: kind for kind in get_args(Kind)}
_STATES: tuple[State, ...] = get_args(State)


def test_the_page_names_every_activity() -> None:
    assert [row[0] for row in DOCUMENT.rows_below("activity")] == list(KINDS)


@pytest.mark.parametrize("row", DOCUMENT.rows_below("activity"), ids=lambda row: row[0])
def test_each_activity_is_legal_as_the_page_says(row: list[str]) -> None:
    kind, amount, transfer = KINDS[row[0]], row[5], row[6]
    for state, expected in zip(_STATES, row[1:5], strict=True):
        if expected == "no":
            with pytest.raises(GiftCardStateRefused):
                rules.state_after(kind, state)
        else:
            assert rules.state_after(kind, state) == expected
    assert rules.AMOUNT[kind] == amount
    assert rules.TRANSFER_KIND.get(kind, "none") == transfer


@pytest.mark.parametrize("row", DOCUMENT.rows_below("months"), ids=" ".join)
def test_money_lapses_at_the_end_of_a_day(row: list[str]) -> None:
    months, put, zone, until = row
    found = rules.lapses_at(None if months == "never" else int(months), datetime.fromisoformat(put), zone)
    assert found == (None if until == "never" else datetime.fromisoformat(until))


@given(
    st.integers(1, 1_200),
    st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001  the zone comes beside it
    st.sampled_from(["Europe/Paris", "Africa/Casablanca", "America/New_York", "Asia/Tokyo"]),
)
def test_money_never_lapses_early_and_always_at_midnight(months: int, at: datetime, zone: str) -> None:
    credited = at.replace(tzinfo=UTC)
    found = rules.lapses_at(months, credited, zone)
    assert found is not None
    assert found - credited > timedelta(days=27 * months)
    assert found.astimezone(ZoneInfo(zone)).strftime("%H:%M") in {"00:00", "01:00"}


@pytest.mark.parametrize("row", DOCUMENT.rows_below("typed"), ids=lambda row: row[0])
def test_codes_are_read_as_people_type_them(row: list[str]) -> None:
    assert rules.normal_code(row[0]) == row[1]


def test_a_code_of_ours_survives_being_printed() -> None:
    code = new_code(16)
    shown = rules.shown_code(code)
    assert (len(shown), rules.normal_code(shown)) == (19, code)
    assert rules.last_four(shown) == code[-4:].upper()


@given(balance=st.integers(0, 10**9), held=st.integers(0, 10**9), asked=st.integers(1, 10**9), partial=st.booleans())
def test_never_more_is_taken_than_is_available(balance: int, held: int, asked: int, *, partial: bool) -> None:
    figures = Figures(balance, held)
    available = max(0, balance - held)
    if asked <= available or (partial and available):
        assert rules.spendable(asked, figures, "EUR", allow_partial=partial) == min(asked, available)
        return
    with pytest.raises(GiftCardBalanceTooLow) as refusal:
        rules.spendable(asked, figures, "EUR", allow_partial=partial)
    assert refusal.value.params["available_minor"] == available
    assert refusal.value.params["missing_minor"] == asked - available


def test_a_unit_is_fixed_by_organization_and_currency() -> None:
    one, other = new_id(), new_id()
    assert rules.unit_of(one, "EUR") == rules.unit_of(one, "EUR")
    assert len({rules.unit_of(one, "EUR"), rules.unit_of(one, "MAD"), rules.unit_of(other, "EUR")}) == 3


@pytest.mark.parametrize(("currency", "limit"), [("EUR", 1_000_000), ("TND", 10_000_000), ("JPY", 1_000_000)])
def test_the_usual_limit_of_a_card(currency: str, limit: int) -> None:
    assert rules.default_max_balance_minor(currency) == limit


def test_the_fifth_wrong_pin_locks_for_a_quarter_of_an_hour() -> None:
    state = rules.PinState(0, None)
    for wrong in range(1, 5):
        state = rules.after_wrong_pin(state.wrong_pins, NOW)
        assert state == rules.PinState(wrong, None)
    assert rules.after_wrong_pin(state.wrong_pins, NOW) == rules.PinState(0, NOW + timedelta(minutes=15))


@pytest.mark.parametrize(
    ("card_lapses", "expected"),
    [(None, None), (3, 14), (14, 14), (90, 90)],
)
def test_a_refund_is_good_as_long_as_the_card_and_two_weeks_at_least(
    card_lapses: int | None, expected: int | None
) -> None:
    def day(number: int | None) -> datetime | None:
        return None if number is None else NOW + timedelta(days=number)

    assert rules.returned_until(day(card_lapses), NOW) == day(expected)
