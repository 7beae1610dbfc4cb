"""The verbs of templates; the only writer of its tables, and the door to what cards are made from."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.templates import artwork, queries, rules
from passerelle.templates.cache import TemplateCache
from passerelle.templates.colours import rgb
from passerelle.templates.compiled import CompiledTemplate, LocalText, compile_template, overlaid
from passerelle.templates.content import ImageId, Images, TemplateContent, earlier
from passerelle.templates.defaults import Design, default_content
from passerelle.templates.errors import (
    KindFixed,
    NotPublished,
    TemplateChanged,
    TemplateInvalid,
    TooManyImages,
    TooManyTemplates,
)
from passerelle.templates.events import ImageUploaded, TemplateCreated, TemplatePublished, TemplateVersionSaved
from passerelle.templates.facts import SAMPLES, Facts, FactValue
from passerelle.templates.files import is_for_google, make_files
from passerelle.templates.findings import Finding
from passerelle.templates.keeping import drawn, image_path, keep_pictures
from passerelle.templates.models import PassTemplate, StoredImage, TemplateVersion
from passerelle.templates.page_link import with_page_link
from passerelle.templates.pictures import normalised
from passerelle.templates.preview import drawn_strip, previewed, shown_pictures
from passerelle.templates.schemas import (
    FindingOut,
    ImageOut,
    PreviewIn,
    PreviewOut,
    TemplateIn,
    TemplateOut,
    VersionIn,
    VersionOut,
    VersionSummary,
)

__all__ = [
    "CompiledTemplate",
    "Design",
    "FactValue",
    "Facts",
    "LocalText",
    "compile_template",
    "earlier",
    "overlaid",
    "sample_facts",
]

TEMPLATE_LIMIT: Final = 200
UPLOAD_LIMIT: Final = 500
_cache: Final = TemplateCache()


async def create_template(tx: Tx, new: TemplateIn) -> TemplateOut:
    """Make a template and publish its first version; raises TemplateInvalid, TooManyTemplates.

    Without content the card is designed from the organization's name and colours.
    """
    if new.content is not None:
        return await _create(tx, new.name, new.content)
    organization = await organizations.get_organization(tx)
    design = Design(
        kind=new.kind,
        organization_name=organization.name,
        program_name=new.name,
        brand=organization.brand,
        language=organization.language,
        goal=new.goal,
        contact=organization.legal.contact_email,
        names=new.names,
    )
    return await create_designed(tx, design)


async def create_designed(tx: Tx, design: Design) -> TemplateOut:
    """Make and publish the default card of a program, with drawn artwork; raises TooManyTemplates."""
    content = default_content(design)
    colours = rgb(content.colours.background), rgb(content.colours.foreground)
    logo = await queries.find_picture(tx, design.brand.logo) if design.brand.logo else None

    def pictures_of() -> dict[str, bytes]:
        if logo is not None:
            return {"icon": artwork.icon_of(logo), "logo": artwork.logo_of(logo, colours[0])}
        return {
            "icon": artwork.draw_icon(design.organization_name, *colours),
            "logo": artwork.draw_logo(design.organization_name, *colours),
        }

    pictures = await drawn(pictures_of)
    kept = await keep_pictures(tx, pictures, uploaded=False)
    images = Images(icon=kept["icon"][0], logo=kept["logo"][0])
    return await _create(tx, design.program_name, content.model_copy(update={"images": images}))


async def save_version(tx: Tx, template_id: UUID, new: VersionIn, language: Language = "en") -> VersionOut:
    """Keep a new version; earlier ones stay as they are.

    Raises KindFixed, TemplateChanged, TemplateInvalid, TemplateNotFound.
    """
    findings = await _require_valid(tx, new.content)
    template = await queries.get_template(tx, template_id, for_update=True)
    if not rules.may_become(template.kind, new.content.kind):
        raise KindFixed(kind=template.kind, wanted=new.content.kind)
    if new.base_version is not None and new.base_version != template.latest_version:
        latest = await queries.get_version(tx, template_id, template.latest_version)
        raise TemplateChanged(latest_version=template.latest_version, saved_by=latest.created_by)
    template.latest_version += 1
    template.kind = new.content.kind
    template.updated_at = clock.now()
    await _write_version(tx, template, new.content)
    if new.publish:
        await publish_version(tx, template_id, template.latest_version)
    version = await queries.get_version(tx, template_id, template.latest_version)
    return _version_out(version, template.published_version, findings_out(findings, language))


async def publish_version(tx: Tx, template_id: UUID, version: int) -> TemplateOut:
    """Have cards made from this version; harmless when they are. Raises TemplateNotFound, VersionNotFound."""
    template = await queries.get_template(tx, template_id, for_update=True)
    await queries.get_version(tx, template_id, version)
    if template.published_version != version:
        template.published_version = version
        template.updated_at = clock.now()
        await announce(tx, TemplatePublished(template_id=template_id, version=version))
    return _template_out(template)


async def published_version(tx: Tx, template_id: UUID) -> int | None:
    """The version that new cards get, None before the first is published; raises TemplateNotFound."""
    return await queries.find_published_version(tx, template_id)


async def published(tx: Tx, template_id: UUID, version: int | None = None) -> CompiledTemplate:
    """A version ready for rendering: the given one, or the published one at the price of a statement.

    A version that this process has used lately costs no statement. Raises TemplateNotFound, VersionNotFound,
    NotPublished.
    """
    if version is None:
        version = await queries.find_published_version(tx, template_id)
        if version is None:
            raise NotPublished
    known = _cache.find((tx.organization_id, template_id, version))
    if known is not None:
        return known
    row = await queries.get_version(tx, template_id, version)
    files = await queries.pictures_by_digest(
        tx, [digest for name, digest in row.files.items() if not is_for_google(name)]
    )
    compiled = compile_template(
        with_page_link(TemplateContent.model_validate(row.content)),
        organization_id=tx.organization_id,
        template_id=template_id,
        version=version,
        files={name: files[digest] for name, digest in row.files.items() if digest in files},
        digests=row.files,
    )
    _cache.keep(compiled)
    return compiled


async def get_template(tx: Tx, template_id: UUID) -> TemplateOut:
    """A template; raises TemplateNotFound."""
    return _template_out(await queries.get_template(tx, template_id))


async def list_templates(tx: Tx, before: UUID, limit: int) -> list[TemplateOut]:
    """Templates, newest first."""
    return [_template_out(template) for template in await queries.list_templates(tx, before, limit)]


async def get_version(tx: Tx, template_id: UUID, version: int, language: Language = "en") -> VersionOut:
    """One version with its findings as the rules are now; raises TemplateNotFound, VersionNotFound."""
    template = await queries.get_template(tx, template_id)
    row = await queries.get_version(tx, template_id, version)
    findings = await check_content(tx, TemplateContent.model_validate(row.content))
    return _version_out(row, template.published_version, findings_out(findings, language))


async def list_versions(tx: Tx, template_id: UUID, below: int, limit: int) -> list[VersionSummary]:
    """Versions, newest first; raises TemplateNotFound."""
    template = await queries.get_template(tx, template_id)
    return [
        VersionSummary(
            version=row.version,
            created_at=row.created_at,
            created_by=row.created_by,
            published=row.version == template.published_version,
        )
        for row in await queries.list_versions(tx, template_id, below, limit)
    ]


async def check_content(tx: Tx, content: TemplateContent) -> list[Finding]:
    """What is wrong with a content, without keeping it."""
    images = await queries.list_images(tx, _image_ids(content))
    sizes = {image.id: rules.ImageSize(image.width, image.height) for image in images}
    return rules.check(content, sizes)


async def preview(tx: Tx, asked: PreviewIn) -> PreviewOut:
    """A card of a content that need not be saved; raises TemplateInvalid."""
    content = asked.content
    await _require_valid(tx, content)
    images = {image.id: image for image in await queries.list_images(tx, _image_ids(content))}
    shown = with_page_link(content)
    compiled = compile_template(
        shown, organization_id=tx.organization_id, template_id=new_id(), version=0, files={}, digests={}
    )
    facts = sample_facts(content, asked.facts)
    addresses = {
        place: image_path(tx.organization_id, images[image_id].digest)
        for place, image_id in content.images
        if image_id in images
    }
    sources = await _sources(tx, content)
    strip = await drawn(partial(drawn_strip, compiled, facts, sources))
    return previewed(compiled, facts, asked.language, addresses | ({"strip": strip} if strip else {}))


def show(compiled: CompiledTemplate, facts: Facts, language: str | None) -> PreviewOut:
    """The card of somebody as a page shows it, in a language of the template."""
    return previewed(compiled, facts, language, shown_pictures(compiled, facts))


async def read_picture(data: bytes) -> bytes:
    """A stranger's picture as a harmless PNG; takes its time, so no transaction should wait for it.

    Raises ImageTooLarge, ImageTooManyPixels, ImageUnreadable.
    """
    return (await drawn(partial(normalised, data))).png


async def upload_image(tx: Tx, png: bytes) -> ImageOut:
    """Keep a picture that ``read_picture`` gave; the same one again is the same image. Raises TooManyImages."""
    if await queries.count_uploads(tx) >= UPLOAD_LIMIT:
        raise TooManyImages(limit=UPLOAD_LIMIT)
    kept = await keep_pictures(tx, {"upload": png}, uploaded=True)
    image_id, _ = kept["upload"]
    await announce(tx, ImageUploaded(image_id=image_id))
    return _image_out(await queries.get_image(tx, image_id))


async def get_image(tx: Tx, image_id: UUID) -> ImageOut:
    """An image; raises ImageNotFound."""
    return _image_out(await queries.get_image(tx, image_id))


async def list_images(tx: Tx, before: UUID, limit: int) -> list[ImageOut]:
    """Uploaded images, newest first."""
    return [_image_out(image) for image in await queries.list_uploads(tx, before, limit)]


async def find_picture(tx: Tx, digest: str) -> bytes | None:
    """The PNG behind a public address."""
    return await queries.find_picture(tx, digest)


def findings_out(findings: Iterable[Finding], language: Language) -> list[FindingOut]:
    """Findings in the reader's language."""
    return [
        FindingOut(severity=each.severity, code=each.code, path=each.path, sentence=each.sentence[language])
        for each in findings
    ]


