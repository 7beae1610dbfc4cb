"""The device: holds passes, registers them, follows pushes, shows lock-screen notifications."""

import json
import secrets
import time
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, Final
from zoneinfo import ZoneInfo

from passerelle.emulators.apple_device import rules
from passerelle.emulators.apple_device.calls import PassAddress, PassServiceCalls, Retry
from passerelle.emulators.apple_device.changes import lock_screen_text
from passerelle.emulators.apple_device.http1 import HttpAnswer, HttpClient, HttpFailure
from passerelle.emulators.apple_device.listing import Listing, read_listing
from passerelle.emulators.apple_device.package import PassPackage, PassRefused, glance, open_package
from passerelle.emulators.apple_device.rules import Rule, Violation
from passerelle.emulators.apple_device.signature import SignatureRefused, Trust

_MIME_TYPE: Final = "application/vnd.apple.pkpass"
_KEPT_EVENTS: Final = 1_000
_MAX_LOGGED: Final = 20

PassKey = tuple[str, str]  # pass type identifier, serial number


@dataclass(slots=True)
class HeldPass:
    """A pass in Wallet; ``fetched_at`` is POSIX time of the version held."""

    package: PassPackage
    last_modified: str | None
    fetched_at: float
    registered: bool = False

    @property
    def key(self) -> PassKey:
        return self.package.pass_type_identifier, self.package.serial_number

    @property
    def address(self) -> PassAddress | None:
        """Where its web service is; None for a pass that is never updated."""
        url, token = self.package.web_service_url, self.package.authentication_token
        return PassAddress(url, *self.key, token) if url is not None and token is not None else None


@dataclass(frozen=True, slots=True)
class Notification:
    """What the lock screen showed."""

    at: float
    title: str
    text: str
    pass_type_identifier: str
    serial_number: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """Something the device did or met, for a person who reads what happened."""

    at: float
    event: str
    detail: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """How closely packages are looked at: each ``every``-th completely, and whether their files are kept."""

    every: int = 1
    keep_files: bool = True


class Fetched(Enum):
    """How asking for one pass ended."""

    UPDATED = auto()
    UNCHANGED = auto()
    REFUSED = auto()  # by the server (401, 4xx) or by the device (not a good pass)
    NO_ANSWER = auto()


@dataclass(slots=True)
class _Update:
    """A running round of updates for one pass type."""

    once_more: bool = False


_Call = Coroutine[Any, Any, HttpAnswer]


