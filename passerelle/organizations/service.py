"""The verbs of organizations; the only writer of its tables."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from passerelle.kit import clock, directory
from passerelle.kit.actors import Actor, Unauthenticated
from passerelle.kit.db import Statement, Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.events import announce
from passerelle.kit.i18n import Sentence
from passerelle.kit.ids import decode, digest, new_id, new_secret, tenant_token
from passerelle.kit.money import exponent
from passerelle.organizations import passwords, queries, rules
from passerelle.organizations.errors import (
    EmailTaken,
    LastOwner,
    LocationNameTaken,
    OperatorsOnly,
    OwnAccount,
    ScopeNotYours,
    UnknownTimeZone,
)
from passerelle.organizations.events import (
    ApiKeyCreated,
    ApiKeyRevoked,
    LocationChanged,
    LocationCreated,
    OperatorAdded,
    OperatorChanged,
    OrganizationChanged,
    OrganizationCreated,
)
from passerelle.organizations.models import ApiKey, Location, Operator, Organization
from passerelle.organizations.passwords import Failure
from passerelle.organizations.schemas import (
    ApiKeyIn,
    ApiKeyOut,
    Brand,
    LegalNotices,
    LocationChange,
    LocationIn,
    LocationOut,
    OperatorIn,
    OperatorOut,
    OrganizationChange,
    OrganizationIn,
    OrganizationOut,
    ScanAction,
)
from passerelle.organizations.schemas import OperatorChange as OperatorChangeIn

_EMAIL: Final = "operators.email"
_KEYS_REMEMBERED: Final = 10_000
_FIRST_KEY: Final[Sentence] = {"en": "First key", "fr": "Première clé", "ar": "المفتاح الأول"}
_met: Final[OrderedDict[tuple[UUID, bytes], Actor]] = OrderedDict()


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
    _, key = await create_api_key(tx, ApiKeyIn(name=_FIRST_KEY[new.language], scopes=sorted(rules.SCOPES)))
    return _organization_out(organization), operator_id, key


async def get_organization(tx: Tx) -> OrganizationOut:
    """This transaction's organization."""
    return _organization_out(await queries.get_organization(tx))


async def change_organization(tx: Tx, change: OrganizationChange) -> OrganizationOut:
    """Change name, zone, language, brand or legal notices."""
    organization = await queries.get_organization(tx)
    if change.time_zone is not None:
        _require_time_zone(change.time_zone)
    fields = change.model_dump(exclude_none=True)
    for field, value in fields.items():
        setattr(organization, field, value)
    if fields:
        await announce(tx, OrganizationChanged(fields=tuple(sorted(fields))))
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


async def change_location(tx: Tx, location_id: UUID, change: LocationChange) -> LocationOut:
    """Change name, address or coordinates; raises LocationNotFound, LocationNameTaken."""
    location = await queries.get_location(tx, location_id)
    fields = change.model_dump(exclude_unset=True)
    if fields.get("name", location.name) is None:
        raise InvalidInput(detail="name")
    for field, value in fields.items():
        setattr(location, field, value)
    try:
        await tx.flush()
    except IntegrityError:
        raise LocationNameTaken from None
    await announce(tx, LocationChanged(location_id=location.id, fields=tuple(sorted(fields))))
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
    email = rules.normal_email(new.email)
    keys = await tx.vault.keys(tx)
    operator = Operator(
        organization_id=tx.organization_id,
        id=new_id(),
        name=new.name,
        email=keys.encrypt(email, _EMAIL),
        email_index=keys.blind_index("operator_email", email),
        role=new.role,
        password_hash=await passwords.hashed(new.password.get_secret_value()),
        created_at=clock.now(),
    )
    tx.session.add(operator)
    try:
        await tx.flush()
    except IntegrityError:
        raise EmailTaken from None
    await directory.add(tx, "operator", tx.vault.instance_index("operator_email", email))
    await announce(tx, OperatorAdded(operator_id=operator.id, role=new.role))
    return (await _operators_out(tx, [operator]))[0]


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
        operator.password_hash = await passwords.hashed(change.password.get_secret_value())
    if change.disabled is not None:
        operator.disabled_at = clock.now() if change.disabled else None
    if change.password is not None or change.disabled:
        await tx.execute(queries.END_SESSIONS, tx.organization_id, operator_id, None)
    await announce(tx, OperatorChanged(operator_id=operator_id, fields=tuple(sorted(change.model_fields_set))))
    return await get_operator(tx, operator_id)


async def get_operator(tx: Tx, operator_id: UUID) -> OperatorOut:
    """An operator; raises OperatorNotFound."""
    operator = await queries.get_operator(tx, operator_id)
    return (await _operators_out(tx, [operator]))[0]


