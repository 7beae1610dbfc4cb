"""Help for operators, from whoever runs the server."""

import asyncio
import sys

from passerelle.entry.databases import open_database
from passerelle.kit.config import Settings
from passerelle.kit.crypto import Vault, load_master_key
from passerelle.kit.db import Database
from passerelle.organizations.recovery import service as recovery
from passerelle.organizations.recovery.schemas import PasswordResetOut


def reset_password(settings: Settings, email: str) -> int:
    """Print a link per organization in which somebody signs in with this e-mail; 1 when nobody does."""
    with open_database(settings) as urls:
        made = asyncio.run(_links(settings, urls.application, email))
    if not made:
        print(f"Nobody who may sign in has the e-mail {email}.", file=sys.stderr)
        return 1
    for name, link in made:
        print(f"{name}: {link.url}")
    return 0


async def _links(settings: Settings, dsn: str, email: str) -> list[tuple[str, PasswordResetOut]]:
    key = load_master_key(settings.master_key.get_secret_value() if settings.master_key else None, settings.data_dir)
    database = Database(dsn, Vault(key), pool_size=2)
    try:
        return await recovery.links_for(database, email, settings)
    finally:
        await database.close()
