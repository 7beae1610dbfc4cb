"""The REST client against a small Google, written from the discovery document and the OAuth guide, over ASGI."""

import asyncio
import base64
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from passerelle.kit import clock
from passerelle.passes.wallets.google.client import GoogleWallet
from passerelle.passes.wallets.google.credentials import ServiceAccount
from passerelle.passes.wallets.google.names import Resource
from passerelle.passes.wallets.google.pacing import IssuerQueue, change_key, send_with
from passerelle.passes.wallets.google.results import GoogleOutcome, GoogleResult

ISSUER = "3388000000022141777"
CLASS_ID, OBJECT_ID = f"{ISSUER}.cafe", f"{ISSUER}.mem_1"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CARD = {"id": OBJECT_ID, "classId": CLASS_ID, "state": "ACTIVE", "accountId": "1001"}
CAFE = {
    "id": CLASS_ID,
    "issuerName": "Café",
    "programName": "Points",
    "programLogo": {"sourceUri": {"uri": "https://a/b"}},
}

Answer = tuple[int, Any, dict[str, str]]


def google_error(status: int, reason: str, message: str = "No.") -> Any:
    return {
        "error": {
            "code": status,
            "message": message,
            "errors": [{"message": message, "domain": "walletobjects", "reason": reason}],
        }
    }


@dataclass
class SmallGoogle:
    """Keeps resources, counts notifications, and answers as told for a while when ``script`` has entries."""

    public_key: RSAPublicKey
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    script: deque[Answer | httpx.TransportError] = field(default_factory=deque)
    token_script: deque[Answer] = field(default_factory=deque)
    tokens_given: int = 0
    valid_tokens: set[str] = field(default_factory=set)
    rings_left: int = 3

    async def __call__(self, scope: Any, receive: Callable[[], Awaitable[Any]], send: Any) -> None:
        content = b""
        while True:
            event = await receive()
            content += event.get("body", b"")
            if not event.get("more_body"):
                break
        await asyncio.sleep(0)
        status, document, headers = self.answer(scope, content)
        raw = document if isinstance(document, bytes) else json.dumps(document).encode()
        pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": raw})

    def answer(self, scope: Any, content: bytes) -> Answer:
        if scope["path"] == "/token":
            return self.token(content)
        headers = dict(scope["headers"])
        path = scope["path"].removeprefix("/walletobjects/v1/")
        body = json.loads(content) if content else None
        self.requests.append((scope["method"], path, body))
        if headers[b"authorization"].decode().removeprefix("Bearer ") not in self.valid_tokens:
            return 401, {"error": {"code": 401, "message": "Bad token.", "status": "UNAUTHENTICATED"}}, {}
        if self.script:
            scripted = self.script.popleft()
            if isinstance(scripted, httpx.TransportError):
                raise scripted
            return scripted
        return self.resource(scope["method"], path, body)

    def token(self, content: bytes) -> Answer:
        if self.token_script:
            return self.token_script.popleft()
        form = parse_qs(content.decode())
        assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
        header, payload, signature = form["assertion"][0].split(".")
        raw = base64.urlsafe_b64decode(signature + "==")
        self.public_key.verify(raw, f"{header}.{payload}".encode(), PKCS1v15(), SHA256())
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        assert claims["aud"] == "https://google.test/token"
        assert claims["scope"] == "https://www.googleapis.com/auth/wallet_object.issuer"
        assert claims["iss"] == "wallet@wallet-tests.iam.gserviceaccount.com"
        assert claims["exp"] - claims["iat"] == 3600
        self.tokens_given += 1
        token = f"token-{self.tokens_given}"
        self.valid_tokens.add(token)
        return 200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}, {}

    def resource(self, method: str, path: str, body: Any) -> Answer:
        kind, _, rest = path.partition("/")
        if method == "POST" and not rest:
            return self.insert(kind, body)
        key = f"{kind}/{rest.removesuffix('/addMessage')}"
        if key not in self.resources:
            return 404, google_error(404, "resourceNotFound"), {}
        ringing = (body or {}).get("notifyPreference") or (body or {}).get("message", {}).get("messageType")
        if ringing in {"NOTIFY_ON_UPDATE", "TEXT_AND_NOTIFY"}:
            if self.rings_left == 0:
                return 403, google_error(403, "quotaExceeded", "Quota exceeded for issuer."), {}
            self.rings_left -= 1
        if rest.endswith("/addMessage"):
            self.resources[key].setdefault("messages", []).append(body["message"])
            return 200, {"resource": self.resources[key]}, {}
        if method == "PUT":
            self.resources[key] = body
        elif method == "PATCH":
            self.resources[key] |= body
        return 200, self.resources[key], {}

    def insert(self, kind: str, body: Any) -> Answer:
        key = f"{kind}/{body['id']}"
        if key in self.resources:
            return 409, google_error(409, "existingResource"), {}
        if kind.endswith("Object") and f"{kind[:-6]}Class/{body['classId']}" not in self.resources:
            return 404, google_error(404, "classNotFound", f"Class {body['classId']} not found."), {}
        self.resources[key] = body
        return 200, body, {}


