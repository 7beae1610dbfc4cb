"""The worker: jobs, and the reconciler that keeps wallets right."""

import asyncio
import signal
from contextlib import suppress

from passerelle import wiring
from passerelle.kit import jobs
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.kit.jobs import Work
from passerelle.passes import identities
from passerelle.passes.google import GoogleReconciler
from passerelle.passes.own.held import Identities
from passerelle.passes.pushing import Pushers
from passerelle.passes.reconcile import AppleReconciler, run_forever
from passerelle.passes.sharing import Shares


class WorkerLost(Exception):
    """The database ended the queue's connection, or a part of the worker ended by itself: start it again."""


async def run(database: Database, settings: Settings, stop: asyncio.Event) -> None:
    """Work until told to stop; what is under way then is finished or, after a crash, claimed again."""
    wiring.subscribe_all()
    shares = Shares(database)
    wallets = identities.load(settings, shares=shares)
    work = Work(database, settings)
    runner, connection = await jobs.queue(database.dsn, work, list(wiring.JOBS))
    tasks = [asyncio.create_task(runner.run())]
    signing = Identities(settings, wallets, shares=shares)
    pushers = Pushers(settings, signing)
    google = GoogleReconciler(database, signing)
    tasks.append(asyncio.create_task(run_forever(AppleReconciler(database, pushers).round, stop)))
    tasks.append(asyncio.create_task(run_forever(google.round, stop)))
    lost = asyncio.Event()
    connection.add_termination_listener(lambda _: lost.set())
    waits = [asyncio.create_task(stop.wait()), asyncio.create_task(lost.wait())]
    try:
        await asyncio.wait([*waits, *tasks], return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            # Without its connection the queue hears nothing any more; a new worker makes a new one.
            raise WorkerLost
    finally:
        stop.set()
        runner.shutdown.set()
        _, pending = await asyncio.wait(tasks, timeout=10)
        for task in [*pending, *waits]:
            task.cancel()
        await google.drain()
        await pushers.close()
        await signing.close()
        await wallets.close()
        with suppress(Exception):
            await connection.close()


def stop_on_signals() -> asyncio.Event:
    """An event that SIGINT or SIGTERM sets."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
