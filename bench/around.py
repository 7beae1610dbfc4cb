"""What a shop has around its cards: memberships that end, coupons for the next time, check-ins, receipts, answers.

Told through the public API into the shop of ``bench.showcase``; the job that asks about visits is run by hand.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx

from passerelle.feedback import jobs
from passerelle.feedback import service as feedback
from passerelle.feedback.schemas import AnswerIn
from passerelle.kit import clock
from passerelle.kit.ids import decode
from passerelle.kit.jobs import Work

Json = dict[str, Any]
Post = Callable[[str, Json], Awaitable[Json]]

_LAST: Final = UUID(int=2**128 - 1)
_GONE: Final = timedelta(days=40)  # receipts of then can be claimed no longer
_ENDS_IN: Final = timedelta(days=10)


class Around:
    """The second half of the shop's story; ``paths`` are the public pages that came of it, for every visitor."""

    def __init__(self, http: httpx.AsyncClient, post: Post, work: Work, ids: dict[str, str]) -> None:
        self.http, self.post, self.work, self.ids = http, post, work, ids
        self.paths: list[str] = []
        self.own_parts: list[str] = ["/receipt"]

    async def tell(self, people: list[tuple[str, str]], now: datetime) -> None:
        """All of it, for customers with the codes of their cards; the first takes part in everything."""
        customers = [customer for customer, _ in people]
        await self._memberships(customers, now)
        await self._coupons()
        await self._check_ins(customers)
        await self._receipts(customers[0], now)
        await self._answers(people)

    async def _put(self, path: str, body: Json) -> None:
        (await self.http.put(f"/api/v1{path}", json=body)).raise_for_status()

    async def _memberships(self, customers: list[str], now: datetime) -> None:
        """One that ends soon, on a card whose code changes; one in grace, one that is over, one not paid yet."""
        program = {
            "name": "Amis du café",
            "names": {"en": "Friends of the café", "ar": "أصدقاء المقهى"},
            "kind": "membership",
            "settings": {"term": {"months": 12, "price_minor": 4_900, "grace_days": 30, "joining": "unpaid"}},
        }
        year = timedelta(days=365)
        with clock.frozen(now - year - 3 * _GONE):
            made = await self.post("/programs", program)
        self.ids |= {"friends": made["id"], "friends_template": made["template_id"]}
        starts = (_ENDS_IN - year, -year - _ENDS_IN, -year - 2 * _GONE)
        for customer, start in zip(customers, (*starts, None), strict=False):
            with clock.frozen(now + (start or timedelta(0))):
                path = f"/programs/{made['id']}/members"
                member = await self.post(path, {"customer_id": customer})
                if start is not None:
                    paid = {"method": "card", "reference": f"R-{customer[-6:]}"}
                    await self.post(f"/members/{member['id']}/renewals", paid)
            if customer == customers[0]:
                card = await self.post("/passes", {"membership_id": member["id"]})
                self.ids["friends_code"] = card["code"]
        rule = {"code_kind": "rotating", "copies_may": "earn", "single_use": True}
        await self._put(f"/programs/{made['id']}/code-rule", rule)
        self.paths.append(httpx.URL((await self.post(f"/passes/{card['id']}/link", {}))["url"]).path)

    async def _coupons(self) -> None:
        """One given after a purchase, one that gives the fourth of four."""
        effect = {"type": "amount_off", "amount_minor": 300}
        terms = {"effect": effect, "starts_days_after_issue": 1, "ends_days_after_issue": 30}
        after = {"minimum_amount_minor": 1_000, "at_once": 2}
        names = {"en": "See you soon", "ar": "إلى اللقاء قريبًا"}
        campaign = {"name": "À bientôt", "names": names, "terms": terms, "after_purchase": after}
        self.ids["next_order"] = (await self.post("/coupon-campaigns", campaign))["id"]
        buy = {"quantity": 3, "categories": ["Boissons"]}
        more = {"effect": {"type": "buy_get", "buy": buy, "get": {"quantity": 1}}}
        await self.post("/coupon-campaigns", {"name": "Le quatrième offert", "terms": more})

    async def _check_ins(self, customers: list[str]) -> None:
        """Staff lets in at both places, customers note themselves at one."""
        for name, alone in (("Gare", "printed"), ("Rue des Martyrs", "none")):
            settings = {"by_staff": True, "capacity": 30, "self_by": alone}
            await self._put(f"/locations/{self.ids[name]}/check-in", settings)
        base = f"/locations/{self.ids['Gare']}/check-in"
        for customer in (*customers[:5], customers[4]):  # the fifth leaves again
            await self.post("/check-ins", {"customer_id": customer, "location_id": self.ids["Gare"]})
        code, screen = [(await self.http.get(f"/api/v1{base}/{what}")).json()["url"] for what in ("code", "screen")]
        self.paths += [httpx.URL(code).path, httpx.URL(screen).path]
        self.own_parts.append(self._own(httpx.URL(code).path))

    async def _receipts(self, customer: str, now: datetime) -> None:
        """One that nobody claimed in time, one claimed with a card, one that waits."""
        limits = {"claim_days": 30, "per_day": 3, "per_month": 20, "by_print": True}
        await self._put("/receipt-settings", limits)
        told = {"amount_minor": 1_250, "location_id": self.ids["Gare"]}
        with clock.frozen(now - _GONE):
            gone = await self.post("/receipts", told | {"reference": "T1-0007"})
        for reference in ("T1-0041", "T1-0042"):
            receipt = await self.post("/receipts", told | {"reference": reference})
            if reference == "T1-0041":
                await self.post("/receipts/claims", {"customer_id": customer, "receipt": receipt["code"]})
        for each in (gone, receipt):
            path = httpx.URL(each["claim_url"]).path
            self.paths.append(path)
            self.own_parts.append(self._own(path))

    async def _answers(self, people: list[tuple[str, str]]) -> None:
        """What was asked about today's visits: a low answer, a good one, and one that waits for an answer."""
        on = {"enabled": True, "delay_minutes": 0, "every_days": 1, "by_mail": False}
        await self._put("/feedback-settings", on)
        for (_, code), amount in zip(people, (1_890, 480, 690), strict=False):
            await self.post(
                "/scans/purchases", {"code": code, "amount_minor": amount, "location_id": self.ids["Gare"]}
            )
        organization = decode("org", self.ids["organization"])
        await jobs.ask(self.work, {"organization_id": str(organization)})
        first = decode("cus", people[0][0])
        said = [AnswerIn(stars=2, words="Le café était froid, et personne au comptoir."), AnswerIn(stars=5)]
        async with self.work.database.transaction(organization) as tx:
            for asked in await feedback.list_feedback(tx, _LAST, 10):
                if asked.customer_id != first and said:
                    await feedback.answer(tx, asked.id, said.pop(0))
            [mine, *_] = await feedback.list_asked(tx, first)
        self.paths += [mine.path, f"{mine.path}x"]

    def _own(self, path: str) -> str:
        """The same page below the customer's own one."""
        return path.partition(self.ids["organization"])[2]
