"""Trial cards: a version of a template on a real phone before it is published, with sample facts and for a day.

Nothing is stored. The link carries the version and its own end, proven by the tenant's key; the card has no web
service, so the phone never asks for news of it, and its code is no card of any till.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from passerelle.kit import clock
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Tx
from passerelle.kit.ids import tenant_token
from passerelle.passes.identities import Apple
from passerelle.passes.schemas import TrialCardOut
from passerelle.passes.wallets.apple import render as apple_render
from passerelle.templates import service as templates
from passerelle.templates.service import FactValue

PREFIX: Final = "t"
LINK_LIVES: Final = timedelta(hours=1)
CARD_LIVES: Final = timedelta(days=1)
_CODE: Final = "TRIAL-CARD"
_MAC_BYTES: Final = 16
_PLAIN_BYTES: Final = 16 + 4 + 4


@dataclass(frozen=True, slots=True)
class TrialLink:
    """What a link of a trial card says: which version, until when it may be opened."""

    template_id: UUID
    version: int
    ends_at: datetime

    def sealed(self, keys: TenantKeys) -> bytes:
        """The link's secret: what it says, with the proof that we said it."""
        ends = int(self.ends_at.timestamp())
        plain = self.template_id.bytes + self.version.to_bytes(4, "big") + ends.to_bytes(4, "big")
        return plain + _proof(keys, plain)

    @classmethod
    def opened(cls, secret: bytes, keys: TenantKeys) -> "TrialLink | None":
        """The link behind a secret; None when it is not ours, compared in constant time."""
        plain, proof = secret[:_PLAIN_BYTES], secret[_PLAIN_BYTES:]
        if len(plain) != _PLAIN_BYTES or not hmac.compare_digest(proof, _proof(keys, plain)):
            return None
        ends_at = datetime.fromtimestamp(int.from_bytes(plain[20:], "big"), UTC)
        return cls(UUID(bytes=plain[:16]), int.from_bytes(plain[16:20], "big"), ends_at)


async def make_trial_card(tx: Tx, template_id: UUID, version: int, base_url: str) -> TrialCardOut:
    """A link to the trial card of a version; raises TemplateNotFound, VersionNotFound."""
    await templates.published(tx, template_id, version)
    link = TrialLink(template_id, version, clock.now() + LINK_LIVES)
    token = tenant_token(PREFIX, tx.organization_id, link.sealed(await tx.vault.keys(tx)))
    return TrialCardOut(url=f"{base_url}/t/{token}.pkpass", ends_at=link.ends_at)


async def download_trial_card(tx: Tx, secret: bytes, apple: Apple) -> bytes | None:
    """The signed ``.pkpass`` behind a link; None for a link that is not ours or is over."""
    link = TrialLink.opened(secret, await tx.vault.keys(tx))
    if link is None or link.ends_at <= clock.now():
        return None
    compiled = await templates.published(tx, link.template_id, link.version)
    given: Mapping[str, FactValue] = {"pass.code": _CODE}
    rendered = apple_render.render(
        compiled,
        templates.sample_facts(compiled.content, given),
        serial_number=f"trial-{link.template_id.hex}",
        pass_type_identifier=apple.identity.pass_type_identifier,
        team_identifier=apple.identity.team_identifier,
        expiration=link.ends_at + CARD_LIVES,
    )
    return rendered.archive.pack(rendered.pass_json, apple.signer, rendered.extra_files)


def _proof(keys: TenantKeys, plain: bytes) -> bytes:
    return keys.derive("trial-card", plain.hex())[:_MAC_BYTES]
