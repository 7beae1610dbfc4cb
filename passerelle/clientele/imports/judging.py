"""What would become of some rows: read, compared with each other and with who is known. Changes no customer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from passerelle.clientele.imports import queries
from passerelle.clientele.imports.faults import RowFault
from passerelle.clientele.imports.files import Row
from passerelle.clientele.imports.reading import Circumstances, Draft, read_row
from passerelle.clientele.imports.schemas import ImportPlan
from passerelle.customers import service as customers
from passerelle.customers.schemas import CustomerChange, CustomerOut, NewCustomer
from passerelle.customers.service import Contact, Known
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.ledger import service as ledger
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs
from passerelle.programs.errors import ProgramNotRunning, UnitNotFound, UnitNotNamed
from passerelle.programs.schemas import Membership, Program, Unit

_CONTACT: Final = ("first_name", "last_name", "phone", "email", "birthday", "language")


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything that is the same for all rows of a file."""

    plan: ImportPlan
    circumstances: Circumstances
    program: Program | None
    unit: Unit | None


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """What a row without a fault would do. ``change`` is None for somebody new, and when nothing changes.

    ``balance`` is still to be booked; it is None when it was booked before.
    """

    row: int
    person: NewCustomer
    contact: Contact
    customer_id: UUID | None
    change: CustomerChange | None
    membership_id: UUID | None
    balance: int | None


@dataclass(frozen=True, slots=True, repr=False)
class Judged:
    """Rows that can be imported, and the faults of the others by their numbers."""

    verdicts: Sequence[Verdict]
    faults: Mapping[int, Sequence[RowFault]]


async def setting_of(tx: Tx, plan: ImportPlan, *, width: int, delimiter: str) -> Setting:
    """Look up what the plan names; raises ProgramNotFound, ProgramNotRunning, UnitNotFound, UnitNotNamed."""
    program = None if plan.program_id is None else await programs.get_program(tx, plan.program_id)
    if program is not None and not program.is_running(clock.now()):
        raise ProgramNotRunning(program=program.name, state=program.state)
    unit = _unit(program, plan) if program is not None else None
    circumstances = Circumstances(
        region=plan.region or await customers.default_region(tx),
        today=clock.today((await organizations.get_organization(tx)).time_zone),
        width=width,
        delimiter=delimiter,
        decimals=unit.decimals if unit else 0,
    )
    return Setting(plan, circumstances, program, unit)


async def judge(
    tx: Tx, import_id: UUID, rows: Sequence[Row], setting: Setting, refused: Mapping[int, RowFault]
) -> Judged:
    """Read some rows and decide on each; ``refused`` are those that were tried before and could not be written."""
    drafts = [read_row(row, setting.plan, setting.circumstances) for row in rows]
    faults: dict[int, Sequence[RowFault]] = {draft.row: draft.faults for draft in drafts if draft.faults}
    faults |= {row: [fault] for row, fault in refused.items()}
    sound = [draft for draft in drafts if draft.row not in faults]
    known = await customers.find_contacts(tx, [draft.contact for draft in sound])
    faults |= await _repeated(tx, import_id, sound, known)
    people = _one_person_each(sound, known, faults)
    seen = {one.id: one for one in await customers.get_customers(tx, [c for c in people.values() if c is not None])}
    members = await _members(tx, setting, seen)
    verdicts: list[Verdict] = []
    for draft in sound:
        if draft.row in faults:
            continue
        customer_id = people[draft.row]
        known_one = seen.get(customer_id) if customer_id else None
        verdict = await _decide(tx, draft, setting, known_one, members.get(customer_id) if customer_id else None)
        if isinstance(verdict, RowFault):
            faults[draft.row] = [verdict]
        else:
            verdicts.append(verdict)
    return Judged(verdicts, faults)


def opening_reference(membership_id: UUID, unit: Unit) -> str:
    """How the ledger knows an opening balance: there is one for each member and unit, whatever file it came in."""
    return f"opening:{membership_id}:{unit.code}"


async def _repeated(
    tx: Tx, import_id: UUID, drafts: Sequence[Draft], known: Sequence[Known]
) -> dict[int, list[RowFault]]:
    claims = [(key, draft.row) for draft, one in zip(drafts, known, strict=True) for key in one.keys]
    first = await queries.claim_keys(tx, import_id, claims) if claims else {}
    repeated: dict[int, list[RowFault]] = {}
    for draft, one in zip(drafts, known, strict=True):
        earlier = min((first[key] for key in one.keys), default=draft.row)
        if earlier < draft.row:
            repeated[draft.row] = [RowFault("", "twice_in_file", {"first": earlier})]
    return repeated


def _one_person_each(
    drafts: Sequence[Draft], known: Sequence[Known], faults: dict[int, Sequence[RowFault]]
) -> dict[int, UUID | None]:
    people: dict[int, UUID | None] = {}
    for draft, one in zip(drafts, known, strict=True):
        if len(one.customer_ids) > 1 and draft.row not in faults:
            faults[draft.row] = [RowFault("", "two_customers")]
        people[draft.row] = one.by_phone or one.by_email
    return people


async def _members(tx: Tx, setting: Setting, seen: Mapping[UUID, CustomerOut]) -> dict[UUID, Membership]:
    if setting.program is None or not seen:
        return {}
    members = await programs.memberships_among(tx, seen.keys())
    return {member.customer_id: member for member in members if member.program_id == setting.program.id}


async def _decide(
    tx: Tx, draft: Draft, setting: Setting, known: CustomerOut | None, member: Membership | None
) -> Verdict | RowFault:
    assert draft.person is not None
    if member is not None and member.state != "active":
        return RowFault("", "member_suspended" if member.state == "suspended" else "member_left")
    balance = draft.balance or None
    if member is not None and balance is not None and setting.unit is not None:
        before = await _opening_balance(tx, member, setting.unit)
        if before is not None and before != balance:
            return RowFault("balance", "balance_differs", {"before": before})
        balance = balance if before is None else None
    return Verdict(
        draft.row,
        draft.person,
        draft.contact,
        known.id if known else None,
        _change(draft.person, known, setting.plan) if known else None,
        member.id if member else None,
        balance,
    )


async def _opening_balance(tx: Tx, member: Membership, unit: Unit) -> int | None:
    found = await ledger.find_transfer_by_reference(tx, f"adjustment:{opening_reference(member.id, unit)}")
    return None if found is None else sum(entry.amount for entry in found.entries)


def _change(person: NewCustomer, known: CustomerOut, plan: ImportPlan) -> CustomerChange | None:
    """What the row says and the customer has not, or has otherwise; None when there is nothing."""
    if plan.known == "keep":
        return None
    fields: dict[str, Any] = {}
    for name in _CONTACT:
        told, held = getattr(person, name), getattr(known, name)
        if told is not None and told != held and (held is None or plan.known == "replace"):
            fields[name] = told
    attributes = {
        name: value
        for name, value in person.attributes.items()
        if name not in known.attributes or (plan.known == "replace" and known.attributes[name] != value)
    }
    if attributes:
        fields["attributes"] = attributes
    return CustomerChange(**fields) if fields else None


def _unit(program: Program, plan: ImportPlan) -> Unit | None:
    if all(column.field != "balance" for column in plan.columns):
        return None
    unit = program.find_unit(plan.unit)
    if unit is not None:
        return unit
    if plan.unit is None:
        raise UnitNotNamed(units=", ".join(known.code for known in program.units) or "—")
    raise UnitNotFound
