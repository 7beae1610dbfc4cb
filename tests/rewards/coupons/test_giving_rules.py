"""Which purchases give a code for the next one: the tables of docs/algorithms/coupons.md, and its window."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from passerelle.rewards.coupons import giving_rules
from passerelle.rewards.coupons.terms import AfterPurchase, Terms
from passerelle.rewards.coupons.values import GivenSoFar
from tests.rewards.coupons.conftest import DOCUMENT, FIVE_OFF
from tests.rewards.coupons.test_rules import NOW, _basket, _campaign, _minor


@DOCUMENT.each_row("given_for")
def test_given_for(row: dict[str, str]) -> None:
    after = AfterPurchase.model_validate({"minimum_amount_minor": _minor(row["minimum"] or "0")})
    if row["items"]:
        quantity, name = row["items"].split()
        items = {"quantity": int(quantity), "categories": [name]}
        after = AfterPurchase.model_validate(after.model_dump() | {"items": items})
    lines = _basket(row["basket"]).lines if row["basket"] else ()
    assert giving_rules.earns(after, _minor(row["amount"]), lines) == (row["given"] == "yes")


def test_what_is_left_of_a_purchase_must_be_something() -> None:
    assert giving_rules.earns(AfterPurchase(), 1, ())
    assert not giving_rules.earns(AfterPurchase(), 0, ())


@DOCUMENT.each_row("room")
def test_room(row: dict[str, str]) -> None:
    limits = {
        name: int(row[title]) if row[title] else None
        for name, title in (("per_customer", "per customer"), ("at_once", "at once"), ("per_day", "per day"))
    }
    after = AfterPurchase.model_validate(limits)
    before = GivenSoFar(int(row["in all"]), int(row["that day"]), int(row["usable"]))
    assert giving_rules.has_room(after, before) == (row["given"] == "yes")
    assert giving_rules.is_limited(after) == any(limit is not None for limit in limits.values())


def test_a_code_needs_time_in_which_it_can_be_used() -> None:
    def promised(**fields: datetime | None) -> bool:
        terms = {"effect": FIVE_OFF, "starts_days_after_issue": 1, "ends_days_after_issue": 2}
        campaign = _campaign(terms=Terms.model_validate(terms).model_dump(), **fields)
        return giving_rules.promise(campaign, NOW - timedelta(days=1), NOW) is not None

    midnight = datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert promised()
    assert promised(starts_at=NOW - timedelta(days=1))
    assert not promised(starts_at=NOW), "the purchase was made before"
    assert not promised(ends_at=NOW), "over before it was told"
    assert not promised(ends_at=midnight), "over as the code begins"
    assert promised(ends_at=midnight + timedelta(seconds=1))


def test_a_window_is_in_local_days() -> None:
    campaign = _campaign({"starts_days_after_issue": 1, "ends_days_after_issue": 10})
    given = giving_rules.promise(campaign, NOW, NOW)
    assert given is not None
    assert (given.starts_at, given.expires_at) == (
        datetime(2026, 11, 22, 23, tzinfo=UTC),
        datetime(2026, 12, 2, 23, tzinfo=UTC),
    )
    assert giving_rules.promise(replace(campaign, state="paused"), NOW, NOW) is None
