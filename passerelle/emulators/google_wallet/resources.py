"""The verbs of the fourteen class and object resources."""

import base64
from typing import Any, Final

from passerelle.emulators.google_wallet import notifications
from passerelle.emulators.google_wallet.accounts import check_access
from passerelle.emulators.google_wallet.discovery import Json, ResourceKind
from passerelle.emulators.google_wallet.errors import ApiError, invalid
from passerelle.emulators.google_wallet.state import Account, Stored, WalletState
from passerelle.emulators.google_wallet.validation import (
    OUTPUT_ONLY,
    check_limits,
    check_shape,
    issuer_of,
    merge,
)

MAX_LINKED_OBJECTS: Final = 50
_EPHEMERAL: Final = "notifyPreference"


def not_found(kind: ResourceKind, resource_id: str) -> ApiError:
    reason = "classNotFound" if kind.is_class else "resourceNotFound"
    return ApiError(404, reason, f"{kind.noun} {resource_id} not found.")


def fetch(state: WalletState, kind: ResourceKind, resource_id: str) -> Stored:
    """Raises: ApiError: 404 when there is no such resource of that kind."""
    stored = state.find(kind, resource_id)
    if stored is None:
        raise not_found(kind, resource_id)
    return stored


def shown(state: WalletState, stored: Stored) -> Json:
    """A resource as the API returns it, with the fields the platform itself fills."""
    body = {"kind": f"walletobjects#{stored.kind.path}", **stored.body}
    if not stored.kind.is_class:
        body["hasUsers"] = stored.body["id"] in state.saved
        body["classReference"] = state.classes[stored.body["classId"]].body
    return body


def get(state: WalletState, account: Account, kind: ResourceKind, resource_id: str) -> Json:
    check_access(state, account, issuer_of(resource_id), write=False)
    return shown(state, fetch(state, kind, resource_id))


def insert(state: WalletState, account: Account, kind: ResourceKind, body: Any) -> Json:
    """Create a resource.

    Raises:
        ApiError: 400 for a body that breaks a rule, 403, 404 for a missing class, 409 for a taken id.
    """
    checked = _accepted(check_shape(kind.schema, body))
    resource_id = checked["id"]
    check_access(state, account, issuer_of(resource_id), write=True)
    if state.exists(kind, resource_id):
        raise ApiError(409, "existingResource", f"{kind.noun} {resource_id} already exists.")
    store(state, kind, checked, before=None)
    return shown(state, fetch(state, kind, resource_id))


def update(state: WalletState, account: Account, kind: ResourceKind, resource_id: str, body: Any) -> Json:
    """Replace a resource (PUT)."""
    before = _writable(state, account, kind, resource_id)
    check_shape(kind.schema, body, partial=True)
    return _replace(state, before, resource_id, {"id": resource_id, **body})


def patch(state: WalletState, account: Account, kind: ResourceKind, resource_id: str, body: Any) -> Json:
    """Change the fields a body names (PATCH)."""
    before = _writable(state, account, kind, resource_id)
    check_shape(kind.schema, body, partial=True)
    return _replace(state, before, resource_id, merge(before.body, body))


def _writable(state: WalletState, account: Account, kind: ResourceKind, resource_id: str) -> Stored:
    check_access(state, account, issuer_of(resource_id), write=True)
    return fetch(state, kind, resource_id)


def _accepted(body: Json) -> Json:
    return {key: value for key, value in body.items() if key not in OUTPUT_ONLY}


def _replace(state: WalletState, before: Stored, resource_id: str, body: Json) -> Json:
    checked = _accepted(check_shape(before.kind.schema, body))
    if checked["id"] != resource_id:
        raise invalid(f"Invalid resource ID: {checked['id']} differs from the one in the path.")
    wants_notification = checked.pop(_EPHEMERAL, None) == "NOTIFY_ON_UPDATE"
    store(state, before.kind, checked, before=before.body)
    after = fetch(state, before.kind, resource_id)
    if wants_notification:
        notifications.notify_update(state, before.kind, before.body, after.body)
    return shown(state, after)


def store(state: WalletState, kind: ResourceKind, body: Json, *, before: Json | None) -> None:
    """Apply the rules that look beyond the body, then keep it. `before` is None for a new resource."""
    body = {key: value for key, value in body.items() if key != _EPHEMERAL}
    check_limits(kind, body)
    if kind.is_class:
        state.put(kind, _reviewed(state, body, before))
        return
    check_class(fetch(state, kind.counterpart, body["classId"]).body, body)
    body = _linked(state, body, before)
    state.put(kind, body)
    if body["id"] in state.saved:
        save_linked(state, body)


def _reviewed(state: WalletState, body: Json, before: Json | None) -> Json:
    # "When updating an already approved class you should keep setting this field to underReview"
    status = body.get("reviewStatus")
    if status is None:
        return body
    was_draft = before is None or before["reviewStatus"] == "DRAFT"
    if status != "UNDER_REVIEW" and not (status == "DRAFT" and was_draft):
        raise invalid(f"Invalid review status Optional[{status}]")
    return body if status == "DRAFT" else {**body, "reviewStatus": state.review_outcome}


