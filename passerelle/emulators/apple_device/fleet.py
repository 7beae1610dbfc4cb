"""Many devices in one process: routes pushes to them, and times how long a new version takes to arrive."""

import asyncio
import json
import time
from collections.abc import Iterable
from itertools import chain

import httpx

from passerelle.emulators.apple_device.device import AppleDevice
from passerelle.emulators.apple_device.rules import Violation


class Fleet:
    """Devices by push token. Give ``deliver`` to the APNs emulator as ``on_push``."""

    def __init__(self, devices: Iterable[AppleDevice] = ()) -> None:
        self._devices: dict[str, AppleDevice] = {}
        self._at_work: set[asyncio.Task[None]] = set()
        self.undelivered = 0
        for device in devices:
            self.join(device)

    def join(self, device: AppleDevice) -> None:
        self._devices[device.push_token.lower()] = device

    def leave(self, push_token: str) -> None:
        self._devices.pop(push_token.lower(), None)

    @property
    def devices(self) -> list[AppleDevice]:
        return list(self._devices.values())

    @property
    def violations(self) -> list[Violation]:
        return list(chain.from_iterable(device.violations for device in self._devices.values()))

    def deliver(self, token: str, topic: str) -> None:
        """Hand a push to its device, which starts to work at once; pushes to nobody are counted."""
        device = self._devices.get(token.lower())
        if device is None:
            self.undelivered += 1
            return
        task = asyncio.get_running_loop().create_task(device.receive_push(topic))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def settle(self) -> None:
        """Wait until no device is at work; raises what a device raised."""
        while self._at_work:
            await asyncio.gather(*self._at_work)

    async def follow(self, control_url: str) -> None:
        """Deliver the pushes of an APNs emulator in another process, until cancelled."""
        async with (
            httpx.AsyncClient(timeout=None, trust_env=False) as client,  # noqa: S113  the stream may be silent for long
            client.stream("GET", f"{control_url}/pushes/stream") as response,
        ):
            response.raise_for_status()
            async for line in response.aiter_lines():
                if line.strip():
                    push = json.loads(line)
                    self.deliver(push["token"], push["topic"])


class Stopwatch:
    """Seconds from a mark to each update; give ``stop`` to devices as ``on_update``."""

    def __init__(self) -> None:
        self.latencies_seconds: list[float] = []
        self._marked_at = time.perf_counter()

    def mark(self) -> None:
        """Start anew: the change is being made now."""
        self.latencies_seconds.clear()
        self._marked_at = time.perf_counter()

    def stop(self, _device: AppleDevice, _held: object) -> None:
        self.latencies_seconds.append(time.perf_counter() - self._marked_at)
