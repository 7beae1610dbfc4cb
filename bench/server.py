"""``passerelle serve`` as a user starts it, in a temporary directory, and what its processes cost."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self

import psutil  # type: ignore[import-untyped]  # the embedded PostgreSQL brings it; it ships no types

HOST: Final = "127.0.0.1"
# What a server has by default: PostgreSQL needs as much of two cores as the API.
API_PROCESSES: Final = 1
_READY_LIMIT_S: Final = 60.0
_STOP_LIMIT_S: Final = 30.0
_PROBE: Final = f"GET /readyz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()

Kind = Literal["api", "worker", "postgresql"]


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is ready; ``seconds`` from the command to the first good answer of ``/readyz``."""

    process: psutil.Process
    postmaster: psutil.Process
    seconds: float

    def processes(self) -> dict[Kind, list[psutil.Process]]:
        """Who does the work, by kind."""
        children = self.process.children(recursive=True)
        return {
            "api": [each for each in children if each.name() == "passerelle-api"],
            "worker": [each for each in children if each.name() == "passerelle-work"],
            "postgresql": [self.postmaster, *self.postmaster.children(recursive=True)],
        }

    def rss_mb(self, kind: Kind) -> float:
        """Resident memory of the biggest process of a kind, in megabytes."""
        return float(max(each.memory_info().rss for each in self.processes()[kind])) / 1e6

    def pss_mb(self, kind: Kind) -> float:
        """The same with what processes share divided among them: children are forked, and share what they loaded."""
        return float(max(each.memory_full_info().pss for each in self.processes()[kind])) / 1e6


@dataclass(frozen=True, slots=True)
class Cpu:
    """CPU seconds used up to an instant, by kind; ``emulators`` is this process: phones, APNs and tills."""

    at: float
    seconds: Mapping[str, float]

    @classmethod
    def of(cls, server: Running) -> Self:
        """What was used until now, those processes included that PostgreSQL has ended meanwhile."""
        ended = server.postmaster.cpu_times()
        used: dict[str, float] = {"emulators": time.process_time()}
        for kind, processes in server.processes().items():
            used[kind] = sum(map(_cpu_seconds, processes))
        used["postgresql"] += ended.children_user + ended.children_system
        return cls(time.perf_counter(), used)

    def since(self, earlier: "Cpu") -> "Cpu":
        """The difference; ``at`` becomes the seconds that passed."""
        spent = {kind: used - earlier.seconds[kind] for kind, used in self.seconds.items()}
        return Cpu(self.at - earlier.at, spent)


def free_port() -> int:
    """A port that nobody listens on now. The pass names the server's address, so it must be known first."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(directory: Path, port: int, environment: Mapping[str, str]) -> Iterator[Running]:
    """Run the server on its data below ``directory`` for the length of the block."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PASSERELLE_")}
    log = directory / "serve.log"
    with log.open("wb") as output:
        started = time.perf_counter()
        process = psutil.Popen(
            [sys.executable, "-m", "passerelle.entry.cli", "serve"],
            env={**ours, **environment},
            cwd=directory,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_ready(process, port, started + _READY_LIMIT_S, log)
        seconds = time.perf_counter() - started
        yield Running(process, psutil.Process(_postmaster_pid(directory)), seconds)
    finally:
        _stop(process, directory)


def _await_ready(process: psutil.Popen, port: int, deadline: float, log: Path) -> None:
    while time.perf_counter() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended while starting:\n{log.read_text()[-2_000:]}")
        with suppress(OSError), socket.create_connection((HOST, port), timeout=_READY_LIMIT_S) as connection:
            connection.sendall(_PROBE)
            if b" 200 " in connection.recv(100):
                return
        time.sleep(0.005)
    raise RuntimeError(f"The server was not ready after {_READY_LIMIT_S:.0f} s:\n{log.read_text()[-2_000:]}")


def _stop(process: psutil.Popen, directory: Path) -> None:
    """Ask the server to end; whatever does not is killed by its pid, PostgreSQL included."""
    with suppress(psutil.NoSuchProcess):
        family = process.children(recursive=True)
        process.terminate()
        _, stubborn = psutil.wait_procs([process, *family], timeout=_STOP_LIMIT_S)
        for each in stubborn:
            with suppress(psutil.NoSuchProcess):
                each.kill()
    with suppress(FileNotFoundError, psutil.NoSuchProcess, psutil.TimeoutExpired):
        left = psutil.Process(_postmaster_pid(directory))
        left.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        left.wait(_STOP_LIMIT_S)


def _postmaster_pid(directory: Path) -> int:
    return int((directory / "data" / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