async def list_operators(tx: Tx, before: UUID, limit: int) -> list[OperatorOut]:
    """Operators, newest first."""
    return await _operators_out(tx, await queries.list_operators(tx, before, limit))


async def require_colleague(tx: Tx, operator_id: UUID) -> None:
    """Refuse unless it is somebody else, who may do no more than the caller.

    Raises OperatorNotFound, OwnAccount, ScopeNotYours.
    """
    if tx.actor.id == operator_id:
        raise OwnAccount
    operator = await queries.get_operator(tx, operator_id)
    _require_scopes(tx.actor, rules.ROLE_SCOPES[cast("rules.Role", operator.role)])


def require_role(tx: Tx, role: rules.Role) -> None:
    """Refuse unless the caller may do all that the role may; raises ScopeNotYours."""
    _require_scopes(tx.actor, rules.ROLE_SCOPES[role])


def own_id(tx: Tx) -> UUID:
    """The operator who is calling; raises OperatorsOnly for API keys."""
    if tx.actor.kind != "operator" or tx.actor.id is None:
        raise OperatorsOnly
    return tx.actor.id


async def rename(tx: Tx, operator_id: UUID, name: str) -> OperatorOut:
    """Change an operator's own name, which takes no right."""
    operator = await queries.get_operator(tx, operator_id)
    operator.name = name
    await announce(tx, OperatorChanged(operator_id=operator_id, fields=("name",)))
    return await get_operator(tx, operator_id)


async def change_password(tx: Tx, operator_id: UUID, current: str, new: str, *, keep: bytes) -> Failure | None:
    """Change one's own password and end all sessions but the one with the digest ``keep``.

    A wrong present password is returned, not raised, so that it is counted (see ``passwords.check``).
    """
    operator = await queries.operator_for_update(tx, operator_id)
    failure = await passwords.check(tx, operator, current)
    if failure is None:
        await set_password(tx, operator_id, new, keep=keep)
    return failure


async def set_password(tx: Tx, operator_id: UUID, password: str, *, keep: bytes | None = None) -> None:
    """Give an operator a new password and end their sessions, but the one with the digest ``keep``."""
    operator = await queries.get_operator(tx, operator_id)
    operator.password_hash = await passwords.hashed(password)
    operator.failed_sign_ins, operator.locked_until = 0, None
    await tx.execute(queries.END_SESSIONS, tx.organization_id, operator_id, keep)
    await announce(tx, OperatorChanged(operator_id=operator_id, fields=("password",)))


async def actor_names(tx: Tx, labels: Iterable[str]) -> dict[str, str]:
    """What people call the actors of facts (``opr_…``, ``key_…``); others have no name."""
    ids = {label: decode(label[:3], label) for label in labels if label[:4] in {"opr_", "key_"}}
    names = await queries.actor_names(tx, list(ids.values()))
    return {label: names[known] for label, known in ids.items() if known in names}


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
        actor = Actor("api_key", row["id"], frozenset(row["scopes"]), row["location_id"])
        _met[tx.organization_id, digest(secret)] = actor
        while len(_met) > _KEYS_REMEMBERED:
            _met.popitem(last=False)
        return actor
    row = await queries.find_session(tx, digest(secret))
    if row is None or _is_past(row["expires_at"]):
        raise Unauthenticated
    return Actor("operator", row["id"], rules.ROLE_SCOPES[row["role"]])


def recall(organization_id: UUID, kind: str, secret: bytes) -> tuple[Actor, Statement] | None:
    """The actor of an API key that this process met before, if it is neither revoked nor over: so says the statement.

    Nothing else about a key ever changes.
    """
    if kind != "key":
        return None
    hashed = digest(secret)
    actor = _met.get((organization_id, hashed))
    return (actor, (queries.KEY_HOLDS, (organization_id, hashed, actor.id, clock.now()))) if actor else None


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
        scan_action=cast("ScanAction", organization.scan_action),
        created_at=organization.created_at,
    )


def _location_out(location: Location) -> LocationOut:
    return LocationOut(
        id=location.id,
        name=location.name,
        address=location.address,
        latitude=location.latitude,
        longitude=location.longitude,
        scan_action=cast("ScanAction | None", location.scan_action),
        created_at=location.created_at,
    )


async def _operators_out(tx: Tx, operators: Sequence[Operator]) -> list[OperatorOut]:
    keys, guarded = await tx.vault.keys(tx), await queries.with_second_factor(tx)
    return [
        OperatorOut(
            id=operator.id,
            name=operator.name,
            email=keys.decrypt(operator.email, _EMAIL),
            role=operator.role,
            disabled=operator.disabled_at is not None,
            locked=rules.is_locked(operator.locked_until, clock.now()),
            second_factor=operator.id in guarded,
            created_at=operator.created_at,
        )
        for operator in operators
    ]


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
