"""Routes of a body and a transaction, answered without the framework's general machinery.

For what a till sends all day that machinery is a good part of the work. Such a route is served here in the same order
with the same answers: who calls is asked before what was sent. Whatever is unusual (a body that does not fit, another
content type) is given to the framework's own handler, before anything was done. The OpenAPI document knows no
difference.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from types import NoneType
from typing import Any, Final, get_args, get_type_hints

from fastapi import Request, Response
from fastapi.datastructures import DefaultPlaceholder
from fastapi.params import Depends
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect
from starlette.routing import compile_path

from passerelle.kit.db import Tx

Handler = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Request, bytes], Awaitable[Response | None]]


class DirectRoute(APIRoute):
    """FastAPI's route; one that takes a body, a transaction and at most the request is answered directly.

    Until it is asked for it is only what finding it takes. What the framework makes of an endpoint is 25 kB, and
    there are hundreds that tills and phones never ask; it is made with the first request left to it, or for the
    OpenAPI document.
    """

    def __init__(  # not the framework's: see __getattr__
        self, path: str, endpoint: Callable[..., Any], *, methods: Iterable[str] | None = None, **given: Any
    ) -> None:
        self.path, self.endpoint, self.methods = path, endpoint, {*(methods or ("GET",))}
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self._given: dict[str, Any] | None = {name: value for name, value in given.items() if _is_said(name, value)}
        self._succeeds_with: int = given.get("status_code") or 200

    def __getattr__(self, name: str) -> Any:
        """What is not there yet: have the framework make all of it."""
        if (given := self.__dict__.get("_given")) is None:
            raise AttributeError(name)
        self._given = None
        super().__init__(self.path, self.endpoint, methods=self.methods, **given)
        return getattr(self, name)

    @cached_property
    def answer(self) -> Answer | None:
        """How it is answered directly; None for a route that is left to the framework."""
        plan = None if self._succeeds_with == 204 else _plan(self.endpoint)
        return None if plan is None else _answer_of(self.endpoint, plan, self._succeeds_with)

    def get_route_handler(self) -> Any:
        """The framework's handler, behind ours where that serves."""
        general: Handler = super().get_route_handler()
        answer = self.answer
        if answer is None:
            return general

        async def handle(request: Request) -> Response:
            sent = await json_of(request)
            return (sent is not None and await answer(request, sent)) or await general(request)

        return handle


def _is_said(name: str, value: Any) -> bool:
    """Whether an option of a route is other than what it is left out."""
    return not isinstance(value, DefaultPlaceholder) and value != [] and value != _UNSAID[name].default


_UNSAID: Final = inspect.signature(APIRoute.__init__).parameters


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
