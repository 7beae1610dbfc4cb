"""What templates do when facts are told below, in the same transaction; wiring.py subscribes it."""

from passerelle.kit.db import Tx
from passerelle.programs import service as programs
from passerelle.programs.events import ProgramCreated
from passerelle.programs.schemas import ProgramChange
from passerelle.templates import service
from passerelle.templates.schemas import SuggestionIn
from passerelle.templates.suggesting import design_for


async def create_card(tx: Tx, created: ProgramCreated) -> None:
    """A new program gets its card: designed from the organization's name, colours and language, and published."""
    program = await programs.get_program(tx, created.program_id)
    wanted = SuggestionIn(
        kind=program.kind,
        name=program.name,
        names=dict(program.names),
        goal=created.goal,
        reward_name=created.reward_name,
        reward_names=dict(created.reward_names),
    )
    template = await service.create_designed(tx, await design_for(tx, wanted))
    await programs.change_program(tx, program.id, ProgramChange(template_id=template.id))
