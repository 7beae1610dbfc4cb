"""The content of a template version, as it is stored and as it goes over the wire.

Texts may hold Liquid placeholders (``facts.PLACEHOLDERS``); ``rules.check`` tells what is wrong with a content
that has this shape.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Wire
from passerelle.organizations.schemas import Colour
from passerelle.templates.facts import Length, Style

Kind = Literal["stamps", "points", "membership", "coupon", "gift_card", "event_ticket", "generic"]
"""What a card is for; it decides Apple's style and Google's resource type."""
LOYALTY: Final = frozenset({"stamps", "points", "membership"})

ImageId = Annotated[UUID, WireId("img")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
ShortText = Annotated[str, StringConstraints(max_length=300)]
LongText = Annotated[str, StringConstraints(max_length=4_000)]
Address = Annotated[str, StringConstraints(max_length=500, pattern=r"^(https?://|tel:|mailto:|geo:)[^\s]+$")]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]

Area = Literal["header", "primary", "secondary", "auxiliary", "back"]
AREAS: Final[tuple[Area, ...]] = ("header", "primary", "secondary", "auxiliary", "back")
Shape = Literal["cup", "star", "heart", "circle", "check", "image"]


def _within_reason(instant: datetime) -> datetime:
    if not 2000 <= instant.year <= 2200:
        raise ValueError("An end must lie between the years 2000 and 2200.")
    return instant


class FieldContent(Wire):
    """One field of the card.

    ``format`` other than text needs a value that is one placeholder (or a literal number or date): the wallet
    then writes it as its owner does. ``change_message`` is what the lock screen says when the value changes,
    with ``%@`` where the new value goes. A field whose value is empty is left out.
    """

    key: Key
    label: ShortText = ""
    value: LongText
    change_message: ShortText | None = None
    alignment: Literal["left", "center", "right", "natural"] | None = None
    format: Style = "text"
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    length: Length = "medium"
    relative: bool = False
    detect: Annotated[list[Literal["phone", "link", "address", "calendar"]], Field(max_length=4)] | None = None
    link: Address | None = None


class Fields(Wire):
    """The fields by area, in the order in which they are shown."""

    header: list[FieldContent] = Field(default=[], max_length=10)
    primary: list[FieldContent] = Field(default=[], max_length=10)
    secondary: list[FieldContent] = Field(default=[], max_length=10)
    auxiliary: list[FieldContent] = Field(default=[], max_length=10)
    back: list[FieldContent] = Field(default=[], max_length=30)


class Colours(Wire):
    """``strip`` colours the ground of drawn strips; without it, it follows from the background."""

    background: Colour = "#5b3a29"
    foreground: Colour = "#ffffff"
    label: Colour = "#f2d9c2"
    strip: Colour | None = None


class Images(Wire):
    """Uploaded images by their place; only the icon is required."""

    icon: ImageId | None = None
    logo: ImageId | None = None
    wide_logo: ImageId | None = None
    strip: ImageId | None = None
    hero: ImageId | None = None
    thumbnail: ImageId | None = None
    background: ImageId | None = None
    stamp: ImageId | None = None
    empty_stamp: ImageId | None = None


class Stamps(Wire):
    """How the stamps are drawn: one strip for every number of stamps from none to ``goal``."""

    goal: Annotated[int, Field(ge=1, le=30)]
    shape: Shape = "cup"
    filled: Colour | None = None
    empty: Colour | None = None


class Barcode(Wire):
    """What the till scans; ``message`` and ``alt_text`` may hold placeholders."""

    format: Literal["qr", "pdf417", "aztec", "code128"] = "qr"
    message: Annotated[str, StringConstraints(min_length=1, max_length=500)] = "{{ pass.code }}"
    alt_text: ShortText = "{{ pass.code }}"


class Place(Wire):
    """Where the card comes forward on the lock screen."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    relevant_text: ShortText = ""


class Link(Wire):
    """A link on the back."""

    label: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    url: Address


class SignUp(Wire):
    """What Apple Wallet asks the holder of a card for which nobody knows a name (Apple: personalization).

    The name is always asked, the others besides; ``terms`` are what they agree to by signing up.
    """

    description: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    besides: Annotated[list[Literal["phone", "email", "postal_code"]], Field(default=[], max_length=3)]
    terms: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4_000)] | None = None


class GoogleOverlay(Wire):
    """Keys put over Google's class and object as they are; texts of the object may hold placeholders."""

    class_: dict[str, Any] = Field(default={}, alias="class")
    object: dict[str, Any] = Field(default={})


class TemplateContent(Wire):
    """Everything a template version says. ``translations`` go from a text of this content to its translation.

    ``page_link``: the back of a loyalty card ends with the way to my page, unless the design names it elsewhere.
    """

    kind: Kind
    language: Language = "en"
    organization_name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    description: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    logo_text: ShortText = ""
    fields: Fields = Fields()
    translations: dict[LanguageTag, Annotated[dict[LongText, LongText], Field(max_length=300)]] = Field(
        default={}, max_length=12
    )
    colours: Colours = Colours()
    images: Images = Images()
    stamps: Stamps | None = None
    barcode: Barcode | None = Barcode()
    locations: list[Place] = Field(default=[], max_length=10)
    max_distance_m: Annotated[int, Field(ge=1, le=100_000)] | None = None
    links: list[Link] = Field(default=[], max_length=10)
    page_link: bool = True
    expires_at: Annotated[AwareDatetime, AfterValidator(_within_reason)] | None = None
    sharing_prohibited: bool = False
    sign_up: SignUp | None = None
    apple: dict[str, Any] = Field(default={})
    google: GoogleOverlay = GoogleOverlay()

    def placed_fields(self) -> list[tuple[Area, int, FieldContent]]:
        """Every field with its area and position."""
        return [
            (area, position, field) for area in AREAS for position, field in enumerate(getattr(self.fields, area))
        ]

    def stored(self) -> dict[str, Any]:
        """The content as JSON for its column; ``TemplateContent.model_validate`` reads it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two ends, where None is no end."""
    return min(filter(None, (one, other)), default=None)
