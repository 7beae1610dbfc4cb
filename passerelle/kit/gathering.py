"""Answering many who ask at about the same time with one call.

Who asks first is served at once. Who asks while that call is under way waits for the next one, and goes with
everybody else who waits: an idle server answers each alone, a busy one answers many with one statement.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Gathered(Generic[Q, A]):
    """``serve`` answers a list of questions with a list of answers in their order, never two lists at once.

    Questions of one ``key`` are never in one list. When ``serve`` fails, all who went together hear it.
    """

    def __init__(self, serve: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], *, most: int) -> None:
        self._serve = serve
        self._most = most
        self._waiting: list[tuple[Hashable, Q, asyncio.Future[A]]] = []
        self._serving: asyncio.Task[None] | None = None

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for an answer."""
        return self._serving is None

    async def ask(self, key: Hashable, question: Q) -> A:
        """The answer to one question."""
        answer: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, question, answer))
        if self._serving is None:
            # A task of its own: whoever asked first may go away while others still wait.
            self._serving = asyncio.create_task(self._serve_all())
        return await answer

    async def _serve_all(self) -> None:
        try:
            while self._waiting:
                await self._serve_some(self._next())
        finally:
            self._serving = None

    async def _serve_some(self, together: Sequence[tuple[Q, "asyncio.Future[A]"]]) -> None:
        try:
            answers = await self._serve([question for question, _ in together])
        except Exception as fault:  # noqa: BLE001  it is raised again by everybody who asked
            for _, future in together:
                if not future.done():
                    future.set_exception(fault)
            return
        for (_, future), answer in zip(together, answers, strict=True):
            if not future.done():
                future.set_result(answer)

    def _next(self) -> list[tuple[Q, "asyncio.Future[A]"]]:
        """Those who go together now; who went away meanwhile is left out."""
        keys: set[Hashable] = set()
        together: list[tuple[Q, asyncio.Future[A]]] = []
        later: list[tuple[Hashable, Q, asyncio.Future[A]]] = []
        for key, question, future in self._waiting:
            if future.done():
                continue
            if len(together) < self._most and key not in keys:
                keys.add(key)
                together.append((question, future))
            else:
                later.append((key, question, future))
        self._waiting = later
        return together