async def _create(tx: Tx, name: str, content: TemplateContent) -> TemplateOut:
    await _require_valid(tx, content)
    if await queries.count_templates(tx) >= TEMPLATE_LIMIT:
        raise TooManyTemplates(limit=TEMPLATE_LIMIT)
    now = clock.now()
    template = PassTemplate(
        organization_id=tx.organization_id,
        id=new_id(),
        name=name,
        kind=content.kind,
        latest_version=1,
        published_version=None,
        created_at=now,
        updated_at=now,
    )
    tx.session.add(template)
    await tx.flush()
    await announce(tx, TemplateCreated(template_id=template.id, kind=content.kind))
    await _write_version(tx, template, content)
    return await publish_version(tx, template.id, 1)


async def _require_valid(tx: Tx, content: TemplateContent) -> list[Finding]:
    findings = await check_content(tx, content)
    errors = rules.errors_of(findings)
    if errors:
        raise TemplateInvalid(errors)
    return findings


async def _write_version(tx: Tx, template: PassTemplate, content: TemplateContent) -> None:
    sources = await _sources(tx, content)
    pictures = await drawn(partial(make_files, content, sources))
    kept = await keep_pictures(tx, pictures, uploaded=False)
    version = TemplateVersion(
        organization_id=tx.organization_id,
        template_id=template.id,
        version=template.latest_version,
        content=content.stored(),
        files={name: digest for name, (_, digest) in kept.items()},
        created_at=clock.now(),
        created_by=tx.actor.label,
    )
    tx.session.add(version)
    await tx.flush()
    await announce(tx, TemplateVersionSaved(template_id=template.id, version=version.version))


