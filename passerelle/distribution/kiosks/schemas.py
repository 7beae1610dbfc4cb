"""Kiosks on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from passerelle.distribution.schemas import JoinLinkId
from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Outbound, Wire
from passerelle.organizations.schemas import LocationId
from passerelle.programs.schemas import Label, ProgramId

KioskId = Annotated[UUID, WireId("ksk")]


class KioskIn(Wire):
    """A new tablet: of which program, in which place. Without ``language`` it begins in the organization's."""

    name: Label
    program_id: ProgramId
    location_id: LocationId | None = None
    language: Language | None = None
    ask_email: bool = False


class KioskChange(Wire):
    """What staff call a tablet from now on."""

    name: Label


class KioskOut(Outbound):
    """``seen_at`` is when the tablet last called, to the minute; ``link_id`` is where its figures are."""

    id: KioskId
    name: str
    link_id: JoinLinkId
    program_id: ProgramId
    location_id: LocationId | None
    language: Language | None
    seen_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime


class OpenedKiosk(KioskOut):
    """With the address for the tablet, shown this once, and as a picture for its camera."""

    url: str
    qr_svg: str