@pytest.fixture
def google(private_key: RSAPrivateKey) -> SmallGoogle:
    return SmallGoogle(private_key.public_key())


@pytest.fixture
async def wallet(google: SmallGoogle, account: ServiceAccount) -> AsyncIterator[GoogleWallet]:
    account = ServiceAccount(
        account.client_email, account.key_id, "https://google.test/token", account._key, account._signature_characters
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(google)) as http:
        yield GoogleWallet(http, account, base_url="https://google.test/walletobjects/v1/")


def sent(google: SmallGoogle) -> list[str]:
    return [f"{method} {path}" for method, path, _ in google.requests]


@pytest.mark.parametrize(
    ("known", "exists", "requests"),
    [
        (True, True, ["PATCH loyaltyObject/{id}"]),
        (False, True, ["PATCH loyaltyObject/{id}", "POST loyaltyObject"]),
        (False, False, ["POST loyaltyObject"]),
        (True, False, ["POST loyaltyObject", "PATCH loyaltyObject/{id}"]),
    ],
)
async def test_insert_or_patch_takes_the_cheap_way(
    google: SmallGoogle, wallet: GoogleWallet, *, known: bool, exists: bool, requests: list[str]
) -> None:
    google.resources[f"loyaltyClass/{CLASS_ID}"] = dict(CAFE)
    if known:
        google.resources[f"loyaltyObject/{OBJECT_ID}"] = {**CARD, "accountId": "old"}
    result = await wallet.insert_or_patch(Resource.LOYALTY_OBJECT, CARD, exists=exists)
    assert result.outcome is GoogleOutcome.DONE
    assert result.resource is not None
    assert result.resource["accountId"] == "1001"
    assert sent(google) == [request.format(id=OBJECT_ID) for request in requests]


async def test_an_object_without_its_class_is_refused_with_googles_reason(
    google: SmallGoogle, wallet: GoogleWallet
) -> None:
    result = await wallet.insert_or_patch(Resource.LOYALTY_OBJECT, CARD)
    assert (result.outcome, result.status, result.reason) == (GoogleOutcome.REFUSED, 404, "classNotFound")
    assert result.message == f"Class {CLASS_ID} not found."
    assert len(google.requests) == 2
    assert CLASS_ID not in repr(result)


async def test_a_race_of_two_inserts_ends_in_a_patch(google: SmallGoogle, wallet: GoogleWallet) -> None:
    google.resources[f"loyaltyObject/{OBJECT_ID}"] = dict(CARD)
    google.script.append((404, google_error(404, "resourceNotFound"), {}))
    result = await wallet.insert_or_patch(Resource.LOYALTY_OBJECT, CARD)
    assert result.outcome is GoogleOutcome.DONE
    assert sent(google) == [
        f"PATCH loyaltyObject/{OBJECT_ID}",
        "POST loyaltyObject",
        f"PATCH loyaltyObject/{OBJECT_ID}",
    ]


