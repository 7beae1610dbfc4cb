"""What templates do when facts are told below, in the same transaction; wiring.py subscribes it."""

from collections.abc import Mapping
from typing import Final

from passerelle.kit.db import Tx
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.programs.events import ProgramCreated
from passerelle.programs.schemas import ProgramChange, ProgramKind
from passerelle.templates import service
from passerelle.templates.content import Kind
from passerelle.templates.defaults import Balance
from passerelle.templates.service import Design

# Wallets know three kinds of loyalty cards; cashback and multipasses are cards of points that count something else.
_CARDS: Final[Mapping[ProgramKind, tuple[Kind, Balance]]] = {
    "stamps": ("stamps", "points"),
    "points": ("points", "points"),
    "membership": ("membership", "points"),
    "cashback": ("points", "money"),
    "multipass": ("points", "sessions"),
}


async def create_card(tx: Tx, created: ProgramCreated) -> None:
    """A new program gets its card: designed from the organization's name, colours and language, and published."""
    organization = await organizations.get_organization(tx)
    program = await programs.get_program(tx, created.program_id)
    kind, balance = _CARDS[program.kind]
    design = Design(
        kind=kind,
        balance=balance,
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
