"""What an organization's cards are made with today, in words."""

from dataclasses import dataclass
from datetime import datetime

from passerelle.kit import clock
from passerelle.kit.config import Settings
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.passes.identities import trust_roots
from passerelle.passes.own import queries, rules
from passerelle.passes.own.apple import findings_out
from passerelle.passes.own.held import Identities
from passerelle.passes.own.schemas import AppleState, GoogleState, WalletStates
from passerelle.passes.wallets.apple.certificates import check_identity


@dataclass(frozen=True, slots=True)
class CertificateEnd:
    """A certificate that should be renewed, and how near its end is."""

    pass_type_identifier: str
    expires_at: datetime
    stage: rules.Stage


async def wallet_states(tx: Tx, identities: Identities, settings: Settings, language: Language) -> WalletStates:
    """The identities at Apple and Google that new cards are made with, and what is wrong with them."""
    return WalletStates(
        apple=await _apple_state(tx, identities, settings, language), google=await _google_state(tx, identities)
    )


async def _apple_state(tx: Tx, identities: Identities, settings: Settings, language: Language) -> AppleState:
    own = await queries.list_apple(tx)
    request = await queries.find_request(tx)
    made_at = request.created_at if request is not None else None
    older = sorted(row.pass_type_identifier for row in own if not row.in_use)
    apple = (await identities.of(tx)).apple_or_none
    if apple is None:
        return AppleState(origin=None, older_pass_types=older, request_made_at=made_at)
    identity = apple.identity
    return AppleState(
        origin="own" if any(row.in_use for row in own) else "server",
        pass_type_identifier=identity.pass_type_identifier,
        team_identifier=identity.team_identifier,
        nfc_capable=identity.nfc_capable,
        expires_at=identity.expires_at,
        days_left=rules.days_left(identity.expires_at, clock.now()),
        findings=findings_out(check_identity(identity, trust=trust_roots(settings)), language),
        older_pass_types=older,
        request_made_at=made_at,
    )


async def _google_state(tx: Tx, identities: Identities) -> GoogleState:
    google = (await identities.of(tx)).google_or_none
    if google is None:
        return GoogleState(origin=None)
    origin = "server" if google is identities.server.google_or_none else "own"
    return GoogleState(origin=origin, issuer_id=google.issuer_id, account=google.account.client_email)


async def certificates_that_end(tx: Tx) -> list[CertificateEnd]:
    """Own certificates that end within 30 days or have ended: the one in use, and those of cards given out."""
    now = clock.now()
    stages = [(row, rules.stage_of(row.expires_at, now)) for row in await queries.list_apple(tx)]
    return [
        CertificateEnd(row.pass_type_identifier, row.expires_at, stage) for row, stage in stages if stage is not None
    ]
