"""A shop's program that knows the OpenAPI document and nothing else of the server."""

import itertools
from dataclasses import dataclass
from typing import Any, Final

import httpx

Json = dict[str, Any]
_numbers: Final = itertools.count(100_000)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a card, by the ids that the API gave."""

    program_id: str
    template_id: str
    customer_id: str
    membership_id: str
    pass_id: str
    code: str
    apple_path: str
    google_path: str


@dataclass(frozen=True, slots=True)
class Shopkeeper:
    """Calls the API with one key."""

    http: httpx.AsyncClient

    async def post(self, path: str, body: Json | None = None, **headers: str) -> httpx.Response:
        return await self.http.post(path, json=body, headers=headers)

    async def must(self, method: str, path: str, body: Json | None = None) -> Json:
        """A call that must succeed."""
        answer = await self.http.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return dict(answer.json()) if answer.content else {}

    async def program(self, kind: str = "stamps", **changes: Any) -> Json:
        """A program that runs."""
        fields: Json = {"name": "Club", "kind": kind} | (
            {"goal": 10, "reward_name": "Coffee"} if kind == "stamps" else {}
        )
        return await self.must("POST", "/api/v1/programs", fields | changes)

    async def join(self, program: Json) -> Member:
        """A new customer with a card and the secret link to it."""
        person = {"first_name": "Lina", "phone": f"+33612{next(_numbers)}"}
        customer = await self.must("POST", "/api/v1/customers", person)
        wanted = {"customer_id": customer["id"]}
        member = await self.must("POST", f"/api/v1/programs/{program['id']}/members", wanted)
        card = await self.must("POST", "/api/v1/passes", {"membership_id": member["id"]})
        link = await self.must("POST", f"/api/v1/passes/{card['id']}/link")
        return Member(
            program["id"],
            program["template_id"],
            customer["id"],
            member["id"],
            card["id"],
            card["code"],
            httpx.URL(link["apple_url"]).path,
            httpx.URL(link["google_url"]).path,
        )

    async def member(self, kind: str = "stamps", **changes: Any) -> Member:
        """A customer with a card in a program of their own."""
        return await self.join(await self.program(kind, **changes))

    async def pay(self, member: Member, amount_minor: int = 450, *, idempotency_key: str | None = None) -> Json:
        """A purchase that must be booked."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        body = {"code": member.code, "amount_minor": amount_minor}
        answer = await self.post("/api/v1/scans/purchases", body, **headers)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def balance(self, member: Member) -> int:
        """What the member can spend."""
        standing = await self.must("GET", f"/api/v1/members/{member.membership_id}")
        return int(standing["balances"][0]["active"])

    async def card(self, member: Member) -> Json:
        """The card with its installations."""
        return await self.must("GET", f"/api/v1/passes/{member.pass_id}")

    async def reward(self, member: Member) -> str:
        """The id of the program's reward."""
        listed = await self.must("GET", f"/api/v1/rewards?program_id={member.program_id}")
        return str(listed["items"][0]["id"])

    async def key(self, *scopes: str, **changes: Any) -> Json:
        """Another API key."""
        return await self.must("POST", "/api/v1/api-keys", {"name": "Till", "scopes": list(scopes)} | changes)

    async def trace(self, member: Member) -> tuple[int, str]:
        """What a booking would change: the balance and the newest event."""
        events = await self.must("GET", "/api/v1/events?limit=1")
        return await self.balance(member), str(events["items"][0]["id"])