def check_class(wallet_class: Json, body: Json) -> None:
    """Raises: ApiError: 400 when the class cannot have this object."""
    status = wallet_class.get("reviewStatus", "APPROVED")
    if status != "APPROVED":
        raise invalid(f"The class {body['classId']} has review status {status} and cannot have objects.")
    if "activationOptions" in wallet_class and "activationStatus" not in body:
        raise invalid("activationStatus is required, for the class has activationOptions.")


def _linked(state: WalletState, body: Json, before: Json | None) -> Json:
    for field in ("linkedObjectIds", "linkedOfferIds"):
        for linked in body.get(field, ()):
            if issuer_of(linked) != issuer_of(body["id"]):
                raise invalid(f"{field}: {linked} belongs to another issuer.")
            found = state.objects.get(linked)
            if found is None or (field == "linkedOfferIds" and found.kind.path != "offerObject"):
                raise invalid(f"{field}: {linked} does not exist.")
    # "Once linked, the linked objects cannot be unlinked"; past the limit new ones are ignored silently
    kept = dict.fromkeys([*(before or {}).get("linkedObjectIds", ()), *body.get("linkedObjectIds", ())])
    return {**body, "linkedObjectIds": list(kept)[:MAX_LINKED_OBJECTS]} if kept else body


def save_linked(state: WalletState, body: Json) -> None:
    """Push linked objects into a wallet that already holds the object they are linked to."""
    for linked in body.get("linkedObjectIds", ()):
        state.mark_saved(linked)


def add_message(state: WalletState, account: Account, kind: ResourceKind, resource_id: str, body: Any) -> Json:
    """Append a message, ten at most; TEXT_AND_NOTIFY counts against three a day."""
    before = _writable(state, account, kind, resource_id)
    message = check_shape("AddMessageRequest", body).get("message")
    if not message:
        raise invalid("Missing required field: message.")
    messages = [*before.body.get("messages", ()), message]
    changed = {**before.body, "messages": messages}
    check_limits(kind, changed)
    notifies = message.get("messageType") == "TEXT_AND_NOTIFY"
    if notifies:
        notifications.check_message_quota(state, kind, resource_id)
    state.put(kind, changed)
    if notifies:
        notifications.notify_message(state, kind, resource_id, message)
    return {"resource": shown(state, fetch(state, kind, resource_id))}


def modify_linked_offers(
    state: WalletState, account: Account, kind: ResourceKind, resource_id: str, body: Any
) -> Json:
    """Add and remove linked offers of an event ticket or a loyalty card."""
    before = _writable(state, account, kind, resource_id)
    change = check_shape("ModifyLinkedOfferObjectsRequest", body).get("linkedOfferObjectIds", {})
    removed = set(change.get("removeLinkedOfferObjectIds", ()))
    offers = dict.fromkeys([*before.body.get("linkedOfferIds", ()), *change.get("addLinkedOfferObjectIds", ())])
    kept = [offer for offer in offers if offer not in removed]
    store(state, kind, {**before.body, "linkedOfferIds": kept}, before=before.body)
    return shown(state, fetch(state, kind, resource_id))


def listed(state: WalletState, account: Account, kind: ResourceKind, query: dict[str, str]) -> Json:
    """A page of an issuer's classes or a class's objects; all of them without `maxResults`."""
    ids = _class_ids(state, account, kind, query) if kind.is_class else _object_ids(state, account, kind, query)
    start = _offset(query.get("token", ""))
    limit = _max_results(query.get("maxResults"), len(ids))
    page = ids[start : start + limit]
    pagination: Json = {"kind": "walletobjects#pagination", "resultsPerPage": len(page)}
    if start + limit < len(ids):
        pagination["nextPageToken"] = base64.urlsafe_b64encode(f"o:{start + limit}".encode()).decode()
    return {
        "resources": [shown(state, fetch(state, kind, resource_id)) for resource_id in page],
        "pagination": pagination,
    }


def _class_ids(state: WalletState, account: Account, kind: ResourceKind, query: dict[str, str]) -> list[str]:
    issuer = query.get("issuerId", "")
    if not issuer.isdecimal() or len(issuer) > 19:
        raise invalid("issuerId is required: the issuer whose classes to list.")
    check_access(state, account, int(issuer), write=False)
    ids = state.classes_by_issuer.get(int(issuer), ())
    return [class_id for class_id in ids if state.classes[class_id].kind is kind]


def _object_ids(state: WalletState, account: Account, kind: ResourceKind, query: dict[str, str]) -> list[str]:
    class_id = query.get("classId", "")
    if not class_id:
        raise invalid("classId is required: the class whose objects to list.")
    check_access(state, account, issuer_of(class_id), write=False)
    fetch(state, kind.counterpart, class_id)
    return list(state.objects_by_class.get(class_id, ()))


def _max_results(text: str | None, everything: int) -> int:
    if text is None:
        return max(everything, 1)
    if not text.isdecimal() or not 1 <= int(text[:10]) < 2**31:
        raise invalid("maxResults must be a positive integer.")
    return int(text)


def _offset(token: str) -> int:
    try:
        mark, _, number = base64.urlsafe_b64decode(token).decode().partition(":")
    except ValueError as error:
        raise invalid("Invalid page token.") from error
    if not token:
        return 0
    if mark != "o" or not number.isdecimal() or len(number) > 9:
        raise invalid("Invalid page token.")
    return int(number)
