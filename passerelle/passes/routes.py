"""HTTP of passes."""

from typing import Annotated, Final

from fastapi import Depends, Path, Query
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.ids import open_tenant_token
from passerelle.kit.web import Edge, Router, allow, edge, language_of, problem, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.passes import service, trial_cards
from passerelle.passes.errors import (
    AppleNotConfigured,
    BlockedBySubject,
    PassNotFound,
    ProgramHasNoTemplate,
    TrialCardNotFound,
)
from passerelle.passes.schemas import (
    CodeRuleIn,
    CodeRuleOut,
    IssuePass,
    PassDetail,
    PassId,
    PassOut,
    Revocation,
    RolloutOut,
    SubjectKind,
    TrialCardOut,
)
from passerelle.passes.wallets.apple.package import MIME_TYPE
from passerelle.programs.errors import MembershipNotFound, ProgramNotFound
from passerelle.programs.schemas import ProgramId
from passerelle.templates.errors import TemplateNotFound, VersionNotFound
from passerelle.templates.schemas import TemplateId

router = Router(prefix="/api/v1", tags=["passes"])


@router.post("/passes", status_code=201, responses=refusals(MembershipNotFound, ProgramHasNoTemplate))
async def issue_pass(body: IssuePass, tx: Annotated[Tx, allow("passes:write")]) -> PassDetail:
    """The card of a member; the one there is when it was issued before."""
    card = await service.issue_pass(tx, body.membership_id)
    return await service.get_pass(tx, card.id)


@router.get("/passes", responses=refusals())
async def list_passes(
    tx: Annotated[Tx, allow("passes:read")],
    *,
    customer_id: Annotated[CustomerId | None, Query(description="Only this customer's.")] = None,
    program_id: Annotated[ProgramId | None, Query(description="Only those of this program.")] = None,
    kind: Annotated[SubjectKind | None, Query(description="Only cards of this kind.")] = None,
    limit: PageSize = 50,
    cursor: Cursor = None,
) -> Page[PassOut]:
    """Cards with the number of wallets that hold them, newest first."""
    items = await service.list_passes(
        tx, after(cursor), limit, customer_id=customer_id, program_id=program_id, kind=kind
    )
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/passes/{pass_id}", responses=refusals(PassNotFound))
async def get_pass(pass_id: PassId, tx: Annotated[Tx, allow("passes:read")]) -> PassDetail:
    """A card with its installations: what each wallet was told, and what it fetched."""
    return await service.get_pass(tx, pass_id)


@router.post("/passes/{pass_id}/revoke", responses=refusals(PassNotFound, BlockedBySubject))
async def revoke_pass(pass_id: PassId, body: Revocation, tx: Annotated[Tx, allow("passes:write")]) -> PassDetail:
    """Block a member's card: tills refuse it, wallets show it as void."""
    await service.revoke_pass(tx, pass_id, body.reason)
    return await service.get_pass(tx, pass_id)


@router.post("/passes/{pass_id}/reinstate", responses=refusals(PassNotFound, BlockedBySubject))
async def reinstate_pass(pass_id: PassId, tx: Annotated[Tx, allow("passes:write")]) -> PassDetail:
    """Unblock a member's card."""
    await service.reinstate_pass(tx, pass_id)
    return await service.get_pass(tx, pass_id)


@router.post("/passes/{pass_id}/new-code", responses=refusals(PassNotFound, BlockedBySubject))
async def renew_code(pass_id: PassId, tx: Annotated[Tx, allow("passes:write")]) -> PassDetail:
    """Give a member's card that was copied a new code: the old one dies at once, and wallets fetch the card."""
    await service.renew_code(tx, pass_id)
    return await service.get_pass(tx, pass_id)


@router.get("/programs/{program_id}/code-rule", responses=refusals(ProgramNotFound))
async def get_code_rule(program_id: ProgramId, tx: Annotated[Tx, allow("programs:read")]) -> CodeRuleOut:
    """How the cards of a program show their code, and what may be done with copies."""
    return await service.get_code_rule(tx, program_id)


@router.put("/programs/{program_id}/code-rule", responses=refusals(ProgramNotFound))
async def set_code_rule(
    program_id: ProgramId, body: CodeRuleIn, tx: Annotated[Tx, allow("programs:write")]
) -> CodeRuleOut:
    """Choose how the cards of a program show their code. Cards in wallets follow by and by."""
    return await service.set_code_rule(tx, program_id, body)


@router.get("/templates/{template_id}/rollout", responses=refusals(TemplateNotFound))
async def get_rollout(template_id: TemplateId, tx: Annotated[Tx, allow("passes:read")]) -> RolloutOut:
    """How many cards show this template, and how far they have come to the published version."""
    return await service.get_rollout(tx, template_id)


@router.post(
    "/templates/{template_id}/versions/{version}/trial-card",
    status_code=201,
    responses=refusals(TemplateNotFound, VersionNotFound, AppleNotConfigured),
)
async def make_trial_card(
    template_id: TemplateId,
    version: Annotated[int, Path(ge=1, le=1_000_000)],
    request: Request,
    at: Annotated[Edge, Depends(edge)],
    tx: Annotated[Tx, allow("programs:write")],
) -> TrialCardOut:
    """A link to a card that shows this version with sample values, to look at on your own phone."""
    _ = (await service.wallets_of(request, tx)).apple  # refuse now rather than on the phone
    return await trial_cards.make_trial_card(tx, template_id, version, at.settings.url(""))


async def download_trial_card(request: Request) -> Response:
    """``GET /t/{token}.pkpass``: a trial card, for the phone that scanned its link."""
    opened = open_tenant_token(trial_cards.PREFIX, request.path_params["token"])
    content = None
    if opened is not None:
        async with edge(request).database.transaction(opened[0]) as tx:
            wallets = await service.wallets_of(request, tx)
            content = await trial_cards.download_trial_card(tx, opened[1], wallets.apple)
    if content is None:
        return problem(TrialCardNotFound(), language_of(request))
    headers = {"Content-Disposition": 'attachment; filename="trial.pkpass"', "Cache-Control": "no-store"}
    return Response(content, media_type=MIME_TYPE, headers=headers)


ROUTES: Final[tuple[BaseRoute, ...]] = (Route("/t/{token}.pkpass", download_trial_card, methods=["GET"]),)
