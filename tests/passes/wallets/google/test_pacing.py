"""The pace of one issuer, on a clock of its own: nothing here waits for real."""

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from passerelle.passes.wallets.google.client import Turn
from passerelle.passes.wallets.google.errors import GoogleQueueFull
from passerelle.passes.wallets.google.pacing import Change, IssuerQueue, Priority
from passerelle.passes.wallets.google.results import GoogleOutcome, GoogleResult

DONE = GoogleResult(GoogleOutcome.DONE, 200)


class VirtualTime:
    """A clock that jumps to the next sleeper when nothing else can go on."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = 0

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self._count += 1
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.seconds + seconds, self._count, woken))
        await woken

    async def settle(self) -> None:
        for _ in range(40):
            await asyncio.sleep(0)

    async def run(self, *work: Coroutine[Any, Any, Any]) -> list[Any]:
        """Results (or errors) of the work, with as much time as it takes."""
        tasks = [asyncio.ensure_future(one) for one in work]
        await self.settle()
        while not all(task.done() for task in tasks):
            assert self._sleepers, "everybody waits and nobody sleeps"
            self.seconds, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)
            await self.settle()
        return await asyncio.gather(*tasks, return_exceptions=True)


class Recorder:
    """Stands where the client stands: takes its turn, needs some time, remembers what it was given."""

    def __init__(self, time: VirtualTime, latency: Callable[[Change], float] = lambda _: 0.0) -> None:
        self.time = time
        self.latency = latency
        self.changes: list[Change] = []
        self.starts: list[float] = []

    async def __call__(self, change: Change, turn: Turn) -> GoogleResult:
        async with turn():
            self.changes.append(change)
            self.starts.append(self.time.now())
            latency = self.latency(change)
            if latency:
                await self.time.sleep(latency)
        return DONE


def queue_on(time: VirtualTime, send: Any, **options: Any) -> IssuerQueue:
    return IssuerQueue(send, now=time.now, sleep=time.sleep, **options)


def most_in_a_second(moments: list[float]) -> int:
    """The largest number of moments within any half-open second."""
    ordered = sorted(moments)
    return max((sum(start <= other < start + 1 for other in ordered) for start in ordered), default=0)


@settings(max_examples=40, deadline=None)
@given(
    work=st.lists(
        st.tuples(
            st.sampled_from([0.0, 0.1, 0.7, 1.0, 2.3]),  # seconds until it is submitted
            st.floats(0, 2.5),  # seconds that the answer takes
            st.floats(0, 1),  # where in between Google counts it
            st.integers(1, 3),  # requests that the change needs
            st.sampled_from(Priority),
        ),
        min_size=25,
        max_size=70,
    )
)
@example([(0.0, 0.5, 1.0, 1, Priority.BULK)] * 20 + [(0.1, 0.5, 0.0, 1, Priority.BULK)] * 20)
@example([(0.0, 0.9, 1.0, 1, Priority.BULK)] * 10 + [(0.0, 0.0, 0.0, 3, Priority.BULK)] * 40)
@example([(at, 0.0, 0.0, 1, Priority.BULK) for at in (0.0, 0.97) for _ in range(20)])
def test_google_never_counts_more_than_twenty_in_any_second(
    work: list[tuple[float, float, float, int, Priority]],
) -> None:
    counted: list[float] = []

    async def story() -> None:
        time = VirtualTime()

        async def send(change: Change, turn: Turn) -> GoogleResult:
            _, latency, point, requests, _ = change.body["work"]
            for _ in range(requests):
                async with turn():
                    counted.append(time.now() + latency * point)
                    if latency:
                        await time.sleep(latency)
            return DONE

        queue = queue_on(time, send)

        async def submit(index: int, item: tuple[float, float, float, int, Priority]) -> GoogleResult:
            await time.sleep(item[0])
            return await queue.submit(f"key-{index}", {"work": item}, priority=item[4])

        results = await time.run(*(submit(index, item) for index, item in enumerate(work)))
        assert results == [DONE] * len(work)

    asyncio.run(story())
    assert most_in_a_second(counted) <= 20
    assert len(counted) == sum(item[3] for item in work)


async def test_the_rate_is_used() -> None:
    time = VirtualTime()
    send = Recorder(time)
    queue = queue_on(time, send)
    await time.run(*(queue.submit(f"key-{index}", {}) for index in range(100)))
    assert most_in_a_second(send.starts) == 20
    assert time.now() == pytest.approx(4 * 1.01)


async def test_interactive_goes_first_and_bulk_does_not_starve() -> None:
    time = VirtualTime()
    send = Recorder(time)
    queue = queue_on(time, send, limit=1)
    await time.run(
        *(queue.submit(f"bulk-{index}", {}) for index in range(5)),
        *(queue.submit(f"person-{index}", {}, priority=Priority.INTERACTIVE) for index in range(20)),
    )
    keys = [change.key for change in send.changes]
    assert [index for index, key in enumerate(keys) if key.startswith("bulk")] == [9, 19, 22, 23, 24]
    for kind in ("bulk", "person"):
        numbers = [int(key.rpartition("-")[2]) for key in keys if key.startswith(kind)]
        assert numbers == sorted(numbers), "within a priority, first come first served"


async def test_changes_of_one_key_fold() -> None:
    time = VirtualTime()
    send = Recorder(time)
    queue = queue_on(time, send, limit=1)
    results = await time.run(
        queue.submit("first", {}),
        queue.submit("card", {"points": 1}, notify=False, exists=False),
        queue.submit("card", {"points": 2}, notify=True, exists=True),
        queue.submit("card", {"points": 3}, notify=False, exists=False),
    )
    assert results == [DONE] * 4
    assert send.changes[1:] == [Change("card", {"points": 3}, notify=True, exists=True)]
    assert queue.waiting == 0


async def test_a_folded_change_takes_the_higher_priority() -> None:
    time = VirtualTime()
    send = Recorder(time)
    queue = queue_on(time, send, limit=1)
    await time.run(
        queue.submit("first", {}),
        queue.submit("bulk", {}),
        queue.submit("card", {"points": 1}),
        queue.submit("card", {"points": 2}, priority=Priority.INTERACTIVE),
        queue.submit("card", {"points": 3}),
    )
    assert [change.key for change in send.changes] == ["card", "first", "bulk"]


async def test_a_body_can_be_made_at_the_last_moment() -> None:
    time = VirtualTime()
    send = Recorder(time)
    queue = queue_on(time, send, limit=1)
    points = {"points": 1}

    async def later() -> None:
        await time.sleep(0.5)
        points["points"] = 7

    await time.run(queue.submit("first", {}), queue.submit("card", lambda: dict(points)), later())
    assert send.changes[1].body == {"points": 7}


async def test_changes_of_one_key_never_overtake_each_other() -> None:
    time = VirtualTime()
    send = Recorder(time, lambda change: 5.0 if change.body == {"points": 1} else 0.1)
    queue = queue_on(time, send)

    async def later(points: int) -> GoogleResult:
        await time.sleep(points)
        return await queue.submit("card", {"points": points}, priority=Priority.INTERACTIVE)

    await time.run(queue.submit("card", {"points": 1}), later(2), later(3))
    assert [change.body["points"] for change in send.changes] == [1, 3]
    assert send.starts == pytest.approx([0.0, 5.0])


async def test_a_cancelled_caller_leaves_the_others_alone() -> None:
    time = VirtualTime()
    send = Recorder(time)
    queue = queue_on(time, send, limit=1)
    leaver = asyncio.ensure_future(queue.submit("card", {"points": 1}))

    async def leave() -> None:
        leaver.cancel()

    blocked = queue.submit("first", {}, priority=Priority.INTERACTIVE)
    results = await time.run(blocked, queue.submit("card", {"points": 2}), leave())
    assert leaver.cancelled()
    assert results[1] == DONE
    assert [change.key for change in send.changes].count("card") == 1


async def test_the_last_caller_takes_its_change_along() -> None:
    time = VirtualTime()
    send = Recorder(time)
    queue = queue_on(time, send, limit=1)
    waiting = [asyncio.ensure_future(queue.submit("card", {"points": index})) for index in range(2)]

    async def leave() -> None:
        for task in waiting:
            task.cancel()

    await time.run(queue.submit("first", {}, priority=Priority.INTERACTIVE), leave())
    await time.run(queue.submit("last", {}))
    assert "card" not in [change.key for change in send.changes[1:]]
    assert queue.waiting == 0


async def test_a_call_under_way_ends_though_nobody_waits() -> None:
    time = VirtualTime()
    ended: list[float] = []

    async def send(change: Change, turn: Turn) -> GoogleResult:
        async with turn():
            await time.sleep(2)
        ended.append(time.now())
        raise RuntimeError("nobody will see this")

    queue = queue_on(time, send)
    caller = asyncio.ensure_future(queue.submit("card", {}))
    await time.settle()
    caller.cancel()
    await time.run(time.sleep(3))
    assert ended == [2.0]


async def test_the_queue_is_bounded() -> None:
    time = VirtualTime()
    send = Recorder(time)
    queue = queue_on(time, send, limit=1, capacity=3)
    results = await time.run(*(queue.submit(f"key-{index % 5}", {}) for index in range(10)))
    refused = [result for result in results if isinstance(result, GoogleQueueFull)]
    assert len(refused) == 4, "two keys find no room; the others fold and need none"
    assert sorted(change.key for change in send.changes) == ["key-0", "key-1", "key-2"]


async def test_too_many_requests_makes_the_whole_issuer_wait() -> None:
    time = VirtualTime()
    starts: dict[str, float] = {}

    async def send(change: Change, turn: Turn) -> GoogleResult:
        async with turn():
            starts[change.key] = time.now()
        if change.key == "limited":
            return GoogleResult(GoogleOutcome.RETRY, 429, retry_after_seconds=30.0)
        return DONE

    queue = queue_on(time, send)

    async def later() -> GoogleResult:
        await time.sleep(2)
        return await queue.submit("other", {})

    results = await time.run(queue.submit("limited", {}), later())
    assert [result.outcome for result in results] == [GoogleOutcome.RETRY, GoogleOutcome.DONE]
    assert starts == {"limited": 0.0, "other": 30.0}


async def test_a_call_that_needs_no_request_gives_its_place_back() -> None:
    time = VirtualTime()
    send = Recorder(time)
    queue = queue_on(time, send, limit=1)

    async def nothing(turn: Turn) -> GoogleResult:
        return DONE

    await time.run(queue.run(nothing), queue.submit("card", {}))
    assert send.starts == [0.0]


async def test_further_requests_of_a_call_come_before_new_ones() -> None:
    time = VirtualTime()
    order: list[str] = []

    async def send(change: Change, turn: Turn) -> GoogleResult:
        for request in ("patch", "insert"):
            async with turn():
                order.append(f"{change.key} {request}")
        return DONE

    queue = queue_on(time, send, limit=1)
    await time.run(
        *(queue.submit(key, {}) for key in ("one", "two")), queue.submit("three", {}, priority=Priority.INTERACTIVE)
    )
    assert order == ["three patch", "three insert", "one patch", "one insert", "two patch", "two insert"]


@pytest.mark.parametrize("in_that_moment", [False, True])
async def test_a_place_that_came_too_late_is_not_lost(*, in_that_moment: bool) -> None:
    """A wait for a further place is cancelled: before the place comes, and in the very moment that it does."""
    time = VirtualTime()
    waiting: list[asyncio.Task[None]] = []

    async def another(turn: Turn) -> None:
        async with turn():
            raise AssertionError("it was cancelled")

    async def send(change: Change, turn: Turn) -> GoogleResult:
        async with turn():
            pass
        if change.key == "impatient":
            waiting.append(asyncio.ensure_future(another(turn)))
            with suppress(asyncio.CancelledError):
                await waiting[0]
        return DONE

    def now() -> float:
        if waiting and in_that_moment and time.now() >= 1.01:
            asyncio.get_running_loop().call_soon(waiting[0].cancel)
        return time.now()

    queue = IssuerQueue(send, now=now, sleep=time.sleep, limit=1)

    async def give_up() -> None:
        await time.sleep(0.5)
        if not in_that_moment:
            waiting[0].cancel()

    async def patient(seconds: float) -> GoogleResult:
        await time.sleep(seconds)
        return await queue.submit(f"patient at {seconds}", {})

    results = await time.run(queue.submit("impatient", {}), patient(0.7), patient(5), give_up())
    assert results == [DONE, DONE, DONE, None]
    assert waiting[0].cancelled()


async def test_errors_reach_every_caller() -> None:
    time = VirtualTime()

    async def send(change: Change, turn: Turn) -> GoogleResult:
        raise ValueError(change.key)

    queue = queue_on(time, send, limit=1)
    results = await time.run(queue.submit("card", {}), queue.submit("card", {}), queue.submit("other", {}))
    assert [str(result) for result in results] == ["card", "card", "other"]


async def test_closing_cancels_whoever_waits() -> None:
    time = VirtualTime()
    send = Recorder(time, lambda _: 100.0)
    queue = queue_on(time, send, limit=2)
    callers = [asyncio.ensure_future(queue.submit(f"key-{index}", {})) for index in range(4)]
    same_key = asyncio.ensure_future(queue.submit("key-0", {"later": True}))
    await time.settle()
    await queue.aclose()
    await asyncio.gather(*callers, same_key, return_exceptions=True)
    assert all(caller.cancelled() for caller in [*callers, same_key])
    assert queue.waiting == 0
    with pytest.raises(AssertionError, match="closed"):
        await queue.submit("card", {})


async def test_closing_right_away_cancels_too() -> None:
    queue = queue_on(VirtualTime(), Recorder(VirtualTime()))
    caller = asyncio.ensure_future(queue.submit("card", {}))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await queue.aclose()
    with pytest.raises(asyncio.CancelledError):
        await caller


async def test_the_real_clock_works_too() -> None:
    async def send(change: Change, turn: Turn) -> GoogleResult:
        async with turn():
            return DONE

    queue = IssuerQueue(send, limit=2, window_seconds=0.02)
    results = await asyncio.gather(*(queue.submit(f"key-{index}", {}) for index in range(6)))
    assert results == [DONE] * 6
    await queue.aclose()
