"""Writes that may be repeated safely: an ``Idempotency-Key`` is claimed, and what was answered is kept under it.

All in the transaction of the write itself, so a request that was refused or failed keeps nothing.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, Final, TypeAlias
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence


class KeyReused(Refusal):
    """An Idempotency-Key came back with another request."""

    code = "idempotency_key_reused"
    status = 409
    text: ClassVar[Sentence] = {
        "en": "This Idempotency-Key was used for another request. Use a new key for a new operation.",
        "fr": "Cette Idempotency-Key a servi pour une autre requête. Utilisez une clé neuve par opération.",
        "ar": "استُخدم مفتاح Idempotency-Key هذا لطلب آخر. استخدم مفتاحًا جديدًا لكل عملية.",
    }


class InvalidKey(Refusal):
    """An Idempotency-Key that is empty or too long."""

    code = "idempotency_key_invalid"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Idempotency-Key must have 1 to 200 printable characters.",
        "fr": "Idempotency-Key doit avoir de 1 à 200 caractères imprimables.",
        "ar": "يجب أن يتكوّن Idempotency-Key من 1 إلى 200 حرف قابل للطباعة.",
    }


_CLAIM: Final = """
INSERT INTO idempotency_keys (organization_id, actor, key, request_digest, created_at)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING 1
"""
_STORED: Final = """
SELECT request_digest, status, answer FROM idempotency_keys WHERE organization_id = $1 AND actor = $2 AND key = $3
"""
_KEEP: Final = """
UPDATE idempotency_keys SET status = $4, answer = $5 WHERE organization_id = $1 AND actor = $2 AND key = $3
"""
_CLAIM_EACH: Final = """
INSERT INTO idempotency_keys (organization_id, actor, key, request_digest, created_at)
SELECT $1, given.*, $5 FROM unnest($2::text[], $3::text[], $4::bytea[]) AS given
ON CONFLICT DO NOTHING RETURNING actor, key
"""
_KEEP_EACH: Final = """
UPDATE idempotency_keys k SET status = $2, answer = given.answer
FROM unnest($3::text[], $4::text[], $5::bytea[]) AS given(actor, key, answer)
WHERE k.organization_id = $1 AND k.actor = given.actor AND k.key = given.key
"""
_GIVE_BACK: Final = """
DELETE FROM idempotency_keys k USING unnest($2::text[], $3::text[]) AS given(actor, key)
WHERE k.organization_id = $1 AND k.actor = given.actor AND k.key = given.key
"""
# Whose key, by the label of an actor, and the key.
Place: TypeAlias = tuple[str, str]


async def once(tx: Tx, act: Callable[[], Awaitable[Any]], *, status: int, response: Any = None) -> Any:
    """Claim the request's Idempotency-Key, act, keep the answer: all in the route's own transaction.

    A second request with the same key waits on the unique index until the first has committed, then gets the
    first answer. A refused or failed request keeps nothing, so it may be repeated. Raises InvalidKey, KeyReused.
    """
    request = tx.request
    key = key_of(request) if request is not None else None
    if request is None or key is None:
        return await act()
    place = (tx.organization_id, tx.actor.label, key)
    request_digest = await _request_digest(request)
    if not await tx.fetchval(_CLAIM, *place, request_digest, clock.now()):
        return await _stored_answer(tx, place, request_digest)
    result = await act()
    answer = (await tx.vault.keys(tx)).encrypt(_as_json(result), "idempotency_keys.answer")
    tx.write_last(_KEEP, *place, _status_of(result, response, status), answer)
    return result


def key_of(request: Request) -> str | None:
    """The key of a request, if it has one; raises InvalidKey."""
    key = request.headers.get("idempotency-key")
    if key is not None and (not 1 <= len(key) <= 200 or not key.isprintable()):
        raise InvalidKey
    return key


async def claim_each(tx: Tx, requests: Mapping[Place, Request]) -> set[Place]:
    """Claim the keys of many requests, each under its actor's label; those that were claimed before are left out."""
    if not requests:
        return set()
    places = sorted(requests)  # who claims several claims them in order, so that nobody waits in a circle
    digests = [await _request_digest(requests[place]) for place in places]
    columns = [actor for actor, _ in places], [key for _, key in places], digests
    rows = await tx.fetch(_CLAIM_EACH, tx.organization_id, *columns, clock.now())
    return {(row["actor"], row["key"]) for row in rows}


async def keep_each(tx: Tx, answers: Mapping[Place, bytes | None], *, status: int) -> None:
    """Keep what is answered under keys that were claimed; what has no answer gives its key back."""
    kept = {place: answer for place, answer in answers.items() if answer is not None}
    returned = answers.keys() - kept.keys()
    if kept:
        keys = await tx.vault.keys(tx)
        sealed = [keys.encrypt(answer.decode(), "idempotency_keys.answer") for answer in kept.values()]
        columns = [actor for actor, _ in kept], [key for _, key in kept], sealed
        tx.write_last(_KEEP_EACH, tx.organization_id, status, *columns)
    if returned:
        tx.write_last(_GIVE_BACK, tx.organization_id, [actor for actor, _ in returned], [key for _, key in returned])


async def _stored_answer(tx: Tx, place: tuple[UUID, str, str], request_digest: bytes) -> Response:
    row = await tx.fetchrow(_STORED, *place)
    if not hmac.compare_digest(row["request_digest"], request_digest):
        raise KeyReused
    body = (await tx.vault.keys(tx)).decrypt(row["answer"], "idempotency_keys.answer")
    headers = {"Idempotency-Replayed": "true"}
    if row["status"] == 204 or not body:
        return Response(status_code=row["status"], headers=headers)
    return Response(body, row["status"], headers, media_type="application/json")


async def _request_digest(request: Request) -> bytes:
    head = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(head + await request.body()).digest()


def _status_of(result: Any, response: Any, declared: int) -> int:
    """The status that was really answered: a route may set one on its ``response`` parameter."""
    if isinstance(result, Response):
        return result.status_code
    return response.status_code if isinstance(response, Response) and response.status_code else declared


def _as_json(result: Any) -> str:
    if result is None:
        return ""
    if isinstance(result, BaseModel):
        return result.model_dump_json(by_alias=True)
    if isinstance(result, Response):
        return bytes(result.body).decode()
    msg = f"A repeatable route returns a model, a Response or nothing, not {type(result).__name__}."
    raise TypeError(msg)
