"""The verbs of kiosks; the only writer of their table."""

from typing import Final
from uuid import UUID

from passerelle.distribution import service as distribution
from passerelle.distribution.kiosks import queries
from passerelle.distribution.kiosks.errors import KioskRevoked, TooManyKiosks
from passerelle.distribution.kiosks.events import KioskClosed, KioskOpened, KioskRenamed
from passerelle.distribution.kiosks.models import Kiosk
from passerelle.distribution.kiosks.schemas import KioskIn, KioskOut
from passerelle.distribution.models import JoinLink
from passerelle.distribution.schemas import JoinLinkChange, JoinLinkIn
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.i18n import as_language
from passerelle.kit.ids import digest, new_id, new_secret, tenant_token

_MAX_KIOSKS: Final = 500
_SECRET_BYTES: Final = 16
PREFIX: Final = "k"


async def open_kiosk(tx: Tx, new: KioskIn) -> tuple[KioskOut, str]:
    """A kiosk with a link of its own, and the token of its address.

    Raises ProgramNotFound, LocationNotFound, TooManyLinks, TooManyKiosks.
    """
    if await queries.count_open_kiosks(tx) >= _MAX_KIOSKS:
        raise TooManyKiosks(limit=_MAX_KIOSKS)
    link = await distribution.create_join_link(
        tx,
        JoinLinkIn(
            program_id=new.program_id,
            name=new.name,
            location_id=new.location_id,
            utm_source="kiosk",
            ask_email=new.ask_email,
        ),
    )
    secret = new_secret(_SECRET_BYTES)
    kiosk = Kiosk(
        organization_id=tx.organization_id,
        id=new_id(),
        join_link_id=link.id,
        name=new.name,
        digest=digest(secret),
        language=new.language,
        created_at=clock.now(),
    )
    tx.session.add(kiosk)
    await tx.flush()
    await announce(tx, KioskOpened(kiosk_id=kiosk.id, join_link_id=link.id))
    return _out(kiosk, link), tenant_token(PREFIX, tx.organization_id, secret)


async def rename_kiosk(tx: Tx, kiosk_id: UUID, name: str) -> KioskOut:
    """Another name for a kiosk and its link. Raises KioskNotFound, KioskRevoked."""
    kiosk = await queries.get_kiosk(tx, kiosk_id)
    if kiosk.revoked_at is not None:
        raise KioskRevoked
    if kiosk.name != name:
        kiosk.name = name
        await tx.flush()
        await distribution.change_join_link(tx, kiosk.join_link_id, JoinLinkChange(name=name))
        await announce(tx, KioskRenamed(kiosk_id=kiosk.id))
    return _out(kiosk, await distribution.get_join_link(tx, kiosk.join_link_id))


async def readdress_kiosk(tx: Tx, kiosk_id: UUID) -> tuple[KioskOut, str]:
    """Another address for a tablet, for one that was lost or seen; the one before no longer works.

    Raises KioskNotFound, KioskRevoked.
    """
    kiosk = await queries.get_kiosk(tx, kiosk_id)
    if kiosk.revoked_at is not None:
        raise KioskRevoked
    secret = new_secret(_SECRET_BYTES)
    kiosk.digest = digest(secret)
    await tx.flush()
    await announce(tx, KioskOpened(kiosk_id=kiosk.id, join_link_id=kiosk.join_link_id))
    link = await distribution.get_join_link(tx, kiosk.join_link_id)
    return _out(kiosk, link), tenant_token(PREFIX, tx.organization_id, secret)


async def close_kiosk(tx: Tx, kiosk_id: UUID) -> KioskOut:
    """Revoke a kiosk's address and archive its link; harmless to repeat. Raises KioskNotFound."""
    kiosk = await queries.get_kiosk(tx, kiosk_id)
    if kiosk.revoked_at is None:
        kiosk.revoked_at = clock.now()
        await distribution.change_join_link(tx, kiosk.join_link_id, JoinLinkChange(archived=True))
        await announce(tx, KioskClosed(kiosk_id=kiosk.id))
    return _out(kiosk, await distribution.get_join_link(tx, kiosk.join_link_id))


async def list_kiosks(tx: Tx, before: UUID, limit: int) -> list[KioskOut]:
    """Kiosks, newest first, the closed ones among them."""
    return [_out(kiosk, link) for kiosk, link in await queries.list_kiosks(tx, before, limit)]


async def enter_kiosk(tx: Tx, secret: bytes) -> tuple[KioskOut, JoinLink] | None:
    """The kiosk behind an address, which has called now; None for one that is not there or closed."""
    kiosk = await queries.find_kiosk(tx, digest(secret))
    if kiosk is None or kiosk.revoked_at is not None:
        return None
    await tx.execute(queries.NOTE_SEEN, tx.organization_id, kiosk.id, clock.now())
    link = await distribution.get_join_link(tx, kiosk.join_link_id)
    return _out(kiosk, link), link


def _out(kiosk: Kiosk, link: JoinLink) -> KioskOut:
    return KioskOut(
        id=kiosk.id,
        name=kiosk.name,
        link_id=link.id,
        program_id=link.program_id,
        location_id=link.location_id,
        language=as_language(kiosk.language),
        seen_at=kiosk.seen_at,
        revoked_at=kiosk.revoked_at,
        created_at=kiosk.created_at,
    )
