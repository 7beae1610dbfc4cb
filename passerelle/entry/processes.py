"""The parts of a server, each to be run in a process of its own: the API, the worker."""

import gc
import socket
from types import FrameType

from passerelle.entry.databases import open_database
from passerelle.kit import log
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault, load_master_key
from passerelle.kit.db import Database


def run_api(settings: Settings, listener: socket.socket) -> None:
    """Serve HTTP in this process on a socket that the parent opened."""
    import uvicorn  # noqa: PLC0415  only children serve

    from passerelle.entry.api import create_app  # noqa: PLC0415
    from passerelle.entry.bounded import BoundedHttpProtocol  # noqa: PLC0415

    log.configure(level=settings.log_level, form=settings.log_format)
    app = create_app(_database(settings), settings, owns_database=True)
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=BoundedHttpProtocol,
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
    handle_exit = server.handle_exit

    def end(number: int, frame: FrameType | None) -> None:
        app.state.live.end_all()  # a stop waits for open answers, and streams stay open
        handle_exit(number, frame)

    server.handle_exit = end  # type: ignore[method-assign, assignment]  # the only way to hear of the stop before it waits
    # What start-up built lives as long as the process: the collector need not look at it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    server.run(sockets=[listener])


def say_setup_link(settings: Settings) -> None:
    """Print how the first organization is opened, for as long as there is none and that takes the link."""
    import asyncio  # noqa: PLC0415

    from passerelle.kit import directory  # noqa: PLC0415
    from passerelle.organizations.sign_up import setup_link  # noqa: PLC0415

    async def link() -> str | None:
        database = _database(settings)
        try:
            return None if await directory.has_tenants(database) else setup_link(settings, database.vault)
        finally:
            await database.close()

    if settings.sign_up == "first" and (address := asyncio.run(link())):
        print(f"Open your organization here, once: {address}", flush=True)


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
