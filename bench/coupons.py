"""How many coupon codes are made per second: a million, asked for as a merchant does, made by the worker's own job.

From the request to the finished batch on an embedded PostgreSQL, everything included: chance, digests, sealing, the
unique index, progress. ``python -m bench coupons`` prints the figures; ``run()`` returns them.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Final
from uuid import UUID

import uvloop

from passerelle.entry.databases import open_database
from passerelle.kit import jobs
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault, load_master_key
from passerelle.kit.db import Database
from passerelle.kit.ids import new_id, new_secret
from passerelle.kit.jobs import Work
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import OrganizationIn
from passerelle.rewards.coupons import jobs as coupon_jobs
from passerelle.rewards.coupons import service as coupons
from passerelle.rewards.coupons.schemas import CampaignIn

_CODES: Final = 1_000_000
_LIMIT_S: Final = 300.0
_CAMPAIGN: Final = {"name": "Bench", "terms": {"effect": {"type": "percent_off", "basis_points": 1_000}}}


def run() -> dict[str, float]:
    """Codes per second; about a minute, with nothing left behind."""
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-", ignore_cleanup_errors=True) as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))
        with open_database(settings) as urls:
            seconds, megabytes = uvloop.run(_measure(settings, urls.application))
    print(f"coupons: {_CODES:,} codes in {seconds:.1f} s, {megabytes:,.0f} MB with their indexes")
    return {"coupons_generated_per_s": _CODES / seconds, "coupon_code_bytes": megabytes * 1e6 / _CODES}


async def _measure(settings: Settings, dsn: str) -> tuple[float, float]:
    vault = Vault(load_master_key(None, settings.data_dir))
    database = Database(dsn, vault, pool_size=settings.database_pool_size)
    runner, connection = await jobs.queue(dsn, Work(database, settings), [coupon_jobs.GENERATE])
    worker = asyncio.create_task(runner.run())
    try:
        organization_id, campaign_id = await _open_campaign(database)
        started = time.perf_counter()
        async with database.transaction(organization_id) as tx:
            batch = await coupons.generate_codes(tx, campaign_id, _CODES)
        async with asyncio.timeout(_LIMIT_S):
            while batch.state != "done":
                await asyncio.sleep(0.1)
                async with database.transaction(organization_id) as tx:
                    batch = await coupons.get_batch(tx, batch.id)
        seconds = time.perf_counter() - started
        async with database.unscoped() as raw:
            size = int(await raw.fetchval("SELECT pg_total_relation_size('coupons')"))
        return seconds, size / 1e6
    finally:
        runner.shutdown.set()
        await worker
        await connection.close()
        await database.close()


async def _open_campaign(database: Database) -> tuple[UUID, UUID]:
    new = OrganizationIn(
        name="Bench",
        currency="EUR",
        time_zone="Europe/Paris",
        language="en",
        owner_name="Ada",
        owner_email="ada@bench.example",
        owner_password=new_secret().hex(),
    )
    async with database.transaction(new_id()) as tx:
        organization, _, _ = await organizations.create_organization(tx, new)
        campaign = await coupons.create_campaign(tx, CampaignIn.model_validate(_CAMPAIGN))
    return organization.id, campaign.id
