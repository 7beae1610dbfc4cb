"""Join links: made, changed, found. Part of the service, which is the only door to it."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from passerelle.distribution import queries
from passerelle.distribution.errors import DefaultLinkStays, TooManyLinks
from passerelle.distribution.events import JoinLinkChanged, JoinLinkCreated
from passerelle.distribution.models import JoinLink
from passerelle.distribution.schemas import JoinLinkChange, JoinLinkIn, LinkFilter
from passerelle.kit import clock, directory
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_code, new_id
from passerelle.organizations import service as organizations
from passerelle.programs import service as programs

_MAX_LINKS: Final = 10_000
_CODE_LETTERS: Final = 8
_MAY_BE_EMPTY: Final = frozenset({"location_id", "utm_source", "utm_medium", "utm_campaign"})


async def create_join_link(tx: Tx, new: JoinLinkIn) -> JoinLink:
    """A new way to the join page; raises ProgramNotFound, LocationNotFound, TooManyLinks."""
    await programs.get_program(tx, new.program_id)
    if new.location_id is not None:
        await organizations.get_location(tx, new.location_id)
    if await queries.count_join_links(tx) >= _MAX_LINKS:
        raise TooManyLinks(limit=_MAX_LINKS)
    return await _add_link(tx, new, is_default=None)


async def change_join_link(tx: Tx, join_link_id: UUID, change: JoinLinkChange) -> JoinLink:
    """Rename, move, archive or bring back a link; raises LinkNotFound, LocationNotFound, DefaultLinkStays.

    Fields that cannot be empty stay as they are when null is given.
    """
    link = await queries.get_join_link(tx, join_link_id)
    fields = change.model_dump(exclude_unset=True)
    fields = {name: value for name, value in fields.items() if value is not None or name in _MAY_BE_EMPTY}
    if fields.get("location_id") is not None:
        await organizations.get_location(tx, fields["location_id"])
    archived = fields.pop("archived", None)
    if archived and link.is_default:
        raise DefaultLinkStays
    if archived is not None and archived != (link.archived_at is not None):
        fields["archived_at"] = clock.now() if archived else None
    for name, value in fields.items():
        setattr(link, name, value)
    await tx.flush()
    await announce(tx, JoinLinkChanged(join_link_id=link.id, fields=tuple(sorted(fields))))
    return link


async def create_default_link(tx: Tx, program_id: UUID) -> None:
    """The link that every program has; once."""
    if await queries.find_default_join_link(tx, program_id) is None:
        program = await programs.get_program(tx, program_id)
        await _add_link(tx, JoinLinkIn(program_id=program_id, name=program.name), is_default=True)


async def get_join_link(tx: Tx, join_link_id: UUID) -> JoinLink:
    """A join link; raises LinkNotFound."""
    return await queries.get_join_link(tx, join_link_id)


async def find_link_by_code(tx: Tx, code: str) -> JoinLink | None:
    """The join link behind a short address."""
    return await queries.find_join_link_by_code(tx, code)


async def find_default_link(tx: Tx, program_id: UUID) -> JoinLink | None:
    """The link that the program was made with; raises ProgramNotFound."""
    await programs.get_program(tx, program_id)
    return await queries.find_default_join_link(tx, program_id)


async def list_join_links(tx: Tx, before: UUID, limit: int, wanted: LinkFilter) -> Sequence[JoinLink]:
    """The join links that are wanted, newest first."""
    return await queries.list_join_links(tx, before, limit, wanted)


def link_key(code: str) -> bytes:
    """The key of a short address in the directory (kind ``join_link``)."""
    return directory.fingerprint(code)


async def _add_link(tx: Tx, new: JoinLinkIn, *, is_default: bool | None) -> JoinLink:
    link = JoinLink(
        organization_id=tx.organization_id,
        id=new_id(),
        code=new_code(_CODE_LETTERS),
        is_default=is_default,
        created_at=clock.now(),
        **new.model_dump(),
    )
    tx.session.add(link)
    await tx.flush()
    await directory.add(tx, "join_link", link_key(link.code))
    await announce(tx, JoinLinkCreated(join_link_id=link.id, program_id=link.program_id))
    return link
