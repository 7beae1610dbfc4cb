"""The programs of one server: database, API processes and worker, started together and kept running.

``serve`` is a small parent: it starts the embedded PostgreSQL when no DSN is given, migrates, opens the
listening socket and watches its children. A child that dies is started again, more slowly each time.
"""

import gc
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from passerelle.kit import log
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault, load_master_key
from passerelle.kit.db import Database
from passerelle.kit.postgres import APP_ROLE, embedded, ensure_database
from passerelle.kit.schema import migrate

_RESTART_SECONDS: Final = (0.2, 1.0, 5.0, 15.0)
_STOP_SECONDS: Final = 15.0
# glibc keeps what large blocks (pictures while they are drawn) once took, unless told to give it back.
_THRIFTY: Final = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """How to connect: as the owner for migrations, as the application for everything else."""

    owner: str
    application: str


@contextmanager
def open_database(settings: Settings) -> Iterator[DatabaseUrls]:
    """A migrated database: the given one, or the embedded one for the length of the block."""
    if settings.database_url:
        urls = DatabaseUrls(settings.database_owner_url or settings.database_url, settings.database_url)
        migrate(urls.owner)
        yield urls
        return
    with embedded(settings.data_dir) as owner:
        import asyncio  # noqa: PLC0415  the parent is otherwise without a loop

        asyncio.run(ensure_database(owner))
        migrate(owner)
        asyncio.run(_let_the_application_in(owner))
        yield DatabaseUrls(owner, owner.replace("postgres@", f"{APP_ROLE}@"))


async def _let_the_application_in(owner: str) -> None:
    """Only the embedded server's socket, in a directory of ours, takes this role without a password."""
    connection = await asyncpg.connect(owner)
    try:
        await connection.execute(f"ALTER ROLE {APP_ROLE} LOGIN")
    finally:
        await connection.close()


@dataclass(slots=True)
class Child:
    """One process that must run."""

    arguments: list[str]
    environment: dict[str, str]
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    start_at: float = field(default=0.0)

    def ensure(self, now: float) -> None:
        """Start it, or start it again after a pause that grows with its failures."""
        if self.process is not None and self.process.poll() is not None:
            self.process = None
            self.start_at = now + _RESTART_SECONDS[min(self.failures, len(_RESTART_SECONDS) - 1)]
            self.failures += 1
        if self.process is None and now >= self.start_at:
            command = [sys.executable, "-m", "passerelle.entry.cli", *self.arguments]
            self.process = subprocess.Popen(  # noqa: S603  our own program
                command, env=self.environment, pass_fds=self.descriptors
            )


def serve(settings: Settings, *, with_worker: bool) -> None:
    """Run everything until SIGINT or SIGTERM."""
    stopping = _Stopping()
    with listening(settings) as server, open_database(settings) as urls:
        environment = os.environ | _THRIFTY | {"PASSERELLE_DATABASE_URL": urls.application}
        if urls.owner != urls.application:
            environment["PASSERELLE_DATABASE_OWNER_URL"] = urls.owner
        api = ["_api", str(server.fileno())]
        children = [Child(api, environment, (server.fileno(),)) for _ in range(settings.api_processes)]
        if with_worker:
            children.append(Child(["_worker"], environment))
        try:
            while not stopping.asked:
                for child in children:
                    child.ensure(time.monotonic())
                stopping.wait(0.1)
        finally:
            stop(children)


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket that all API processes accept on."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((settings.host, settings.port))
        server.listen(2048)
        yield server


def stop(children: list[Child]) -> None:
    """Ask every child to end its work, and end those that do not."""
    running = [child.process for child in children if child.process is not None and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + _STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class _Stopping:
    """Whether SIGINT or SIGTERM came."""

    def __init__(self) -> None:
        self.asked = False
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)  # noqa: FBT003  the standard library's signature
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: object) -> None:
        self.asked = True
        self._wake.send(b"\0")

    def wait(self, seconds: float) -> None:
        """Sleep, or wake up at once when asked to stop."""
        self._woken.settimeout(seconds)
        try:
            self._woken.recv(1)
        except TimeoutError:
            return


def run_api(settings: Settings, descriptor: int) -> None:
    """Serve HTTP in this process on a socket that the parent opened."""
    import uvicorn  # noqa: PLC0415  only children serve

    from passerelle.entry.api import create_app  # noqa: PLC0415

    log.configure(level=settings.log_level, form=settings.log_format)
    app = create_app(_database(settings), settings, owns_database=True)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
        limit_concurrency=2_000,
    )
    server = uvicorn.Server(config)
    # What start-up built lives as long as the process: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    server.run(sockets=[socket.socket(fileno=descriptor)])


def run_worker_here(settings: Settings) -> None:
    """Work in this process on a database that somebody else keeps open."""
    import asyncio  # noqa: PLC0415

    import uvloop  # noqa: PLC0415  only children work

    from passerelle.entry import worker  # noqa: PLC0415

    log.configure(level=settings.log_level, form=settings.log_format)

    async def work() -> None:
        database = _database(settings)
        try:
            await worker.run(database, settings, worker.stop_on_signals())
        finally:
            await database.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work())


def run_worker(settings: Settings) -> None:
    """A worker of its own, which opens the database as ``serve`` does."""
    with open_database(settings) as urls:
        run_worker_here(settings.model_copy(update={"database_url": urls.application}))


def _database(settings: Settings) -> Database:
    assert settings.database_url is not None, "the parent passes the DSN on"
    given = settings.master_key.get_secret_value() if settings.master_key else None
    return Database(
        settings.database_url,
        Vault(load_master_key(given, settings.data_dir)),
        pool_size=settings.database_pool_size,
        statement_timeout_ms=settings.statement_timeout_ms,
        lock_timeout_ms=settings.lock_timeout_ms,
    )
