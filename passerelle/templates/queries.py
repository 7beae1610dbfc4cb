"""Every SELECT of templates; the tenant is the transaction's."""

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from passerelle.kit.db import Tx
from passerelle.templates.errors import ImageNotFound, TemplateNotFound, VersionNotFound
from passerelle.templates.models import PassTemplate, StoredImage, TemplateVersion

_PUBLISHED: Final = "SELECT published_version FROM pass_templates WHERE organization_id = $1 AND id = $2"
_PICTURES: Final = "SELECT digest, png FROM images WHERE organization_id = $1 AND digest = ANY($2::text[])"
_PICTURES_BY_ID: Final = "SELECT id, png FROM images WHERE organization_id = $1 AND id = ANY($2::uuid[])"
_PICTURE: Final = "SELECT png FROM images WHERE organization_id = $1 AND digest = $2"
# An upload of what was made before becomes an upload; a made file never takes that away.
KEEP_IMAGES: Final = """
INSERT INTO images (organization_id, id, digest, png, width, height, size_bytes, uploaded, created_at)
SELECT $1, made.*, $8, $9
FROM unnest($2::uuid[], $3::text[], $4::bytea[], $5::int[], $6::int[], $7::int[])
    AS made (id, digest, png, width, height, size_bytes)
ON CONFLICT (organization_id, digest) DO UPDATE SET uploaded = images.uploaded OR excluded.uploaded
RETURNING id, digest
"""


async def find_published_version(tx: Tx, template_id: UUID) -> int | None:
    """The version that cards are made from; raises TemplateNotFound."""
    row = await tx.fetchrow(_PUBLISHED, tx.organization_id, template_id)
    if row is None:
        raise TemplateNotFound
    version: int | None = row["published_version"]
    return version


async def pictures_by_digest(tx: Tx, digests: Iterable[str]) -> dict[str, bytes]:
    """The PNG files with these digests."""
    return dict(await tx.fetch(_PICTURES, tx.organization_id, sorted(set(digests))))


async def pictures_by_id(tx: Tx, image_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """The PNG files of these images."""
    return dict(await tx.fetch(_PICTURES_BY_ID, tx.organization_id, list(set(image_ids))))


async def find_picture(tx: Tx, digest: str) -> bytes | None:
    """The PNG file with this digest."""
    found: bytes | None = await tx.fetchval(_PICTURE, tx.organization_id, digest)
    return found


async def get_template(tx: Tx, template_id: UUID, *, for_update: bool = False) -> PassTemplate:
    query = select(PassTemplate).where(
        PassTemplate.organization_id == tx.organization_id, PassTemplate.id == template_id
    )
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    template = (await tx.session.execute(query)).scalar_one_or_none()
    if template is None:
        raise TemplateNotFound
    return template


async def list_templates(tx: Tx, before: UUID, limit: int) -> Sequence[PassTemplate]:
    query = (
        select(PassTemplate)
        .where(PassTemplate.organization_id == tx.organization_id, PassTemplate.id < before)
        .order_by(PassTemplate.id.desc())
        .limit(limit)
    )
    return (await tx.session.execute(query)).scalars().all()


async def count_templates(tx: Tx) -> int:
    query = select(func.count()).where(PassTemplate.organization_id == tx.organization_id)
    return (await tx.session.execute(query)).scalar_one()


async def get_version(tx: Tx, template_id: UUID, version: int) -> TemplateVersion:
    row = await tx.session.get(TemplateVersion, (tx.organization_id, template_id, version))
    if row is None:
        raise VersionNotFound
    return row


async def list_versions(tx: Tx, template_id: UUID, below: int, limit: int) -> Sequence[Any]:
    """version, created_at, created_by; newest first."""
    query = (
        select(TemplateVersion.version, TemplateVersion.created_at, TemplateVersion.created_by)
        .where(
            TemplateVersion.organization_id == tx.organization_id,
            TemplateVersion.template_id == template_id,
            TemplateVersion.version < below,
        )
        .order_by(TemplateVersion.version.desc())
        .limit(limit)
    )
    return (await tx.session.execute(query)).all()


async def get_image(tx: Tx, image_id: UUID) -> StoredImage:
    image = await tx.session.get(StoredImage, (tx.organization_id, image_id))
    if image is None:
        raise ImageNotFound
    return image


async def list_images(tx: Tx, image_ids: Iterable[UUID]) -> Sequence[StoredImage]:
    """These images, without their pictures."""
    query = select(StoredImage).where(
        StoredImage.organization_id == tx.organization_id, StoredImage.id.in_(list(image_ids))
    )
    return (await tx.session.execute(query)).scalars().all()


async def list_uploads(tx: Tx, before: UUID, limit: int) -> Sequence[StoredImage]:
    """Uploaded images, newest first."""
    query = (
        select(StoredImage)
        .where(StoredImage.organization_id == tx.organization_id, StoredImage.uploaded, StoredImage.id < before)
        .order_by(StoredImage.id.desc())
        .limit(limit)
    )
    return (await tx.session.execute(query)).scalars().all()


async def count_uploads(tx: Tx) -> int:
    query = select(func.count()).where(StoredImage.organization_id == tx.organization_id, StoredImage.uploaded)
    return (await tx.session.execute(query)).scalar_one()