async def test_contradicting_answers_are_left_for_later(google: SmallGoogle, wallet: GoogleWallet) -> None:
    missing: Answer = (404, google_error(404, "resourceNotFound"), {})
    there: Answer = (409, google_error(409, "existingResource"), {})
    google.script.extend([missing, there, missing])
    result = await wallet.insert_or_patch(Resource.LOYALTY_OBJECT, CARD)
    assert result.outcome is GoogleOutcome.RETRY
    assert len(google.requests) == 3


@pytest.mark.parametrize("verb", ["patch", "update", "insert_or_patch"])
async def test_class_changes_go_back_under_review(google: SmallGoogle, wallet: GoogleWallet, verb: str) -> None:
    google.resources[f"loyaltyClass/{CLASS_ID}"] = {**CAFE, "reviewStatus": "APPROVED"}
    body = {**CAFE, "reviewStatus": "APPROVED"}
    result = await getattr(wallet, verb)(Resource.LOYALTY_CLASS, body)
    assert result.outcome is GoogleOutcome.DONE
    assert google.requests[-1][2]["reviewStatus"] == "UNDER_REVIEW"
    assert body["reviewStatus"] == "APPROVED", "the caller's body is not touched"


async def test_inserted_classes_may_be_drafts(google: SmallGoogle, wallet: GoogleWallet) -> None:
    await wallet.insert_or_patch(Resource.LOYALTY_CLASS, {**CAFE, "reviewStatus": "DRAFT"}, exists=False)
    await wallet.insert_or_patch(Resource.OFFER_CLASS, {"id": CLASS_ID}, exists=False)
    assert [body["reviewStatus"] for _, _, body in google.requests] == ["DRAFT", "UNDER_REVIEW"]


async def test_generic_resources_know_neither_review_nor_notification(
    google: SmallGoogle, wallet: GoogleWallet
) -> None:
    google.resources |= {f"genericClass/{CLASS_ID}": {}, f"genericObject/{OBJECT_ID}": {}}
    await wallet.patch(Resource.GENERIC_CLASS, {"id": CLASS_ID}, notify=True)
    await wallet.patch(
        Resource.GENERIC_OBJECT, {"id": OBJECT_ID, "notifyPreference": "NOTIFY_ON_UPDATE"}, notify=True
    )
    assert [body for _, _, body in google.requests] == [{"id": CLASS_ID}, {"id": OBJECT_ID}]


@pytest.mark.parametrize(("notify", "preference"), [(True, "NOTIFY_ON_UPDATE"), (False, None)])
async def test_a_change_notifies_only_when_asked(
    google: SmallGoogle, wallet: GoogleWallet, *, notify: bool, preference: str | None
) -> None:
    google.resources[f"loyaltyObject/{OBJECT_ID}"] = dict(CARD)
    await wallet.patch(Resource.LOYALTY_OBJECT, {**CARD, "notifyPreference": "NOTIFY_ON_UPDATE"}, notify=notify)
    assert google.requests[0][2].get("notifyPreference") == preference


async def test_an_insert_never_notifies(google: SmallGoogle, wallet: GoogleWallet) -> None:
    google.resources[f"loyaltyClass/{CLASS_ID}"] = dict(CAFE)
    card = {**CARD, "notifyPreference": "NOTIFY_ON_UPDATE"}
    await wallet.insert_or_patch(Resource.LOYALTY_OBJECT, card, exists=False, notify=True)
    assert google.requests == [("POST", "loyaltyObject", CARD)]