async def _sources(tx: Tx, content: TemplateContent) -> dict[str, bytes]:
    """The content's pictures by their place."""
    pictures = await queries.pictures_by_id(tx, _image_ids(content))
    return {place: pictures[image_id] for place, image_id in content.images if image_id in pictures}


def _image_ids(content: TemplateContent) -> list[ImageId]:
    return [image_id for _, image_id in content.images if image_id is not None]


def sample_facts(content: TemplateContent, given: Mapping[str, FactValue]) -> Facts:
    """The facts of nobody's card, in the words of this content; ``given`` ones come before the samples."""
    samples: dict[str, FactValue] = {**SAMPLES, "organization.name": content.organization_name}
    samples["program.name"] = content.title
    if content.stamps is not None:
        goal = content.stamps.goal
        samples |= {"stamps.count": min(7, goal - 1), "stamps.goal": goal}
    facts = samples | dict(given)
    match facts["stamps.count"], facts["stamps.goal"]:
        case int(count), int(full) if "stamps.left" not in given:
            facts["stamps.left"] = max(full - count, 0)
    return facts


def _template_out(template: PassTemplate) -> TemplateOut:
    return TemplateOut(
        id=template.id,
        name=template.name,
        kind=template.kind,
        latest_version=template.latest_version,
        published_version=template.published_version,
        created_at=template.created_at,
        updated_at=template.updated_at,
    )


def _version_out(row: TemplateVersion, published_now: int | None, findings: list[FindingOut]) -> VersionOut:
    return VersionOut(
        version=row.version,
        created_at=row.created_at,
        created_by=row.created_by,
        published=row.version == published_now,
        content=TemplateContent.model_validate(row.content),
        findings=findings,
    )


def _image_out(image: StoredImage) -> ImageOut:
    return ImageOut(
        id=image.id,
        url=image_path(image.organization_id, image.digest),
        width=image.width,
        height=image.height,
        size_bytes=image.size_bytes,
        created_at=image.created_at,
    )
