"""Many new members at once, with what they bring along: for imports. Part of the public door, service.py."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import Posting
from passerelle.programs import queries
from passerelle.programs.definitions import get_program
from passerelle.programs.earning import adjustment_reference, seats_of
from passerelle.programs.events import MemberEnrolled
from passerelle.programs.terms import service as terms
from passerelle.programs.timing import Timing, credit_of, times_of
from passerelle.programs.values import JoinSource, LockedSeat

# The customers' rows are held by the foreign key; who is a member already, of any state, is left out.
_ENROLL: Final = """
INSERT INTO memberships (organization_id, id, program_id, customer_id, source, joined_at)
SELECT p.organization_id, new.id, p.id, new.customer_id, $3, $4
FROM programs p, unnest($5::uuid[], $6::uuid[]) AS new (id, customer_id)
WHERE p.organization_id = $1 AND p.id = $2 AND p.state = 'active'
  AND (p.starts_at IS NULL OR p.starts_at <= $4) AND (p.ends_at IS NULL OR $4 < p.ends_at)
ON CONFLICT (organization_id, program_id, customer_id) DO NOTHING RETURNING id, customer_id
"""


async def enroll_newcomers(
    tx: Tx, program_id: UUID, customer_ids: Sequence[UUID], *, source: JoinSource
) -> dict[UUID, UUID]:
    """Make customers members of a running program, in one statement; the new memberships by customer.

    Who is one already, or was, is left out; so is everybody when the program does not run: ``enroll`` says why.
    The customers are known not to be erased. Raises ProgramNotFound.
    """
    program = await get_program(tx, program_id)
    rows = await tx.fetch(
        _ENROLL,
        *(tx.organization_id, program_id, source, clock.now()),
        *([new_id() for _ in customer_ids], sorted(customer_ids)),
    )
    if rows and program.settings.term is not None:
        made = [row["id"] for row in rows]
        terms.open_each(tx, program.settings.term, program.time_zone, made, clock.now())
    for row in rows:
        tx.locked[row["id"]] = LockedSeat(row["id"], program_id, row["customer_id"], program.version)
    for row in rows:
        await announce(
            tx,
            MemberEnrolled(
                membership_id=row["id"],
                program_id=program_id,
                customer_id=row["customer_id"],
                source=source,
                location_id=None,
            ),
        )
    return {row["customer_id"]: row["id"] for row in rows}


async def credit_newcomers(
    tx: Tx, program_id: UUID, amounts: Mapping[UUID, int], *, reason: str, references: Mapping[UUID, str], unit: str
) -> frozenset[UUID]:
    """What ``adjust`` does with amounts above zero, for many members whom this transaction made, in few statements.

    Amounts and references are by membership; the memberships whose reference was in the books already are not among
    those returned.
    """
    program = await get_program(tx, program_id)
    chosen = program.find_unit(unit)
    assert chosen is not None, "Whoever plans an import has looked it up."
    await seats_of(tx, await queries.seats_by_id(tx, list(amounts)))
    times = times_of(Timing(expiry=chosen.timing.expiry), clock.now(), program.time_zone)
    postings = {
        membership_id: Posting(
            adjustment_reference(references[membership_id]), [credit_of(membership_id, chosen.id, amount, times)]
        )
        for membership_id, amount in amounts.items()
    }
    booked = await ledger.post_each(tx, list(postings.values()), kind="adjustment", reason=reason)
    return frozenset(member for member, posting in postings.items() if posting.reference in booked)
