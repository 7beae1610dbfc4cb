"""The verbs of birthdays; the only writer of its tables."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import ABOVE_ALL
from passerelle.programs import earning
from passerelle.programs import queries as members
from passerelle.programs.birthdays import queries, rules
from passerelle.programs.birthdays.events import BirthdayReached
from passerelle.programs.birthdays.rules import Occasion
from passerelle.programs.definitions import program_of
from passerelle.programs.giving import give_prize, may_receive
from passerelle.programs.values import Program

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Due:
    """A member whose birthday has come and was not kept yet this ``year``."""

    membership_id: UUID
    year: int


async def members_due(tx: Tx) -> list[Due]:
    """Everybody whose birthday is due now, in every running program; set by set, decrypting nothing."""
    due: dict[tuple[UUID, int], Due] = {}
    rows = await members.programs_by_id(tx, await queries.programs_with_birthdays(tx))
    for program in (program_of(row) for row in rows):
        settings, now = program.settings.birthday, clock.now()
        if settings is None or not program.is_running(now):
            continue
        for occasion in rules.occasions(settings, now, program.time_zone):
            for membership_id in await _members_of(tx, program, occasion):
                due[membership_id, occasion.year] = Due(membership_id, occasion.year)
    return list(due.values())


async def keep_birthday(tx: Tx, due: Due) -> bool:
    """Give what the program gives, and tell; false when that was done before or the member cannot receive it."""
    rows = await members.seats_for_update(tx, [due.membership_id])
    [seat] = await earning.seats_of(tx, rows)
    settings = seat.program.settings.birthday
    if settings is None or not may_receive(seat):
        return False
    if await tx.fetchval(queries.KEEP, tx.organization_id, due.membership_id, due.year, clock.now()) is None:
        return False
    reference = f"birthday:{due.membership_id}:{due.year}"
    given = await give_prize(tx, seat, settings.prize, "birthday", reference=reference)
    reached = BirthdayReached(
        membership_id=seat.membership.id,
        program_id=seat.program.id,
        customer_id=seat.membership.customer_id,
        year=due.year,
        amount=settings.prize.amount if given else 0,
    )
    await announce(tx, reached)
    return True


async def _members_of(tx: Tx, program: Program, occasion: Occasion) -> list[UUID]:
    found: list[UUID] = []
    for month, day in occasion.month_days:
        before = ABOVE_ALL
        while page := await customers.list_birthdays(
            tx, month=month, day=day, settled_before=occasion.settled_before, before=before, limit=_PAGE
        ):
            found += await queries.members_due(tx, program.id, page, occasion.due_at, occasion.year)
            before = page[-1]
    return found
