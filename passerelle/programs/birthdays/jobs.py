"""What wakes birthdays without HTTP: an hourly look at whose day has come."""

from typing import Any, Final

from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.programs.birthdays import service


async def keep_birthdays(work: Work, payload: dict[str, Any]) -> None:
    """Keep the birthdays that are due in one organization, each in a transaction of its own.

    May stop anywhere and run again, also twice at once: a birthday is kept once a year.
    """
    organization_id = organization_of(payload)
    async with work.database.transaction(organization_id, timeout_ms=60_000) as tx:
        due = await service.members_due(tx)
    for each in due:
        async with work.database.transaction(organization_id) as tx:
            await service.keep_birthday(tx, each)


# A quarter of the world's time zones is off by half an hour or a quarter, so the hour is looked at four times.
KEEP: Final = JobKind("birthdays.keep", keep_birthdays, schedule="*/15 * * * *")
