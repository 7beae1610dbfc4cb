"""A card for whoever works here, to have it on their own phone before the first customer comes."""

from uuid import UUID

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.distribution import service
from passerelle.kit.db import Tx
from passerelle.organizations import service as organizations
from passerelle.passes import service as passes
from passerelle.programs import service as programs


async def give_own_card(tx: Tx, program_id: UUID) -> tuple[UUID, str]:
    """Make the calling operator a member of a program, once; returns their card and a fresh link to it.

    They are a customer like any other, found by their e-mail: their card is counted, and can be erased. Raises
    OperatorsOnly, ProgramNotFound, ProgramNotRunning, ProgramHasNoTemplate, MembershipNotActive, CardNotActive.
    """
    operator = await organizations.get_operator(tx, organizations.own_id(tx))
    known = await customers.register(tx, NewCustomer(first_name=operator.name, email=operator.email, source="api"))
    member = await programs.enroll(tx, program_id, known.customer_id, source="api")
    card = await passes.issue_pass(tx, member.membership_id)
    return card.id, await service.give_link(tx, card.id)
