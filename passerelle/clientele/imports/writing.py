"""The last step of an import: what the rows of a part say becomes so, many rows to a statement.

Whoever nobody knew is written all at once, and so is what changes of those who were known but for phone and e-mail.
What is left goes row by row through the verbs that everybody else uses: they know each refusal.
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from passerelle.clientele.imports.faults import RowFault
from passerelle.clientele.imports.judging import Setting, Verdict, opening_reference
from passerelle.customers import service as customers
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.passes import service as passes
from passerelle.passes.errors import ProgramHasNoTemplate
from passerelle.programs import service as programs
from passerelle.programs.errors import ProgramNotFound, ProgramNotRunning, UnitNotFound, UnitNotNamed
from passerelle.programs.schemas import Unit

OF_ALL_ROWS: Final = (ProgramNotFound, ProgramNotRunning, ProgramHasNoTemplate, UnitNotFound, UnitNotNamed)
"""What is refused to one row so is refused to all: the import ends."""


class RowRefused(Exception):
    """A row that could not be written although nothing seemed wrong with it; its part begins anew without it."""

    def __init__(self, row: int, fault: RowFault) -> None:
        super().__init__(fault.code)
        self.row = row
        self.fault = fault


async def write_rows(tx: Tx, verdicts: Sequence[Verdict], setting: Setting) -> None:
    """Make it so; raises RowRefused, after which nothing may survive, and the refusals ``OF_ALL_ROWS``."""
    newcomers = [verdict for verdict in verdicts if verdict.customer_id is None]
    made = await customers.register_newcomers(tx, [(verdict.person, verdict.contact) for verdict in newcomers])
    people = {verdict.row: customer_id for verdict, customer_id in zip(newcomers, made, strict=True) if customer_id}
    together: dict[UUID, Verdict] = {}
    for verdict in verdicts:
        if verdict.customer_id is not None and verdict.change is not None:
            together.setdefault(verdict.customer_id, verdict)
    changed = await customers.change_known(
        tx, {one: verdict.change for one, verdict in together.items() if verdict.change}
    )
    for verdict in verdicts:
        if verdict.customer_id in changed and together[verdict.customer_id] is verdict:
            people[verdict.row] = verdict.customer_id
        elif verdict.row not in people:
            people[verdict.row] = await _know(tx, verdict)
    if setting.program is not None and verdicts:
        await _enrol(tx, setting.program.id, verdicts, people, setting)


async def _know(tx: Tx, verdict: Verdict) -> UUID:
    try:
        if verdict.customer_id is None:
            return (await customers.register(tx, verdict.person)).customer_id
        if verdict.change is not None:
            await customers.change_customer(tx, verdict.customer_id, verdict.change)
    except Refusal as refusal:
        raise RowRefused(verdict.row, RowFault.of_refusal(refusal)) from None
    else:
        return verdict.customer_id


async def _enrol(
    tx: Tx, program_id: UUID, verdicts: Sequence[Verdict], people: Mapping[int, UUID], setting: Setting
) -> None:
    joining = [people[verdict.row] for verdict in verdicts if verdict.membership_id is None]
    joined = await programs.enroll_newcomers(tx, program_id, joining, source="import")
    members: dict[int, UUID] = {}
    for verdict in verdicts:
        known = verdict.membership_id or joined.get(people[verdict.row])
        members[verdict.row] = known or await _join(tx, program_id, verdict, people[verdict.row])
    if setting.unit is not None:
        openings = {members[verdict.row]: verdict for verdict in verdicts if verdict.balance}
        await _credit(tx, program_id, setting.unit, openings, frozenset(joined.values()))
    if setting.plan.issue_cards:
        await passes.issue_passes(tx, program_id, {members[row]: people[row] for row in members})


async def _join(tx: Tx, program_id: UUID, verdict: Verdict, customer_id: UUID) -> UUID:
    try:
        return (await programs.enroll(tx, program_id, customer_id, source="import")).membership_id
    except OF_ALL_ROWS:
        raise
    except Refusal as refusal:
        raise RowRefused(verdict.row, RowFault.of_refusal(refusal)) from None


async def _credit(
    tx: Tx, program_id: UUID, unit: Unit, openings: Mapping[UUID, Verdict], joined: frozenset[UUID]
) -> None:
    """Book opening balances, by membership; those who joined just now have none yet."""
    references = {membership_id: opening_reference(membership_id, unit) for membership_id in openings}
    amounts = {one: verdict.balance for one, verdict in openings.items() if verdict.balance and one in joined}
    credited = await programs.credit_newcomers(
        tx, program_id, amounts, reason="import", references=references, unit=unit.code
    )
    for membership_id, verdict in openings.items():
        if membership_id not in credited:
            await _adjust(tx, verdict, membership_id, references[membership_id], unit)


async def _adjust(tx: Tx, verdict: Verdict, membership_id: UUID, reference: str, unit: Unit) -> None:
    assert verdict.balance is not None
    try:
        await programs.adjust(
            tx, membership_id, amount=verdict.balance, reason="import", reference=reference, unit=unit.code
        )
    except OF_ALL_ROWS:
        raise
    except Refusal as refusal:
        raise RowRefused(verdict.row, RowFault.of_refusal(refusal)) from None
