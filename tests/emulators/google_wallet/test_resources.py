"""Every resource of the discovery document: inserting, reading, changing, listing, and what is refused."""

from typing import Any

import pytest

from passerelle.emulators.google_wallet.discovery import KINDS, document
from tests.emulators.google_wallet.conftest import (
    CLASS_BODIES,
    EMAIL,
    ISSUER,
    OBJECT_BODIES,
    Api,
    class_body,
    localized,
    name,
    object_body,
)

CLASS_KINDS = sorted(CLASS_BODIES)


def test_all_fourteen_resources_of_the_discovery_document_are_known() -> None:
    offered = {key for key in document()["resources"] if key.endswith(("class", "object"))}
    assert {path.lower() for path in KINDS} == offered
    assert set(CLASS_BODIES) | set(OBJECT_BODIES) == set(KINDS)


@pytest.mark.parametrize("kind", CLASS_KINDS)
async def test_a_class_and_its_object_live(api: Api, kind: str) -> None:
    object_kind = kind.replace("Class", "Object")
    made = await api.ok("POST", kind, class_body(kind))
    assert made["kind"] == f"walletobjects#{kind}"
    assert made.get("reviewStatus", "APPROVED") == "APPROVED"
    assert (await api.ok("POST", object_kind, object_body(object_kind)))["hasUsers"] is False

    review = {} if kind == "genericClass" else {"reviewStatus": "UNDER_REVIEW"}
    module = {"textModulesData": [{"id": "a", "header": "Hours", "body": "9 to 5"}]}
    patched = await api.ok("PATCH", f"{kind}/{name('club')}", review | module)
    assert patched["textModulesData"] == module["textModulesData"]
    replaced = await api.ok("PUT", f"{kind}/{name('club')}", class_body(kind))
    assert "textModulesData" not in replaced

    seen = await api.ok("GET", f"{object_kind}/{name('member')}")
    assert seen["classReference"]["id"] == name("club")
    await api.ok("PUT", f"{object_kind}/{name('member')}", object_body(object_kind))
    assert (await api.ok("PATCH", f"{object_kind}/{name('member')}", {"state": "EXPIRED"}))["state"] == "EXPIRED"
    for path in (f"{kind}/{name('club')}", f"{object_kind}/{name('member')}"):
        message = {"message": {"id": "1", "header": "Hi", "body": "You", "messageType": "TEXT"}}
        added = await api.ok("POST", f"{path}/addMessage", message)
        assert added["resource"]["messages"] == [message["message"]]
    classes = await api.ok("GET", kind, issuerId=str(ISSUER))
    objects = await api.ok("GET", object_kind, classId=name("club"))
    assert [found["id"] for found in classes["resources"]] == [name("club")]
    assert [found["id"] for found in objects["resources"]] == [name("member")]


