"""HTTP of templates and images."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response

from passerelle.kit.actors import SYSTEM
from passerelle.kit.db import Tx
from passerelle.kit.idempotency import once
from passerelle.kit.web import Admitted, Edge, Router, admit, allow, edge, language_of, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.organizations.schemas import OrganizationId
from passerelle.templates import facts, kinds, samples, service, suggesting
from passerelle.templates.errors import (
    ImageNotFound,
    ImageTooLarge,
    ImageTooManyPixels,
    ImageUnreadable,
    KindFixed,
    TemplateChanged,
    TemplateInvalid,
    TemplateNotFound,
    TooManyImages,
    TooManyTemplates,
    VersionNotFound,
)
from passerelle.templates.schemas import (
    CheckOut,
    ImageId,
    ImageOut,
    PlaceholderOut,
    PreviewIn,
    PreviewOut,
    SampleOut,
    SuggestionIn,
    TemplateContent,
    TemplateId,
    TemplateIn,
    TemplateOut,
    VersionIn,
    VersionOut,
    VersionSummary,
)

router = Router(prefix="/api/v1", tags=["templates"])
public_router = Router(tags=["images"])

Version = Annotated[int, Path(ge=1, le=1_000_000)]
Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
_PICTURE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/png", "image/jpeg", "image/webp")
        },
    }
}
_FOR_EVER = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@router.post("/templates", status_code=201, responses=refusals(TemplateInvalid, TooManyTemplates))
async def create_template(body: TemplateIn, tx: Annotated[Tx, allow("programs:write")]) -> TemplateOut:
    """Make a template and publish its first version; without content, a good card is designed."""
    return await service.create_template(tx, body)


@router.post("/templates/suggestion", responses=refusals())
async def suggest(body: SuggestionIn, tx: Annotated[Tx, allow("programs:read")]) -> TemplateContent:
    """The card that a program, gift card or coupon would come with; nothing is kept."""
    return await suggesting.suggest(tx, body)


@router.get("/templates", responses=refusals())
async def list_templates(
    tx: Annotated[Tx, allow("programs:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[TemplateOut]:
    """Templates, newest first."""
    items = await service.list_templates(tx, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/templates/placeholders", responses=refusals())
async def list_placeholders(request: Request, _: Annotated[Tx, allow("programs:read")]) -> list[PlaceholderOut]:
    """What texts may mention; ``balance.<unit>`` goes with every unit of the program."""
    language = language_of(request)
    return [
        PlaceholderOut(
            name=name,
            kinds=kinds.kinds_of(name),
            kind=placeholder.kind,
            meaning=placeholder.meaning[language],
            sample=facts.shown(placeholder.sample, language),
        )
        for name, placeholder in facts.PLACEHOLDERS.items()
    ]


@router.get("/templates/samples", responses=refusals())
async def list_samples(request: Request, _: Annotated[Tx, allow("programs:read")]) -> list[SampleOut]:
    """Customers to look at a card with: a regular, a new one, one with a reward, one with long names."""
    language = language_of(request)
    return [
        SampleOut(key=key, facts=samples.on_the_wire(known, language)) for key, known in samples.CUSTOMERS.items()
    ]


@router.post("/templates/check", responses=refusals())
async def check_content(
    body: TemplateContent, request: Request, tx: Annotated[Tx, allow("programs:read")]
) -> CheckOut:
    """What is wrong with a content, in the caller's language; nothing is kept."""
    findings = await service.check_content(tx, body)
    return CheckOut(findings=service.findings_out(findings, language_of(request)))


@router.post("/templates/preview", responses=refusals(TemplateInvalid))
async def preview(body: PreviewIn, tx: Annotated[Tx, allow("programs:read")]) -> PreviewOut:
    """A card of a content that need not be saved, with sample facts."""
    return await service.preview(tx, body)


@router.get("/templates/{template_id}", responses=refusals(TemplateNotFound))
async def get_template(template_id: TemplateId, tx: Annotated[Tx, allow("programs:read")]) -> TemplateOut:
    """One template."""
    return await service.get_template(tx, template_id)


@router.post(
    "/templates/{template_id}/versions",
    status_code=201,
    responses=refusals(TemplateNotFound, TemplateInvalid, TemplateChanged, KindFixed),
)
async def save_version(
    template_id: TemplateId, body: VersionIn, request: Request, tx: Annotated[Tx, allow("programs:write")]
) -> VersionOut:
    """Keep a new version of the content; earlier ones stay."""
    return await service.save_version(tx, template_id, body, language_of(request))


@router.get("/templates/{template_id}/versions", responses=refusals(TemplateNotFound))
async def list_versions(
    template_id: TemplateId,
    tx: Annotated[Tx, allow("programs:read")],
    limit: PageSize = 50,
    cursor: Annotated[int | None, Query(ge=1, le=1_000_000, description="“next” of the page before.")] = None,
) -> Page[VersionSummary]:
    """Versions, newest first."""
    items = await service.list_versions(tx, template_id, cursor or 1_000_001, limit)
    return Page(items=items, next=str(items[-1].version) if len(items) == limit else None)


@router.get("/templates/{template_id}/versions/{version}", responses=refusals(TemplateNotFound, VersionNotFound))
async def get_version(
    template_id: TemplateId, version: Version, request: Request, tx: Annotated[Tx, allow("programs:read")]
) -> VersionOut:
    """One version with its content and findings."""
    return await service.get_version(tx, template_id, version, language_of(request))


@router.post(
    "/templates/{template_id}/versions/{version}/publish", responses=refusals(TemplateNotFound, VersionNotFound)
)
async def publish_version(
    template_id: TemplateId, version: Version, tx: Annotated[Tx, allow("programs:write")]
) -> TemplateOut:
    """Have cards made from this version; an earlier one may be published again."""
    return await service.publish_version(tx, template_id, version)


@router.post(
    "/images",
    status_code=201,
    response_model=ImageOut,
    openapi_extra=_PICTURE_BODY,
    responses=refusals(ImageTooLarge, ImageTooManyPixels, ImageUnreadable, TooManyImages),
)
async def upload_image(request: Request, who: Annotated[Admitted, admit("programs:write")]) -> Any:
    """Upload a PNG, JPEG or WebP as the body of the request; the same picture again is the same image."""
    picture = await service.read_picture(await request.body())
    async with who.transaction() as tx:
        return await once(tx, lambda: service.upload_image(tx, picture), status=201)


@router.get("/images", responses=refusals())
async def list_images(
    tx: Annotated[Tx, allow("programs:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[ImageOut]:
    """Uploaded images, newest first."""
    items = await service.list_images(tx, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/images/{image_id}", responses=refusals(ImageNotFound))
async def get_image(image_id: ImageId, tx: Annotated[Tx, allow("programs:read")]) -> ImageOut:
    """One image."""
    return await service.get_image(tx, image_id)


@public_router.get(
    "/images/{organization_id}/{digest}.png", response_class=Response, responses=refusals(ImageNotFound)
)
async def get_picture(
    organization_id: OrganizationId, digest: Digest, at: Annotated[Edge, Depends(edge)]
) -> Response:
    """A picture of a card. Public: wallets fetch it without a key, and nobody can guess a SHA-256."""
    async with at.database.transaction(organization_id, SYSTEM) as tx:
        png = await service.find_picture(tx, digest)
    if png is None:
        raise ImageNotFound
    return Response(png, media_type="image/png", headers=_FOR_EVER | {"ETag": f'"{digest}"'})
