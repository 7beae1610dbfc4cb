"""The rules of feedback: the tables of docs/algorithms/feedback.md."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.feedback import rules
from passerelle.feedback.schemas import FeedbackSettings
from passerelle.kit.ids import new_id
from tests.factories.documents import Document

DOCUMENT = Document("algorithms/feedback.md")
TOLD = datetime(2026, 11, 20, 12, tzinfo=UTC)
CUSTOMER = new_id()


def _payload(happened_at: datetime) -> dict[str, str]:
    return {
        "customer_id": str(CUSTOMER),
        "purchase_id": "p",
        "reference": "scan:1",
        "check_in_id": "c",
        "occurred_at": happened_at.isoformat(),
    }


@DOCUMENT.each_row("visits")
def test_which_visits_are_asked_about(row: dict[str, str]) -> None:
    payload = _payload(TOLD - timedelta(days=int(row["told days later"])))
    visit = rules.visit_of(row["fact"], payload, TOLD, row["asked occasions"].split())
    assert (visit is not None) == (row["asked about"] == "yes")


@DOCUMENT.each_row("due")
def test_when_it_is_asked(row: dict[str, str]) -> None:
    happened_at = TOLD - timedelta(minutes=int(row["told minutes later"]))
    visit = rules.visit_of("purchase.recorded", _payload(happened_at), TOLD, ["purchase"])
    assert visit is not None
    settings = FeedbackSettings(delay_minutes=int(row["delay in minutes"]))
    due_at = rules.due_at(visit, settings, TOLD)
    assert due_at - happened_at == timedelta(minutes=int(row["due after minutes"]))


@DOCUMENT.each_row("answers")
def test_until_when_an_answer_is_taken(row: dict[str, str]) -> None:
    ago = row["answered hours ago"]
    answered_at = TOLD - timedelta(hours=int(ago)) if ago else None
    open_until = TOLD + timedelta(hours=int(row["open for hours"]))
    assert rules.may_answer(answered_at, open_until, TOLD) == (row["may answer"] == "yes")


@given(st.uuids(), st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_link_is_of_one_question(feedback_id: UUID, mac: bytes, other: bytes) -> None:
    token = rules.written(feedback_id, mac)
    assert rules.read_id(token) == feedback_id
    assert rules.is_genuine(token, feedback_id, mac)
    assert rules.is_genuine(token, feedback_id, other) == (mac[:16] == other[:16])


@pytest.mark.parametrize("token", ["", "é" * 64, "z" * 64, "0" * 63, "0" * 65])
def test_no_link_of_ours(token: str) -> None:
    assert rules.read_id(token) is None
