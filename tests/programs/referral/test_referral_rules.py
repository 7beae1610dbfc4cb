"""The rules of referral, by the tables of docs/algorithms/community.md."""

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from passerelle.kit.ids import new_code
from passerelle.programs.community_settings import CapPeriod, ReferralSettings
from passerelle.programs.referral.rules import (
    Arrival,
    Counted,
    judge,
    milestone_at,
    normal_code,
    period_of,
    why_no_friend,
    why_no_share,
)
from tests.factories.documents import Document

DOCUMENT: Final = Document("algorithms/community.md")


@DOCUMENT.each_row("arrival")
def test_who_is_a_friend(row: dict[str, str]) -> None:
    arrival = Arrival(row["new member"] == "yes", row["own code"] == "yes", row["same mailbox"] == "yes")
    assert (why_no_friend(arrival) or "joined") == row["becomes"]


@DOCUMENT.each_row("qualifying")
def test_which_purchase_qualifies(row: dict[str, str]) -> None:
    settings = ReferralSettings(
        minimum_amount_minor=int(row["minimum"]),
        within_days=int(row["days"]),
        first_purchase_only=row["first only"] == "yes",
    )
    verdict = judge(
        settings,
        joined_at=datetime.fromisoformat(row["joined"]),
        occurred_at=datetime.fromisoformat(row["purchase at"]),
        amount_minor=int(row["amount"]),
        same_household=row["same household"] == "yes",
    )
    assert (verdict.reason or verdict.state) == row["becomes"]
    assert (verdict.state == "refused") == (verdict.reason is not None)


def test_a_shop_may_reward_households() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    settings = ReferralSettings(refuse_household=False)
    verdict = judge(settings, joined_at=now, occurred_at=now, amount_minor=1, same_household=True)
    assert verdict.state == "qualified"


@DOCUMENT.each_row("caps")
def test_caps(row: dict[str, str]) -> None:
    settings = ReferralSettings(
        max_per_referrer=int(row["most in all"]) if row["most in all"] else None,
        max_per_period=int(row["most in the period"]) if row["most in the period"] else None,
    )
    counted = Counted(int(row["rewarded before"]), int(row["of these in the period"]))
    reason = why_no_share(settings, counted, referrer_acts=row["referrer active"] == "yes")
    assert (reason or "the reward") == row["referrer gets"]


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  hypothesis adds the zone
    st.sampled_from(["month", "quarter", "year"]),
)
def test_a_period_holds_its_instant_and_meets_the_next(instant: datetime, period: CapPeriod) -> None:
    for zone in ("Europe/Paris", "Africa/Casablanca", "Pacific/Apia"):
        start, end = period_of(instant, period, zone)
        assert start <= instant < end
        assert period_of(end, period, zone)[0] == end
        assert (end.astimezone(ZoneInfo(zone)).day, end.astimezone(ZoneInfo(zone)).hour) == (1, 0)


def test_codes_are_understood_as_people_write_them() -> None:
    code = new_code(10)
    spoken = f" {code[:5].upper()}-{code[5:]} "
    assert normal_code(spoken) == code
    assert normal_code("OIL-o0") == "01100"


@pytest.mark.parametrize("friends", [[3, 3], [5, 3]])
def test_milestones_ascend(friends: list[int]) -> None:
    milestones = [{"friends": count, "prize": {"amount": 10}} for count in friends]
    with pytest.raises(ValidationError, match="each number once"):
        ReferralSettings.model_validate({"milestones": milestones})


@pytest.mark.parametrize(("cap", "fits"), [(None, True), (5, True), (4, False), (6, True)])
def test_a_milestone_lies_within_the_cap_of_a_referrer(cap: int | None, *, fits: bool) -> None:
    sent = {"milestones": [{"friends": 5, "prize": {"amount": 10}}], "max_per_referrer": cap}
    with nullcontext() if fits else pytest.raises(ValidationError, match="max_per_referrer"):
        ReferralSettings.model_validate(sent)


def test_a_milestone_is_of_exactly_so_many() -> None:
    settings = ReferralSettings.model_validate({"milestones": [{"friends": 3, "prize": {"amount": 10}}]})
    assert [milestone_at(settings.milestones, count) is not None for count in range(5)] == [
        False,
        False,
        False,
        True,
        False,
    ]
