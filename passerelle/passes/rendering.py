"""Cards as wallets hold them: rendered from their template and facts, signed for Apple, as bodies for Google."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Row, Tx
from passerelle.kit.ids import encode
from passerelle.organizations import service as organizations
from passerelle.passes import apple as apple_verbs
from passerelle.passes.code_rules import GOOGLE_PROOF, PROOF, TOTP_KEY_BYTES, CodeKeys, CodeKind, signed_proof
from passerelle.passes.faces import Face, read_faces
from passerelle.passes.identities import Apple, Google
from passerelle.passes.schemas import Condition
from passerelle.passes.wallets.apple import render as apple_render
from passerelle.passes.wallets.google import render as google_render
from passerelle.passes.wallets.google.fields import Message, State
from passerelle.passes.wallets.google.names import Resource, object_id
from passerelle.passes.wallets.occasion import Occasion
from passerelle.templates import service as templates
from passerelle.templates.service import CompiledTemplate, Facts

_STATES: Final[Mapping[Condition, State]] = {
    "valid": "ACTIVE",
    "used": "COMPLETED",
    "expired": "EXPIRED",
    "blocked": "INACTIVE",
}

_PAGE: Final = "organization.page"


class GoogleCard(NamedTuple):
    """What Google holds of a card: its class, shared with others, and its object.

    ``notices`` are told when the text module of that id changes.
    """

    class_resource: Resource
    class_body: dict[str, Any]
    object_resource: Resource
    object_body: dict[str, Any]
    notices: Mapping[str, Message]
    occasion: Occasion | None


def keys_of_code(keys: TenantKeys, code: str) -> CodeKeys:
    """The keys of one card follow from its code: with a new code, all that was shown before dies."""
    return CodeKeys(keys.key_of("code-signature"), keys.key_of(f"code-password\0{code}")[:TOTP_KEY_BYTES])


async def pack_apple(tx: Tx, row: Row, apple: Apple) -> bytes:
    """The signed ``.pkpass`` of a card as it is now."""
    compiled = await templates.published(tx, row["template_id"], row["template_version"])
    [face] = await read_faces(tx, [(row, compiled)])
    return sign_apple(row, compiled, face, await tx.vault.keys(tx), apple)


def sign_apple(row: Row, compiled: CompiledTemplate, face: Face, keys: TenantKeys, apple: Apple) -> bytes:
    """The signed ``.pkpass`` of a card with this face; computes only, so no transaction need be open.

    Apple Wallet knows no barcode that changes: where one is asked for, an iPhone shows the signed one.
    """
    facts = _with_page(compiled, face.facts, apple.origin)
    if row["code_kind"] in {"signed", "rotating"}:
        facts = {**facts, PROOF: signed_proof(keys_of_code(keys, row["code"]), row["code"])}
    rendered = apple_render.render(
        compiled,
        facts,
        serial_number=row["serial_number"],
        authentication_token=apple_verbs.authentication_token(keys, row["serial_number"]),
        web_service_url=apple.web_service_url,
        pass_type_identifier=apple.identity.pass_type_identifier,
        team_identifier=apple.identity.team_identifier,
        voided=face.condition != "valid",
        expiration=face.ends_at,
        signs_up=face.asks_name,
        occasion=face.occasion,
    )
    return rendered.archive.pack(rendered.pass_json, apple.signer, rendered.extra_files)


async def render_google(tx: Tx, row: Row, google: Google) -> GoogleCard:
    """Class and object of a card as Google should hold them."""
    compiled = await templates.published(tx, row["template_id"], row["template_version"])
    organization = await organizations.get_organization(tx)
    class_resource, object_resource = google_render.RESOURCES[compiled.content.kind]
    [face] = await read_faces(tx, [(row, compiled)])
    class_body = google_render.render_class(
        compiled,
        issuer_id=google.issuer_id,
        image_base_url=google.image_base_url,
        callback_url=google.callback_url,
        website=organization.brand.website,
        occasion=face.occasion,
    )
    facts = _with_page(compiled, face.facts, google.origin)
    object_body = google_render.render_object(
        compiled,
        facts,
        code=await _google_code(tx, row),
        object_id=object_id(google.issuer_id, row["serial_number"]),
        class_id=class_body["id"],
        image_base_url=google.image_base_url,
        state=_STATES[face.condition],
        expiration=face.ends_at,
    )
    notices = google_render.notices(compiled, facts)
    return GoogleCard(class_resource, class_body, object_resource, object_body, notices, face.occasion)


async def _google_code(tx: Tx, row: Row) -> google_render.Code | None:
    """How Google shows the card's code, where the program has ever chosen it."""
    kind: CodeKind | None = row["code_kind"]
    if kind is None:
        return None
    keys = keys_of_code(await tx.vault.keys(tx), row["code"])
    if kind == "rotating":
        return google_render.Code(GOOGLE_PROOF, keys.rotating)
    return google_render.Code(signed_proof(keys, row["code"]) if kind == "signed" else "")


def _with_page(compiled: CompiledTemplate, facts: Facts, origin: str) -> Facts:
    """The facts with the address where customers ask for their own page, for templates that name it."""
    if _PAGE not in compiled.placeholders:
        return facts
    return {**facts, _PAGE: f"{origin}/m/{encode('org', compiled.organization_id)}"}
