"""Routes of a body and a transaction, answered without the framework's general machinery.

For what a till sends all day that machinery is a good part of the work. Such a route is served here in the same order
with the same answers: who calls is asked before what was sent. Whatever is unusual (a body that does not fit, another
content type) is given to the framework's own handler, before anything was done. The OpenAPI document knows no
difference.
"""

import inspect
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from types import NoneType
from typing import Any, get_args, get_type_hints

from fastapi import Request, Response
from fastapi.params import Depends
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect

from passerelle.kit.db import Tx

Handler = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Request, bytes], Awaitable[Response | None]]


class DirectRoute(APIRoute):
    """FastAPI's route; one that takes a body, a transaction and at most the request is answered directly."""

    answer: Answer | None

    def get_route_handler(self) -> Any:
        """The framework's handler, behind ours where that serves."""
        general: Handler = super().get_route_handler()
        plan = _plan(self.endpoint)
        if plan is None or self.status_code == 204:
            self.answer = None
            return general
        self.answer = answer = _answer_of(self.endpoint, plan, self.status_code or 200)

        async def handle(request: Request) -> Response:
            sent = await json_of(request)
            return (sent is not None and await answer(request, sent)) or await general(request)

        return handle


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a route that may be answered together with others (kit/together.py).

    Whoever calls must have ``scope``. ``alone`` answers it by itself, ``render`` writes what the endpoint returns,
    ``response`` makes the response of that.
    """

    request: Request
    body: BaseModel
    scope: str
    status: int
    alone: Callable[[], Awaitable[Response | None]]
    render: Callable[[Any], bytes]

    def response(self, content: bytes) -> Response:
        """The response of what was rendered."""
        return Response(content, self.status, media_type="application/json")


def _answer_of(endpoint: Callable[..., Any], plan: "_Plan", status: int) -> Answer:
    render = partial(plan.answer.dump_json, by_alias=True)
    gathered: Callable[[Call], Awaitable[Response | None]] | None = getattr(endpoint, "answer_together", None)

    async def alone(request: Request, sent: bytes, body: BaseModel | None = None) -> Response | None:
        async with plan.open(request) as tx:
            body = body or plan.body_of(sent)
            if body is None:
                return None
            result = await endpoint(tx=tx, body=body, **({"request": request} if plan.wants_request else {}))
            if isinstance(result, Response):
                return result
            return Response(render(result), status, media_type="application/json")

    async def answer(request: Request, sent: bytes) -> Response | None:
        if gathered is None or (body := plan.body_of(sent)) is None:
            return await alone(request, sent)
        return await gathered(Call(request, body, plan.scope, status, partial(alone, request, sent, body), render))

    return answer


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a route is answered: its body, its transaction, its answer."""

    body: type[BaseModel]
    open: Callable[[Request], AbstractAsyncContextManager[Tx]]
    scope: str
    wants_request: bool
    answer: TypeAdapter[Any]

    def body_of(self, sent: bytes) -> BaseModel | None:
        """The body, or None when it is not of the documented shape: the framework says what is wrong."""
        try:
            return self.body.model_validate_json(sent)
        except ValidationError:
            return None


async def json_of(request: Request) -> bytes | None:
    """The body, whole before a connection is held; None when it is not said to be JSON, or did not come."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return None
    try:
        return await request.body()
    except ClientDisconnect:
        return None


def _plan(endpoint: Callable[..., Any]) -> _Plan | None:
    """None for an endpoint that takes or answers anything else."""
    hints = get_type_hints(endpoint, include_extras=True)
    answer = hints.pop("return", None)
    body, request = hints.pop("body", None), hints.pop("request", None)
    depends = next((each for each in get_args(hints.pop("tx", None)) if isinstance(each, Depends)), None)
    is_model = isinstance(body, type) and issubclass(body, BaseModel)
    if hints or not is_model or depends is None or request not in {None, Request} or answer in {None, NoneType}:
        return None
    transaction = depends.dependency
    assert transaction is not None
    assert inspect.isasyncgenfunction(transaction)
    scope: str = getattr(transaction, "required_scope", "")
    return _Plan(body, asynccontextmanager(transaction), scope, request is not None, TypeAdapter(answer))
