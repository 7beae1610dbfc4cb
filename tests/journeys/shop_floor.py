"""A shop that knows the OpenAPI document alone and trusts no answer: after each story its books must balance."""

from dataclasses import dataclass
from typing import Any, Final

from passerelle.kit.db import Database
from passerelle.ledger import service as ledger
from tests.conftest import Shop
from tests.journeys.shopkeeper import Json, Member, Shopkeeper

API: Final = "/api/v1"


@dataclass(frozen=True, slots=True)
class ShopFloor:
    """One shop, its program's client, and its books."""

    keeper: Shopkeeper
    database: Database
    shop: Shop

    async def refused(self, method: str, path: str, body: Json | None = None) -> str:
        """The code of a call that must be refused."""
        answer = await self.keeper.http.request(method, f"{API}{path}", json=body)
        assert 400 <= answer.status_code < 500, f"{method} {path}: {answer.status_code} {answer.text}"
        return str(answer.json()["code"])

    async def done(self, path: str, body: Json | None = None, method: str = "POST") -> Json:
        """The answer of a call that must succeed."""
        return await self.keeper.must(method, f"{API}{path}", body)

    async def program(self, **fields: Any) -> Json:
        """A points program: 1 for each whole major unit, unless told otherwise."""
        return await self.keeper.program("points", **fields)

    async def bought(self, member: Member, amount_minor: int, **more: Any) -> Json:
        """A purchase with the member's card."""
        return await self.done("/scans/purchases", {"code": member.code, "amount_minor": amount_minor} | more)

    async def has(self, member: Member, figure: str = "active", unit: str = "points") -> int:
        """One figure of a member's balance, of books that add up."""
        standing = await self.done(f"/members/{member.membership_id}", method="GET")
        one = next(each for each in standing["balances"] if each["unit"] == unit)
        gone = one["held"] + one["spent"] + one["expired"] + one["reversed"]
        assert one["earned"] + one["adjusted"] == one["active"] + one["pending"] + gone, one
        async with self.database.transaction(self.shop.organization_id) as tx:
            assert list(await ledger.check_books(tx)) == []
        return int(one[figure])


def texts(accrued: Json) -> list[str]:
    """Why something was earned, as the till shows it."""
    return [reason["text"] for each in accrued["accruals"] for reason in each["reasons"]]
