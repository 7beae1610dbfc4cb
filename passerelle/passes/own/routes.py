"""HTTP of own identities."""

from typing import Annotated

from fastapi import Request, Response

from passerelle.kit.db import Tx
from passerelle.kit.web import Admitted, Router, admit, allow, edge, language_of, refusals
from passerelle.passes.own import apple, google, service
from passerelle.passes.own.errors import GoogleIssuerInUse, NoAppleRequest
from passerelle.passes.own.held import identities_of
from passerelle.passes.own.schemas import (
    AppleExamined,
    AppleFiles,
    AppleRequestOut,
    GoogleExamined,
    GoogleFiles,
    WalletStates,
)

router = Router(prefix="/api/v1/wallets", tags=["wallets"])


@router.get("", responses=refusals())
async def get_wallets(request: Request, tx: Annotated[Tx, allow("organization:read")]) -> WalletStates:
    """Which pass certificate and issuer new cards are made with, until when, and what is wrong with them."""
    settings = edge(request).settings
    return await service.wallet_states(tx, identities_of(request), settings, language_of(request))


@router.post("/apple/request", status_code=201, responses=refusals())
async def make_apple_request(tx: Annotated[Tx, allow("organization:write")]) -> AppleRequestOut:
    """Make a private key, which never leaves the server, and a signing request for Apple's developer portal."""
    return await apple.make_request(tx)


@router.get("/apple/request", responses=refusals(NoAppleRequest))
async def get_apple_request(tx: Annotated[Tx, allow("organization:write")]) -> AppleRequestOut:
    """The signing request that waits for its certificate."""
    return await apple.get_request(tx)


@router.post("/apple/certificate", responses=refusals())
async def use_apple_certificate(
    body: AppleFiles, request: Request, who: Annotated[Admitted, admit("organization:write")]
) -> AppleExamined:
    """Examine a certificate, or a .p12, and sign new cards with it when it is good. Cards given out keep theirs."""
    async with who.transaction() as tx:
        waiting = await apple.waiting_key(tx)
    password = body.password.get_secret_value() if body.password else None
    examined = await apple.examine_files(body.files, password, waiting, edge(request).settings)
    if examined.identity is not None:
        async with who.transaction() as tx:
            await apple.use_identity(tx, examined.identity)
        identities_of(request).forget(who.organization_id)
    findings = apple.findings_out(examined.findings, language_of(request))
    return AppleExamined(accepted=examined.identity is not None, findings=findings)


@router.delete("/apple", status_code=204, responses=refusals())
async def leave_apple_certificate(request: Request, tx: Annotated[Tx, allow("organization:write")]) -> Response:
    """Sign new cards with the server's certificate again; cards given out keep the own one."""
    await apple.leave(tx)
    identities_of(request).forget(tx.organization_id)
    return Response(status_code=204)


@router.put("/google", responses=refusals(GoogleIssuerInUse))
async def use_google_account(
    body: GoogleFiles, request: Request, who: Annotated[Admitted, admit("organization:write")]
) -> GoogleExamined:
    """Try a service account with Google, and make new cards under its issuer when that went well."""
    document = body.account.get_secret_value()
    findings = await google.examine_account(document, body.issuer_id, edge(request).settings, language_of(request))
    if not findings:
        identities = identities_of(request)
        async with who.transaction() as tx:
            await google.use_account(tx, document, body.issuer_id, await identities.of(tx))
        identities.forget(who.organization_id)
    return GoogleExamined(accepted=not findings, findings=findings)


@router.delete("/google", status_code=204, responses=refusals(GoogleIssuerInUse))
async def leave_google_account(request: Request, tx: Annotated[Tx, allow("organization:write")]) -> Response:
    """Make new cards under the server's issuer again, while none lies in a wallet under the own one."""
    identities = identities_of(request)
    await google.leave(tx, identities.server)
    identities.forget(tx.organization_id)
    return Response(status_code=204)
