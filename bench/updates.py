"""From a till to a phone, end to end: how many updates a minute the server carries, how fast, and none lost.

The real server (``passerelle serve``: embedded PostgreSQL, an API process, worker) runs as a user starts it.
In this process run its surroundings: APNs, thousands of phones and the tills, over loopback sockets. An update
is a scan over HTTP, booked in the ledger, pushed through APNs, listed and fetched by the phone as a newly signed
pass; it has arrived when the pass on the phone shows the points.

``python -m bench updates`` prints the figures; ``run()`` returns them.
"""

import asyncio
import gc
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import uvloop

from bench import cards as bench_cards
from bench.cards import Card, Shop
from bench.load import Tills, Timings
from bench.server import API_PROCESSES, HOST, Cpu, Running, free_port, serving
from passerelle.emulators.apns import ApnsEmulator
from passerelle.emulators.apple_ca import Authority, create_authority
from passerelle.emulators.apple_device import AppleDevice, Fleet, HttpClient, Trust
from passerelle.emulators.apple_device.http1 import Origin
from passerelle.entry.databases import open_database
from passerelle.kit.config import Settings

_CARDS: Final = 3_000
_STARTS: Final = 3
_WARM_UP_S: Final = 5.0
_MEASURED_S: Final = 20.0
_SCANS_PER_S: Final = 100.0
_SCANS_S: Final = 10.0
_HALF_GOAL_PER_S: Final = 250.0
_AT_ONCE: Final = 128
_SETTLE_LIMIT_S: Final = 20.0
_P12_PASSWORD: Final = "bench"


@dataclass(frozen=True, slots=True)
class _Site:
    """A prepared installation: where it is, what is set, who is known there."""

    directory: Path
    port: int
    authority: Authority
    environment: dict[str, str]
    settings: Settings
    dsn: str
    shop: Shop


@dataclass(frozen=True, slots=True)
class _Stage:
    """What all phases need."""

    server: Running
    tills: Tills
    phones: dict[Card, AppleDevice]
    fleet: Fleet


def run() -> dict[str, float]:
    """All figures of updates and scans; within four minutes, with nothing left behind."""
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-", ignore_cleanup_errors=True) as folder:
        site = _prepare(Path(folder))
        print(f"updates: {_CARDS} cards of {len(site.shop.issued[0].pkpass) / 1000:.0f} kB are issued", flush=True)
        figures = {"startup_seconds": median(_start_seconds(site) for _ in range(_STARTS))}
        return figures | uvloop.run(_measure(site))


def _prepare(directory: Path) -> _Site:
    port, authority = free_port(), create_authority()
    environment = _environment(directory, port, authority)
    names = {name.removeprefix("PASSERELLE_").lower(): value for name, value in environment.items()}
    settings = Settings(_env_file=None, **names)  # type: ignore[arg-type]  # pydantic converts
    with open_database(settings) as urls:
        shop = uvloop.run(bench_cards.make_shop(settings, urls.application, _CARDS))
    return _Site(directory, port, authority, environment, settings, urls.application, shop)


def _start_seconds(site: _Site) -> float:
    with serving(site.directory, site.port, site.environment) as server:
        return server.seconds


async def _measure(site: _Site) -> dict[str, float]:
    fleet, trust = Fleet(), Trust.from_pem(site.authority.root_pem())
    phone_http, till_http = HttpClient(), HttpClient(max_connections=_AT_ONCE)
    async with _apns(site.authority, fleet) as apns_url:
        with serving(site.directory, site.port, site.environment | {"PASSERELLE_APNS_URL": apns_url}) as server:
            phones = await bench_cards.hand_out(site.shop, trust, phone_http)
            for device in phones.values():
                fleet.join(device)
            gc.collect()
            gc.freeze()  # thousands of phones are no garbage; looking through them is not what is measured
            tills = Tills(till_http, Origin("http", HOST, site.port), site.shop.api_key, list(phones))
            figures = await _phases(_Stage(server, tills, phones, fleet))
            truth = await bench_cards.balances(site.settings, site.dsn, site.shop)
            await till_http.close()
            await phone_http.close()
    wrong = [card for card in phones if not card.shown == card.expected == truth[card.membership_id]]
    for violation in fleet.violations[:3]:
        print(f"updates: {violation}")
    return figures | {"updates_lost": float(len(wrong)), "update_violations": float(len(fleet.violations))}


