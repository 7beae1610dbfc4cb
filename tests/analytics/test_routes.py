"""Reports over HTTP: the shape, what is refused, the funnel from the first view, what needs attention."""

from datetime import timedelta
from typing import Any, Final

import httpx
import pytest

from passerelle.analytics import attention
from passerelle.analytics.attention import WalletState
from passerelle.distribution import service as distribution
from passerelle.distribution.facts import Scene
from passerelle.distribution.schemas import Trail
from passerelle.kit import clock
from passerelle.kit.db import Database
from passerelle.kit.events import announce
from passerelle.kit.ids import encode
from passerelle.messaging import service as messaging
from passerelle.passes import service as passes
from passerelle.passes.events import PassInstalled
from passerelle.programs import service as programs
from passerelle.purchases import service as purchases
from passerelle.purchases.schemas import NewPurchase
from passerelle.rewards import service as rewards
from passerelle.rewards.schemas import RewardChange, RewardIn
from tests.analytics.stories import Deed, Teller
from tests.conftest import Shop


async def _get(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(f"/api/v1{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _card(teller: Teller, who: str) -> None:
    """A card in a wallet, announced twice as by a phone and a watch."""
    customer_id, membership_id = teller.members[who]
    async with teller.transaction() as tx:
        card = await passes.issue_pass(tx, membership_id)
        scene = Scene("join_page", teller.program_id, "iphone", "fr", Trail(), card.id)
        await distribution.record(tx, scene, "viewed", "joined", "tapped")
        for _ in range(2):
            await announce(tx, PassInstalled(pass_id=card.id, customer_id=customer_id, wallet="apple"))


async def test_a_purchase_is_in_the_next_report(client: httpx.AsyncClient, teller: Teller) -> None:
    await teller.tell([Deed("A", clock.now(), 450, at_second=False), Deed("A", clock.now(), 350, at_second=True)])
    report = await _get(client, "/reports/kpis")
    figures = {kpi["name"]: kpi for kpi in report["kpis"]}
    assert (figures["average_basket"]["value"], figures["average_basket"]["unit"]) == (400, "minor_units")
    assert (figures["visit_frequency"]["numerator"], figures["visit_frequency"]["denominator"]) == (2, 1)
    assert (report["currency"], report["time_zone"], report["complete"]) == ("EUR", "Europe/Paris", True)
    assert [len(kpi["points"]) for kpi in report["kpis"]] == [30] * 5
    assert report["previous"]["to"] == report["from"]
    assert figures["average_basket"]["points"][-1] == {
        "day": str(clock.today("Europe/Paris")),
        "value": 400,
        "numerator": 800,
        "denominator": 2,
    }


async def test_a_series_for_a_spreadsheet(client: httpx.AsyncClient, teller: Teller) -> None:
    await teller.tell([Deed("A", clock.now(), 450, at_second=False)])
    today = clock.today("Europe/Paris")
    span = {"from": str(today - timedelta(days=1)), "to": str(today + timedelta(days=1))}
    series = await _get(client, "/reports/kpis/average_basket/series", **span)
    assert [point["value"] for point in series["points"]] == [None, 450]
    answer = await client.get("/api/v1/reports/kpis/average_basket/series", params=span | {"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.splitlines() == [
        "day,average_basket,numerator,denominator",
        f"{today - timedelta(days=1)},,0,0",
        f"{today},450,450,1",
    ]


_REFUSED: Final = (
    ({"from": "2026-03-02", "to": "2026-03-02"}, "report_period_refused"),
    ({"from": "2026-03-03", "to": "2026-03-02"}, "report_period_refused"),
    ({"from": "2025-01-01", "to": "2026-03-02"}, "report_period_refused"),
    ({"from": "0001-01-01", "to": "0001-01-02"}, "report_period_refused"),
    ({"from": "9999-12-01", "to": "9999-12-31"}, "report_period_refused"),
    ({"to": "0001-01-02"}, "report_period_refused"),
    ({"from": "2026-02-30"}, "invalid_request"),
    ({"return_days": "31"}, "invalid_request"),
    ({"location_id": "loc_01m8131j5yedyttb092447tea2"}, "location_not_found"),
    ({"program_id": "prg_01m8131j5yedyttb092447tea2"}, "program_not_found"),
)


@pytest.mark.parametrize("path", ["/reports/kpis", "/reports/funnel", "/reports/kpis/return_rate/series"])
async def test_what_is_refused(client: httpx.AsyncClient, path: str) -> None:
    answers = [await client.get(f"/api/v1{path}", params=params) for params, _ in _REFUSED]
    assert [answer.json()["code"] for answer in answers] == [code for _, code in _REFUSED]
    assert {answer.status_code // 100 for answer in answers} == {4}


async def test_the_funnel_from_the_first_view_to_the_second_visit(client: httpx.AsyncClient, teller: Teller) -> None:
    yesterday = clock.now() - timedelta(days=1)
    await teller.tell([Deed(who, yesterday, 100, at_second=False) for who in "ABC"])
    with clock.frozen(yesterday):
        await _card(teller, "A")
        await _card(teller, "B")
    await _card(teller, "C")
    await teller.tell([Deed("A", clock.now(), 100, at_second=False)])
    steps = {step["step"]: step["count"] for step in (await _get(client, "/reports/funnel"))["steps"]}
    assert steps == {"viewed": 3, "issued": 3, "tapped": 3, "installed": 3, "first_visit": 2, "returned": 1}
    kpis = (await _get(client, "/reports/kpis", program_id=_wire(await _programs(client))))["kpis"]
    assert kpis[0]["value"] == 3


async def _programs(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    return list((await _get(client, "/programs"))["items"])


def _wire(programs: list[dict[str, Any]]) -> str:
    return str(programs[0]["id"])


async def test_rewards_distributed_less_those_undone(client: httpx.AsyncClient, teller: Teller) -> None:
    await teller.tell([Deed("A", clock.now(), 100, at_second=False)])
    async with teller.transaction() as tx:
        gift = await rewards.create_reward(tx, RewardIn(program_id=teller.program_id, name="Mug", price=None))
        given = [
            await rewards.issue_reward(tx, teller.members["A"][1], gift.id, source="manual", reference=str(each))
            for each in range(3)
        ]
        await rewards.redeem_issued_reward(tx, given[0].issued_reward.id, location_id=teller.locations[0])
        await rewards.cancel_issued_reward(tx, given[1].issued_reward.id, reason="mistake")
    found = (await _get(client, "/reports/kpis"))["kpis"][3]
    assert (found["name"], found["value"], found["used"]) == ("rewards_distributed", 2, 1)


async def test_an_empty_shop_is_told_what_to_do_first(client: httpx.AsyncClient, teller: Teller) -> None:
    steps = {step["step"]: step["done"] for step in (await _get(client, "/attention"))["first_steps"]}
    assert steps == {"program": True, "location": True, "card": False, "scan": False, "team": False}
    await teller.tell([Deed("A", clock.now(), None, at_second=False)])
    await _card(teller, "A")
    steps = {step["step"]: step["done"] for step in (await _get(client, "/attention"))["first_steps"]}
    assert (steps["card"], steps["scan"]) == (True, True)


async def test_what_runs_out_needs_attention(client: httpx.AsyncClient, teller: Teller) -> None:
    async with teller.transaction() as tx:
        few = await rewards.create_reward(tx, RewardIn(program_id=teller.program_id, name="Few", price=None, stock=2))
        gone = await rewards.create_reward(
            tx, RewardIn(program_id=teller.program_id, name="Gone", price=None, stock=1)
        )
        await rewards.change_reward(tx, gone.id, RewardChange(stock=0))
        await rewards.create_reward(tx, RewardIn(program_id=teller.program_id, name="Plenty", price=None, stock=100))
    items = (await _get(client, "/attention"))["items"]
    assert [(item["kind"], item["subject"], item["count"]) for item in items] == [
        ("wallets_missing", None, 0),
        ("reward_sold_out", "Gone", 0),
        ("reward_low_in_stock", "Few", 2),
    ]
    assert items[2]["reward_id"].startswith("rwd_")
    assert few.stock == 2


async def _earn(teller: Teller, who: str) -> None:
    """A purchase that uses promotions."""
    customer_id = teller.members[who][0]
    async with teller.transaction() as tx:
        bought = await purchases.record_purchase(tx, NewPurchase(customer_id=customer_id, amount_minor=450))
        await programs.accrue_for_purchase(tx, customer_id, bought)


async def test_a_budget_that_ends_needs_attention(client: httpx.AsyncClient, teller: Teller) -> None:
    program_id = _wire(await _programs(client))
    new = {
        "program_id": program_id,
        "name": "Double",
        "effect": {"type": "bonus", "units": 1},
        "budget_uses": 2,
        "state": "active",
    }
    made = await client.post("/api/v1/promotions", json=new)
    assert made.status_code == 201, made.text
    await teller.tell([Deed("A", clock.now(), 450, at_second=False)])
    await _earn(teller, "A")
    assert [item["kind"] for item in (await _get(client, "/attention"))["items"]] == ["wallets_missing"]
    await _earn(teller, "A")
    item = (await _get(client, "/attention"))["items"][-1]
    assert (item["kind"], item["subject"], item["count"]) == ("budget_nearly_used", "Double", 100)
    assert item["promotion_id"] == made.json()["id"]


async def test_two_customers_who_are_one_have_one_history(client: httpx.AsyncClient, teller: Teller) -> None:
    yesterday = clock.now() - timedelta(days=1)
    await teller.tell([Deed("A", yesterday, 100, at_second=False), Deed("B", yesterday, None, at_second=False)])
    await teller.tell([Deed("B", clock.now(), 300, at_second=False)])
    before = (await _get(client, "/reports/kpis"))["kpis"][1]
    kept, merged = (encode("cus", teller.members[who][0]) for who in "AB")
    answer = await client.post(f"/api/v1/customers/{kept}/merge", json={"customer_id": merged})
    assert answer.status_code == 200, answer.text
    after = (await _get(client, "/reports/kpis"))["kpis"][1]
    assert [(kpi["numerator"], kpi["denominator"]) for kpi in (before, after)] == [(3, 2), (2, 1)]


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (31.5, []),
        (30.5, [("certificate_expiring", "warning", 30)]),
        (7.5, [("certificate_expiring", "critical", 7)]),
        (0.5, [("certificate_expiring", "critical", 0)]),
        (-0.5, [("certificate_expired", "critical", 1)]),
    ],
)
async def test_a_certificate_that_ends(teller: Teller, days: float, found: list[tuple[str, str, int]]) -> None:
    wallets = WalletState(configured=True, certificate_ends=clock.now() + timedelta(days=days))
    async with teller.transaction() as tx:
        health = await attention.health(tx, wallets)
    assert [(item.kind, item.severity, item.count) for item in health.items] == found


async def test_updates_that_wait_or_fail_need_attention(database: Database, teller: Teller, other_shop: Shop) -> None:
    await teller.tell([Deed("A", clock.now(), 100, at_second=False)])
    await _card(teller, "A")
    insert = """INSERT INTO pass_updates (organization_id, pass_id, wallet, version, bulk, due_at, attempts)
                SELECT $1, id, $2, 1, false, $3, $4 FROM passes WHERE organization_id = $1"""
    async with teller.transaction() as tx:
        await tx.execute(insert, tx.organization_id, "apple", clock.now() - timedelta(minutes=6), 0)
        await tx.execute(insert, tx.organization_id, "google", clock.now(), 3)
    state = WalletState(configured=True, certificate_ends=None)
    async with teller.transaction() as tx:
        items = (await attention.health(tx, state)).items
    assert [(item.kind, item.subject, item.count) for item in items] == [
        ("updates_failing", "google", 1),
        ("updates_delayed", "apple", 1),
    ]
    async with database.transaction(other_shop.organization_id) as tx:
        assert (await attention.health(tx, state)).items == []


async def test_mails_that_fail_need_attention_until_they_go_out(teller: Teller, other_shop: Shop) -> None:
    await teller.tell([Deed("A", clock.now(), 100, at_second=False)])
    state = WalletState(configured=True, certificate_ends=None)
    async with teller.transaction() as tx:
        first, second = [
            await messaging.queue_message(tx, teller.members["A"][0], channel="email", topic="page_link")
            for _ in range(2)
        ]
        assert (await attention.health(tx, state)).items == []
        for message_id in (first, second):
            await messaging.tell(tx, message_id, "failed")
        assert [(item.kind, item.count) for item in (await attention.health(tx, state)).items] == [
            ("mails_failing", 2)
        ]
        await messaging.tell(tx, first, "sent")
        assert [item.count for item in (await attention.health(tx, state)).items] == [1]
        with clock.frozen(clock.now() + timedelta(days=3)):
            assert (await attention.health(tx, state)).items == []
    async with teller.database.transaction(other_shop.organization_id) as tx:
        assert (await attention.health(tx, state)).items == []


async def test_an_export_tells_visits_and_cards(teller: Teller) -> None:
    from passerelle.analytics import personal_data  # noqa: PLC0415  a module that stands for a holder

    await teller.tell([Deed("A", clock.now(), None, at_second=True)])
    await _card(teller, "A")
    async with teller.transaction() as tx:
        told = await personal_data.export(tx, teller.members["A"][0])
    assert [visit["location_id"] for visit in told["visits"]] == [str(teller.locations[1])]
    assert len(told["card_milestones"]) == 1


async def test_everybody_has_figures_of_their_own(client: httpx.AsyncClient, teller: Teller) -> None:
    async def post(path: str, body: dict[str, Any], **headers: str) -> Any:
        answer = await client.post(f"/api/v1{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    key = await post("/api-keys", {"name": "Till two", "scopes": ["scans:write"]})
    till = {"Authorization": f"Bearer {key['api_key']}"}
    customer = await post("/customers", {"first_name": "Ada"})
    path = f"/programs/{encode('prg', teller.program_id)}/members"
    member = await post(path, {"customer_id": customer["id"]})
    code = (await post("/passes", {"membership_id": member["id"]}))["code"]
    assert (await _get(client, "/reports/team"))["items"] == []
    await post("/scans/purchases", {"code": code, "amount_minor": 450}, **till)
    bought = await post("/scans/purchases", {"code": code, "amount_minor": 350}, **till)
    await post("/scans/visits", {"code": code})
    place = encode("loc", teller.locations[0])
    entered = await post("/check-ins", {"code": code, "location_id": place})
    await post(f"/check-ins/{entered['check_in']['id']}/undo", {})
    await post(f"/purchases/{bought['purchase']['id']}/void", {})
    report = await _get(client, "/reports/team")
    assert (report["currency"], report["time_zone"]) == ("EUR", "Europe/Paris")
    nothing = dict.fromkeys(("purchases", "amount_minor", "visits", "rewards", "coupons", "gift_cards", "tickets"), 0)
    by_name = {item.pop("name"): item for item in report["items"]}
    assert by_name["Till two"] == nothing | {"actor": key["id"], "purchases": 2, "amount_minor": 800, "undone": 0}
    owner = by_name["First key"]
    assert owner == nothing | {"actor": owner["actor"], "visits": 2, "undone": 2}
    early = {"from": "2026-01-01", "to": "2026-01-02"}
    assert (await _get(client, "/reports/team", **early))["items"] == []
    refused = await client.get("/api/v1/reports/team", params={"from": "2026-01-02", "to": "2026-01-01"})
    assert refused.json()["code"] == "report_period_refused"
