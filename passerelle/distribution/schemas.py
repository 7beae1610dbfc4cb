"""Distribution on the wire and between domains."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from passerelle.customers.schemas import CustomerId
from passerelle.distribution import qr
from passerelle.distribution.rules import MAX_UTM_CHARACTERS, clean_utm, site_origin
from passerelle.giftcards.schemas.values import GiftCardProductId
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Outbound, Wire
from passerelle.organizations.schemas import Colour, LocationId
from passerelle.passes.schemas import PassDetail, PassId
from passerelle.programs.schemas import Label, ProgramId
from passerelle.rewards.coupons.schemas import CampaignId

JoinLinkId = Annotated[UUID, WireId("lnk")]
Utm = Annotated[
    Annotated[str, Field(max_length=MAX_UTM_CHARACTERS)] | None,
    BeforeValidator(lambda value: clean_utm(value) if isinstance(value, str) else value),
]
MAX_ORIGINS = 20
Origin = Annotated[str, Field(max_length=200), AfterValidator(site_origin)]
Origins = Annotated[
    list[Origin],
    Field(
        max_length=MAX_ORIGINS,
        description="Sites that may show the join form in a frame, such as `https://cafe.example`. Others may not.",
    ),
]
FunnelBy = Literal["platform", "location", "source"]


@dataclass(frozen=True, slots=True)
class Trail:
    """Where somebody came from: kept from the first view to the card that is removed."""

    location_id: UUID | None = None
    utm_source: str | None = None
    utm_medium: str | None = None
    utm_campaign: str | None = None
    join_link_id: UUID | None = None
    handout_link_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """Which links of a list: of a program, of a place; those in use, or the archived ones."""

    program_id: UUID | None = None
    location_id: UUID | None = None
    archived: bool = False


class JoinLinkIn(Wire):
    """A new way to the join page: of a place, a flyer, a campaign. ``ask_email`` adds an optional e-mail field."""

    program_id: ProgramId
    name: Label
    location_id: LocationId | None = None
    utm_source: Utm = None
    utm_medium: Utm = None
    utm_campaign: Utm = None
    ask_email: bool = False
    embed_origins: Origins = Field(default_factory=list)


class JoinLinkChange(Wire):
    """Fields left out stay as they are; null empties place and campaign. The program and the address stay."""

    name: Label | None = None
    location_id: LocationId | None = None
    utm_source: Utm = None
    utm_medium: Utm = None
    utm_campaign: Utm = None
    ask_email: bool | None = None
    embed_origins: Origins | None = None
    archived: Annotated[
        bool | None,
        Field(description="An archived link takes no new members and stands in no list; it can come back."),
    ] = None


class JoinLinkOut(Outbound):
    """``url`` is short, for posters; ``is_default`` is the link that the program was made with.

    ``embed_url`` shows the form alone, in frames of the sites of ``embed_origins``.
    """

    id: JoinLinkId
    program_id: ProgramId
    name: str
    url: str
    embed_url: str
    location_id: LocationId | None
    utm_source: str | None
    utm_medium: str | None
    utm_campaign: str | None
    ask_email: bool
    embed_origins: list[str]
    is_default: bool
    archived_at: datetime | None
    created_at: datetime


class QrLook(Wire):
    """How a QR code is drawn. ``quiet`` is its margin in modules, of which the standard wants 4.

    With ``logo`` the merchant's stands in the middle, and the error level is at least Q. Keep the dark colour dark
    and the light one light: many cameras read nothing else.
    """

    size: Annotated[int, Field(ge=qr.MIN_PIXELS, le=qr.MAX_PIXELS, description="Width in pixels.")] = 512
    quiet: Annotated[int, Field(ge=0, le=qr.MAX_QUIET_ZONE)] = qr.QUIET_ZONE
    error: qr.ErrorLevel = "m"
    dark: Colour = "#000000"
    light: Colour = "#ffffff"
    logo: bool = False


class SmartLinkOut(Outbound):
    """A secret way to one card: give it to its holder alone. It is shown this once; make another when lost.

    ``qr_svg`` is the address as a picture, for a phone that is held to the screen.
    """

    pass_id: PassId
    url: str
    qr_svg: str
    apple_url: str
    google_url: str


class CardHolderIn(Wire):
    """Who holds the card from now on, if that is known; a gift card is otherwise its bearer's."""

    customer_id: CustomerId | None = None


class EventFunnel(Outbound):
    """Of an event's tickets that were not cancelled: how many are out, were ever on a phone, came in."""

    issued: int
    added: int
    used: int


class CardLinkOut(SmartLinkOut):
    """A secret way to the card of a coupon or a gift card, and the card as its wallets hold it."""

    card: PassDetail


class FunnelSteps(Outbound):
    """How many got how far. Cards are counted once per step, views each time the page was opened by a person.

    ``viewed``: the join page, the page of a coupon or gift card, or a link that staff gave. ``platform_detected``: of
    those, on a phone or computer that a wallet knows. ``joined``: forms that made a card. ``tapped``: cards asked for
    by a wallet. ``added``, ``removed``: cards that a wallet registered, or gave up.
    """

    viewed: int = 0
    platform_detected: int = 0
    joined: int = 0
    tapped: int = 0
    added: int = 0
    removed: int = 0


class LinkCounts(FunnelSteps):
    """How a link did. A card that is in both wallets counts in both, and once in ``added``."""

    added_apple: int = 0
    added_google: int = 0


class LinkFigures(LinkCounts):
    """How one join link did."""

    link_id: JoinLinkId


class LinkFiguresOut(Outbound):
    """Figures of ``[from, to)``, in the order in which links were asked for."""

    start: Annotated[datetime, Field(serialization_alias="from")]
    end: Annotated[datetime, Field(serialization_alias="to")]
    items: list[LinkFigures]


@dataclass(frozen=True, slots=True)
class LinkTotals:
    """Pages that people opened, and cards that a wallet was asked for."""

    viewed: int
    tapped: int


class FunnelRow(FunnelSteps):
    """``key`` is a platform, a source or a location's id; null where none is known. ``name`` is for people."""

    key: str | None
    name: str | None


class FunnelOut(Outbound):
    """The adoption funnel of ``[from, to)``, of a program, a coupon campaign or a gift card product."""

    program_id: ProgramId | None = None
    campaign_id: CampaignId | None = None
    gift_card_product_id: GiftCardProductId | None = None
    start: Annotated[datetime, Field(serialization_alias="from")]
    end: Annotated[datetime, Field(serialization_alias="to")]
    by: FunnelBy
    total: FunnelSteps
    rows: list[FunnelRow]
