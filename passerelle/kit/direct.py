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


def _answer_of(endpoint: Callable[..., Any], plan: "_Plan", status: int) -> Answer:
    async def answer(request: Request, sent: bytes) -> Response | None:
        async with plan.open(request) as tx:
            given = plan.given(request, sent)
            if given is None:
                return None
            result = await endpoint(tx=tx, **given)
            if isinstance(result, Response):
                return result
            content = plan.answer.dump_json(result, by_alias=True)
            return Response(content, status, media_type="application/json")

    return answer


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a route is answered: its body, its transaction, its answer."""

    body: type[BaseModel]
    open: Callable[[Request], AbstractAsyncContextManager[Tx]]
    wants_request: bool
    answer: TypeAdapter[Any]

    def given(self, request: Request, sent: bytes) -> dict[str, Any] | None:
        """The arguments, or None when the body is not of the documented shape: the framework says what is wrong."""
        try:
            body = self.body.model_validate_json(sent)
        except ValidationError:
            return None
        return {"body": body, "request": request} if self.wants_request else {"body": body}


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
    return _Plan(body, asynccontextmanager(transaction), request is not None, TypeAdapter(answer))
