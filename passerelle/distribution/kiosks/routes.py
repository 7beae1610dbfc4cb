"""HTTP of kiosks: opened, renamed, given another address, listed, closed."""

from typing import Annotated, Final

from passerelle.distribution import qr
from passerelle.distribution.addresses import At
from passerelle.distribution.errors import TooManyLinks
from passerelle.distribution.kiosks import service
from passerelle.distribution.kiosks.errors import KioskNotFound, KioskRevoked, TooManyKiosks
from passerelle.distribution.kiosks.schemas import KioskChange, KioskId, KioskIn, KioskOut, OpenedKiosk
from passerelle.kit.db import Tx
from passerelle.kit.web import Edge, Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.organizations.errors import LocationNotFound
from passerelle.programs.errors import ProgramNotFound

router = Router(prefix="/api/v1/kiosks", tags=["distribution"])
Writer = Annotated[Tx, allow("links:write")]
_QR_PIXELS: Final = 320


@router.post("", status_code=201, responses=refusals(ProgramNotFound, LocationNotFound, TooManyLinks, TooManyKiosks))
async def open_kiosk(body: KioskIn, at: At, tx: Writer) -> OpenedKiosk:
    """A tablet in the store: its secret address, and a join link of its own for its figures."""
    return _opened(*await service.open_kiosk(tx, body), at)


@router.get("", responses=refusals())
async def list_kiosks(
    tx: Annotated[Tx, allow("links:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[KioskOut]:
    """Kiosks, newest first, the closed ones among them."""
    items = await service.list_kiosks(tx, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.patch("/{kiosk_id}", responses=refusals(KioskNotFound, KioskRevoked))
async def rename_kiosk(kiosk_id: KioskId, body: KioskChange, tx: Writer) -> KioskOut:
    """Another name for a tablet, and for its link; its address stays."""
    return await service.rename_kiosk(tx, kiosk_id, body.name)


@router.post("/{kiosk_id}/address", status_code=201, responses=refusals(KioskNotFound, KioskRevoked))
async def readdress_kiosk(kiosk_id: KioskId, at: At, tx: Writer) -> OpenedKiosk:
    """Another address; the tablet that has the one before shows from then on that it is closed."""
    return _opened(*await service.readdress_kiosk(tx, kiosk_id), at)


@router.delete("/{kiosk_id}", responses=refusals(KioskNotFound))
async def close_kiosk(kiosk_id: KioskId, tx: Writer) -> KioskOut:
    """Close a kiosk for good, and archive its link; what was counted stays."""
    return await service.close_kiosk(tx, kiosk_id)


def _opened(kiosk: KioskOut, token: str, at: Edge) -> OpenedKiosk:
    url = at.settings.url(f"/k/{token}")
    picture = qr.svg(url, qr.Style(pixels=_QR_PIXELS)).decode()
    return OpenedKiosk(**kiosk.model_dump(), url=url, qr_svg=picture)
