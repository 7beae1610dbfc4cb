"""``passerelle serve``: one parent that opens database and sockets, and children that serve and work.

The parent loads the program once, while PostgreSQL starts, and forks: a child is there at once, and what they all
loaded is in memory once. What serves HTTP is loaded after the fork of the worker, which has no use for it. A child
that dies is forked again, more slowly each time. Children end when the parent does, even when it was killed: they
read a pipe that only the parent keeps open.
"""

import ctypes
import gc
import importlib
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from passerelle.entry.databases import open_database
from passerelle.kit import postgres
from passerelle.kit.config import Settings

_RESTART_SECONDS: Final = (0.2, 1.0, 5.0, 15.0)
_STOP_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 1.0
_PR_SET_NAME: Final = 15
# What every child works with, and what only those load that serve. The worker loads the little that it alone needs by
# itself.
_DOMAINS: Final = ("uvloop", "passerelle.entry.processes", "passerelle.wiring")
_HTTP: Final = ("uvicorn", "passerelle.entry.api", "passerelle.entry.bounded")
# glibc's mallopt: keep few arenas, and give large blocks (pictures while they are drawn) back to the system.
_THRIFT: Final = {-8: 2, -3: 131_072, -1: 131_072}


def serve(settings: Settings, *, with_worker: bool) -> None:
    """Run everything until SIGINT or SIGTERM."""
    with listening(settings) as sockets, _loading() as loading, open_database(settings) as urls:
        loading.join()
        _load(_DOMAINS)  # at once when the thread has done it, or else the fault that it met
        ready = settings.model_copy(update={"database_url": urls.application})
        _processes().say_setup_link(ready)
        children = [Child("passerelle-api", _api(ready, each), needs=_HTTP) for each in sockets]
        if with_worker:
            # First, and so without what is loaded for the others.
            children.insert(0, Child("passerelle-work", lambda: _processes().run_worker_here(ready)))
        _supervise(children, settings)


@dataclass(slots=True)
class Child:
    """One process that must run: ``name`` is what the system shows of it, ``needs`` what is loaded before it."""

    name: str
    run: Callable[[], None]
    needs: tuple[str, ...] = ()
    pid: int | None = None
    failures: int = 0
    start_at: float = 0.0

    def ensure(self, now: float, parent: "_Parent") -> None:
        """Start it, or start it again after a pause that grows with its failures."""
        if self.pid is not None and os.waitpid(self.pid, os.WNOHANG)[0]:
            self.pid = None
            self.start_at = now + _RESTART_SECONDS[min(self.failures, len(_RESTART_SECONDS) - 1)]
            self.failures += 1
        if self.pid is None and now >= self.start_at:
            _load(self.needs)
            self.pid = os.fork()
            if self.pid == 0:
                parent.leave()
                _become(self)


@contextmanager
def listening(settings: Settings) -> Iterator[list[socket.socket]]:
    """A socket for each API process. Where the system can, it spreads connections over them evenly."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    spread = sys.platform == "linux" and settings.api_processes > 1
    opened: list[socket.socket] = []
    port = settings.port
    try:
        for _ in range(settings.api_processes if spread else 1):
            server = socket.socket(family, socket.SOCK_STREAM)
            opened.append(server)
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if spread:
                server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            try:
                server.bind((settings.host, port))
            except OSError as fault:
                raise OSError(f"Cannot listen on {settings.host}:{port}: {fault.strerror}.") from None
            port = server.getsockname()[1]
            server.listen(2048)
        yield opened if spread else opened * settings.api_processes
    finally:
        for server in opened:
            server.close()


def _supervise(children: list[Child], settings: Settings) -> None:
    parent = _Parent()
    look_at_database = time.monotonic()
    try:
        while not parent.stopping:
            for child in children:
                child.ensure(time.monotonic(), parent)
            if settings.database_url is None and time.monotonic() >= look_at_database:
                _look_after_database(settings)
                look_at_database = time.monotonic() + _LOOK_SECONDS
            parent.wait(0.1)
    finally:
        _stop(children)


def _look_after_database(settings: Settings) -> None:
    try:
        postgres.look_after(settings.data_dir)
    except Exception as fault:  # noqa: BLE001  whatever it is, the next look tries again
        print(f"The database cannot be started: {fault}", file=sys.stderr, flush=True)


def _stop(children: list[Child]) -> None:
    """Ask every child to end its work, and end those that do not."""
    running = [child for child in children if child.pid]
    for number in (signal.SIGTERM, signal.SIGKILL):
        for child in running:
            with suppress(ProcessLookupError):
                os.kill(child.pid or 0, number)
        deadline = time.monotonic() + _STOP_SECONDS
        while running and time.monotonic() < deadline:
            running = [child for child in running if not os.waitpid(child.pid or 0, os.WNOHANG)[0]]
            time.sleep(0.02)


def _become(child: Child) -> None:
    """What the fork does instead of supervising; never returns."""
    status = 1
    try:
        if sys.platform == "linux":
            system = ctypes.CDLL(None)
            system.prctl(_PR_SET_NAME, child.name.encode(), 0, 0, 0)
            for option, value in _THRIFT.items():
                system.mallopt(option, value)
        child.run()
        status = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


class _Parent:
    """The parent's side of the signals and of the pipe that tells children that it lives."""

    def __init__(self) -> None:
        self.stopping = False
        self._alive_read, self._alive_write = os.pipe()
        self._woken, self._wake = os.pipe()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: object) -> None:
        self.stopping = True
        os.write(self._wake, b"\0")

    def wait(self, seconds: float) -> None:
        """Sleep, or wake up at once when asked to stop."""
        select.select([self._woken], [], [], seconds)

    def leave(self) -> None:
        """In a child: give up the parent's signals and pipe, and end when the parent has."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        os.close(self._alive_write)
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        os.read(self._alive_read, 1)
        os.kill(os.getpid(), signal.SIGTERM)


def _api(settings: Settings, server: socket.socket) -> Callable[[], None]:
    return lambda: _processes().run_api(settings, server)


def _processes() -> ModuleType:
    """What children run; heavy, so it is loaded while PostgreSQL starts."""
    return importlib.import_module("passerelle.entry.processes")


@contextmanager
def _loading() -> Iterator[threading.Thread]:
    """Load the domains while the block does something else; a fault is met again by calling ``_load`` after that."""

    def quietly() -> None:
        with suppress(Exception):
            _load(_DOMAINS)

    thread = threading.Thread(target=quietly)
    thread.start()
    try:
        yield thread
    finally:
        thread.join()


def _load(names: tuple[str, ...]) -> None:
    """Load before a fork, and have the collector leave alone what lives as long as the process."""
    if all(name in sys.modules for name in names):
        return
    gc.disable()  # it would look at all that was loaded again and again, for a quarter of the time
    try:
        for name in names:
            importlib.import_module(name)
        gc.collect()
        gc.freeze()
    finally:
        gc.enable()
