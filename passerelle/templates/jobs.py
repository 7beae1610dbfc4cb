"""What templates do when facts are told below, in the same transaction; wiring.py subscribes it."""

from passerelle.kit.db import Tx
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.programs.events import ProgramCreated
from passerelle.programs.schemas import ProgramChange
from passerelle.templates import service
from passerelle.templates.service import Design


async def create_card(tx: Tx, created: ProgramCreated) -> None:
    """A new program gets its card: designed from the organization's name, colours and language, and published."""
    organization = await organizations.get_organization(tx)
    program = await programs.get_program(tx, created.program_id)
    design = Design(
        kind=program.kind,
        organization_name=organization.name,
        program_name=program.name,
        brand=organization.brand,
        language=organization.language,
        goal=created.goal or 10,
        contact=organization.legal.contact_email,
        names=program.names,
        reward_name=created.reward_name,
        reward_names=created.reward_names,
    )
    template = await service.create_designed(tx, design)
    await programs.change_program(tx, program.id, ProgramChange(template_id=template.id))
