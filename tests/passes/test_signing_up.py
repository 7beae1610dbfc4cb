"""A card handed over without a name: Wallet asks its holder, and the card carries the name; over real sockets."""

import asyncio
from typing import Any

import httpx

from passerelle.emulators.apple_device import HeldPass
from passerelle.kit.ids import decode
from passerelle.passes import identities
from passerelle.passes.wallets.apple.verify import judge
from tests.factories import handed
from tests.factories.stage import Json, Stage

_NFC_KEY = "MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADPp8HZVgX3UhVbnVXGb1Z0vVGYVQyYXmMmTYGVuuJjxQ="
_ASKED = {"description": "Join the club", "besides": ["phone", "email", "postal_code"], "terms": "Our <a>terms</a>."}
_TOLD = {
    "fullName": "Lina Haddad",
    "givenName": "Lina",
    "familyName": "Haddad",
    "phoneNumber": "06 12 34 56 78",
    "emailAddress": "lina@example.com",
    "postalCode": "20000",
    "ISOCountryCode": "FR",
}


async def _club(stage: Stage, **asked: Any) -> str:
    """A program whose cards ask who holds them."""
    made = await stage.post("/api/v1/programs", {"name": "Club", "kind": "points"})
    template_id = (await stage.get(f"/api/v1/programs/{made['id']}"))["template_id"]
    content = (await stage.get(f"/api/v1/templates/{template_id}/versions/1"))["content"]
    content["apple"] = {"nfc": {"message": "{{ pass.code }}", "encryptionPublicKey": _NFC_KEY}}
    content["sign_up"] = _ASKED | asked
    await stage.post(f"/api/v1/templates/{template_id}/versions", {"content": content, "publish": True})
    return str(made["id"])


async def _handed_out(stage: Stage, program_id: str, **known: str) -> tuple[HeldPass, str]:
    """A card on the phone, and the customer, of whom ``known`` is all that is known."""
    customer = await stage.post("/api/v1/customers", known)
    member = await stage.post(f"/api/v1/programs/{program_id}/members", {"customer_id": customer["id"]})
    card = await stage.post("/api/v1/passes", {"membership_id": member["id"]})
    link = await stage.post(f"/api/v1/passes/{card['id']}/link")
    answer = await handed.opened(link["url"], handed.IPHONE)
    verdict = judge(answer.content, trust=identities.trust_roots(stage.settings))
    assert [finding for finding in verdict.findings if finding.severity == "error"] == []
    return await stage.phone.add(answer.content, answer.headers.get("last-modified")), customer["id"]


async def _call(stage: Stage, held: HeldPass, body: Json, token: str | None = None) -> httpx.Response:
    """The sixth call of Apple's table, without a phone."""
    address = held.address
    assert address is not None
    place = f"{address.web_service_url}/v1/passes/{address.pass_type_identifier}/{address.serial_number}/personalize"
    headers = {"Authorization": f"ApplePass {token or address.authentication_token}"}
    async with httpx.AsyncClient(headers=headers) as phone:
        return await phone.post(place, json=body)


async def test_the_holder_tells_who_they_are_and_the_card_carries_the_name(stage: Stage) -> None:
    held, customer_id = await _handed_out(stage, await _club(stage))
    assert {"personalization.json", "personalizationLogo@2x.png"} <= held.package.files.keys()
    assert await stage.phone.sign_up(held.package.serial_number, _TOLD)
    assert "personalization.json" not in held.package.files
    assert stage.phone.violations == []
    known = await stage.get(f"/api/v1/customers/{customer_id}")
    assert (known["first_name"], known["last_name"], known["phone"]) == ("Lina", "Haddad", "+33612345678")
    assert (known["email"], known["attributes"]) == ("lina@example.com", {"postal_code": "20000"})
    [consent] = (await stage.get(f"/api/v1/customers/{customer_id}/consents"))["items"]
    assert (consent["purpose"], consent["wording"]) == ("loyalty_program", "Our <a>terms</a>.")
    assert "Lina" in str(held.package.pass_json)


