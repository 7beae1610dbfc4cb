"""``passerelle demo``, ``story`` and ``emulators``: the product with Apple and Google played on this machine."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final

import httpx

from passerelle.entry.emulated import Emulated, emulated
from passerelle.entry.story import Story
from passerelle.kit import log
from passerelle.kit.config import Settings

_READY_SECONDS: Final = 60
_STOP_SECONDS: Final = 20
_PHONE_PORT: Final = 8010
_WORD_OF_WELCOME: Final = """
Passerelle is running with emulators of Apple and Google. Nothing here leaves this machine.

  Dashboard        {base}/app   (“Open an organization” leads to a card on the phones in five steps)
  Join page        {join}
  Phones           {phone}
  API docs         {base}/docs
  Owner's API key  {key}

Open the join page, fill it in, and paste the address of the card into the phone page; or scan again:

  curl -X POST {base}/api/v1/scans/purchases -H 'Authorization: Bearer {key}' \\
       -H 'Content-Type: application/json' -d '{{"code": "<code on the card>", "amount_minor": 450}}'

Press Ctrl-C to stop.
"""


def run(settings: Settings, *, play: bool, stay: bool) -> int:
    """Set up below ``data_dir/demo``, play the story in words, and serve until interrupted."""
    return asyncio.run(_demo(settings, play=play, stay=stay))


def play_story(settings: Settings, *, as_json: bool, base_url: str | None, emulators_url: str | None) -> int:
    """Play the story; 0 when every step went well."""
    return asyncio.run(_story(settings, as_json=as_json, base_url=base_url, emulators_url=emulators_url))


def run_emulators(directory: Path, port: int, apns_port: int) -> int:
    """Run the emulators alone until interrupted, and print the settings that point a server at them."""
    directory.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(_emulators(directory, port, apns_port))
    except KeyboardInterrupt:
        return 0
    return 0


async def _demo(settings: Settings, *, play: bool, stay: bool) -> int:
    directory = settings.data_dir / "demo"
    base_url = f"http://{settings.host}:{settings.port or _free_port()}"
    print("Setting up: database, certificates, emulators …", flush=True)
    async with _stage(directory, base_url) as vendors:
        story = Story(base_url, vendors.web_url, lambda line: print(line, flush=True))
        if play and not await story.play():
            return 1
        if stay:
            links = story.links
            welcome = _WORD_OF_WELCOME.format(
                join=links.get("join_stamps", "create a program first"),
                phone=vendors.phone_url,
                base=base_url,
                key=links.get("api_key", "create an organization first"),
            )
            print(welcome, flush=True)
            await _interrupted()
    return 0


async def _story(settings: Settings, *, as_json: bool, base_url: str | None, emulators_url: str | None) -> int:
    log.configure(level="warning", form=settings.log_format)

    def say(line: str) -> None:
        print(line, file=sys.stderr if as_json else sys.stdout, flush=True)

    if base_url is not None:
        story = Story(base_url.rstrip("/"), (emulators_url or "http://127.0.0.1:8010").rstrip("/"), say)
        await story.play()
    else:
        with tempfile.TemporaryDirectory(prefix="passerelle-story-") as temporary:
            address = f"http://127.0.0.1:{_free_port()}"
            async with _stage(Path(temporary), address) as vendors:
                story = Story(address, vendors.web_url, say)
                await story.play()
    if as_json:
        print(json.dumps(story.as_json(), ensure_ascii=False, indent=2))
    return 0 if story.ok else 1


async def _emulators(directory: Path, port: int, apns_port: int) -> None:
    async with emulated(directory, port=port, apns_port=apns_port) as vendors:
        for name, value in vendors.environment.items():
            print(f"export {name}={value}")
        print(f"# Phones: {vendors.phone_url}", flush=True)
        await _interrupted()


@asynccontextmanager
async def _stage(directory: Path, base_url: str) -> AsyncIterator[Emulated]:
    """Emulators in this process, the server with its database and worker in others."""
    port = _PHONE_PORT if _is_free(_PHONE_PORT) else 0
    async with emulated(directory / "emulators", port=port) as vendors:
        with _server(directory, base_url, vendors.environment):
            await _ready(base_url)
            yield vendors


@contextmanager
def _server(directory: Path, base_url: str, environment: dict[str, str]) -> Iterator[None]:
    host, _, port = base_url.removeprefix("http://").partition(":")
    settings = {
        "PASSERELLE_DATA_DIR": str(directory),
        "PASSERELLE_BASE_URL": base_url,
        "PASSERELLE_HOST": host,
        "PASSERELLE_PORT": port,
        "PASSERELLE_LOG_LEVEL": "warning",
    }
    command = [sys.executable, "-m", "passerelle.entry.cli", "serve"]
    process = subprocess.Popen(command, env=os.environ | environment | settings)  # noqa: S603  our own program
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def _ready(base_url: str) -> None:
    async with httpx.AsyncClient(timeout=2) as client:
        for _ in range(_READY_SECONDS * 10):
            try:
                if (await client.get(f"{base_url}/readyz")).is_success:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise TimeoutError(f"The server did not answer within {_READY_SECONDS} seconds; its log is above.")


async def _interrupted() -> None:
    from passerelle.entry.worker import stop_on_signals  # noqa: PLC0415  the demo alone needs it

    await stop_on_signals().wait()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
