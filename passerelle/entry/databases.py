"""Opening the database of an installation: the given one, or the embedded one, migrated."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from passerelle.kit.config import Settings
from passerelle.kit.postgres import APP_ROLE, embedded, ensure_database, set_up
from passerelle.kit.schema import migrate


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
        asyncio.run(ensure_database(owner))
        migrate(owner)
        asyncio.run(set_up(owner))
        yield DatabaseUrls(owner, owner.replace("postgres@", f"{APP_ROLE}@"))
