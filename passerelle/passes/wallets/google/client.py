"""The REST API of Google Wallet, as far as cards need it: insert, patch, update, get, add a message."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import orjson

from passerelle.passes.wallets.google.credentials import ServiceAccount
from passerelle.passes.wallets.google.names import Resource, is_resource_id
from passerelle.passes.wallets.google.results import GoogleOutcome, GoogleResult, exchange
from passerelle.passes.wallets.google.tokens import AccessTokens, TokenRefused

if TYPE_CHECKING:
    import httpx  # see kit/http.py

API_BASE_URL: Final = "https://walletobjects.googleapis.com/walletobjects/v1"
_ATTEMPTS: Final = 3
_UNAUTHORIZED: Final = 401
_NOT_FOUND: Final = 404
_CONFLICT: Final = 409

Body = Mapping[str, Any]
Turn = Callable[[], AbstractAsyncContextManager[None]]


def unpaced() -> AbstractAsyncContextManager[None]:
    """The turn of a caller that keeps the rate by itself, such as a diagnosis with a handful of requests."""
    return nullcontext()


class GoogleWallet:
    """One account's way to the API. Every method answers a GoogleResult and none raises for what Google says.

    Each method makes every single request inside ``async with turn():``, so that a pace can count them
    (``pacing.IssuerQueue`` hands out turns); requests for an access token go elsewhere and are not counted.
    """

    def __init__(self, http: "httpx.AsyncClient", account: ServiceAccount, *, base_url: str = API_BASE_URL) -> None:
        self._http = http
        self._tokens = AccessTokens(http, account)
        self._base_url = base_url.rstrip("/")

    async def get(self, resource: Resource, resource_id: str, *, turn: Turn = unpaced) -> GoogleResult:
        """Read a resource; one that does not exist is REFUSED with status 404."""
        return await self._request("GET", self._path(resource, resource_id), None, turn)

    async def patch(
        self, resource: Resource, body: Body, *, notify: bool = False, turn: Turn = unpaced
    ) -> GoogleResult:
        """Change the fields that ``body`` has, on every saved card."""
        return await self._change("PATCH", resource, body, notify=notify, turn=turn)

    async def update(
        self, resource: Resource, body: Body, *, notify: bool = False, turn: Turn = unpaced
    ) -> GoogleResult:
        """Replace the whole resource: fields that ``body`` does not have are emptied."""
        return await self._change("PUT", resource, body, notify=notify, turn=turn)

    async def insert_or_patch(
        self,
        resource: Resource,
        body: Body,
        *,
        exists: bool = True,
        notify: bool = False,
        turn: Turn = unpaced,
    ) -> GoogleResult:
        """Make Google hold ``body``, whether or not it knows the resource yet.

        ``exists`` is the caller's guess and only decides what is tried first: a wrong guess costs one request.
        A card that is new to Google has no holder, so an insert never notifies.
        """
        for _ in range(_ATTEMPTS):
            if exists:
                result = await self.patch(resource, body, notify=notify, turn=turn)
            else:
                result = await self._insert(resource, body, turn)
            if result.status != (_NOT_FOUND if exists else _CONFLICT):
                return result
            exists = not exists
        return replace(result, outcome=GoogleOutcome.RETRY)

    async def add_message(
        self,
        resource: Resource,
        resource_id: str,
        message: Body,
        *,
        notify: bool = False,
        turn: Turn = unpaced,
    ) -> GoogleResult:
        """Add a message to a card or, through its class, to all cards; with ``notify`` phones ring.

        Beyond the cap on notifications the message is added without ringing, and the outcome is QUOTA.
        """
        path = f"{self._path(resource, resource_id)}/addMessage"

        async def send(*, ringing: bool) -> GoogleResult:
            row = {**message, "messageType": "TEXT_AND_NOTIFY" if ringing else "TEXT"}
            return await self._request("POST", path, {"message": row}, turn)

        return await _within_quota(send, notify=notify)

    async def _insert(self, resource: Resource, body: Body, turn: Turn) -> GoogleResult:
        self._path(resource, body.get("id"))
        fields = {name: value for name, value in body.items() if name != "notifyPreference"}
        if resource.is_reviewed:
            fields.setdefault("reviewStatus", "UNDER_REVIEW")
        return await self._request("POST", resource.value, fields, turn)

    async def _change(self, method: str, resource: Resource, body: Body, *, notify: bool, turn: Turn) -> GoogleResult:
        path = self._path(resource, body.get("id"))

        async def send(*, ringing: bool) -> GoogleResult:
            result = await self._request(method, path, _changed(resource, body, notify=ringing), turn)
            if result.status == _CONFLICT:  # another change of the same resource was under way
                return replace(result, outcome=GoogleOutcome.RETRY)
            return result

        return await _within_quota(send, notify=notify and not resource.is_generic)

    async def _request(self, method: str, path: str, body: Body | None, turn: Turn) -> GoogleResult:
        """One request, and once more with a fresh token when Google no longer accepts the one we kept."""
        content = None if body is None else orjson.dumps(body)
        result = GoogleResult(GoogleOutcome.RETRY)
        for _ in range(2):
            try:
                token = await self._tokens.current()
            except TokenRefused as refused:
                return refused.result
            async with turn():
                result = await exchange(self._http, self._built(method, path, content, token))
            if result.status != _UNAUTHORIZED:
                break
            self._tokens.forget(token)
        return result

    def _built(self, method: str, path: str, content: bytes | None, token: str) -> "httpx.Request":
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if content is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        return self._http.build_request(method, f"{self._base_url}/{path}", content=content, headers=headers)

    def _path(self, resource: Resource, resource_id: object) -> str:
        if not is_resource_id(resource_id):
            raise ValueError(f"Not an id of the form issuerId.identifier for a {resource.value}.")
        return f"{resource.value}/{resource_id}"


async def _within_quota(send: Callable[..., Awaitable[GoogleResult]], *, notify: bool) -> GoogleResult:
    """Send; when the cap on notifications stands in the way, send again without ringing."""
    result = await send(ringing=notify)
    if not notify or not result.is_quota_exceeded:
        return result
    silent = await send(ringing=False)
    return replace(silent, outcome=GoogleOutcome.QUOTA, reason=result.reason) if silent.stored else silent


def _changed(resource: Resource, body: Body, *, notify: bool) -> dict[str, Any]:
    """What a change carries: approved classes go back under review, and the notification is asked for each time."""
    fields = {name: value for name, value in body.items() if name != "notifyPreference"}
    if resource.is_reviewed:
        fields["reviewStatus"] = "UNDER_REVIEW"
    if notify:
        fields["notifyPreference"] = "NOTIFY_ON_UPDATE"
    return fields
