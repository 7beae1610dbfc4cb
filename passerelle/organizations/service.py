"""The verbs of organizations; the only writer of its tables."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final, cast
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy.exc import IntegrityError

from passerelle.kit import clock, directory
from passerelle.kit.actors import Actor, Unauthenticated
from passerelle.kit.crypto import Vault
from passerelle.kit.db import Database, Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.events import announce
from passerelle.kit.ids import digest, new_id, new_secret, open_tenant_token, tenant_token
from passerelle.kit.money import exponent
from passerelle.organizations import queries, rules
from passerelle.organizations.errors import (
    AccountLocked,
    EmailTaken,
    LastOwner,
    LocationNameTaken,
    ScopeNotYours,
    SignInFailed,
    UnknownTimeZone,
)
from passerelle.organizations.events import (
    ApiKeyCreated,
    ApiKeyRevoked,
    LocationCreated,
    OperatorChanged,
    OperatorInvited,
    OperatorLockedOut,
    OperatorSignedIn,
    OrganizationCreated,
)
from passerelle.organizations.models import ApiKey, Location, Operator, OperatorSession, Organization
from passerelle.organizations.schemas import (
    ApiKeyIn,
    ApiKeyOut,
    Brand,
    LegalNotices,
    LocationIn,
    LocationOut,
    OperatorIn,
    OperatorOut,
    OrganizationChange,
    OrganizationIn,
    OrganizationOut,
)
from passerelle.organizations.schemas import OperatorChange as OperatorChangeIn

_EMAIL: Final = "operators.email"
# RFC 9106's second recommended choice: 64 MiB, 3 passes, 4 lanes.
_hasher: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: the cookie's value and when it ends."""

    token: str
    expires_at: datetime


async def create_organization(tx: Tx, new: OrganizationIn) -> tuple[OrganizationOut, UUID, str]:
    """Open the tenant that ``tx`` was opened for, with its owner; returns it, the owner's id and a first API key."""
    exponent(new.currency)
    _require_time_zone(new.time_zone)
    await tx.vault.create(tx)
    await directory.add_tenant(tx)
    organization = Organization(
        organization_id=tx.organization_id,
        name=new.name,
        currency=new.currency,
        time_zone=new.time_zone,
        language=new.language,
        brand=new.brand.model_dump(),
        legal=new.legal.model_dump(),
        created_at=clock.now(),
    )
    tx.session.add(organization)
    await tx.flush()
    owner = OperatorIn(name=new.owner_name, email=new.owner_email, role="owner", password=new.owner_password)
    operator_id = (await add_operator(tx, owner)).id
    await announce(tx, OrganizationCreated(operator_id=operator_id))
    _, key = await create_api_key(tx, ApiKeyIn(name="First key", scopes=sorted(rules.SCOPES)))
    return _organization_out(organization), operator_id, key


async def get_organization(tx: Tx) -> OrganizationOut:
    """This transaction's organization."""
    return _organization_out(await queries.get_organization(tx))


async def change_organization(tx: Tx, change: OrganizationChange) -> OrganizationOut:
    """Change name, zone, language, brand or legal notices."""
    organization = await queries.get_organization(tx)
    if change.time_zone is not None:
        _require_time_zone(change.time_zone)
    for field, value in change.model_dump(exclude_none=True).items():
        setattr(organization, field, value)
    return _organization_out(organization)


async def add_location(tx: Tx, new: LocationIn) -> LocationOut:
    """Add a place with a till; raises LocationNameTaken."""
    location = Location(organization_id=tx.organization_id, id=new_id(), created_at=clock.now(), **new.model_dump())
    tx.session.add(location)
    try:
        await tx.flush()
    except IntegrityError:
        raise LocationNameTaken from None
    await announce(tx, LocationCreated(location_id=location.id))
    return _location_out(location)


async def get_location(tx: Tx, location_id: UUID) -> LocationOut:
    """A place of this organization; raises LocationNotFound."""
    return _location_out(await queries.get_location(tx, location_id))


async def list_locations(tx: Tx, before: UUID, limit: int) -> list[LocationOut]:
    """Places, newest first."""
    return [_location_out(location) for location in await queries.list_locations(tx, before, limit)]


async def add_operator(tx: Tx, new: OperatorIn) -> OperatorOut:
    """Let a person work here; raises ScopeNotYours, EmailTaken."""
    _require_scopes(tx.actor, rules.ROLE_SCOPES[new.role])
    email = _normal(new.email)
    keys = await tx.vault.keys(tx)
    operator = Operator(
        organization_id=tx.organization_id,
        id=new_id(),
        name=new.name,
        email=keys.encrypt(email, _EMAIL),
        email_index=keys.blind_index("operator_email", email),
        role=new.role,
        password_hash=await asyncio.to_thread(_hasher.hash, new.password.get_secret_value()),
        created_at=clock.now(),
    )
    tx.session.add(operator)
    try:
        await tx.flush()
    except IntegrityError:
        raise EmailTaken from None
    await directory.add(tx, "operator", tx.vault.instance_index("operator_email", email))
    await announce(tx, OperatorInvited(operator_id=operator.id, role=new.role))
    return _operator_out(operator, email)


