"""The signed link a customer opens: checked, then turned into classes, objects and a card in the wallet."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError

from passerelle.emulators.google_wallet import resources
from passerelle.emulators.google_wallet.accounts import check_access, unverified_issuer
from passerelle.emulators.google_wallet.discovery import KINDS_BY_PAYLOAD_KEY, Json, ResourceKind
from passerelle.emulators.google_wallet.errors import ApiError, invalid
from passerelle.emulators.google_wallet.state import Account, WalletState
from passerelle.emulators.google_wallet.validation import check_limits, check_shape, issuer_of

MAX_PASSES_PER_LINK: Final = 10
_CLOCK_SKEW_SECONDS: Final = 300


@dataclass(frozen=True)
class Preview:
    """One card as the save page shows it before anything is stored."""

    kind: ResourceKind
    wallet_class: Json
    wallet_object: Json
    already_saved: bool


@dataclass(frozen=True)
class SavePlan:
    """What pressing the button will do: the bodies to create and the objects to put in the wallet."""

    creates: tuple[tuple[ResourceKind, Json], ...]
    object_ids: tuple[str, ...]
    previews: tuple[Preview, ...]


def read_jwt(state: WalletState, token: str) -> tuple[Account, Json]:
    """The signer and the payload of a save JWT.

    Raises:
        ApiError: 400 telling which part of the JWT is wrong.
    """
    account = state.accounts.get(unverified_issuer(token))
    if account is None:
        raise invalid("The JWT's iss is not a known service account.")
    try:
        claims = jwt.decode(token, account.public_key, algorithms=["RS256"]).claims
    except (JoseError, ValueError) as error:
        raise invalid("The JWT's signature is invalid: sign it with RS256 and the account's key.") from error
    _check_claims(state, claims)
    return account, check_payload(claims["payload"])


def _check_claims(state: WalletState, claims: Json) -> None:
    if claims.get("aud") != "google":
        raise invalid('The JWT\'s aud must be "google".')
    if claims.get("typ") != "savetowallet":
        raise invalid('The JWT\'s typ must be "savetowallet".')
    issued_at = claims.get("iat")
    if not isinstance(issued_at, int | float) or isinstance(issued_at, bool):
        raise invalid("The JWT's iat must be the time of issue in seconds since the epoch.")
    if issued_at > state.clock() + _CLOCK_SKEW_SECONDS:
        raise invalid("The JWT's iat lies in the future.")
    origins = claims.get("origins", [])
    if not isinstance(origins, list) or not all(isinstance(origin, str) for origin in origins):
        raise invalid("The JWT's origins must be a list of domains.")
    if not isinstance(claims.get("payload"), dict):
        raise invalid("The JWT has no payload.")


def check_payload(payload: Any) -> Json:
    """The classes and objects of a link; required fields are checked later, for what is not yet stored."""
    checked = _check_lists(payload)
    objects = [body for key, bodies in checked.items() if not KINDS_BY_PAYLOAD_KEY[key].is_class for body in bodies]
    if not 1 <= len(objects) <= MAX_PASSES_PER_LINK:
        raise invalid(f"The payload must hold 1 to {MAX_PASSES_PER_LINK} objects, it holds {len(objects)}.")
    if not all("id" in body for bodies in checked.values() for body in bodies):
        raise invalid("Every class and object in the payload needs an id.")
    return checked


def _check_lists(payload: Any) -> Json:
    if not isinstance(payload, dict):
        raise invalid("The payload must be an object.")
    checked = {}
    for key, bodies in payload.items():
        kind = KINDS_BY_PAYLOAD_KEY.get(key)
        if kind is None or not isinstance(bodies, list):
            raise invalid(f"The payload must hold lists named like loyaltyObjects, not {str(key)[:100]!r}.")
        checked[key] = [check_shape(kind.schema, body, partial=True) for body in bodies]
    return checked


def plan(state: WalletState, token: str) -> SavePlan:
    """Everything a link would do, without doing it.

    Raises:
        ApiError: the JWT is wrong, something it names does not exist, or the pass is for someone else.
    """
    account, payload = read_jwt(state, token)
    return plan_payload(state, account, payload)


def plan_payload(state: WalletState, account: Account, payload: Json) -> SavePlan:
    """What saving this payload, signed by that account, would do.

    Raises:
        ApiError: see `plan`.
    """
    new_classes, new_objects, object_ids = _sorted_out(state, account, payload)
    previews = tuple(_preview(state, object_id, new_classes, new_objects) for object_id in object_ids)
    for preview in previews:
        _check_restrictions(state, preview.wallet_object)
    creates = (*new_classes.values(), *new_objects.values())
    return SavePlan(creates, tuple(object_ids), previews)


_Bodies = dict[str, tuple[ResourceKind, Json]]


def _sorted_out(state: WalletState, account: Account, payload: Json) -> tuple[_Bodies, _Bodies, list[str]]:
    """Split the payload in classes and objects to create; what exists is not overwritten by a link."""
    new_classes: _Bodies = {}
    new_objects: _Bodies = {}
    object_ids: list[str] = []
    for key, bodies in payload.items():
        kind = KINDS_BY_PAYLOAD_KEY[key]
        for body in bodies:
            check_access(state, account, issuer_of(body["id"]), write=True)
            if not kind.is_class:
                object_ids.append(body["id"])
            if state.find(kind, body["id"]) is None:
                _check_new(state, kind, body)
                (new_classes if kind.is_class else new_objects)[body["id"]] = (kind, body)
    return new_classes, new_objects, object_ids


def _check_new(state: WalletState, kind: ResourceKind, body: Json) -> None:
    if state.exists(kind, body["id"]):
        raise invalid(f"{body['id']} exists with another type.")
    if set(body) <= {"id", "classId"} and kind.schema != "GenericClass":
        raise resources.not_found(kind, body["id"])
    check_shape(kind.schema, body)
    check_limits(kind, body)


def _preview(state: WalletState, object_id: str, classes: _Bodies, objects: _Bodies) -> Preview:
    if object_id in objects:
        kind, body = objects[object_id]
    else:
        stored = state.objects[object_id]
        kind, body = stored.kind, stored.body
    created = classes.get(body["classId"])
    if created is not None and created[0] is kind.counterpart:
        wallet_class = created[1]
    else:
        wallet_class = resources.fetch(state, kind.counterpart, body["classId"]).body
        resources.check_class(wallet_class, body)
    return Preview(kind, wallet_class, body, object_id in state.saved)


def _check_restrictions(state: WalletState, body: Json) -> None:
    wanted = body.get("saveRestrictions", {}).get("restrictToEmailSha256")
    if wanted and wanted != hashlib.sha256(state.account_email.encode()).hexdigest():
        raise ApiError(403, "permissionDenied", "This pass is for another account. Contact its issuer.")


def create(state: WalletState, planned: SavePlan) -> None:
    """Create what the link brought along; a class is put under review as if inserted by itself."""
    for kind, body in planned.creates:
        if kind.is_class and body.get("reviewStatus") == "APPROVED":
            body = {**body, "reviewStatus": "UNDER_REVIEW"}  # noqa: PLW2901 - a copy, not the plan's body
        resources.store(state, kind, body, before=None)


def insert_jwt(state: WalletState, account: Account, body: Any, base_url: str) -> Json:
    """`jwt.insert`: store what a JWT carries, answer the link and the stored resources."""
    token = check_shape("JwtResource", body)["jwt"]
    signer, payload = read_jwt(state, token)
    if signer.issuer_id != account.issuer_id:
        raise invalid("The JWT was signed for another issuer.")
    create(state, plan_payload(state, signer, payload))
    found = {
        key: [
            resources.shown(state, resources.fetch(state, KINDS_BY_PAYLOAD_KEY[key], item["id"])) for item in bodies
        ]
        for key, bodies in payload.items()
        if bodies
    }
    return {"saveUri": f"{base_url}/gp/v/save/{token}", "resources": found}


def validate_jwt(state: WalletState, account: Account, body: Any) -> Json:
    """`jwt.validate`: the checks of saving, without saving."""
    checked = check_shape("JwtValidateRequest", body)
    if ("jwtResource" in checked) == ("jsonResource" in checked):
        raise invalid("Set either jwtResource or jsonResource.")
    if "jwtResource" in checked:
        plan(state, checked["jwtResource"]["jwt"])
        return {}
    try:
        content = json.loads(checked["jsonResource"]["json"])
    except (ValueError, RecursionError) as error:
        raise invalid("jsonResource.json is not JSON.") from error
    if isinstance(content, dict) and "payload" in content:
        content = content["payload"]
    plan_payload(state, account, check_payload(content))
    return {}
