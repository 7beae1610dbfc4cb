"""HTTP of organizations."""

from typing import Annotated

from fastapi import Depends, Request, Response

from passerelle.kit.db import Tx
from passerelle.kit.ids import new_id
from passerelle.kit.web import Admitted, Edge, Router, admit, allow, edge, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of
from passerelle.organizations import service
from passerelle.organizations.errors import (
    AccountLocked,
    ApiKeyNotFound,
    EmailTaken,
    LastOwner,
    LocationNameTaken,
    LocationNotFound,
    OperatorNotFound,
    OperatorsOnly,
    ScopeNotYours,
    SetupTokenWrong,
    SignInFailed,
    SignUpClosed,
    UnknownTimeZone,
)
from passerelle.organizations.schemas import (
    ApiKeyCreatedOut,
    ApiKeyId,
    ApiKeyIn,
    ApiKeyOut,
    LocationChange,
    LocationId,
    LocationIn,
    LocationOut,
    Me,
    OperatorChange,
    OperatorId,
    OperatorIn,
    OperatorOut,
    OrganizationChange,
    OrganizationCreatedOut,
    OrganizationOut,
    OwnChange,
    OwnPassword,
    SignUpIn,
)
from passerelle.organizations.sessions.cookies import current_digest
from passerelle.organizations.sign_up import require_sign_up

router = Router(prefix="/api/v1", tags=["organizations"])


@router.post("/organizations", status_code=201, responses=refusals(SignUpClosed, SetupTokenWrong, UnknownTimeZone))
async def create_organization(body: SignUpIn, at: Annotated[Edge, Depends(edge)]) -> OrganizationCreatedOut:
    """Open an organization with its first owner; who may is a setting of the server."""
    async with at.database.transaction(new_id()) as tx:
        await require_sign_up(tx, at.settings, body.setup_token)
        organization, operator_id, key = await service.create_organization(tx, body)
    return OrganizationCreatedOut(organization=organization, operator_id=operator_id, api_key=key)


@router.get("/me", responses=refusals())
async def me(at: Annotated[Edge, Depends(edge)], tx: Annotated[Tx, allow("organization:read")]) -> Me:
    """Who is calling, and what they may do."""
    operator = None
    if tx.actor.kind == "operator" and tx.actor.id is not None:
        operator = await service.get_operator(tx, tx.actor.id)
    return Me(
        organization=await service.get_organization(tx),
        actor=tx.actor.label,
        name=operator.name if operator else None,
        email=operator.email if operator else None,
        role=operator.role if operator else None,
        scopes=sorted(tx.actor.scopes),
        simulator_url=str(at.settings.simulator_url) if at.settings.simulator_url else None,
    )


@router.patch("/me", responses=refusals(OperatorsOnly))
async def rename_myself(body: OwnChange, tx: Annotated[Tx, allow("organization:read")]) -> OperatorOut:
    """Change the caller's own name."""
    return await service.rename(tx, service.own_id(tx), body.name)


@router.post("/me/password", status_code=204, responses=refusals(OperatorsOnly, SignInFailed, AccountLocked))
async def change_my_password(
    body: OwnPassword, request: Request, who: Annotated[Admitted, admit("organization:read")]
) -> Response:
    """Change the caller's own password; all other sessions end."""
    async with who.transaction() as tx:
        failure = await service.change_password(
            tx,
            service.own_id(tx),
            body.current.get_secret_value(),
            body.new.get_secret_value(),
            keep=current_digest(request),
        )
    if failure is not None:
        raise failure
    return Response(status_code=204)


@router.get("/organization", responses=refusals())
async def get_organization(tx: Annotated[Tx, allow("organization:read")]) -> OrganizationOut:
    """The organization of the caller."""
    return await service.get_organization(tx)


@router.patch("/organization", responses=refusals(UnknownTimeZone))
async def change_organization(
    body: OrganizationChange, tx: Annotated[Tx, allow("organization:write")]
) -> OrganizationOut:
    """Change name, time zone, language, brand or legal notices."""
    return await service.change_organization(tx, body)


@router.post("/locations", status_code=201, responses=refusals(LocationNameTaken))
async def add_location(body: LocationIn, tx: Annotated[Tx, allow("organization:write")]) -> LocationOut:
    """Add a place with a till."""
    return await service.add_location(tx, body)


@router.get("/locations", responses=refusals())
async def list_locations(
    tx: Annotated[Tx, allow("organization:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[LocationOut]:
    """Places, newest first."""
    items = await service.list_locations(tx, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.get("/locations/{location_id}", responses=refusals(LocationNotFound))
async def get_location(location_id: LocationId, tx: Annotated[Tx, allow("organization:read")]) -> LocationOut:
    """One place."""
    return await service.get_location(tx, location_id)


@router.patch("/locations/{location_id}", responses=refusals(LocationNotFound, LocationNameTaken))
async def change_location(
    location_id: LocationId, body: LocationChange, tx: Annotated[Tx, allow("organization:write")]
) -> LocationOut:
    """Change name, address or coordinates."""
    return await service.change_location(tx, location_id, body)


@router.post("/operators", status_code=201, responses=refusals(EmailTaken, ScopeNotYours))
async def add_operator(body: OperatorIn, tx: Annotated[Tx, allow("operators:write")]) -> OperatorOut:
    """Let a person work here, in a role that may do no more than the caller."""
    return await service.add_operator(tx, body)


@router.get("/operators", responses=refusals())
async def list_operators(
    tx: Annotated[Tx, allow("operators:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[OperatorOut]:
    """Operators, newest first."""
    items = await service.list_operators(tx, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.patch("/operators/{operator_id}", responses=refusals(OperatorNotFound, LastOwner, ScopeNotYours))
async def change_operator(
    operator_id: OperatorId, body: OperatorChange, tx: Annotated[Tx, allow("operators:write")]
) -> OperatorOut:
    """Change name, role or password; disable or enable. All but the name needs every scope of the role."""
    return await service.change_operator(tx, operator_id, body)


@router.post("/api-keys", status_code=201, responses=refusals(ScopeNotYours, LocationNotFound))
async def create_api_key(body: ApiKeyIn, tx: Annotated[Tx, allow("keys:write")]) -> ApiKeyCreatedOut:
    """Make an API key; ``api_key`` is shown this once."""
    key, token = await service.create_api_key(tx, body)
    return ApiKeyCreatedOut(**key.model_dump(), api_key=token)


@router.get("/api-keys", responses=refusals())
async def list_api_keys(
    tx: Annotated[Tx, allow("keys:write")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[ApiKeyOut]:
    """Keys without their secrets, newest first."""
    items = await service.list_api_keys(tx, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.delete("/api-keys/{api_key_id}", responses=refusals(ApiKeyNotFound))
async def revoke_api_key(api_key_id: ApiKeyId, tx: Annotated[Tx, allow("keys:write")]) -> ApiKeyOut:
    """End a key at once."""
    return await service.revoke_api_key(tx, api_key_id)
