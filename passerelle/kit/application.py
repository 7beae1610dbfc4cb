"""The application as the server calls it: limits first, then the short way or the framework.

The framework puts a dozen layers around each request and finds its route by trial. For what tills and phones send all
day that is a third of the work of an answer, so these routes are looked up and called here, with the framework's own
handlers of faults. Whatever is unusual is given to the framework, before anything was done.
"""

from collections.abc import Awaitable, Iterable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Message, Receive, Scope, Send

from passerelle.kit.direct import Answer, DirectRoute, Handler, json_of
from passerelle.kit.limits import Limits


class Application(FastAPI):
    """FastAPI behind our limits, with a short way past its layers.

    ``uploads`` are addresses with limits of their own (``Limits``).
    """

    def __init__(self, *, max_body_bytes: int, uploads: Mapping[str, int], **options: Any) -> None:
        super().__init__(**options)
        self._limited = Limits(self._serve, max_bytes=max_body_bytes, uploads=uploads)
        self._direct: dict[tuple[str, str], DirectRoute] = {}
        self._routes: list[Route] = []
        self._prefix = ""

    def shorten(self, routes: Iterable[BaseRoute | APIRouter], *, prefix: str) -> None:
        """Serve the short way what can be: direct routes without a parameter, and plain routes below ``prefix``."""
        self._prefix = prefix
        for route in routes:
            if isinstance(route, APIRouter):
                direct = (
                    each for each in route.routes if isinstance(each, DirectRoute) and not each.param_convertors
                )
                self._direct |= {(method, each.path): each for each in direct for method in each.methods or ()}
            elif isinstance(route, Route) and route.path.startswith(prefix):
                self._routes.append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._limited(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope.get("root_path"):
            await super().__call__(scope, receive, send)
        elif (route := self._direct.get((scope["method"], scope["path"]))) and (answer := route.answer):
            await self._answer(answer, scope, receive, send)
        elif self._prefix and scope["path"].startswith(self._prefix):
            await self._plainly(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def _answer(self, answer: Answer, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        request = Request(scope, receive)
        response = await self._guarded(_directly(answer, request), request)
        if response is None:
            sent = await json_of(request)  # the request keeps what it has read
            await super().__call__(scope, receive if sent is None else _again(sent, receive), send)
        else:
            await response(scope, receive, send)

    async def _plainly(self, scope: Scope, receive: Receive, send: Send) -> None:
        for route in self._routes:
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.update(found, app=self)
                request = Request(scope, receive)
                endpoint: Handler = route.endpoint
                response = await self._guarded(endpoint(request), request)
                assert response is not None
                await response(scope, receive, send)
                return
        await super().__call__(scope, receive, send)

    async def _guarded(self, answering: Awaitable[Response | None], request: Request) -> Response | None:
        """Faults are answered by the handlers that the framework would ask; one for every fault is among them."""
        try:
            return await answering
        except Exception as fault:  # noqa: BLE001  handled by its kind
            kind = next(each for each in type(fault).__mro__ if each in self.exception_handlers)
            handler: Any = self.exception_handlers[kind]
            answered: Response = await handler(request, fault)
            return answered


async def _directly(answer: Answer, request: Request) -> Response | None:
    sent = await json_of(request)
    return None if sent is None else await answer(request, sent)


def _again(sent: bytes, receive: Receive) -> Receive:
    """What gives a body once more, to somebody who has not read it."""
    waiting: list[Message] = [{"type": "http.request", "body": sent, "more_body": False}]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
