"""What the community parts of programs hold of a person: friends, birthdays, awards, households, transfers."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.programs.achievements import queries as achievements
from passerelle.programs.birthdays import queries as birthdays
from passerelle.programs.households import queries as households
from passerelle.programs.referral import queries as referral
from passerelle.programs.transfers import queries as transfers

_MOST: Final = 10_000  # rows of one kind; nobody has brought, given or reached as many


async def export(tx: Tx, membership_id: UUID) -> dict[str, Any]:
    """All of one membership; other members appear by id alone."""
    friend = await referral.find_of_friend(tx, membership_id)
    return {
        "membership_id": membership_id,
        "referral_code": await referral.find_code(tx, membership_id),
        "referred_by": None if friend is None else dict(friend),
        "friends": _plain(await referral.list_of_member(tx, membership_id, ABOVE_ALL, _MOST)),
        "birthdays": _plain(await birthdays.kept_by(tx, membership_id)),
        "awards": _plain(await achievements.all_awards_of(tx, membership_id)),
        "households": _plain(await households.history_of(tx, membership_id)),
        "transfers": _plain(await transfers.list_transfers(tx, membership_id, ABOVE_ALL, _MOST)),
    }


async def erase(tx: Tx, membership_id: UUID) -> None:
    """Take the code that they shared out of use; the rest names nobody. Their household is left by a job."""
    await tx.execute(referral.FORGET_CODE, tx.organization_id, membership_id)


def _plain(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]
