"""Codes by the thousand: the job and its crash, cancelling, importing, downloading."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.ids import ABOVE_ALL
from passerelle.kit.jobs import Work
from passerelle.rewards.coupons import codes, jobs, making, service
from passerelle.rewards.coupons.errors import BatchNotFound, CodesUnreadable, TooManyCodes, TooManyRows
from passerelle.rewards.coupons.schemas import BatchOut
from tests.conftest import Shop
from tests.rewards.coupons.conftest import Stand

COUNT = 2_500


@pytest.fixture
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several chunks of few codes."""
    monkeypatch.setattr(making, "CHUNK", 1_000)


async def _ask(database: Database, shop: Shop, count: int = COUNT, **fields: Any) -> BatchOut:
    async with database.transaction(shop.organization_id) as tx:
        campaign = await Stand(tx).campaign(**fields)
        return await service.generate_codes(tx, campaign.id, count)


async def _stored(database: Database, shop: Shop, batch: BatchOut) -> tuple[BatchOut, int]:
    """The batch as it is told, and how many codes there really are."""
    async with database.transaction(shop.organization_id) as tx:
        there = await tx.fetchval("SELECT count(*) FROM coupons WHERE campaign_id = $1", batch.campaign_id)
        return await service.get_batch(tx, batch.id), there


def _payload(shop: Shop, batch: BatchOut) -> dict[str, Any]:
    return {"organization_id": str(shop.organization_id), "batch_id": str(batch.id)}


@pytest.mark.usefixtures("_small_chunks")
async def test_a_batch_is_made(database: Database, shop: Shop, settings: Settings) -> None:
    batch = await _ask(
        database, shop, terms={"effect": {"type": "amount_off", "amount_minor": 1}, "ends_days_after_issue": 9}
    )
    assert (batch.state, batch.made) == ("queued", 0)
    work = Work(database, settings)
    await jobs.generate_codes(work, _payload(shop, batch))
    done, there = await _stored(database, shop, batch)
    assert (done.state, done.made, there) == ("done", COUNT, COUNT)
    assert done.finished_at is not None
    await jobs.generate_codes(work, _payload(shop, batch))
    assert (await _stored(database, shop, batch))[1] == COUNT, "a job may run twice"
    async with database.transaction(shop.organization_id) as tx:
        facts = await tx.fetch("SELECT payload FROM events WHERE name = 'coupon_campaign.codes_made'")
        some = await service.list_codes(tx, batch.campaign_id, ABOVE_ALL, 5)
    assert [fact["payload"]["made"] for fact in facts] == [COUNT]
    assert all(one.expires_at is not None for one in some)


