"""The verbs of posters: read and keep a link's design, and put in order what is to be drawn of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final
from uuid import UUID

from PIL import Image

from passerelle.distribution.colours import palette
from passerelle.distribution.events import JoinLinkChanged
from passerelle.distribution.models import JoinLink
from passerelle.distribution.offers import CardOffer, CheckInOffer, Offer, open_offer
from passerelle.distribution.posters.printing import Content, Order
from passerelle.distribution.posters.schemas import PosterDesign, PosterFormat, PosterOut, PosterWords
from passerelle.distribution.wording import texts
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.i18n import LANGUAGES, Language, direction
from passerelle.organizations.schemas import Brand
from passerelle.templates import service as templates
from passerelle.templates.errors import NotPublished

_LOGO_PIXELS: Final = 600


@dataclass(frozen=True, slots=True)
class Subject:
    """What a poster is of: an offer, the design of its cards, and what was chosen for the paper."""

    offer: Offer | CardOffer | CheckInOffer
    template_id: UUID | None
    design: PosterDesign


async def subject_of(tx: Tx, link: JoinLink) -> Subject:
    """What the poster of a join link is of."""
    offer = await open_offer(tx, link.program_id, link.location_id)
    return Subject(offer, offer.program.template_id, design_of(link.poster))


async def get_poster(tx: Tx, subject: Subject) -> PosterOut:
    """A design with everything that its empty fields stand for."""
    offer = subject.offer
    look = await _look(tx, subject)
    return PosterOut(
        design=subject.design,
        words={language: _words(offer, language) for language in LANGUAGES},
        lang=offer.organization.language,
        background=look.background,
        foreground=look.foreground,
        has_logo=offer.organization.brand.logo is not None,
        place=offer.location.name if offer.location else None,
    )


async def save_poster(tx: Tx, link: JoinLink, design: PosterDesign) -> PosterOut:
    """Keep a design; the poster of this address is drawn by it from now on."""
    link.poster = design.model_dump(mode="json")
    await tx.flush()
    await announce(tx, JoinLinkChanged(join_link_id=link.id, fields=("poster",)))
    return await get_poster(tx, await subject_of(tx, link))


def design_of(kept: Mapping[str, object] | None) -> PosterDesign:
    """What was kept, or the one that every link begins with."""
    return PosterDesign.model_validate(kept or {})


async def order_poster(tx: Tx, subject: Subject, changed: PosterDesign, kind: PosterFormat, url: str) -> Order:
    """What is to be drawn; drawing itself waits until the transaction has ended.

    What ``changed`` says counts instead of what was kept.
    """
    design = subject.design.model_copy(update=changed.model_dump(exclude_unset=True))
    content = await _content(tx, subject, design, url)
    return Order(content, design.size, kind, design.crop_marks)


async def read_logo(tx: Tx, brand: Brand) -> bytes | None:
    """The merchant's logo as a PNG of limited size, None when there is none."""
    png = await templates.find_picture(tx, brand.logo) if brand.logo else None
    if png is None:
        return None
    picture = Image.open(BytesIO(png)).convert("RGBA")
    picture.thumbnail((_LOGO_PIXELS, _LOGO_PIXELS))
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


async def _content(tx: Tx, subject: Subject, design: PosterDesign, url: str) -> Content:
    offer = subject.offer
    language = design.lang or offer.organization.language
    words = _words(offer, language)
    look = await _look(tx, subject)
    colours = palette(design.background or look.background, design.foreground or look.foreground, look.label)
    logo = await read_logo(tx, offer.organization.brand) if design.show_logo else None
    size = Image.open(BytesIO(logo)).size if logo else (1, 1)
    steps = (design.step_1 or words.step_1, design.step_2 or words.step_2, design.step_3 or words.step_3)
    return Content(
        url=url,
        # People type what the camera does not read, without the part that browsers add by themselves.
        typed=url.removeprefix("https://").removeprefix("http://"),
        language=language,
        is_rtl=direction(language) == "rtl",
        organization=offer.organization.name,
        headline=design.headline or words.headline,
        text=design.text or words.text,
        call=design.call or words.call,
        steps=steps if design.show_steps else (),
        or_type=texts(language)["poster_or_type"],
        place=offer.location.name if offer.location and design.show_place else "",
        stamps=offer.stamps,
        brand=colours.brand,
        on_brand=colours.on_brand,
        soft_on_brand=colours.on_brand if design.foreground else colours.soft_on_brand,
        accent=colours.accent,
        logo=logo,
        logo_ratio=size[0] / size[1],
    )


def _words(offer: Offer | CardOffer | CheckInOffer, language: Language) -> PosterWords:
    t = texts(language)
    of = "" if offer.kind == "program" else f"{offer.kind}_"
    return PosterWords(
        headline=offer.title(language),
        text=offer.promise(language),
        call=t[f"poster_{of}call"],
        step_1=t["poster_step_1"],
        step_2=t[f"poster_{of}step_2"],
        step_3=t[f"poster_{of}step_3"],
    )


async def _look(tx: Tx, subject: Subject) -> Brand:
    """The colours of the card as it is published, of the brand before that."""
    brand = subject.offer.organization.brand
    if subject.template_id is None:
        return brand
    try:
        card = (await templates.published(tx, subject.template_id)).content.colours
    except NotPublished:
        return brand
    return brand.model_copy(
        update={"background": card.background, "foreground": card.foreground, "label": card.label}
    )