async def change_operator(tx: Tx, operator_id: UUID, change: OperatorChangeIn) -> OperatorOut:
    """Change name, role or password, disable or enable; raises OperatorNotFound, ScopeNotYours, LastOwner."""
    operator = await queries.get_operator(tx, operator_id)
    if change.model_fields_set - {"name"}:
        _require_scopes(tx.actor, rules.ROLE_SCOPES[cast("rules.Role", operator.role)])
    if change.role is not None:
        _require_scopes(tx.actor, rules.ROLE_SCOPES[change.role])
    loses_ownership = change.disabled is True or (change.role is not None and change.role != "owner")
    if operator.role == "owner" and operator.disabled_at is None and loses_ownership:
        await _require_other_owner(tx)
    if change.name is not None:
        operator.name = change.name
    if change.role is not None:
        operator.role = change.role
    if change.password is not None:
        operator.password_hash = await asyncio.to_thread(_hasher.hash, change.password.get_secret_value())
    if change.disabled is not None:
        operator.disabled_at = clock.now() if change.disabled else None
    if change.password is not None or change.disabled:
        await _end_sessions(tx, operator_id)
    await announce(tx, OperatorChanged(operator_id=operator_id))
    keys = await tx.vault.keys(tx)
    return _operator_out(operator, keys.decrypt(operator.email, _EMAIL))


async def get_operator(tx: Tx, operator_id: UUID) -> OperatorOut:
    """An operator; raises OperatorNotFound."""
    operator = await queries.get_operator(tx, operator_id)
    return _operator_out(operator, (await tx.vault.keys(tx)).decrypt(operator.email, _EMAIL))


async def list_operators(tx: Tx, before: UUID, limit: int) -> list[OperatorOut]:
    """Operators, newest first."""
    keys = await tx.vault.keys(tx)
    return [
        _operator_out(operator, keys.decrypt(operator.email, _EMAIL))
        for operator in await queries.list_operators(tx, before, limit)
    ]


async def tenants_of_email(database: Database, vault: Vault, email: str) -> Sequence[UUID]:
    """The organizations in which somebody signs in with this e-mail."""
    return await directory.find(database, "operator", vault.instance_index("operator_email", _normal(email)))


async def sign_in(tx: Tx, email: str, password: str) -> SignedIn | SignInFailed | AccountLocked:
    """Check a password and open a session.

    A refusal is returned, not raised: the failure must be counted, so the transaction must commit.
    """
    keys = await tx.vault.keys(tx)
    operator = await queries.find_operator_by_email(tx, keys.blind_index("operator_email", _normal(email)))
    if operator is None or operator.disabled_at is not None:
        await refuse_unknown(password)
        return SignInFailed(limit=rules.MAX_FAILED_SIGN_INS)
    now = clock.now()
    if rules.is_locked(operator.locked_until, now):
        return AccountLocked(minutes=rules.LOCK_MINUTES)
    if not await asyncio.to_thread(_matches, operator.password_hash, password):
        return await _count_failure(tx, operator, now)
    operator.failed_sign_ins, operator.locked_until = 0, None
    await announce(tx, OperatorSignedIn(operator_id=operator.id))
    return _open_session(tx, operator.id, now)


async def refuse_unknown(password: str) -> None:
    """Spend the time of a real check, so that answers do not tell which e-mails exist."""
    await asyncio.to_thread(_matches, _hash_of_nobody(), password)


async def sign_out(tx: Tx, token: str) -> None:
    """End the session of this cookie."""
    opened = open_tenant_token("ses", token)
    if opened is not None:
        session = await tx.session.get(OperatorSession, (tx.organization_id, digest(opened[1])))
        if session is not None:
            await tx.session.delete(session)


async def forget_ended_sessions(tx: Tx) -> None:
    """Remove sessions whose time is over."""
    await tx.execute(queries.ENDED_SESSIONS, tx.organization_id, clock.now())


async def create_api_key(tx: Tx, new: ApiKeyIn) -> tuple[ApiKeyOut, str]:
    """Make a key; the second value is the key itself, which is not stored. Raises ScopeNotYours."""
    for scope in new.scopes:
        if scope not in rules.SCOPES:
            raise InvalidInput(detail=f"{scope[:50]}: {', '.join(rules.SCOPES)}")
    _require_scopes(tx.actor, new.scopes)
    if _is_past(new.expires_at):
        raise InvalidInput(detail="expires_at")
    if new.location_id is not None:
        await queries.get_location(tx, new.location_id)
    secret = new_secret()
    token = tenant_token("key", tx.organization_id, secret)
    key = ApiKey(
        organization_id=tx.organization_id,
        id=new_id(),
        name=new.name,
        digest=digest(secret),
        hint=token[-4:],
        scopes=sorted(set(new.scopes)),
        location_id=new.location_id,
        created_at=clock.now(),
        expires_at=new.expires_at,
    )
    tx.session.add(key)
    await tx.flush()
    await announce(tx, ApiKeyCreated(api_key_id=key.id, scopes=tuple(key.scopes)))
    return api_key_out(key), token


