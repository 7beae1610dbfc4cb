"""What distribution does when something else happens."""

from passerelle.distribution import facts, service
from passerelle.kit.db import Tx
from passerelle.passes.events import PassInstalled, PassRemoved
from passerelle.programs.events import ProgramCreated


async def on_program_created(tx: Tx, created: ProgramCreated) -> None:
    """Every program has a short address and a poster from its first minute."""
    await service.create_default_link(tx, created.program_id)


async def on_pass_installed(tx: Tx, installed: PassInstalled) -> None:
    """Added."""
    await facts.note_wallet(tx, installed)


async def on_pass_removed(tx: Tx, removed: PassRemoved) -> None:
    """Removed."""
    await facts.note_wallet(tx, removed)