async def test_told_twice_it_is_taken_once(stage: Stage) -> None:
    held, customer_id = await _handed_out(stage, await _club(stage))
    body = {"personalizationToken": "t", "requiredPersonalizationInfo": {"fullName": "Lina Haddad"}}
    assert (await _call(stage, held, body)).status_code == 200
    body["requiredPersonalizationInfo"] = {"fullName": "Somebody Else"}
    assert (await _call(stage, held, body)).status_code == 200
    assert (await stage.get(f"/api/v1/customers/{customer_id}"))["first_name"] == "Lina Haddad"


async def test_two_who_tell_at_once_are_one_holder(stage: Stage) -> None:
    held, customer_id = await _handed_out(stage, await _club(stage))
    told = [_TOLD | {"givenName": name, "emailAddress": f"{name}@example.com"} for name in ("Lina", "Maya", "Nora")]
    bodies = [{"personalizationToken": "t", "requiredPersonalizationInfo": each} for each in told]
    answers = await asyncio.gather(*(_call(stage, held, body) for body in bodies))
    assert {answer.status_code for answer in answers} == {200}
    known = await stage.get(f"/api/v1/customers/{customer_id}")
    assert known["email"] == f"{known['first_name']}@example.com".lower()
    assert len((await stage.get(f"/api/v1/customers/{customer_id}/consents"))["items"]) == 1


async def test_a_number_of_somebody_else_is_left_to_staff(stage: Stage) -> None:
    other = await stage.post("/api/v1/customers", {"phone": "+33612345678"})
    held, customer_id = await _handed_out(stage, await _club(stage))
    assert await stage.phone.sign_up(held.package.serial_number, _TOLD | {"emailAddress": "no address"})
    known = await stage.get(f"/api/v1/customers/{customer_id}")
    assert (known["first_name"], known["phone"], known["email"]) == ("Lina", None, None)
    [event] = (await stage.get("/api/v1/events?name=customer.duplicate_suspected"))["items"]
    assert event["payload"]["other_customer_id"] == str(decode("cus", other["id"]))


async def test_a_card_with_a_name_asks_nothing(stage: Stage) -> None:
    held, _ = await _handed_out(stage, await _club(stage), first_name="Sam")
    assert "personalization.json" not in held.package.files


_INFO: Json = {"fullName": "Lina"}
_MALFORMED: tuple[Json, ...] = (
    {},
    {"personalizationToken": "t"},
    {"personalizationToken": "", "requiredPersonalizationInfo": _INFO},
    {"personalizationToken": "t" * 5_000, "requiredPersonalizationInfo": _INFO},
    {"personalizationToken": "t", "requiredPersonalizationInfo": {}},
    {"personalizationToken": "t", "requiredPersonalizationInfo": {"fullName": "\x00"}},
)


async def test_what_is_no_sign_up_changes_nothing(stage: Stage) -> None:
    held, customer_id = await _handed_out(stage, await _club(stage))
    for body in _MALFORMED:
        refused = await _call(stage, held, body)
        assert (refused.status_code, refused.json()["code"]) == (400, "malformed_sign_up"), body
    assert (await stage.get(f"/api/v1/customers/{customer_id}"))["first_name"] is None


async def test_who_may_not_sign_up(stage: Stage) -> None:
    held, _ = await _handed_out(stage, await _club(stage))
    body = {"personalizationToken": "t", "requiredPersonalizationInfo": _INFO}
    refused = await _call(stage, held, body, token="x" * 32)
    assert (refused.status_code, refused.json()["code"]) == (401, "wrong_pass_token")
    plain = await stage.post("/api/v1/programs", {"name": "Plain", "kind": "points"})
    held, _ = await _handed_out(stage, plain["id"])
    refused = await _call(stage, held, body)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_sign_up")


async def test_a_design_without_nfc_may_not_ask(stage: Stage) -> None:
    made = await stage.post("/api/v1/programs", {"name": "Club", "kind": "points"})
    content = (await stage.get(f"/api/v1/templates/{made['template_id']}/versions/1"))["content"]
    answer = await stage.http.post(
        f"/api/v1/templates/{made['template_id']}/versions",
        json={"content": content | {"sign_up": _ASKED}, "publish": True},
    )
    assert answer.status_code == 422
    assert "sign_up_needs_nfc" in answer.text