async def list_api_keys(tx: Tx, before: UUID, limit: int) -> list[ApiKeyOut]:
    """Keys, newest first, without their secrets."""
    return [api_key_out(key) for key in await queries.list_api_keys(tx, before, limit)]


async def revoke_api_key(tx: Tx, api_key_id: UUID) -> ApiKeyOut:
    """End a key at once; harmless when it was revoked before."""
    key = await queries.get_api_key(tx, api_key_id)
    if key.revoked_at is None:
        key.revoked_at = clock.now()
        await announce(tx, ApiKeyRevoked(api_key_id=key.id))
    return api_key_out(key)


async def authenticate(tx: Tx, kind: str, secret: bytes) -> Actor:
    """The actor of an API key or a session; raises Unauthenticated."""
    if kind == "key":
        row = await queries.find_api_key(tx, digest(secret))
        if row is None or row["revoked_at"] is not None or _is_past(row["expires_at"]):
            raise Unauthenticated
        return Actor("api_key", row["id"], frozenset(row["scopes"]), row["location_id"])
    row = await queries.find_session(tx, digest(secret))
    if row is None or _is_past(row["expires_at"]):
        raise Unauthenticated
    return Actor("operator", row["id"], rules.ROLE_SCOPES[row["role"]])


async def _count_failure(tx: Tx, operator: Operator, now: datetime) -> SignInFailed | AccountLocked:
    state = rules.after_failure(operator.failed_sign_ins, now)
    operator.failed_sign_ins, operator.locked_until = state.failed_sign_ins, state.locked_until
    if state.locked_until is None:
        return SignInFailed(limit=rules.MAX_FAILED_SIGN_INS)
    await announce(tx, OperatorLockedOut(operator_id=operator.id))
    return AccountLocked(minutes=rules.LOCK_MINUTES)


def _open_session(tx: Tx, operator_id: UUID, now: datetime) -> SignedIn:
    secret = new_secret()
    expires_at = now + rules.SESSION_LIFE
    tx.session.add(
        OperatorSession(
            organization_id=tx.organization_id,
            digest=digest(secret),
            operator_id=operator_id,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return SignedIn(tenant_token("ses", tx.organization_id, secret), expires_at)


async def _end_sessions(tx: Tx, operator_id: UUID) -> None:
    for session in await queries.list_session_digests(tx, operator_id):
        await tx.session.delete(session)


def _require_scopes(actor: Actor, scopes: Iterable[str]) -> None:
    """Refuse unless the actor has them all: or a key that adds people would make its holder an owner."""
    for scope in sorted(scopes):
        if not actor.may(scope):
            raise ScopeNotYours(scope=scope)


async def _require_other_owner(tx: Tx) -> None:
    if await queries.count_owners_for_update(tx) < 2:
        raise LastOwner


def _require_time_zone(name: str) -> None:
    if not rules.is_time_zone(name):
        raise UnknownTimeZone(time_zone=name[:50])


def _normal(email: str) -> str:
    return email.strip().lower()


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    return _hasher.hash(new_secret())


def _is_past(instant: datetime | None) -> bool:
    return instant is not None and instant <= clock.now()


def _organization_out(organization: Organization) -> OrganizationOut:
    return OrganizationOut(
        id=organization.organization_id,
        name=organization.name,
        currency=organization.currency,
        time_zone=organization.time_zone,
        language=organization.language,
        brand=Brand(**organization.brand),
        legal=LegalNotices(**organization.legal),
        created_at=organization.created_at,
    )


def _location_out(location: Location) -> LocationOut:
    return LocationOut(
        id=location.id,
        name=location.name,
        address=location.address,
        latitude=location.latitude,
        longitude=location.longitude,
        created_at=location.created_at,
    )


def _operator_out(operator: Operator, email: str) -> OperatorOut:
    return OperatorOut(
        id=operator.id,
        name=operator.name,
        email=email,
        role=operator.role,
        disabled=operator.disabled_at is not None,
        created_at=operator.created_at,
    )


def api_key_out(key: ApiKey) -> ApiKeyOut:
    """A key without its secret."""
    return ApiKeyOut(
        id=key.id,
        name=key.name,
        scopes=list(key.scopes),
        hint=key.hint,
        location_id=key.location_id,
        created_at=key.created_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
    )