@pytest.mark.parametrize("kind", CLASS_KINDS)
async def test_every_required_field_is_required(api: Api, kind: str) -> None:
    whole = class_body(kind)
    properties = document()["schemas"][KINDS[kind].schema]["properties"]
    required = [key for key, value in properties.items() if value.get("description", "").startswith("Required.")]
    assert "id" in required
    for field in required:
        body = {key: value for key, value in whole.items() if key != field}
        status, reason, message = await api.refused("POST", kind, body)
        assert (status, reason) == (400, "required")
        assert field in message


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
async def test_unknown_fields_are_refused(api: Api, kind: str, method: str) -> None:
    class_kind, object_kind = kind.replace("Object", "Class"), kind.replace("Class", "Object")
    await api.ok("POST", class_kind, class_body(class_kind))
    await api.ok("POST", object_kind, object_body(object_kind))
    body = class_body(kind) if kind == class_kind else object_body(kind)
    path = kind if method == "POST" else f"{kind}/{body['id']}"
    status, reason, message = await api.refused(method, path, body | {"colour": "red"})
    assert (status, reason) == (400, "invalid")
    assert 'Unknown name "colour"' in message


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"loyaltyPoints": {"balance": {"int": "many"}}}, "loyaltyPoints.balance.int"),
        ({"loyaltyPoints": {"balance": {"int": 2**31}}}, "loyaltyPoints.balance.int"),
        ({"loyaltyPoints": {"balance": {"int": 1, "string": "1"}}}, "exactly one"),
        ({"state": "SLEEPING"}, "SLEEPING"),
        ({"accountName": 5}, "accountName"),
        ({"barcode": {"type": "BARCODE_TYPE_UNSPECIFIED"}}, "Barcode type must be set"),
        ({"textModulesData": {"header": "x"}}, "textModulesData"),
        ({"messages": [{"header": str(at)} for at in range(11)]}, "maximum is 10"),
        ({"merchantLocations": [{"latitude": 1.5, "longitude": 2}] * 11}, "maximum is 10"),
        ({"valueAddedModuleData": [{}] * 16}, "maximum is 15"),
        ({"smartTapRedemptionValue": "é"}, "ASCII"),
        ({"linkedObjectIds": [f"{ISSUER}.none"]}, "does not exist"),
        ({"linkedObjectIds": ["5.other"]}, "another issuer"),
        ({"linkedOfferIds": [f"{ISSUER}.none"]}, "does not exist"),
        ({"id": f"{ISSUER}.other"}, "differs"),
        ({"classId": None}, "classId"),
    ],
)
async def test_wrong_values_are_refused(api: Api, change: dict[str, Any], word: str) -> None:
    await api.ok("POST", "loyaltyClass", class_body())
    before = await api.ok("POST", "loyaltyObject", object_body())
    status, _, message = await api.refused("PATCH", f"loyaltyObject/{name('member')}", change)
    assert status == 400
    assert word in message
    assert await api.ok("GET", f"loyaltyObject/{name('member')}") == before


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"hexBackgroundColor": "red"}, "#rrggbb"),
        ({"callbackOptions": {"url": "http://shop.example/hook"}}, "HTTPS"),
        ({"reviewStatus": "APPROVED"}, "Invalid review status"),
        ({"classTemplateInfo": {"cardTemplateOverride": {"cardRowTemplateInfos": [{}] * 4}}}, "three rows"),
        ({"id": "club"}, "Invalid resource ID"),
        ({"id": f"{ISSUER}.é"}, "Invalid resource ID"),
    ],
)
async def test_wrong_classes_are_refused(api: Api, change: dict[str, Any], word: str) -> None:
    status, _, message = await api.refused("POST", "loyaltyClass", class_body(**change))
    assert status == 400
    assert word in message