async def _phases(stage: _Stage) -> dict[str, float]:
    tills = stage.tills
    await tills.one_after_another(_AT_ONCE, _WARM_UP_S)
    scans = await tills.on_schedule(_SCANS_PER_S, _SCANS_S)
    half = await tills.on_schedule(_HALF_GOAL_PER_S, _MEASURED_S)
    most, cpu, count = await _at_most(stage)
    await _settle(stage)
    phases = (scans, half, most)
    verified = sum(
        device.fetched for number, device in enumerate(stage.phones.values()) if bench_cards.is_verifying(number)
    )
    print(
        f"updates: {_AT_ONCE} under way at once for the most;"
        f" {verified} fetched passes were verified wholly, signature included"
    )
    return {
        "updates_per_minute": count / _MEASURED_S * 60,
        "update_seconds_p50": _percentile(half.updates, 50),
        "update_seconds_p95": _percentile(half.updates, 95),
        "update_seconds_p95_at_max": _percentile(most.updates, 95),
        "scan_ms_p50": _percentile(scans.answers, 50) * 1e3,
        "scan_ms_p99": _percentile(scans.answers, 99) * 1e3,
        "scans_refused": float(sum(each.refused for each in phases)),
        "updates_late": float(sum(each.late for each in phases)),
        **{f"update_cpu_us_{kind}": used / count * 1e6 for kind, used in cpu.seconds.items()},
        "rss_mb_api": stage.server.rss_mb("api"),
        "rss_mb_worker": stage.server.rss_mb("worker"),
        "pss_mb_api": stage.server.pss_mb("api"),
        "pss_mb_worker": stage.server.pss_mb("worker"),
    }


async def _at_most(stage: _Stage) -> tuple[Timings, Cpu, int]:
    """As many updates as come through; what arrived and what CPU was used in the measured time after the warm-up."""
    running = asyncio.create_task(stage.tills.one_after_another(_AT_ONCE, _WARM_UP_S + _MEASURED_S))
    await asyncio.sleep(_WARM_UP_S)
    before = Cpu.of(stage.server)
    await asyncio.sleep(_MEASURED_S)
    cpu = Cpu.of(stage.server).since(before)
    timings = await running
    return timings, cpu, timings.updates_between(before.at, before.at + _MEASURED_S)


async def _settle(stage: _Stage) -> None:
    """Wait until every phone shows what it must, or for as long as an update may reasonably take."""
    arrivals = [card.arrival() for card in stage.phones if card.shown != card.expected]
    if arrivals:
        await asyncio.wait(arrivals, timeout=_SETTLE_LIMIT_S)
    await stage.fleet.settle()


@asynccontextmanager
async def _apns(authority: Authority, fleet: Fleet) -> AsyncIterator[str]:
    certificate = authority.issue_server_certificate()
    apns = ApnsEmulator(
        certificate_pem=certificate.chain_pem(),
        key_pem=certificate.key_pem(),
        client_ca_pem=authority.root_pem() + authority.intermediate_pem(),
        on_push=fleet.deliver,
    )
    yield await apns.start()
    await apns.close()


def _environment(directory: Path, port: int, authority: Authority) -> dict[str, str]:
    """What an operator would set, and the credentials that it names."""
    issued = authority.issue_pass_certificate("pass.example.bench", "ABCDE12345")
    authority.write(directory, issued, password=_P12_PASSWORD)
    (directory / "trust.pem").write_bytes(authority.root_pem() + authority.intermediate_pem())
    settings = {
        "DATA_DIR": directory / "data",
        "BASE_URL": f"http://{HOST}:{port}",
        "HOST": HOST,
        "PORT": port,
        "API_PROCESSES": API_PROCESSES,
        "LOG_LEVEL": "warning",
        "APPLE_P12": directory / "pass.p12",
        "APPLE_P12_PASSWORD": _P12_PASSWORD,
        "APPLE_TRUST_ROOTS": directory / "trust.pem",
        "APNS_CA_FILE": directory / "root.pem",
    }
    return {f"PASSERELLE_{name}": str(value) for name, value in settings.items()}


def _percentile(values: Sequence[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]