@pytest.mark.usefixtures("_small_chunks")
async def test_a_crash_goes_on_where_it_was(
    database: Database, shop: Shop, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, work = await _ask(database, shop), Work(database, settings)
    stored = service.store_codes
    calls = 0

    async def dies(*arguments: Any) -> int:
        nonlocal calls
        calls += 1
        left = await stored(*arguments)
        if calls == 2:
            raise RuntimeError("power cut")  # within the transaction of the second chunk
        return left

    monkeypatch.setattr(service, "store_codes", dies)
    with pytest.raises(RuntimeError, match="power cut"):
        await jobs.generate_codes(work, _payload(shop, batch))
    broken, there = await _stored(database, shop, batch)
    assert (broken.state, broken.made, there) == ("running", 1_000, 1_000), "progress and codes, or neither"
    monkeypatch.setattr(service, "store_codes", stored)
    await jobs.generate_codes(work, _payload(shop, batch))
    done, there = await _stored(database, shop, batch)
    assert (done.state, done.made, there) == ("done", COUNT, COUNT)


@pytest.mark.usefixtures("_small_chunks")
async def test_workers_at_once_make_no_more_than_asked(database: Database, shop: Shop, settings: Settings) -> None:
    batch, work = await _ask(database, shop), Work(database, settings)
    await asyncio.gather(*(jobs.generate_codes(work, _payload(shop, batch)) for _ in range(4)))
    done, there = await _stored(database, shop, batch)
    assert (done.state, done.made, there) == ("done", COUNT, COUNT)


async def test_cancelling_stops(database: Database, shop: Shop, settings: Settings) -> None:
    batch, work = await _ask(database, shop), Work(database, settings)
    async with database.transaction(shop.organization_id) as tx:
        keys = await tx.vault.keys(tx)
        await service.store_codes(tx, batch.id, making.prepare_codes(keys, codes.CodePattern(), 10))
        await service.cancel_batch(tx, batch.id)
        cancelled = await service.cancel_batch(tx, batch.id)
    assert (cancelled.state, cancelled.made) == ("cancelled", 10)
    await jobs.generate_codes(work, _payload(shop, batch))
    assert (await _stored(database, shop, batch))[1] == 10
    async with database.transaction(shop.organization_id) as tx:
        assert (await service.get_campaign(tx, batch.campaign_id)).codes == 10


async def test_codes_that_are_taken_are_made_up_for(stand: Stand) -> None:
    campaign = await stand.campaign()
    keys = await stand.tx.vault.keys(stand.tx)
    prepared = making.prepare_codes(keys, campaign.pattern, 10)
    one = await service.generate_codes(stand.tx, campaign.id, 6)
    assert await service.store_codes(stand.tx, one.id, prepared) == 0
    two = await service.generate_codes(stand.tx, campaign.id, 6)
    ids = [UUID(int=number) for number in range(6)]
    again = making.Prepared(ids, prepared.indexes[4:], prepared.sealed[4:])
    assert await service.store_codes(stand.tx, two.id, again) == 2, "two of the six are there already"
    fresh = making.prepare_codes(keys, campaign.pattern, 10)
    assert await service.store_codes(stand.tx, two.id, fresh) == 0
    assert (await service.get_batch(stand.tx, two.id)).made == 6


async def test_a_campaign_has_room_for_so_many(stand: Stand) -> None:
    campaign = await stand.campaign(pattern={"length": 14})
    for _ in range(10):
        await service.generate_codes(stand.tx, campaign.id, 1_000_000)
    with pytest.raises(TooManyCodes):
        await service.generate_codes(stand.tx, campaign.id, 1)
    with pytest.raises(BatchNotFound):
        await service.get_batch(stand.tx, UUID(int=1))


async def test_importing_tells_each_row_that_is_left_out(stand: Stand) -> None:
    campaign = await stand.campaign()
    await service.import_codes(stand.tx, campaign.id, ["SUMMER26"], "en")
    rows = ["code", "WELCOME10", "welc0me1O", "", "AB", "ÉTÉ2026", "X" * 41, "summer 26", "AUTUMN-26", "-" * 250]
    done = await service.import_codes(stand.tx, campaign.id, rows, "fr", has_header=True)
    assert (done.imported, done.left_out, done.batch.made, done.batch.state) == (2, 7, 2, "done")
    assert [(error.row, error.reason) for error in done.errors] == [
        (3, "repeated"),
        (4, "empty"),
        (5, "too_short"),
        (6, "illegal_character"),
        (7, "too_long"),
        (8, "exists"),
        (10, "too_long"),
    ]
    assert done.errors[1].message == "La ligne est vide."
    assert {one.code for one in await service.list_codes(stand.tx, campaign.id, ABOVE_ALL, 9)} == {
        "WELCOME10",
        "SUMMER26",
        "AUTUMN-26",
    }
    assert (await stand.redeem("WELC0ME1O")).redemption.state == "redeemed"
    again = await service.import_codes(stand.tx, campaign.id, rows, "en", has_header=True)
    assert (again.imported, again.left_out) == (0, 9)
    with pytest.raises(TooManyRows):
        await service.import_codes(stand.tx, campaign.id, ["A"] * 100_001, "en")


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (b"WELCOME10\r\nSUMMER26\r\n", ["WELCOME10", "SUMMER26"]),
        (b"\xef\xbb\xbfcode;name\nWELCOME10;x\n", ["code", "WELCOME10"]),
        (b'"WELCOME10",1\n\n"SUM, MER"\n', ["WELCOME10", "", "SUM, MER"]),
        (b"code\tn\nAAA\t1", ["code", "AAA"]),
        (b"", []),
        (b"AAA,1\n" + b"x" * 140_000, ["AAA", "x" * 140_000]),
    ],
)
def test_lists_as_shops_have_them(body: bytes, rows: list[str]) -> None:
    assert making.rows_of_csv(body) == rows


@pytest.mark.parametrize(
    ("body", "position"),
    [("été".encode("latin-1"), 0), ("AB\n".encode("utf-16"), 0), (b"AAA\n\x80", 4), (b"AAA\0", 3)],
)
def test_lists_in_another_encoding(body: bytes, position: int) -> None:
    with pytest.raises(CodesUnreadable) as refused:
        making.rows_of_csv(body)
    assert refused.value.params["position"] == position


def test_lists_that_are_too_long() -> None:
    with pytest.raises(TooManyRows):
        making.rows_of_csv(b"A\n" * 100_002)