@pytest.mark.parametrize("content", [b"{", b"[1]", b'"x"', b'{"id": NaN}', b'{"id": "\\ud800"}', b"[" * 100_000])
async def test_no_json_is_refused(api: Api, content: bytes) -> None:
    answer = await api.http.post("/walletobjects/v1/loyaltyClass", content=content, headers=api.headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["errors"][0]["reason"] == "parseError"


async def test_int64_is_taken_as_string_and_number(api: Api) -> None:
    await api.ok("POST", "giftCardClass", class_body("giftCardClass"))
    for micros in ("12500000", 12500000):
        body = object_body("giftCardObject", f"gift-{micros!r}".replace("'", ""))
        balance = {"micros": micros, "currencyCode": "EUR"}
        made = await api.ok(
            "POST", "giftCardObject", body | {"id": name(f"g{type(micros).__name__}"), "balance": balance}
        )
        assert made["balance"]["micros"] == "12500000"


async def test_legacy_enum_names_come_back_as_current_ones(api: Api) -> None:
    await api.ok("POST", "loyaltyClass", class_body(reviewStatus="underReview"))
    body = object_body(state="active", barcode={"type": "qrCode", "value": "1"})
    made = await api.ok("POST", "loyaltyObject", body)
    assert (made["state"], made["barcode"]["type"]) == ("ACTIVE", "QR_CODE")


async def test_patch_merges_and_put_replaces(api: Api) -> None:
    await api.ok("POST", "loyaltyClass", class_body())
    await api.ok("POST", "loyaltyObject", object_body(textModulesData=[{"id": "a"}, {"id": "b"}]))
    path = f"loyaltyObject/{name('member')}"
    merged = await api.ok(
        "PATCH",
        path,
        {"loyaltyPoints": {"balance": {"int": 50}}, "textModulesData": [{"id": "c"}], "accountName": None},
    )
    assert merged["loyaltyPoints"] == {"label": "Points", "balance": {"int": 50}}
    assert merged["textModulesData"] == [{"id": "c"}]
    assert merged["barcode"] == OBJECT_BODIES["loyaltyObject"]["barcode"]
    assert "accountName" not in merged
    replaced = await api.ok("PUT", path, {"id": name("member"), "classId": name("club"), "state": "ACTIVE"})
    assert "loyaltyPoints" not in replaced


async def test_output_only_fields_are_ignored(api: Api) -> None:
    await api.ok("POST", "loyaltyClass", class_body())
    made = await api.ok("POST", "loyaltyObject", object_body() | {"hasUsers": True, "kind": "x", "version": "7"})
    assert made["hasUsers"] is False
    assert made["kind"] == "walletobjects#loyaltyObject"
    assert "version" not in made


async def test_missing_and_taken(api: Api) -> None:
    assert await api.refused("GET", f"loyaltyClass/{name('club')}") == (
        404,
        "classNotFound",
        f"Wallet Object Class {name('club')} not found.",
    )
    assert (await api.refused("POST", "loyaltyObject", object_body()))[:2] == (404, "classNotFound")
    await api.ok("POST", "loyaltyClass", class_body())
    assert (await api.refused("POST", "loyaltyClass", class_body()))[:2] == (409, "existingResource")
    assert (await api.refused("POST", "offerClass", class_body("offerClass")))[0] == 409
    assert (await api.refused("POST", "offerObject", object_body("offerObject")))[:2] == (404, "classNotFound")
    assert (await api.refused("PATCH", f"loyaltyObject/{name('x')}", {}))[:2] == (404, "resourceNotFound")
    assert (await api.refused("DELETE", f"loyaltyClass/{name('club')}"))[0] == 404
    assert (await api.refused("POST", f"offerObject/{name('x')}/modifyLinkedOfferObjects", {}))[0] == 404


async def test_classes_are_reviewed(api: Api) -> None:
    await api.ok("POST", "loyaltyClass", class_body(reviewStatus="DRAFT"))
    status, _, message = await api.refused("POST", "loyaltyObject", object_body())
    assert (status, "DRAFT" in message) == (400, True)
    path = f"loyaltyClass/{name('club')}"
    assert (await api.ok("PATCH", path, {"programName": "New"}))["reviewStatus"] == "DRAFT"
    assert (await api.ok("PATCH", path, {"reviewStatus": "UNDER_REVIEW"}))["reviewStatus"] == "APPROVED"
    await api.ok("POST", "loyaltyObject", object_body())
    for change in ({"programName": "Newer"}, {"reviewStatus": "DRAFT"}, {"reviewStatus": "APPROVED"}):
        assert (await api.refused("PATCH", path, change))[0] == 400
    changed = await api.ok("PATCH", path, {"programName": "Newer", "reviewStatus": "UNDER_REVIEW"})
    assert (changed["programName"], changed["reviewStatus"]) == ("Newer", "APPROVED")


async def test_a_rejected_class_has_no_objects(api: Api) -> None:
    await api.http.post("/_control/review", json={"outcome": "REJECTED"})
    assert (await api.ok("POST", "loyaltyClass", class_body()))["reviewStatus"] == "REJECTED"
    assert (await api.refused("POST", "loyaltyObject", object_body()))[0] == 400


async def test_lists_are_paged_on_request(api: Api) -> None:
    for at in range(5):
        await api.ok("POST", "loyaltyClass", class_body(suffix=f"c{at}"))
    everything = await api.ok("GET", "loyaltyClass", issuerId=str(ISSUER))
    assert everything["pagination"]["resultsPerPage"] == 5
    assert "nextPageToken" not in everything["pagination"]
    found: list[str] = []
    params = {"issuerId": str(ISSUER), "maxResults": "2"}
    while True:
        page = await api.ok("GET", "loyaltyClass", **params)
        found += [item["id"] for item in page["resources"]]
        if "nextPageToken" not in page["pagination"]:
            break
        params["token"] = page["pagination"]["nextPageToken"]
    assert found == [item["id"] for item in everything["resources"]]
    for wrong in (
        {},
        {"issuerId": "x"},
        {"issuerId": str(ISSUER), "token": "é"},
        {"issuerId": str(ISSUER), "maxResults": "0"},
    ):
        assert (await api.refused("GET", "loyaltyClass", **wrong))[0] == 400
    assert (await api.refused("GET", "loyaltyObject"))[0] == 400
    assert (await api.refused("GET", "loyaltyObject", classId=name("none")))[0] == 404


async def test_messages_are_ten_at_most(api: Api) -> None:
    await api.ok("POST", "loyaltyClass", class_body())
    path = f"loyaltyClass/{name('club')}/addMessage"
    for at in range(10):
        await api.ok("POST", path, {"message": {"id": str(at), "header": "h", "body": "b"}})
    status, _, message = await api.refused("POST", path, {"message": {"id": "11"}})
    assert (status, "maximum is 10" in message) == (400, True)
    assert (await api.refused("POST", path, {}))[0] == 400
    assert len((await api.ok("GET", f"loyaltyClass/{name('club')}"))["messages"]) == 10


async def test_linked_offers_are_added_and_removed(api: Api) -> None:
    await api.ok("POST", "loyaltyClass", class_body())
    await api.ok("POST", "loyaltyObject", object_body())
    await api.ok("POST", "offerClass", class_body("offerClass", "deal"))
    for suffix in ("o1", "o2"):
        await api.ok("POST", "offerObject", object_body("offerObject", suffix, "deal"))
    path = f"loyaltyObject/{name('member')}/modifyLinkedOfferObjects"
    added = {"linkedOfferObjectIds": {"addLinkedOfferObjectIds": [name("o1"), name("o2")]}}
    assert (await api.ok("POST", path, added))["linkedOfferIds"] == [name("o1"), name("o2")]
    removed = {"linkedOfferObjectIds": {"removeLinkedOfferObjectIds": [name("o1")]}}
    assert (await api.ok("POST", path, removed))["linkedOfferIds"] == [name("o2")]


async def test_linked_objects_stay_linked(api: Api) -> None:
    await api.with_card()
    await api.ok("POST", "offerClass", class_body("offerClass", "deal"))
    await api.ok("POST", "offerObject", object_body("offerObject", "o1", "deal"))
    path = f"loyaltyObject/{name('member')}"
    await api.ok("PATCH", path, {"linkedObjectIds": [name("o1")]})
    assert (await api.ok("GET", f"offerObject/{name('o1')}"))["hasUsers"] is True
    assert (await api.ok("PUT", path, object_body()))["linkedObjectIds"] == [name("o1")]


async def test_issuers_and_permissions(api: Api) -> None:
    assert (await api.ok("GET", f"issuer/{ISSUER}"))["issuerId"] == str(ISSUER)
    made = await api.ok("POST", "issuer", {"name": "Second", "issuerId": "7"})
    assert made["issuerId"] != "7"
    assert {found["issuerId"] for found in (await api.ok("GET", "issuer"))["resources"]} == {
        str(ISSUER),
        made["issuerId"],
    }
    path = f"issuer/{made['issuerId']}"
    assert (await api.ok("PATCH", path, {"homepageUrl": "https://x.example"}))["name"] == "Second"
    assert "homepageUrl" not in await api.ok("PUT", path, {"name": "Third"})
    roles = {
        "permissions": [
            {"emailAddress": "boss@example.com", "role": "OWNER"},
            {"emailAddress": EMAIL, "role": "READER"},
        ]
    }
    await api.ok("PUT", f"permissions/{ISSUER}", roles)
    assert (await api.ok("GET", f"permissions/{ISSUER}"))["permissions"] == roles["permissions"]
    assert (await api.refused("POST", "loyaltyClass", class_body()))[:2] == (403, "permissionDenied")
    assert (await api.ok("GET", "loyaltyClass", issuerId=str(ISSUER)))["resources"] == []
    assert (await api.refused("PUT", f"permissions/{ISSUER}", roles))[0] == 403
    assert (await api.refused("GET", "issuer/5"))[0] == 403
    assert (await api.refused("POST", "loyaltyClass", class_body(id="5.club")))[0] == 403


async def test_the_small_resources(api: Api) -> None:
    tap = {"id": f"{ISSUER}.QUJD+/8=", "merchantId": 5, "infos": []}
    assert (await api.ok("POST", "smartTap", tap))["merchantId"] == "5"
    notice = {"externalPassId": name("x"), "updateUri": "https://x.example", "updatedPassJwtSignature": "s"}
    assert await api.ok("POST", "privateContent/setPassUpdateNotice", notice) == {}
    assert (await api.refused("POST", "privateContent/setPassUpdateNotice", {}))[1] == "required"
    for method, verb in (("GET", "download"), ("POST", "upload")):
        path = f"transitObject/{name('x')}/{verb}RotatingBarcodeValues"
        assert (await api.refused(method, path, {} if method == "POST" else None))[:2] == (501, "notImplemented")
    assert (await api.refused("GET", "nothing"))[0] == 404


async def test_card_text_is_kept_as_sent(api: Api) -> None:
    made = await api.ok("POST", "genericClass", class_body("genericClass"))
    assert made["id"] == name("club")
    title = {**localized("Café ☕ <b>"), "translatedValues": [{"language": "ar", "value": "مقهى"}]}
    card = await api.ok("POST", "genericObject", object_body("genericObject", cardTitle=title))
    assert card["cardTitle"] == title
