"""A minimal iPhone, written from Apple's documents alone and sharing no code with the product or its emulators.

Signed package: “Wallet Developer Guide, Building Your First Pass”. Web service: “PassKit Web Service Reference”.
"""

import hashlib
import io
import json
import secrets
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx


@dataclass(slots=True)
class Held:
    """A card in this phone's wallet."""

    pass_json: dict[str, Any]
    last_modified: str | None = None

    @property
    def serial(self) -> str:
        return str(self.pass_json["serialNumber"])

    @property
    def pass_type(self) -> str:
        return str(self.pass_json["passTypeIdentifier"])

    @property
    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"ApplePass {self.pass_json['authenticationToken']}"}

    @property
    def path(self) -> str:
        return f"/wallet/apple/v1/passes/{self.pass_type}/{self.serial}"

    def says(self, key: str) -> object:
        """The value of a field."""
        fields = (each for style in ("storeCard", "generic") for each in _fields(self.pass_json.get(style)))
        return next(each["value"] for each in fields if each["key"] == key)


def _fields(style: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [each for area in (style or {}).values() if isinstance(area, list) for each in area]


def read_package(content: bytes, trust: Path) -> dict[str, Any]:
    """The pass.json of a package whose hashes and signature hold; AssertionError otherwise."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    packed = {name: hashlib.sha1(data).hexdigest() for name, data in files.items()}  # noqa: S324  Apple's format
    assert manifest == {name: sha for name, sha in packed.items() if name not in {"manifest.json", "signature"}}
    with tempfile.TemporaryDirectory() as directory:
        signature, signed = Path(directory, "signature"), Path(directory, "manifest.json")
        signature.write_bytes(files["signature"])
        signed.write_bytes(files["manifest.json"])
        verify = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-out", "/dev/null"]
        subprocess.run(
            [*verify, "-in", str(signature), "-content", str(signed), "-CAfile", str(trust)],
            check=True,
            capture_output=True,
            timeout=10,
        )
    document: dict[str, Any] = json.loads(files["pass.json"])
    assert document["formatVersion"] == 1
    assert len(document["authenticationToken"]) >= 16
    return document


@dataclass(slots=True)
class Iphone:
    """One device; every method is one call of Apple's table, and returns the raw answer."""

    http: httpx.AsyncClient
    trust: Path
    device: str = field(default_factory=lambda: secrets.token_hex(16))
    push_token: str = field(default_factory=lambda: secrets.token_hex(32))
    tag: str | None = None

    async def download(self, path: str) -> Held:
        """The card behind a link, not registered yet."""
        answer = await self.http.get(path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/vnd.apple.pkpass"
        return Held(read_package(answer.content, self.trust))

    async def add(self, path: str) -> Held:
        """Download and register, as a tap on “Add” does."""
        held = await self.download(path)
        answer = await self.register(held)
        assert answer.status_code == 201, answer.text
        return held

    async def register(self, held: Held, *, push_token: str | None = None, **headers: str) -> httpx.Response:
        body = {"pushToken": push_token or self.push_token}
        return await self.http.post(self._place(held), json=body, headers=held.authorization | headers)

    async def unregister(self, held: Held, **headers: str) -> httpx.Response:
        return await self.http.delete(self._place(held), headers=held.authorization | headers)

    async def list(self, pass_type: str, since: str | None = None) -> httpx.Response:
        query = {"passesUpdatedSince": since} if since is not None else None
        return await self.http.get(f"/wallet/apple/v1/devices/{self.device}/registrations/{pass_type}", params=query)

    async def fetch(self, held: Held, since: str | None = None, **headers: str) -> httpx.Response:
        """Call 4, with the Last-Modified that the phone remembers or the one given."""
        remembered = {"If-Modified-Since": since} if since is not None else {}
        return await self.http.get(held.path, headers=held.authorization | remembered | headers)

    async def refresh(self, held: Held) -> bool:
        """Pull to refresh: whether something new came."""
        answer = await self.fetch(held, held.last_modified)
        if answer.status_code == 304:
            return False
        assert answer.status_code == 200, answer.text
        parsedate_to_datetime(answer.headers["last-modified"])
        document = read_package(answer.content, self.trust)
        unchanging = ("serialNumber", "passTypeIdentifier", "authenticationToken")
        assert [document[name] for name in unchanging] == [held.pass_json[name] for name in unchanging]
        held.pass_json, held.last_modified = document, answer.headers["last-modified"]
        return True

    def _place(self, held: Held) -> str:
        device = quote(self.device, safe="")
        return f"/wallet/apple/v1/devices/{device}/registrations/{held.pass_type}/{held.serial}"
