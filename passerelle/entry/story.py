"""The main job, played over HTTP as its people would: a shop, a customer with an iPhone, one with Android, a till.

Nothing here looks inside the server. The shop uses the public API, customers fill in the join page, phones are
worked through the emulators' phone page. Every step says what happens and checks it.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urljoin

import httpx

from passerelle.kit.ids import new_code

Json = dict[str, Any]
Say = Callable[[str], None]

IPHONE: Final = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.6 Mobile/15E148 Safari/604.1"
)
ANDROID: Final = (
    "Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
    "Mobile Safari/537.36"
)
DESKTOP: Final = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
_PATIENCE_SECONDS: Final = 5.0
_COFFEE_MINOR: Final = 450


class StepFailed(Exception):
    """Something that should have happened did not; the message says what."""


@dataclass(slots=True)
class Step:
    """One step of the story as it went."""

    name: str
    sentence: str
    ok: bool = False
    seconds: float = 0.0
    detail: str = ""


@dataclass(slots=True)
class Customer:
    """Somebody with a phone in their hand."""

    name: str
    phone: str
    user_agent: str
    link: str = ""


@dataclass(slots=True)
class Story:
    """Plays itself against a server and its emulators; ``steps`` tell how it went."""

    base_url: str
    emulators_url: str
    say: Say
    steps: list[Step] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    _shop: Json = field(default_factory=dict)
    _cards: dict[str, Json] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every step went well."""
        return bool(self.steps) and all(step.ok for step in self.steps)

    def as_json(self) -> Json:
        """The story for machines."""
        return {"ok": self.ok, "links": self.links, "steps": [asdict(step) for step in self.steps]}

    async def play(self) -> bool:
        """Play it to the end, or to the first step that fails."""
        lina = Customer("Lina", "06 12 34 56 78", IPHONE)
        omar = Customer("Omar", "+33 6 98 76 54 32", ANDROID)
        async with httpx.AsyncClient(base_url=self.base_url, timeout=15) as http:
            chapters: list[tuple[str, str, Callable[[], Awaitable[str]]]] = [
                ("open", "A café opens its organization, with a shop and a cashier's key.", lambda: self._open(http)),
                ("programs", "It starts “10 coffees, one free” and 1 point per euro.", lambda: self._start(http)),
                ("poster", "It prints a QR poster for the counter.", lambda: self._print(http)),
                ("join", "Lina scans it with her iPhone and fills in the form.", lambda: self._join(lina, "stamps")),
                ("add_apple", "She adds the signed card to Apple Wallet.", lambda: self._add(lina, "iphone")),
                ("join_android", "Omar joins with his Android phone.", lambda: self._join(omar, "stamps")),
                ("add_google", "He saves the card to Google Wallet.", lambda: self._add(omar, "android")),
                ("desktop", "On a computer the same link shows a QR code.", lambda: self._desktop(lina)),
                ("points", "Lina joins the points program, too: one customer, two cards.", self._second(lina)),
                ("purchase", "She pays 4.50 €: the card changes, her screen lights up.", lambda: self._pay(http)),
                ("google_update", "Omar pays: his Google card changes as well.", lambda: self._pay_google(http)),
                ("once", "The till sends the same request twice: it is booked once.", lambda: self._twice(http)),
                ("reward", "At ten stamps the free coffee appears on the card.", lambda: self._reach(http)),
                ("redeem", "The cashier redeems it, and the card shows it used.", lambda: self._redeem(http)),
                ("remove", "Lina deletes the card; the café sees it removed.", lambda: self._remove(http)),
            ]
            for name, sentence, chapter in chapters:
                if not await self._step(name, sentence, chapter):
                    return False
        return True

    async def _step(self, name: str, sentence: str, chapter: Callable[[], Awaitable[str]]) -> bool:
        step = Step(name, sentence)
        self.steps.append(step)
        started = time.perf_counter()
        try:
            step.detail = await chapter()
            step.ok = True
        except (StepFailed, httpx.HTTPError, KeyError, IndexError, ValueError) as fault:
            step.detail = f"{type(fault).__name__}: {fault}"
        step.seconds = round(time.perf_counter() - started, 3)
        self.say(f"{'✓' if step.ok else '✗'} {sentence}\n    {step.detail} ({step.seconds:.2f} s)")
        return step.ok

    # -- the shop -----------------------------------------------------------------------------------------

    async def _open(self, http: httpx.AsyncClient) -> str:
        made = await _post(
            http,
            "/api/v1/organizations",
            {
                "name": "Café Central",
                "currency": "EUR",
                "time_zone": "Europe/Paris",
                "language": "fr",
                "owner_name": "Ada",
                "owner_email": f"ada-{new_code(8)}@cafe-central.example",
                "owner_password": new_code(20),
                "legal": {"controller": "Café Central SARL, Paris", "contact_email": "bonjour@cafe-central.example"},
            },
        )
        http.headers["Authorization"] = f"Bearer {made['api_key']}"
        self._shop["location"] = (await _post(http, "/api/v1/locations", {"name": "Rue des Martyrs"}))["id"]
        key = await _post(
            http,
            "/api/v1/api-keys",
            {
                "name": "Till 1",
                "scopes": ["organization:read", "programs:read", "scans:write", "rewards:redeem"],
                "location_id": self._shop["location"],
            },
        )
        self._shop["till"] = {"Authorization": f"Bearer {key['api_key']}"}
        self.links["api_key"] = made["api_key"]
        return f"{made['organization']['name']} is {made['organization']['id']}."

    async def _start(self, http: httpx.AsyncClient) -> str:
        stamps = {
            "name": "Carte café",
            "kind": "stamps",
            "goal": 10,
            "reward_name": "Café offert",
            "reward_names": {"en": "Free coffee", "ar": "قهوة مجانية"},
        }
        points = {"name": "Points Central", "kind": "points"}
        for kind, program in (("stamps", stamps), ("points", points)):
            self._shop[kind] = (await _post(http, "/api/v1/programs", program))["id"]
            self.links[f"join_{kind}"] = self._join_url(kind)
        return f"{self._shop['stamps']} and {self._shop['points']}, each with a card design."

    async def _print(self, http: httpx.AsyncClient) -> str:
        link = await _post(
            http,
            "/api/v1/links",
            {
                "name": "Counter",
                "program_id": self._shop["stamps"],
                "location_id": self._shop["location"],
                "utm_source": "poster",
            },
        )
        svg = await _get(http, f"/api/v1/links/{link['id']}/qr.svg")
        pdf = await _get(http, f"/api/v1/links/{link['id']}/poster.pdf?lang=fr")
        if b"<svg" not in svg.content or not pdf.content.startswith(b"%PDF-"):
            raise StepFailed("The QR code or the poster is not what it should be.")
        self._shop["poster_url"] = link["url"]
        self.links["poster_link"] = link["url"]
        return f"The QR code leads to {link['url']}; the poster is an A4 PDF of {len(pdf.content) // 1024} kB."

    # -- customers ----------------------------------------------------------------------------------------

    def _join_url(self, kind: str) -> str:
        return f"{self.base_url}/join/{self._shop[kind]}"

    async def _join(self, customer: Customer, kind: str) -> str:
        start = self._shop["poster_url"] if kind == "stamps" else self._join_url(kind)
        async with _browser(customer.user_agent) as browser:
            page = await browser.get(start)
            form = _Form.of(page)
            form.fields |= {"name": customer.name, "first_name": customer.name, "phone": customer.phone}
            form.fields |= dict.fromkeys(form.checkboxes, "on")
            await asyncio.sleep(form.patience_seconds)
            answer = await browser.post(form.action, data=form.sent())
            if answer.status_code != 303:
                raise StepFailed(f"The form was answered with {answer.status_code} instead of a card.")
            customer.link = urljoin(str(answer.url), answer.headers["location"])
        self.links[f"card_of_{customer.name.lower()}"] = customer.link
        return f"The form leads to {customer.link}"

    async def _add(self, customer: Customer, phone: str) -> str:
        before = len((await self._screens())[phone]["cards"])
        outcome = await self._finger(phone, "open", {"url": customer.link})
        if not outcome["ok"]:
            raise StepFailed(f"The phone says: {outcome['message']}")
        cards = (await self._screens())[phone]["cards"]
        if len(cards) != before + 1:
            raise StepFailed(f"The phone shows {len(cards)} cards, not {before + 1}.")
        self._cards.setdefault(customer.name, cards[0])
        return f"{phone} shows “{_title(cards[0])}”."

    async def _desktop(self, customer: Customer) -> str:
        async with _browser(DESKTOP) as browser:
            page = await browser.get(customer.link)
        if page.status_code != 200 or "<svg" not in page.text:
            raise StepFailed("The page shows no QR code.")
        return f"A page of {len(page.content) // 1024} kB with the QR code and both buttons."

    def _second(self, customer: Customer) -> Callable[[], Awaitable[str]]:
        async def chapter() -> str:
            same = Customer(customer.name, "+33612345678", customer.user_agent)
            await self._join(same, "points")
            return await self._add(same, "iphone")

        return chapter

    # -- the counter --------------------------------------------------------------------------------------

    async def _code_of(self, http: httpx.AsyncClient, program: str, position: int) -> str:
        cards = (await _get(http, f"/api/v1/passes?program_id={self._shop[program]}")).json()["items"]
        return str(cards[position]["code"])

    async def _pay(self, http: httpx.AsyncClient) -> str:
        self._shop["lina"] = await self._code_of(http, "stamps", 1)
        who = await _post(http, "/api/v1/scans", {"code": self._shop["lina"]}, **self._shop["till"])
        notices = len((await self._screens())["iphone"]["notifications"])
        started = time.perf_counter()
        booked = await self._purchase(http, self._shop["lina"])
        screens = await self._until(lambda seen: len(seen["iphone"]["notifications"]) >= notices + 2, "iphone")
        seconds = time.perf_counter() - started
        earned = {each["program_name"]: each["balances"][0]["active"] for each in booked["earned"]}
        if sorted(earned.values()) != [1, 4]:
            raise StepFailed(f"The purchase earned {earned}, not 1 stamp and 4 points.")
        said = " / ".join(notice["text"] for notice in screens["iphone"]["notifications"][:2])
        return f"{who['customer']['first_name']}: {earned}. After {seconds:.2f} s the lock screen said “{said}”."

    async def _pay_google(self, http: httpx.AsyncClient) -> str:
        self._shop["omar"] = await self._code_of(http, "stamps", 0)
        before = (await self._screens())["android"]["cards"][0]
        started = time.perf_counter()
        await self._purchase(http, self._shop["omar"])
        screens = await self._until(lambda seen: seen["android"]["cards"][0] != before, "android")
        notices = screens["android"]["notifications"]
        said = f", and said “{notices[0]['text']}”" if notices else ""
        return f"The card changed after {time.perf_counter() - started:.2f} s{said}."

    async def _twice(self, http: httpx.AsyncClient) -> str:
        key = {"Idempotency-Key": new_code(20)}
        first = await self._purchase(http, self._shop["lina"], **key)
        again = await self._purchase(http, self._shop["lina"], **key)
        if first != again:
            raise StepFailed("The second answer differs from the first.")
        who = await _post(http, "/api/v1/scans", {"code": self._shop["lina"]}, **self._shop["till"])
        if who["balances"][0]["active"] != 2:
            raise StepFailed(f"There are {who['balances'][0]['active']} stamps instead of 2.")
        return "Two answers, one booking: 2 stamps."

    async def _reach(self, http: httpx.AsyncClient) -> str:
        for _ in range(8):
            booked = await self._purchase(http, self._shop["lina"])
        [ready] = [each for each in booked["rewards"] if each["ready_count"] == 1]
        self._shop["reward"] = ready["reward_id"]
        await self._until(lambda seen: _says(seen["iphone"], "10/10"), "iphone")
        return f"“{ready['name']}” is ready, and the card says 10/10."

    async def _redeem(self, http: httpx.AsyncClient) -> str:
        redemption = {"code": self._shop["lina"], "reward_id": self._shop["reward"]}
        given = await _post(http, "/api/v1/scans/redemptions", redemption, **self._shop["till"])
        await self._until(lambda seen: _says(seen["iphone"], "0/10"), "iphone")
        refused = await http.post("/api/v1/scans/redemptions", json=redemption, headers=self._shop["till"])
        if refused.status_code != 409:
            raise StepFailed("The reward could be redeemed twice.")
        return f"“{given['name']}” is given; a second try is refused: {refused.json()['detail']}"

    async def _remove(self, http: httpx.AsyncClient) -> str:
        lina = self._cards["Lina"]
        await self._finger("iphone", "remove", {"id": lina["id"]})
        cards = (await _get(http, f"/api/v1/passes?program_id={self._shop['stamps']}")).json()["items"]
        detail = (await _get(http, f"/api/v1/passes/{cards[1]['id']}")).json()
        if detail["installed"] != 0 or detail["installations"][0]["removed_at"] is None:
            raise StepFailed("The card still counts as installed.")
        return f"Removed at {detail['installations'][0]['removed_at']}."

    async def _purchase(self, http: httpx.AsyncClient, code: str, **headers: str) -> Json:
        purchase = {"code": code, "amount_minor": _COFFEE_MINOR, "currency": "EUR"}
        return await _post(http, "/api/v1/scans/purchases", purchase, **(self._shop["till"] | headers))

    # -- the phones ---------------------------------------------------------------------------------------

    async def _screens(self) -> Json:
        async with httpx.AsyncClient(timeout=15) as client:
            return dict((await client.get(f"{self.emulators_url}/phone/state?lang=fr")).json())

    async def _finger(self, phone: str, what: str, body: Json) -> Json:
        async with httpx.AsyncClient(timeout=30) as client:
            return dict((await client.post(f"{self.emulators_url}/phone/{phone}/{what}", json=body)).json())

    async def _until(self, seen: Callable[[Json], bool], phone: str) -> Json:
        """Look at the screens until something is there to see."""
        deadline = time.perf_counter() + _PATIENCE_SECONDS
        while time.perf_counter() < deadline:
            screens = await self._screens()
            if screens[phone]["cards"] and seen(screens):
                return screens
            await asyncio.sleep(0.02)
        raise StepFailed(f"The {phone} did not change within {_PATIENCE_SECONDS:.0f} seconds.")


