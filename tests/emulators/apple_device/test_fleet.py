"""From APNs to the devices: in one process through the callback, across processes through the stream."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pycurl
import pytest
import pytest_asyncio
import uvicorn

from passerelle.emulators.apns import ApnsEmulator, control_app
from passerelle.emulators.apple_ca import Authority
from passerelle.emulators.apple_device import AppleDevice, Fleet

TOPIC = "pass.example.loyalty"


@pytest_asyncio.fixture
async def apns(apple: Authority) -> AsyncIterator[ApnsEmulator]:
    issued = apple.issue_server_certificate()
    emulator = ApnsEmulator(certificate_pem=issued.chain_pem(), key_pem=issued.key_pem())
    await emulator.start()
    yield emulator
    await emulator.close()


@pytest.fixture
def push(apns: ApnsEmulator, apple: Authority, tmp_path: Path) -> Callable[[str], None]:
    root_file = tmp_path / "root.pem"
    root_file.write_bytes(apple.root_pem())

    def send(token: str) -> None:
        curl = pycurl.Curl()
        curl.setopt(pycurl.CAINFO, str(root_file))
        curl.setopt(pycurl.URL, f"https://localhost:{apns.port}/3/device/{token}")
        curl.setopt(pycurl.POSTFIELDS, b"{}")
        curl.setopt(pycurl.HTTPHEADER, [f"apns-topic: {TOPIC}"])
        curl.perform()
        assert curl.getinfo(pycurl.RESPONSE_CODE) == 200
        curl.close()

    return send


async def test_a_push_wakes_the_device(
    apns: ApnsEmulator, device: AppleDevice, card: Callable[..., bytes], push: Callable[[str], None]
) -> None:
    fleet = Fleet([device])
    apns.on_push = fleet.deliver
    await device.add(card(1))
    card(2)
    await asyncio.to_thread(push, device.push_token)
    await fleet.settle()
    assert [shown.text for shown in device.notifications] == ["You have 2 points"]
    fleet.leave(device.push_token)
    await asyncio.to_thread(push, device.push_token)
    assert fleet.undelivered == 1


async def test_a_fleet_follows_an_emulator_elsewhere(
    apns: ApnsEmulator, device: AppleDevice, server: Any, card: Callable[..., bytes], push: Callable[[str], None]
) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(control_app(apns), log_level="error", lifespan="off")
    config.load()
    control = uvicorn.Server(config)
    control.lifespan = config.lifespan_class(config)
    await control.startup(sockets=[listener])
    fleet = Fleet([device])
    following = asyncio.create_task(fleet.follow(f"http://127.0.0.1:{listener.getsockname()[1]}"))
    await device.add(card(1))
    card(2)
    while not apns.listeners:  # noqa: ASYNC110  the emulator does not announce who listens
        await asyncio.sleep(0.001)
    await asyncio.to_thread(push, device.push_token)
    while not device.notifications:  # noqa: ASYNC110  a device shows, it does not tell
        await asyncio.sleep(0.001)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    control.force_exit = True
    await control.shutdown(sockets=[listener])
    assert [shown.text for shown in device.notifications] == ["You have 2 points"]
