"""The calls a device makes to a pass web service: addresses, headers, redirects, retries with back-off."""

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urljoin

from passerelle.emulators.apple_device.http1 import HttpAnswer, HttpClient, HttpFailure, Origin, split_url

USER_AGENT: Final = "passd/1.0 CFNetwork/1568.200.51 Darwin/24.1.0"
_MAX_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MAX_RETRY_AFTER_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Retry:
    """How stubborn the device is: attempts in all, and the back-off between them (exponential, with jitter)."""

    attempts: int = 4
    base_seconds: float = 1.0
    cap_seconds: float = 60.0
    rng: random.Random = field(default_factory=random.Random, repr=False)

    def pause_seconds(self, attempt: int) -> float:
        ceiling = min(self.cap_seconds, self.base_seconds * 2.0 ** min(attempt, 20))
        return self.rng.uniform(ceiling / 2, ceiling)


@dataclass(frozen=True, slots=True)
class PassAddress:
    """What names a pass to its web service."""

    web_service_url: str
    pass_type_identifier: str
    serial_number: str
    authentication_token: str = field(repr=False)


class PassServiceCalls:
    """The requests of one device; every method returns the last answer, or raises HttpFailure."""

    def __init__(self, http: HttpClient, device_library_identifier: str, language: str, retry: Retry) -> None:
        self._http = http
        self._device = quote(device_library_identifier, safe="")
        self._retry = retry
        self._common = (
            f"User-Agent: {USER_AGENT}\r\nAccept: */*\r\nAccept-Language: {language}\r\n"
            "Accept-Encoding: gzip\r\nConnection: keep-alive\r\n"
        )

    async def register(self, address: PassAddress, push_token: str) -> HttpAnswer:
        body = json.dumps({"pushToken": push_token}).encode()
        return await self._call(
            "POST", address.web_service_url, self._registration(address), _authorization(address), body
        )

    async def unregister(self, address: PassAddress) -> HttpAnswer:
        return await self._call(
            "DELETE", address.web_service_url, self._registration(address), _authorization(address)
        )

    async def changed_serials(self, web_service_url: str, pass_type_identifier: str, tag: str | None) -> HttpAnswer:
        target = f"/v1/devices/{self._device}/registrations/{quote(pass_type_identifier, safe='')}"
        query = f"?passesUpdatedSince={quote(tag, safe='')}" if tag is not None else ""
        return await self._call("GET", web_service_url, target + query)

    async def personalize(self, address: PassAddress, token: str, told: dict[str, str]) -> HttpAnswer:
        kind, serial = quote(address.pass_type_identifier, safe=""), quote(address.serial_number, safe="")
        body = json.dumps({"personalizationToken": token, "requiredPersonalizationInfo": told}).encode()
        path = f"/v1/passes/{kind}/{serial}/personalize"
        return await self._call("POST", address.web_service_url, path, _authorization(address), body)

    async def fetch(self, address: PassAddress, if_modified_since: str | None) -> HttpAnswer:
        kind, serial = quote(address.pass_type_identifier, safe=""), quote(address.serial_number, safe="")
        headers = _authorization(address)
        if if_modified_since is not None:
            headers += f"If-Modified-Since: {if_modified_since}\r\n"
        return await self._call("GET", address.web_service_url, f"/v1/passes/{kind}/{serial}", headers)

    async def log(self, web_service_url: str, messages: Sequence[str]) -> HttpAnswer:
        body = json.dumps({"logs": list(messages)}).encode()
        return await self._call("POST", web_service_url, "/v1/log", body=body)

    def _registration(self, address: PassAddress) -> str:
        kind, serial = quote(address.pass_type_identifier, safe=""), quote(address.serial_number, safe="")
        return f"/v1/devices/{self._device}/registrations/{kind}/{serial}"

    async def _call(
        self, method: str, web_service_url: str, path: str, headers: str = "", body: bytes = b""
    ) -> HttpAnswer:
        """Ask until there is an answer that is worth having: not 429, not 5xx, not a broken connection."""
        origin, base = _split(web_service_url)
        lines = self._common + headers + ("Content-Type: application/json\r\n" if body else "")
        attempt = 0
        while True:
            attempt += 1
            last = attempt >= self._retry.attempts
            asked_pause = 0.0
            try:
                answer = await self._follow(method, origin, base + path, lines, body)
            except HttpFailure:
                if last:
                    raise
            else:
                if last or (answer.status < 500 and answer.status != 429):
                    return answer
                asked_pause = _retry_after(answer)
            await asyncio.sleep(max(asked_pause, self._retry.pause_seconds(attempt - 1)))

    async def _follow(self, method: str, origin: Origin, target: str, lines: str, body: bytes) -> HttpAnswer:
        """Follow redirects of a GET as the system's loader does: without the token when the origin changes."""
        answer = await self._http.request(method, origin, target, lines, body)
        for _ in range(_MAX_REDIRECTS):
            location = answer.headers.get("location")
            if method != "GET" or answer.status not in _REDIRECTS or not location:
                break
            try:
                here, target = split_url(urljoin(f"{origin.scheme}://{origin.authority}{target}", location))
            except ValueError as error:
                raise HttpFailure("redirected to nowhere") from error
            if here != origin:
                lines = "".join(f"{line}\r\n" for line in lines.split("\r\n") if line and not _is_secret(line))
                origin = here
            answer = await self._http.request(method, origin, target, lines)
        return answer


def _is_secret(line: str) -> bool:
    return line.lower().startswith("authorization:")


def _authorization(address: PassAddress) -> str:
    return f"Authorization: ApplePass {address.authentication_token}\r\n"


def _retry_after(answer: HttpAnswer) -> float:
    text = answer.headers.get("retry-after", "")
    return min(float(text), _MAX_RETRY_AFTER_SECONDS) if text.isdecimal() else 0.0


@lru_cache(maxsize=1024)
def _split(web_service_url: str) -> tuple[Origin, str]:
    origin, target = split_url(web_service_url)
    return origin, target.rstrip("/")
