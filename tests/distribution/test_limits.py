"""Tickets of forms, budgets of addresses, bodies."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from passerelle.distribution.forms import new_ticket, read_ticket
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.ids import new_id
from passerelle.kit.pacing import WINDOW_SECONDS, Budget, network_of
from tests.distribution.shopfront import Shopfront

NOW = datetime(2026, 11, 22, 9, 0, 0, 123_000, tzinfo=UTC)
KEYS = TenantKeys.of(bytes(range(32)))
PROGRAM = UUID(int=7)


def test_a_ticket_keeps_its_time() -> None:
    ticket = read_ticket(KEYS, PROGRAM, new_ticket(KEYS, PROGRAM, NOW))
    assert ticket is not None
    assert ticket.opened_at == NOW
    assert len(ticket.nonce) == 16


@given(st.integers(0, 37), st.integers(1, 255))
def test_a_changed_ticket_is_none(position: int, flip: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(new_ticket(KEYS, PROGRAM, NOW)))
    raw[position] ^= flip
    assert read_ticket(KEYS, PROGRAM, base64.urlsafe_b64encode(raw).decode()) is None


@given(st.text(max_size=100))
def test_garbage_is_no_ticket(text: str) -> None:
    assert read_ticket(KEYS, PROGRAM, text) is None


def test_a_ticket_is_for_one_program_of_one_shop() -> None:
    text = new_ticket(KEYS, PROGRAM, NOW)
    assert read_ticket(KEYS, new_id(), text) is None
    assert read_ticket(TenantKeys.of(bytes(32)), PROGRAM, text) is None


def test_a_budget_is_spent_and_comes_back() -> None:
    budget = Budget(10)
    assert budget.spend("192.0.2.1", 9, NOW)
    assert not budget.spend("192.0.2.1", 2, NOW)
    assert budget.spend("192.0.2.1", 1, NOW)
    assert budget.spend("192.0.2.2", 10, NOW)
    assert not budget.spend("192.0.2.1", 1, NOW + timedelta(seconds=WINDOW_SECONDS - 1))
    assert budget.spend("192.0.2.1", 10, NOW + timedelta(seconds=WINDOW_SECONDS))


def test_addresses_that_are_remembered_are_bounded() -> None:
    budget = Budget(1, addresses=3)
    for last in range(10):
        budget.spend(f"192.0.2.{last}", 1, NOW)
    assert len(budget._spent) == 3
    assert not budget.spend("192.0.2.9", 1, NOW)


def test_one_connection_counts_as_one() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")
    assert network_of("testclient") == "unknown"


async def test_a_form_that_is_too_large_is_refused(front: Shopfront) -> None:
    before = await front.counts()
    async with front.browser() as browser:
        large = await browser.post(front.path, data={"name": "x" * 20_000})
        other = await browser.post(front.path, json={"name": "Lina"})
        many = await browser.post(front.path, data={f"field{number}": "x" for number in range(100)})
        bytes_ = await browser.post(
            front.path, content=b"name=\xff\xfe", headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
    assert [answer.status_code for answer in (large, other, many, bytes_)] == [400, 400, 400, 400]
    assert all(answer.headers["content-type"].startswith("text/html") for answer in (large, other, many, bytes_))
    assert await front.counts() == before


async def test_a_flood_from_one_address_is_stopped_and_nothing_typed_is_lost(front: Shopfront) -> None:
    async with front.browser(language="en") as browser:
        page = await front.open(browser)
        for _ in range(30):  # forms sent within two seconds weigh ten times
            assert (await front.send(browser, page)).status_code == 303
        refused = await front.send(browser, page, name="Samira")
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "600"
    assert 'value="Samira"' in refused.text
    assert "Wait 10 minutes" in refused.text
    assert (await front.counts())["customers"] == 1
