"""Who pays when a household spends, by the table of docs/algorithms/community.md and for random holdings."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from passerelle.programs.households.rules import Person, heir
from passerelle.programs.pool_rules import Parcel, draw, parcels_of
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/community.md")

START = datetime(2026, 11, 22, tzinfo=UTC)
NAMES = {"A": UUID(int=1), "B": UUID(int=2), "C": UUID(int=3)}


def _day(number: int) -> datetime:
    return START + timedelta(days=number)


def _parcel(text: str) -> Parcel:
    name, _, held = text.partition(": ")
    amount, _, until = held.partition(" ")
    expires_at = None if until == "never" else _day(int(until.removeprefix("until ")))
    return Parcel(NAMES[name], int(amount), expires_at)


@DOCUMENT.each_row("pool")
def test_who_pays(row: dict[str, str]) -> None:
    parcels = [_parcel(text) for text in row["holdings (member: amount until day)"].split(", ")]
    paid = draw(int(row["amount"]), parcels, NAMES[row["spender"]])
    names = {owner: name for name, owner in NAMES.items()}
    told = "" if paid is None else ", ".join(sorted(f"{names[owner]} {amount}" for owner, amount in paid.items()))
    assert told == row["pay"]


_PARCELS = st.lists(
    st.builds(
        Parcel,
        st.sampled_from(list(NAMES.values())),
        st.integers(0, 20),
        st.one_of(st.none(), st.integers(1, 9).map(_day)),
    ),
    max_size=12,
)


@given(_PARCELS, st.integers(1, 80), st.sampled_from(list(NAMES.values())))
def test_exactly_so_much_is_paid_and_nobody_pays_more_than_they_have(
    parcels: list[Parcel], amount: int, spender: UUID
) -> None:
    paid = draw(amount, parcels, spender)
    if paid is None:
        assert sum(parcel.amount for parcel in parcels) < amount
        return
    assert sum(paid.values()) == amount
    for owner, part in paid.items():
        assert 0 < part <= sum(parcel.amount for parcel in parcels if parcel.owner_id == owner)


@given(_PARCELS, st.integers(1, 80))
def test_what_is_left_lapses_no_sooner_than_what_was_paid(parcels: list[Parcel], amount: int) -> None:
    """Each member's part comes from their soonest parcels (the ledger's rule), so the whole is soonest first, too."""
    paid = draw(amount, parcels, NAMES["A"])
    if paid is None:
        return
    never = _day(100)
    latest_taken, soonest_left = START, never
    for owner in NAMES.values():
        left = paid.get(owner, 0)
        for parcel in sorted((p for p in parcels if p.owner_id == owner), key=lambda p: p.expires_at or never):
            until, taken = parcel.expires_at or never, min(left, parcel.amount)
            left -= taken
            latest_taken = max(latest_taken, until) if taken else latest_taken
            soonest_left = min(soonest_left, until) if taken < parcel.amount else soonest_left
    assert latest_taken <= soonest_left


def test_parcels_are_all_that_somebody_has() -> None:
    owner = NAMES["A"]
    assert parcels_of(owner, 10, [(_day(1), 4)]) == [Parcel(owner, 4, _day(1)), Parcel(owner, 6)]
    assert parcels_of(owner, 4, [(_day(1), 4)]) == [Parcel(owner, 4, _day(1))]


def test_the_head_is_followed_by_the_adult_who_is_there_longest() -> None:
    head, child, late, early = (UUID(int=number) for number in (1, 2, 3, 4))
    people = [
        Person(head, "adult", _day(0)),
        Person(child, "child", _day(1)),
        Person(late, "adult", _day(3)),
        Person(early, "adult", _day(2)),
    ]
    assert heir(people, head) == early
    assert heir(people[:2], head) is None