async def test_the_fourth_message_comes_without_ringing(google: SmallGoogle, wallet: GoogleWallet) -> None:
    google.resources[f"loyaltyObject/{OBJECT_ID}"] = dict(CARD)
    message = {"id": "m", "header": "Hello", "body": "A new reward waits."}
    results = [await wallet.add_message(Resource.LOYALTY_OBJECT, OBJECT_ID, message, notify=True) for _ in range(4)]
    assert [result.outcome for result in results] == [GoogleOutcome.DONE] * 3 + [GoogleOutcome.QUOTA]
    assert all(result.stored for result in results)
    assert results[3].reason == "quotaExceeded"
    kinds = [row["messageType"] for row in google.resources[f"loyaltyObject/{OBJECT_ID}"]["messages"]]
    assert kinds == ["TEXT_AND_NOTIFY"] * 3 + ["TEXT"]
    assert sent(google)[-1] == f"POST loyaltyObject/{OBJECT_ID}/addMessage"


async def test_a_change_beyond_the_quota_is_stored_without_ringing(google: SmallGoogle, wallet: GoogleWallet) -> None:
    google.resources[f"loyaltyObject/{OBJECT_ID}"] = {**CARD, "accountId": "old"}
    google.rings_left = 0
    result = await wallet.patch(Resource.LOYALTY_OBJECT, CARD, notify=True)
    assert result.outcome is GoogleOutcome.QUOTA
    assert google.resources[f"loyaltyObject/{OBJECT_ID}"]["accountId"] == "1001"


async def test_the_exception_name_of_the_guide_counts_as_quota(google: SmallGoogle, wallet: GoogleWallet) -> None:
    google.resources[f"loyaltyObject/{OBJECT_ID}"] = dict(CARD)
    google.script.append((429, google_error(429, "QuotaExceededException"), {}))
    message = {"id": "m", "body": "Hello"}
    result = await wallet.add_message(Resource.LOYALTY_OBJECT, OBJECT_ID, message, notify=True)
    assert result.outcome is GoogleOutcome.QUOTA


async def test_a_quota_that_silence_does_not_lift_is_tried_later(google: SmallGoogle, wallet: GoogleWallet) -> None:
    google.script.extend([(403, google_error(403, "quotaExceeded"), {})] * 2)
    result = await wallet.add_message(Resource.LOYALTY_OBJECT, OBJECT_ID, {"id": "m"}, notify=True)
    assert (result.outcome, result.stored) == (GoogleOutcome.RETRY, False)
    assert len(google.requests) == 2


async def test_a_quota_in_the_way_of_a_silent_change_is_tried_later(
    google: SmallGoogle, wallet: GoogleWallet
) -> None:
    google.script.append((403, google_error(403, "quotaExceeded"), {}))
    result = await wallet.patch(Resource.LOYALTY_OBJECT, CARD)
    assert (result.outcome, result.is_rate_limited) == (GoogleOutcome.RETRY, False)
    assert len(google.requests) == 1


