"""What households do when something else happens."""

from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.kit.jobs import JobKind, Work, enqueue, organization_of
from passerelle.programs.errors import MembershipNotFound
from passerelle.programs.events import MemberChanged
from passerelle.programs.households import service
from passerelle.programs.households.errors import NotInHousehold

_LEAVE: Final = "households.leave"


async def on_member_changed(tx: Tx, changed: MemberChanged) -> None:
    """Whoever is no member any more shares no more: after the commit, for households are locked before members."""
    if changed.state == "ended":
        await enqueue(tx, _LEAVE, {"membership_id": str(changed.membership_id)})


async def leave(work: Work, payload: dict[str, Any]) -> None:
    """Take a member whose membership ended out of their household, if they had one."""
    async with work.database.transaction(organization_of(payload)) as tx:
        with suppress(NotInHousehold, MembershipNotFound):
            await service.leave_household(tx, UUID(payload["membership_id"]))


LEAVE: Final = JobKind(_LEAVE, leave)
