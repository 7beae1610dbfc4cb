"""The pure rules, by the tables of docs/algorithms/ledger.md."""

from datetime import UTC, datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest

from passerelle.kit.ids import new_id
from passerelle.ledger import rules
from passerelle.ledger.rules import Change, Lot, Move, spend, state_of
from passerelle.ledger.schemas import Credit, Debit, PostKind, SystemAccount
from tests.ledger.conftest import DOCUMENT

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
OWNER, UNIT = new_id(), new_id()


def _instant(text: str) -> datetime | None:
    """``10:00`` on the day of the table, or None for ``never``."""
    return None if text == "never" else datetime.fromisoformat(f"2026-03-10T{text}+00:00")


def _day(text: str) -> datetime | None:
    """``day3``, counted so that those up to day2 are past and those from day8 are to come."""
    return None if text == "never" else NOW + timedelta(days=int(text.removeprefix("day")) - 5)


def _lot(position: int, text: str) -> Lot:
    _, amount, earned, expires = text.split()
    earned_at = _day(earned)
    assert earned_at is not None
    return Lot(OWNER, UNIT, UUID(int=position), int(amount), earned_at, earned_at, _day(expires))


@pytest.mark.parametrize("row", DOCUMENT.rows_below("kind"), ids=lambda row: row[0])
def test_each_kind_has_its_accounts(row: list[str]) -> None:
    kind, credits_from, debits_to = row
    kinds: dict[str, PostKind] = {known: known for known in get_args(PostKind)}
    assert rules.CREDIT_ACCOUNT[kinds[kind]] == credits_from
    assert rules.DEBIT_ACCOUNT[kinds[kind]] == debits_to


def test_the_page_names_every_account() -> None:
    assert [row[0] for row in DOCUMENT.rows_below("account")] == list(get_args(SystemAccount))
    assert [row[0] for row in DOCUMENT.rows_below("kind")] == list(get_args(PostKind))


@pytest.mark.parametrize("row", DOCUMENT.rows_below("system account"), ids=" ".join)
def test_each_entry_counts_in_one_figure(row: list[str]) -> None:
    account, amount, figure, active = row
    accounts: dict[str, SystemAccount] = {known: known for known in get_args(SystemAccount)}
    change = Change()
    change.add(accounts[account], int(amount), "active")
    name, value = figure.split()
    assert change == Change(active=int(active), **{name: int(value)})
    gained = change.earned + change.adjusted
    assert gained == change.active + change.held + change.spent + change.expired + change.reversed


@pytest.mark.parametrize("row", DOCUMENT.rows_below("activates"), ids=" ".join)
def test_a_lot_is_usable_in_a_half_open_interval(row: list[str]) -> None:
    activates, expires, asked, state = row
    activates_at, asked_at = _instant(activates), _instant(asked)
    assert activates_at is not None
    assert asked_at is not None
    assert state_of(activates_at, _instant(expires), asked_at) == state


@pytest.mark.parametrize("row", DOCUMENT.rows_below("lots"), ids=" ".join)
@pytest.mark.parametrize("turned", [False, True], ids=["as written", "turned"])
def test_debits_take_lots_in_order(row: list[str], *, turned: bool) -> None:
    lots, debit, expected = row
    texts = [text.strip() for text in lots.split(";")]
    names = {UUID(int=position): text.split()[0] for position, text in enumerate(texts)}
    given = [_lot(position, text) for position, text in enumerate(texts)]
    moves, available = spend(reversed(given) if turned else given, int(debit), "redeemed", NOW)
    if available < int(debit):
        assert expected == f"refused: {available} available"
    else:
        assert "; ".join(f"{names[move.lot.id]} {-move.amount}" for move in moves) == expected


def test_moves_that_cancel_each_other_are_not_booked() -> None:
    lot = Lot(OWNER, UNIT, new_id(), 5, NOW, NOW, None)
    moves = [
        Move(lot, "adjusted", 5, "active"),
        Move(lot, "adjusted", -5, "active"),
        Move(lot, "issued", -5, "active"),
    ]
    assert rules.netted(moves) == [moves[2]]


@pytest.mark.parametrize(
    ("credit_lines", "debit_lines", "fault"),
    [
        ([], [], "1 to 100"),
        ([Credit(OWNER, UNIT, 1)] * 60, [Debit(OWNER, UNIT, 1)] * 41, "1 to 100"),
        ([Credit(OWNER, UNIT, 0)], [], "amount"),
        ([Credit(OWNER, UNIT, 10**12 + 1)], [], "amount"),
        ([], [Debit(OWNER, UNIT, -1)], "amount"),
        ([Credit(OWNER, UNIT, 1, expires_at=NOW)], [], "expire"),
        ([Credit(OWNER, UNIT, 1, NOW + timedelta(days=2), NOW + timedelta(days=2))], [], "expire"),
        ([Credit(OWNER, UNIT, 1, NOW - timedelta(days=2), NOW - timedelta(days=1))], [], "expire"),
        ([Credit(OWNER, UNIT, 1, datetime(2027, 1, 1))], [], "time zone"),  # noqa: DTZ001  what is refused
        ([Credit(OWNER, UNIT, 10**12)], [], None),
        ([Credit(OWNER, UNIT, 1)] * 60, [Debit(OWNER, UNIT, 1)] * 40, None),
    ],
)
def test_lines_have_limits(credit_lines: list[Credit], debit_lines: list[Debit], fault: str | None) -> None:
    found = rules.fault_of_lines(credit_lines, debit_lines) or rules.fault_of_time(credit_lines, NOW)
    assert (found is None) if fault is None else (found is not None and fault in found)


@pytest.mark.parametrize(
    ("reference", "reason", "sound"),
    [
        ("r", None, True),
        ("r" * 200, "x" * 500, True),
        ("", None, False),
        ("r" * 201, None, False),
        ("a\nb", None, False),
        ("a\0b", None, False),
        ("r", "", False),
        ("r", "x" * 501, False),
        ("r", "a\0b", False),
    ],
)
def test_texts_have_limits(reference: str, reason: str | None, *, sound: bool) -> None:
    assert (rules.fault_of_texts(reference, reason) is None) == sound