LATER = format(NOON + timedelta(seconds=90), "%a, %d %b %Y %H:%M:%S GMT")
Meaning = tuple[GoogleOutcome, str | None, float | None]
ANSWERS: list[tuple[Answer | httpx.TransportError, Meaning]] = [
    ((429, google_error(429, "rateLimitExceeded"), {}), (GoogleOutcome.RETRY, "rateLimitExceeded", None)),
    ((429, {}, {"Retry-After": "7"}), (GoogleOutcome.RETRY, None, 7.0)),
    ((503, b"<html>busy</html>", {"Retry-After": LATER}), (GoogleOutcome.RETRY, None, 90.0)),
    ((503, {}, {"Retry-After": "99999999"}), (GoogleOutcome.RETRY, None, 3600.0)),
    ((503, {}, {"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}), (GoogleOutcome.RETRY, None, 0.0)),
    ((503, {}, {"Retry-After": "soon"}), (GoogleOutcome.RETRY, None, None)),
    ((500, {"error": {"code": 500, "status": "INTERNAL"}}, {}), (GoogleOutcome.RETRY, "INTERNAL", None)),
    ((408, {}, {}), (GoogleOutcome.RETRY, None, None)),
    ((403, google_error(403, "userRateLimitExceeded"), {}), (GoogleOutcome.RETRY, "userRateLimitExceeded", None)),
    ((409, google_error(409, "aborted"), {}), (GoogleOutcome.RETRY, "aborted", None)),
    ((200, b"not json", {}), (GoogleOutcome.RETRY, "unreadableAnswer", None)),
    ((200, b"[]", {}), (GoogleOutcome.RETRY, "unreadableAnswer", None)),
    ((200, b" " * 2_100_000, {}), (GoogleOutcome.RETRY, "answerTooLarge", None)),
    ((200, b"zip?", {"Content-Encoding": "gzip"}), (GoogleOutcome.RETRY, "unreadableAnswer", None)),
    (httpx.ReadTimeout("slow"), (GoogleOutcome.RETRY, "timeout", None)),
    (httpx.ConnectError("gone"), (GoogleOutcome.RETRY, "network", None)),
    ((400, google_error(400, "invalid"), {"Retry-After": "7"}), (GoogleOutcome.REFUSED, "invalid", None)),
    ((403, google_error(403, "permissionDenied"), {}), (GoogleOutcome.REFUSED, "permissionDenied", None)),
    ((400, {"error": {"status": "INVALID_ARGUMENT"}}, {}), (GoogleOutcome.REFUSED, "INVALID_ARGUMENT", None)),
    ((400, {"error": {"details": [{"reason": "BAD"}]}}, {}), (GoogleOutcome.REFUSED, "BAD", None)),
    ((400, {"error": {"errors": "?"}}, {}), (GoogleOutcome.REFUSED, None, None)),
    ((400, [1], {}), (GoogleOutcome.REFUSED, None, None)),
    ((302, {}, {"Location": "https://elsewhere.test"}), (GoogleOutcome.REFUSED, None, None)),
]


@pytest.mark.parametrize(("answer", "meaning"), ANSWERS)
async def test_answers_become_outcomes(
    google: SmallGoogle,
    wallet: GoogleWallet,
    answer: Answer | httpx.TransportError,
    meaning: Meaning,
) -> None:
    google.script.append(answer)
    with clock.frozen(NOON):
        result = await wallet.patch(Resource.LOYALTY_OBJECT, CARD)
    assert (result.outcome, result.reason, result.retry_after_seconds) == meaning
    assert len(google.requests) == 1


async def test_reading(google: SmallGoogle, wallet: GoogleWallet) -> None:
    assert (await wallet.get(Resource.LOYALTY_OBJECT, OBJECT_ID)).status == 404
    google.resources[f"loyaltyObject/{OBJECT_ID}"] = {**CARD, "hasUsers": True}
    result = await wallet.get(Resource.LOYALTY_OBJECT, OBJECT_ID)
    assert result.outcome is GoogleOutcome.DONE
    assert result.resource is not None
    assert result.resource["hasUsers"] is True


@pytest.mark.parametrize("bad_id", ["", "1.a/../x", "1.a?b", f"{ISSUER}.a b", None])
async def test_no_other_address_can_be_reached(google: SmallGoogle, wallet: GoogleWallet, bad_id: Any) -> None:
    for call in (
        wallet.get(Resource.LOYALTY_OBJECT, bad_id),
        wallet.patch(Resource.LOYALTY_OBJECT, {"id": bad_id}),
        wallet.insert_or_patch(Resource.LOYALTY_OBJECT, {"id": bad_id}, exists=False),
        wallet.add_message(Resource.LOYALTY_OBJECT, bad_id, {}),
    ):
        with pytest.raises(ValueError, match="issuerId"):
            await call
    assert google.requests == []


async def test_calls_that_come_together_share_one_token(google: SmallGoogle, wallet: GoogleWallet) -> None:
    results = await asyncio.gather(*(wallet.get(Resource.LOYALTY_OBJECT, OBJECT_ID) for _ in range(10)))
    assert {result.status for result in results} == {404}
    assert google.tokens_given == 1


@pytest.mark.parametrize(("minutes", "tokens"), [(0, 1), (58, 1), (59, 2), (120, 2)])
async def test_a_token_is_kept_until_a_minute_before_its_end(
    google: SmallGoogle, wallet: GoogleWallet, minutes: int, tokens: int
) -> None:
    for moment in (NOON, NOON + timedelta(minutes=minutes)):
        with clock.frozen(moment):
            await wallet.get(Resource.LOYALTY_OBJECT, OBJECT_ID)
    assert google.tokens_given == tokens


async def test_a_token_that_google_forgot_is_renewed_once(google: SmallGoogle, wallet: GoogleWallet) -> None:
    await wallet.get(Resource.LOYALTY_OBJECT, OBJECT_ID)
    google.valid_tokens.clear()
    assert (await wallet.get(Resource.LOYALTY_OBJECT, OBJECT_ID)).status == 404
    assert google.tokens_given == 2


async def test_a_lasting_401_is_a_refusal(google: SmallGoogle, wallet: GoogleWallet) -> None:
    google.script.extend([(401, {"error": {"status": "UNAUTHENTICATED"}}, {})] * 2)
    result = await wallet.get(Resource.LOYALTY_OBJECT, OBJECT_ID)
    assert (result.outcome, result.reason) == (GoogleOutcome.REFUSED, "UNAUTHENTICATED")
    assert len(google.requests) == 2


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (
            (400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, {}),
            "refused",
            "invalid_grant",
        ),
        ((503, b"busy", {}), "retry", None),
        ((200, {"access_token": ""}, {}), "refused", "unreadableToken"),
        ((200, {"access_token": "a\nb", "expires_in": 60}, {}), "refused", "unreadableToken"),
        ((200, {"expires_in": 60}, {}), "refused", "unreadableToken"),
    ],
)
async def test_without_a_token_the_call_says_why(
    google: SmallGoogle, wallet: GoogleWallet, answer: Answer, outcome: str, reason: str | None
) -> None:
    google.token_script.append(answer)
    result = await wallet.patch(Resource.LOYALTY_OBJECT, CARD)
    assert (result.outcome.value, result.reason) == (outcome, reason)
    assert google.requests == []
    google.resources[f"loyaltyObject/{OBJECT_ID}"] = dict(CARD)
    assert (await wallet.patch(Resource.LOYALTY_OBJECT, CARD)).stored, "the next call asks again"


async def test_a_token_without_stated_lifetime_is_kept_for_minutes(google: SmallGoogle, wallet: GoogleWallet) -> None:
    google.valid_tokens.add("short")
    google.token_script.append((200, {"access_token": "short"}, {}))
    for minute in (0, 3, 6):
        with clock.frozen(NOON + timedelta(minutes=minute)):
            await wallet.get(Resource.LOYALTY_OBJECT, OBJECT_ID)
    assert google.tokens_given == 1


async def test_a_caller_that_leaves_does_not_take_the_token_along(google: SmallGoogle, wallet: GoogleWallet) -> None:
    calls = [asyncio.create_task(wallet.get(Resource.LOYALTY_OBJECT, OBJECT_ID)) for _ in range(2)]
    await asyncio.sleep(0)
    calls[0].cancel()
    assert (await calls[1]).status == 404
    assert google.tokens_given == 1


async def test_queue_and_client_together(google: SmallGoogle, wallet: GoogleWallet) -> None:
    google.resources[f"loyaltyClass/{CLASS_ID}"] = dict(CAFE)
    queue = IssuerQueue(send_with(wallet), window_seconds=0.01)
    ids = [f"{ISSUER}.mem_{number}" for number in range(30)]
    results: list[GoogleResult] = await asyncio.gather(
        *(
            queue.submit(change_key(Resource.LOYALTY_OBJECT, an_id), {**CARD, "id": an_id}, exists=False)
            for an_id in ids
        )
    )
    assert all(result.outcome is GoogleOutcome.DONE for result in results)
    message = {"id": "m", "header": "Hello", "body": "Hello"}
    sent_message = await queue.run(
        lambda turn: wallet.add_message(Resource.LOYALTY_OBJECT, ids[0], message, notify=True, turn=turn)
    )
    assert sent_message.stored
    assert len(google.resources) == 31
    await queue.aclose()
