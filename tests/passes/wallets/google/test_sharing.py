"""One pace for several processes: the rule, queues that share it on a clock of their own, leases in the database."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from hypothesis import example, given
from hypothesis import strategies as st

from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.passes.sharing import Shares
from passerelle.passes.wallets.google.pacing import (
    PLACES,
    Granted,
    IssuerQueue,
    Need,
    Neighbour,
    Priority,
    Renew,
    share_of,
)
from tests.passes.wallets.google.test_pacing import Recorder, VirtualTime, most_in_a_second

requests = st.integers(0, 40)


@given(st.lists(st.tuples(st.integers(0, 4), requests, requests, st.floats(0, 1)), max_size=40))
def test_shares_never_come_to_more_than_there_is(steps: list[tuple[int, int, int, float]]) -> None:
    held: dict[int, Neighbour] = {}
    for process, interactive, bulk, busy in steps:
        mine = held.pop(process, Neighbour(0, 0))
        need = Need(int(mine.places * busy), interactive, bulk)
        places = share_of(need, list(held.values()), PLACES)
        assert need.held <= places <= max(need.held, interactive + bulk)
        held[process] = Neighbour(places, interactive)
        assert sum(each.places for each in held.values()) <= PLACES


@given(st.lists(requests, min_size=1, max_size=5), requests)
@example([8, 1], 14)
@example([40, 40, 40], 40)
def test_what_somebody_waits_for_gets_its_part_of_what_bulk_holds(waiting: list[int], bulk: int) -> None:
    held = {0: Neighbour(share_of(Need(0, 0, bulk), [], PLACES), 0)}
    for _ in range(6):
        for process, interactive in enumerate([0, *waiting]):
            others = [each for number, each in held.items() if number != process]
            places = share_of(Need(0, interactive, 0 if process else bulk), others, PLACES)
            held[process] = Neighbour(places, interactive)
    fair = PLACES // (1 + len(waiting))
    assert all(held[number].places >= min(each, fair) for number, each in enumerate(waiting, start=1))
    used = sum(each.places for each in held.values())
    assert used >= min(PLACES, bulk + sum(waiting)) - 4, "no more is left unused than what is kept for who comes"


@dataclass
class Table:
    """Stands where the database stands: the same rule, after some travel; a lease is good for five seconds."""

    time: VirtualTime
    rows: dict[int, Neighbour] = field(default_factory=dict)
    renewals: int = 0

    def of(self, holder: int) -> Renew:
        async def renew(need: Need) -> Granted:
            asked_at = self.time.now()
            await self.time.sleep(0.01)
            self.renewals += 1
            others = [row for number, row in self.rows.items() if number != holder]
            places = share_of(need, others, PLACES)
            self.rows[holder] = Neighbour(places, need.interactive)
            return Granted(places, asked_at + 5)

        return renew


@pytest.mark.parametrize("latency", [0.0, 0.3, 1.4])
async def test_processes_together_keep_the_pace(latency: float) -> None:
    time = VirtualTime()
    table, recorder = Table(time), Recorder(time, lambda _: latency)
    worker, api = (
        IssuerQueue(recorder, now=time.now, sleep=time.sleep, renew=table.of(number)) for number in range(2)
    )
    answered: list[float] = []

    async def added() -> None:
        await time.sleep(6.5)
        asked_at = time.now()
        await api.submit("link", {}, priority=Priority.INTERACTIVE)
        answered.append(time.now() - asked_at)

    bulk = (worker.submit(f"bulk-{number}", {}) for number in range(300))
    burst = (worker.submit(f"scan-{number}", {}, priority=Priority.INTERACTIVE) for number in range(100))
    assert not [error for error in await time.run(*bulk, *burst, added(), added()) if isinstance(error, Exception)]
    assert len(recorder.starts) == 401, "the link folds"
    assert most_in_a_second(recorder.starts) <= PLACES
    assert max(answered) <= latency + 0.1, "a place was kept for who comes"
    assert time.now() < 401 / 16 * (1.01 + latency) + 3, "the pace is used"
    assert table.renewals < 3 * time.now() + 10, "no message for each request"
    await time.run(worker.aclose(), api.aclose())


async def test_who_has_nothing_to_send_gives_its_places_back() -> None:
    time = VirtualTime()
    table, recorder = Table(time), Recorder(time)
    queue = IssuerQueue(recorder, now=time.now, sleep=time.sleep, renew=table.of(0))

    async def later() -> None:
        await queue.submit("a", {})
        await time.sleep(5)

    await time.run(later())
    assert table.rows[0].places == 0
    renewals = table.renewals
    await time.run(time.sleep(30))
    assert table.renewals == renewals
    await time.run(queue.submit("b", {}))
    assert len(recorder.starts) == 2
    await time.run(queue.aclose())


async def test_without_the_database_a_lease_ends() -> None:
    time = VirtualTime()
    table, recorder = Table(time), Recorder(time)
    is_down = False

    async def renew(need: Need) -> Granted:
        if is_down:
            raise ConnectionError
        return await table.of(0)(need)

    queue = IssuerQueue(recorder, now=time.now, sleep=time.sleep, renew=renew)

    async def outage() -> None:
        nonlocal is_down
        await time.sleep(2.5)
        is_down = True
        await time.sleep(20)
        is_down = False

    await time.run(outage(), *(queue.submit(str(number), {}) for number in range(200)))
    assert len(recorder.starts) == 200
    assert [start for start in recorder.starts if 8 < start < 22] == []
    await time.run(queue.aclose())


@pytest_asyncio.fixture
async def issuer(database: Database) -> AsyncIterator[str]:
    name = str(new_id())
    yield name
    async with database.unscoped() as connection:
        await connection.execute("DELETE FROM google_shares WHERE issuer_id = $1", name)


async def test_leases_in_the_database(database: Database, issuer: str) -> None:
    worker, api = Shares(database).of(issuer), Shares(database).of(issuer)
    assert (await worker(Need(0, 0, 100))).places == 16
    assert (await api(Need(0, 3, 0))).places == 3
    assert (await api(Need(3, 30, 0))).places == 4, "what is left"
    assert (await worker(Need(16, 0, 100))).places == 16, "cannot be given up now"
    assert (await worker(Need(2, 0, 100))).places == 2, "bulk makes room"
    assert (await api(Need(0, 30, 0))).places == 18
    assert (await Shares(database).of("another")(Need(0, 30, 0))).places == 18
    async with database.unscoped() as connection:
        await connection.execute("UPDATE google_shares SET until = clock_timestamp() WHERE places = 18")
    assert (await worker(Need(0, 5, 0))).places == 5, "those who died are forgotten"
    assert (await worker(Need(0, 0, 0))).places == 0
    async with database.unscoped() as connection:
        left = await connection.fetchval("SELECT count(*) FROM google_shares WHERE issuer_id = $1", issuer)
        await connection.execute("DELETE FROM google_shares WHERE issuer_id = 'another'")
    assert left == 0


async def test_who_asks_at_once_shares(database: Database, issuer: str) -> None:
    asked = [Shares(database).of(issuer)(Need(0, 9, 0)) for _ in range(6)]
    granted = await asyncio.gather(*asked)
    assert sum(each.places for each in granted) == PLACES