class AppleDevice:
    """One iPhone. Its methods are what a person or APNs does to it; its attributes are what one would see."""

    def __init__(
        self,
        device_library_identifier: str,
        push_token: str,
        *,
        trust: Trust,
        http: HttpClient,
        language: str = "en",
        time_zone: str = "UTC",
        inspection: Inspection | None = None,
        retry: Retry | None = None,
        reports_errors: bool = True,
        on_update: Callable[["AppleDevice", HeldPass], None] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.device_library_identifier = device_library_identifier
        self.push_token = push_token
        self.language = language
        self.passes: dict[PassKey, HeldPass] = {}
        self.notifications: list[Notification] = []
        self.violations: list[Violation] = []
        self.history: deque[HistoryEntry] = deque(maxlen=_KEPT_EVENTS)
        self.fetched = 0
        self._trust = trust
        self._zone = ZoneInfo(time_zone)
        self._inspection = inspection or Inspection()
        self._calls = PassServiceCalls(http, device_library_identifier, language, retry or Retry())
        self._reports_errors = reports_errors
        self._on_update = on_update
        self._clock = clock
        self._tags: dict[tuple[str, str], str] = {}
        self._updates: dict[str, _Update] = {}
        self._unreported: dict[str, list[str]] = {}

    # -- what a person does -------------------------------------------------------------------------------

    async def add(self, pkpass: bytes, last_modified: str | None = None) -> HeldPass:
        """Add a pass and register for its updates; ``PassRefused`` when the device does not take it.

        ``last_modified`` is that header of the download, when there was one.
        """
        package = open_package(pkpass, self._trust, self._now())
        held = HeldPass(self._trimmed(package), last_modified, self._clock())
        known = self.passes.get(held.key)
        self.passes[held.key] = held
        self._note("added", package.serial_number)
        if known is not None:
            held.registered = known.registered and known.address == held.address
        await self._register(held)
        await self._report()
        return held

    async def remove(self, serial_number: str, pass_type_identifier: str | None = None) -> None:
        """Delete a pass and tell its web service; KeyError when it is not held."""
        held = self.passes.pop(self._key(serial_number, pass_type_identifier))
        self._note("removed", serial_number)
        if held.address is None:
            return
        answer = await self._ask("Unregister task", held.address, self._calls.unregister(held.address))
        if answer is not None and answer.status not in {200, 401}:
            self._breach(Rule.UNREGISTER_STATUS, held.address, f"Unexpected response code {answer.status}")
        await self._report()

    async def pull_to_refresh(self, serial_number: str, pass_type_identifier: str | None = None) -> bool:
        """Ask for a newer version of one pass; whether there was one. Shows nothing on the lock screen."""
        held = self.passes[self._key(serial_number, pass_type_identifier)]
        fetched = await self._fetch(held, announced=False)
        await self._report()
        return fetched is Fetched.UPDATED

    async def sign_up(self, serial_number: str, told: dict[str, str]) -> bool:
        """Answer what the pass asks of its holder, by Apple's names such as ``fullName``; whether it was taken.

        KeyError when the pass asks nothing.
        """
        held = self.passes[self._key(serial_number, None)]
        asked = json.loads(held.package.files["personalization.json"])["requiredPersonalizationFields"]
        address, token = held.address, secrets.token_hex(16)
        if address is None or not asked:
            return False
        answer = await self._ask("Personalize task", address, self._calls.personalize(address, token, told))
        if answer is None or answer.status != 200:
            return False
        try:
            signer = self._trust.verify(answer.body, token.encode(), self._now())
        except SignatureRefused as refusal:
            self._breach(Rule.PERSONALIZE_SIGNATURE, address, f"The token is not signed: {refusal}")
            return False
        if signer.pass_type_identifier != address.pass_type_identifier:
            self._breach(Rule.PERSONALIZE_SIGNATURE, address, "The token is signed by another pass type")
        await self._fetch(held, announced=False)
        if "personalization.json" in held.package.files:
            self._breach(Rule.PERSONALIZE_AGAIN, address, "The personalized pass asks again")
        await self._report()
        return True

    async def log(self, messages: Sequence[str]) -> None:
        """Send messages to every web service of the held passes."""
        for url in dict.fromkeys(held.address.web_service_url for held in self.passes.values() if held.address):
            await self._send_log(url, list(messages))

    async def change_push_token(self, push_token: str) -> None:
        """APNs gave a new token, as after a restore: every pass is registered again."""
        self.push_token = push_token
        for held in list(self.passes.values()):
            await self._register(held)
        await self._report()

    # -- what APNs does -----------------------------------------------------------------------------------

    async def receive_push(self, topic: str) -> None:
        """Look for updates of one pass type. A push that arrives meanwhile makes one more round, not two."""
        self._note("push", topic)
        update = self._updates.get(topic)
        if update is not None:
            update.once_more = True
            return
        update = self._updates[topic] = _Update(once_more=True)
        try:
            while update.once_more:
                update.once_more = False
                await self._update_type(topic)
        finally:
            del self._updates[topic]
        await self._report()

    async def _update_type(self, topic: str) -> None:
        addresses = [held.address for key, held in self.passes.items() if key[0] == topic]
        for url in dict.fromkeys(address.web_service_url for address in addresses if address is not None):
            await self._update_from(url, topic)

    async def _update_from(self, url: str, topic: str) -> None:
        tag = self._tags.get((url, topic))
        at = PassAddress(url, topic, "", "")
        answer = await self._ask("Get serial #s task", at, self._calls.changed_serials(url, topic, tag))
        if answer is None or answer.status in {204, 404}:
            return
        if answer.status != 200:
            self._breach(Rule.LIST_STATUS, at, f"Unexpected response code {answer.status}")
            return
        listing = read_listing(answer.body)
        if not isinstance(listing, Listing):
            self._breach(Rule.LIST_SHAPE, at, listing)
            return
        if not listing.serial_numbers:
            self._breach(Rule.LIST_EMPTY, at, "The list is empty; nothing new is 204")
        elif listing.tag == tag:
            self._breach(Rule.LIST_TAG_UNCHANGED, at, rules.list_tag_unchanged(len(listing.serial_numbers), tag))
        complete = True
        for serial in listing.serial_numbers:
            complete = await self._update_pass(at, serial, asked_for_changes=tag is not None) and complete
        if complete:  # otherwise the same question brings the missing ones again
            self._tags[url, topic] = listing.tag

    async def _update_pass(self, at: PassAddress, serial: str, *, asked_for_changes: bool) -> bool:
        """Fetch one listed pass; whether the server had its say about it."""
        held = self.passes.get((at.pass_type_identifier, serial))
        if held is None:
            self._breach(Rule.LIST_UNREGISTERED, at, rules.list_unregistered(serial))
            return True
        conditional = held.last_modified is not None
        fetched = await self._fetch(held, announced=True)
        if fetched is Fetched.UNCHANGED and asked_for_changes and conditional:
            self._breach(Rule.FETCH_UNCHANGED, at, rules.fetch_unchanged(serial))
        return fetched is not Fetched.NO_ANSWER

    # -- one pass -----------------------------------------------------------------------------------------

    async def _register(self, held: HeldPass) -> None:
        address = held.address
        if address is None:
            return
        answer = await self._ask("Register task", address, self._calls.register(address, self.push_token))
        held.registered = answer is not None and answer.status in {200, 201}
        if held.registered:
            self._note("registered", address.serial_number)
        elif answer is not None and answer.status != 401:
            self._breach(Rule.REGISTER_STATUS, address, f"Unexpected response code {answer.status}")

    async def _fetch(self, held: HeldPass, *, announced: bool) -> Fetched:
        """Ask for a newer version; ``announced`` when a push asked for it, so that the lock screen tells."""
        address = held.address
        if address is None:
            return Fetched.UNCHANGED
        answer = await self._ask("Get pass task", address, self._calls.fetch(address, held.last_modified))
        if answer is None:
            return Fetched.NO_ANSWER
        if answer.status == 304:
            self._note("unchanged", address.serial_number)
            return Fetched.UNCHANGED
        if answer.status == 200:
            return self._take(held, address, answer, announced=announced)
        if answer.status != 401:
            self._breach(Rule.FETCH_STATUS, address, f"Unexpected response code {answer.status}")
        return Fetched.REFUSED

    def _take(self, held: HeldPass, address: PassAddress, answer: HttpAnswer, *, announced: bool) -> Fetched:
        """Replace the held version by the fetched one, if it is one."""
        self.fetched += 1
        self._check_headers(held, address, answer)
        try:
            package = self._open(answer.body)
        except PassRefused as refusal:
            self._breach(Rule.FETCH_INVALID_PASS, address, f"Received invalid pass data ({refusal})")
            return Fetched.REFUSED
        if (package.pass_type_identifier, package.serial_number) != held.key:
            self._breach(Rule.FETCH_IDENTITY, address, "The pass received is another one than was asked for")
            return Fetched.REFUSED
        if package.authentication_token != address.authentication_token:
            self._breach(Rule.FETCH_TOKEN_CHANGED, address, "The authentication token must not change on update")
        if package.manifest == held.package.manifest:
            if held.last_modified is not None:
                message = rules.fetch_ignored_condition(held.last_modified, address.serial_number)
                self._breach(Rule.FETCH_IGNORED_CONDITION, address, message)
            held.last_modified = answer.headers.get("last-modified", held.last_modified)
            return Fetched.UNCHANGED
        self._replace(held, package, answer, announced=announced)
        return Fetched.UPDATED

    def _replace(self, held: HeldPass, package: PassPackage, answer: HttpAnswer, *, announced: bool) -> None:
        text = lock_screen_text(held.package, package, self.language, self._zone) if announced else None
        if text is not None:
            title = package.translate(str(package.pass_json["organizationName"]), self.language)
            self.notifications.append(Notification(self._clock(), title, text, *held.key))
        held.package = self._trimmed(package)
        held.last_modified = answer.headers.get("last-modified")
        held.fetched_at = self._clock()
        self._note("updated", package.serial_number)
        if self._on_update is not None:
            self._on_update(self, held)

    def _check_headers(self, held: HeldPass, address: PassAddress, answer: HttpAnswer) -> None:
        kind = answer.headers.get("content-type", "")
        if kind.partition(";")[0].strip().lower() != _MIME_TYPE:
            self._breach(Rule.FETCH_MIME_TYPE, address, f"The content type is '{kind}' instead of {_MIME_TYPE}")
        modified = answer.headers.get("last-modified")
        seconds = rules.http_date_seconds(modified)
        if seconds is None:
            message = f"Last-Modified is {'missing' if modified is None else f'no HTTP date: {modified[:50]}'}"
            self._breach(Rule.FETCH_LAST_MODIFIED, address, message)
            answer.headers.pop("last-modified", None)  # such a value is not sent back
            return
        before = rules.http_date_seconds(held.last_modified)
        if before is not None and seconds < before:
            message = f"Last-Modified went back from {held.last_modified} to {modified}"
            self._breach(Rule.FETCH_LAST_MODIFIED_BACKWARDS, address, message)

    def _open(self, pkpass: bytes) -> PassPackage:
        if self.fetched % self._inspection.every:
            return glance(pkpass)
        return open_package(pkpass, self._trust, self._now())

    def _trimmed(self, package: PassPackage) -> PassPackage:
        if self._inspection.keep_files:
            return package
        return PassPackage(package.pass_json, {}, package.manifest, package.translations)

    # -- telling ------------------------------------------------------------------------------------------

    async def _ask(self, task: str, address: PassAddress, call: _Call) -> HttpAnswer | None:
        """Await a call; None when the server was not able to answer. Failures are noted in passd's words."""
        try:
            answer = await call
        except HttpFailure as failure:
            self._error(task, address, str(failure))
            return None
        if answer.status == 401:
            self._error(task, address, "Authentication failure")
        elif answer.status >= 500 or answer.status == 429:
            self._error(task, address, f"Unexpected response code {answer.status}")
            return None
        return answer

    def _error(self, task: str, address: PassAddress, reason: str) -> None:
        serial = f", serial number {address.serial_number}" if address.serial_number else ""
        message = (
            f"{task} (for device {self.device_library_identifier}, pass type {address.pass_type_identifier}{serial};"
            f" with web service url {address.web_service_url}) encountered error: {reason}"
        )
        self._note("error", message)
        self._unreported.setdefault(address.web_service_url, []).append(message)

    def _breach(self, rule: Rule, address: PassAddress, message: str) -> None:
        self.violations.append(Violation(rule, message, self._clock()))
        self._note("violation", f"{rule}: {message}")
        text = f"Web service error for {address.pass_type_identifier} ({address.web_service_url}): {message}"
        self._unreported.setdefault(address.web_service_url, []).append(text)

    async def _report(self) -> None:
        """Send to ``/v1/log`` what went wrong, as the device does without being asked."""
        unreported, self._unreported = self._unreported, {}
        if self._reports_errors:
            for url, messages in unreported.items():
                stamp = self._now().strftime("%Y-%m-%d %H:%M:%S +0000")
                await self._send_log(url, [f"[{stamp}] {message}" for message in messages[:_MAX_LOGGED]])

    async def _send_log(self, url: str, messages: list[str]) -> None:
        try:
            answer = await self._calls.log(url, messages)
        except HttpFailure as failure:
            self._note("error", f"log: {failure}")
            return
        if answer.status != 200:
            message = f"Logging was answered with {answer.status}"
            self.violations.append(Violation(Rule.LOG_STATUS, message, self._clock()))

    def _note(self, event: str, detail: str) -> None:
        self.history.append(HistoryEntry(self._clock(), event, detail))

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC)

    def _key(self, serial_number: str, pass_type_identifier: str | None) -> PassKey:
        matching = [key for key in self.passes if key[1] == serial_number and pass_type_identifier in {None, key[0]}]
        if len(matching) != 1:
            raise KeyError(f"{serial_number} names {len(matching)} passes")
        return matching[0]
