"""Apple and Google on this machine: the emulators wired together, and the settings that point a server at them.

The product does not know of this: it gets certificates, a service account and base URLs, as from an operator.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from starlette.types import ASGIApp, Receive, Scope, Send

from passerelle.emulators.apns import ApnsEmulator, control_app
from passerelle.emulators.apple_ca.authority import Authority, create_authority, load_authority
from passerelle.emulators.apple_device import AppleDevice, Fleet, HttpClient, Trust
from passerelle.emulators.google_wallet import GoogleWalletEmulator
from passerelle.emulators.phone import PhonePage
from passerelle.kit.ids import new_secret

PASS_TYPE: Final = "pass.example.passerelle"  # noqa: S105  a public name
TEAM: Final = "PASSERELLE"
ISSUER_ID: Final = 3388000000000000001
_ACCOUNT: Final = "passerelle@demo.iam.gserviceaccount.example"
_P12_PASSWORD: Final = "demo"  # noqa: S105  protects the key of a certificate that nobody trusts


@dataclass(frozen=True, slots=True)
class Emulated:
    """The running emulators; ``environment`` is what ``passerelle serve`` needs to talk to them."""

    environment: dict[str, str]
    web_url: str
    apns: ApnsEmulator
    google: GoogleWalletEmulator
    device: AppleDevice
    fleet: Fleet
    trust: Trust

    @property
    def phone_url(self) -> str:
        """The page with both phones."""
        return f"{self.web_url}/phone"


@asynccontextmanager
async def emulated(
    directory: Path, *, host: str = "127.0.0.1", port: int = 0, apns_port: int = 0, time_zone: str = "Europe/Paris"
) -> AsyncIterator[Emulated]:
    """Run all emulators for the length of the block; credentials are written below ``directory``."""
    authority, certificate = await asyncio.to_thread(_certificates, directory)
    trust = Trust.from_pem(authority.root_pem())
    device = AppleDevice(
        new_secret(16).hex(), new_secret(32).hex(), trust=trust, http=HttpClient(), time_zone=time_zone
    )
    fleet = Fleet([device])
    apns = ApnsEmulator(
        certificate_pem=certificate,
        key_pem=certificate,
        client_ca_pem=authority.root_pem() + authority.intermediate_pem(),
        on_push=fleet.deliver,
    )
    apns_url = await apns.start(host, apns_port)
    google = GoogleWalletEmulator()
    page = PhonePage(device, google, time_zone=time_zone)
    server, serving, web_url = await _serve(_Sites(page.app, control_app(apns), google.app), host, port)
    google.base_url = web_url
    _write_account(google, directory / "google-service-account.json")
    try:
        yield Emulated(_environment(directory, apns_url, web_url), web_url, apns, google, device, fleet, trust)
    finally:
        page.close()
        server.should_exit = True
        await serving
        await google.aclose()
        await apns.close()


class _Sites:
    """The phone page, APNs' control and Google on one port."""

    def __init__(self, phone: ASGIApp, apns: ASGIApp, google: ASGIApp) -> None:
        self._phone = phone
        self._apns = apns
        self._google = google

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path.startswith("/_apns/"):
            inner = {**scope, "path": path.removeprefix("/_apns"), "root_path": "/_apns", "raw_path": b""}
            await self._apns({**inner, "root_path": ""}, receive, send)
        elif path == "/" or path.startswith("/phone"):
            await self._phone(scope, receive, send)
        else:
            await self._google(scope, receive, send)


def _environment(directory: Path, apns_url: str, web_url: str) -> dict[str, str]:
    settings = {
        "APPLE_P12": directory / "pass.p12",
        "APPLE_P12_PASSWORD": _P12_PASSWORD,
        "APPLE_TRUST_ROOTS": directory / "trust.pem",
        "APNS_URL": apns_url,
        "APNS_CA_FILE": directory / "root.pem",
        "GOOGLE_SERVICE_ACCOUNT": directory / "google-service-account.json",
        "GOOGLE_ISSUER_ID": ISSUER_ID,
        "GOOGLE_API_URL": f"{web_url}/walletobjects/v1",
        "GOOGLE_SAVE_URL": f"{web_url}/gp/v/save",
        "GOOGLE_KEYS_URL": f"{web_url}/gp/m/issuer/keys",
        "SIMULATOR_URL": f"{web_url}/phone",
    }
    return {f"PASSERELLE_{name}": str(value) for name, value in settings.items()}


def _certificates(directory: Path) -> tuple[Authority, bytes]:
    """The development CA, kept between runs so that cards of yesterday stay good, and APNs' own certificate."""
    if (directory / "authority-root.pem").exists():
        authority = load_authority(directory)
    else:
        authority = create_authority()
        authority.save(directory)
    if not (directory / "pass.p12").exists():
        issued = authority.issue_pass_certificate(PASS_TYPE, TEAM, organization="Passerelle Demo", nfc=True)
        authority.write(directory, issued, password=_P12_PASSWORD)
        (directory / "trust.pem").write_bytes(authority.root_pem() + authority.intermediate_pem())
        server = authority.issue_server_certificate()
        (directory / "apns.pem").touch(mode=0o600)
        (directory / "apns.pem").write_bytes(server.chain_pem() + server.key_pem())
    return authority, (directory / "apns.pem").read_bytes()


def _write_account(google: GoogleWalletEmulator, path: Path) -> None:
    """The service account's file; its key is kept, its address follows the emulator's."""
    if not path.exists():
        google.write_service_account_file(path, _ACCOUNT, ISSUER_ID)
        return
    kept = json.loads(path.read_text())
    public_key = load_pem_private_key(kept["private_key"].encode(), None).public_key()
    google.register_service_account(
        _ACCOUNT, public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(), ISSUER_ID
    )
    path.write_text(json.dumps(kept | {"token_uri": f"{google.base_url}/token"}, indent=2))


async def _serve(app: ASGIApp, host: str, port: int) -> tuple[uvicorn.Server, asyncio.Task[None], str]:
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=1, lifespan="off"
    )
    server = uvicorn.Server(config)
    # The command line decides what an interrupt means, not this server.
    task = asyncio.create_task(server._serve())  # noqa: SLF001  serve() would take over the signals
    while not server.started:
        if task.done():
            await task
        await asyncio.sleep(0.01)
    bound = server.servers[0].sockets[0].getsockname()[1]
    return server, task, f"http://{host}:{bound}"
