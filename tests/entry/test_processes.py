"""``passerelle serve`` as it runs: who holds what, who comes back, and that nobody is left."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.request import urlopen

import pytest

T = TypeVar("T")
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
    pytest.mark.timeout(90),  # makes a database, and starts a server twice
]


@dataclass(frozen=True)
class _Server:
    process: subprocess.Popen[bytes]
    url: str

    def child(self, name: str) -> int:
        """The process of this name among the children."""
        return _soon(lambda: next((pid for pid in _children(self.process.pid) if _name(pid) == name), None))

    def successor(self, name: str, old: int) -> int:
        """The process that was forked when the old one had ended."""
        return _soon(
            lambda: next((pid for pid in _children(self.process.pid) if _name(pid) == name and pid != old), None)
        )


@contextmanager
def _serving(directory: Path) -> Iterator[_Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"DATA_DIR": directory, "HOST": "127.0.0.1", "PORT": port, "API_PROCESSES": 1}
    environment = {f"PASSERELLE_{name}": str(value) for name, value in settings.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "passerelle.entry.cli", "serve"],
        env={name: value for name, value in os.environ.items() if not name.startswith("PASSERELLE_")} | environment,
        stdout=subprocess.DEVNULL,
    )
    server = _Server(process, f"http://127.0.0.1:{port}")
    try:
        _soon(lambda: _answer(f"{server.url}/readyz"))
        yield server
    finally:
        process.terminate()
        process.wait(30)


def test_each_process_holds_what_it_needs_and_comes_back(tmp_path: Path) -> None:
    with _serving(tmp_path / "data") as server:
        api, worker = server.child("passerelle-api"), server.child("passerelle-work")
        # Libraries for HTTP are in the API, and the one for pushes in the worker.
        assert _soon(lambda: (_maps(api, "httptools") and _maps(worker, "pycurl")) or None)
        assert not _maps(worker, "httptools")
        assert not _maps(api, "pycurl")
        for name, old in (("passerelle-work", worker), ("passerelle-api", api)):
            os.kill(old, signal.SIGKILL)
            assert server.successor(name, old)
        assert _soon(lambda: _answer(f"{server.url}/readyz")) == {"status": "ok"}
        family = _children(server.process.pid)
    assert [pid for pid in family if _name(pid).startswith("passerelle")] == []


def _soon(look: Callable[[], T | None]) -> T:
    """What there is to see within a minute."""
    deadline = time.monotonic() + 60
    while (seen := look()) is None:
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.02)
    return seen


def _answer(url: str) -> object:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310  our own server
            return json.load(answer)
    except OSError:
        return None


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except FileNotFoundError:
        return ""


def _maps(pid: int, library: str) -> bool:
    return library in Path(f"/proc/{pid}/maps").read_text()