class _Form(HTMLParser):
    """The form of a page, as a browser would send it."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.action = url
        self.fields: Json = {}
        self.checkboxes: list[str] = []
        self.patience_seconds = 0.0
        self._known: set[str] = set()

    @classmethod
    def of(cls, page: httpx.Response) -> "_Form":
        if page.status_code != 200:
            raise StepFailed(f"{page.url} answered {page.status_code}.")
        form = cls(str(page.url))
        form.feed(page.text)
        return form

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form" and given.get("action"):
            self.action = urljoin(self.action, given["action"] or "")
        if tag == "form" and (wait := given.get("data-wait-seconds")):
            self.patience_seconds = float(wait)
        name = given.get("name")
        if tag not in {"input", "select", "textarea"} or not name:
            return
        self._known.add(name)
        if given.get("type") == "checkbox":
            if "required" in given:
                self.checkboxes.append(name)
        elif given.get("type") != "submit":
            self.fields[name] = given.get("value") or ""

    def sent(self) -> Json:
        """The fields that the form really has."""
        return {name: value for name, value in self.fields.items() if name in self._known}


@asynccontextmanager
async def _browser(user_agent: str) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"User-Agent": user_agent, "Accept-Language": "fr", "Accept": "text/html,*/*;q=0.8"}
    async with httpx.AsyncClient(headers=headers, timeout=15) as client:
        yield client


async def _post(http: httpx.AsyncClient, path: str, body: Json, **headers: str) -> Json:
    answer = await http.post(path, json=body, headers=headers)
    if not answer.is_success:
        raise StepFailed(f"POST {path} was answered {answer.status_code}: {answer.text[:300]}")
    return dict(answer.json())


async def _get(http: httpx.AsyncClient, path: str) -> httpx.Response:
    answer = await http.get(path)
    if not answer.is_success:
        raise StepFailed(f"GET {path} was answered {answer.status_code}: {answer.text[:300]}")
    return answer


def _title(card: Json) -> str:
    return str(card.get("logo_text") or card.get("title") or card.get("description") or card.get("id"))


def _says(screen: Json, text: str) -> bool:
    return text in str(screen["cards"])
