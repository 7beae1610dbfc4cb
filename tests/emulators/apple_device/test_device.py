"""The device and a pass server on real sockets: registration, updates, coalescing, errors, violations."""

import asyncio
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from passerelle.emulators.apple_device import (
    AppleDevice,
    Fleet,
    HttpClient,
    Inspection,
    PassRefused,
    Rule,
    Stopwatch,
)

TOPIC = "pass.example.loyalty"
REGISTRATION = f"/wallet/apple/v1/devices/device-1/registrations/{TOPIC}/card-1"
LIST = f"/wallet/apple/v1/devices/device-1/registrations/{TOPIC}"
PASS = f"/wallet/apple/v1/passes/{TOPIC}/card-1"

Card = Callable[..., bytes]


def rules_broken(device: AppleDevice) -> list[Rule]:
    return [violation.rule for violation in device.violations]


async def test_adding_registers_with_the_passes_own_token(device: AppleDevice, server: Any, card: Card) -> None:
    held = await device.add(card())
    assert held.registered
    assert server.calls() == [f"POST {REGISTRATION}"]
    (asked,) = server.asked
    assert asked.headers["authorization"] == "ApplePass a-secret-of-one-pass-0001"
    assert asked.headers["user-agent"].startswith("passd/1.0 CFNetwork/")
    assert json.loads(asked.body) == {"pushToken": "ab" * 32}
    assert device.violations == []


async def test_a_pass_without_web_service_is_held_silently(
    device: AppleDevice, server: Any, signer: Any, make_pass_json: Callable[..., Any]
) -> None:
    held = await device.add(signer.package(make_pass_json()))
    await device.receive_push(TOPIC)
    assert not await device.pull_to_refresh("card-1")
    await device.remove("card-1")
    assert not held.registered
    assert server.asked == []


async def test_a_pass_that_is_refused_is_neither_held_nor_registered(
    device: AppleDevice, server: Any, card: Card
) -> None:
    with pytest.raises(PassRefused):
        await device.add(card()[:-30])
    assert device.passes == {}
    assert server.asked == []


async def test_a_push_brings_the_new_version(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card(10))
    card(25)
    await device.receive_push(TOPIC)
    assert server.calls()[1:] == [f"GET {LIST}", f"GET {PASS}"]
    assert server.asked[1].query == ""
    assert "authorization" not in server.asked[1].headers
    assert "if-modified-since" not in server.asked[2].headers
    assert device.passes[TOPIC, "card-1"].package.fields()["points"]["value"] == 25
    assert [(shown.title, shown.text) for shown in device.notifications] == [("Café Atlas", "You have 25 points")]
    assert device.violations == []


async def test_tag_and_date_come_back_as_they_were_given(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card(10))
    card(11)
    await device.receive_push(TOPIC)
    card(12)
    server.asked.clear()
    await device.receive_push(TOPIC)
    listed, fetched = server.asked
    assert listed.query == "passesUpdatedSince=2"
    assert fetched.headers["if-modified-since"] == "Wed, 18 Nov 2026 11:07:00 GMT"
    assert [shown.text for shown in device.notifications] == ["You have 11 points", "You have 12 points"]
    assert device.violations == []


async def test_tags_are_opaque(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card(10))
    server.quirks["list"] = {"serialNumbers": ["card-1"], "lastUpdated": "é/ &=1"}
    card(11)
    await device.receive_push(TOPIC)
    server.asked.clear()
    server.quirks["list"] = {"serialNumbers": [], "lastUpdated": "2"}
    server.listing = lambda *_: (204, {}, b"")
    await device.receive_push(TOPIC)
    assert server.asked[0].query == "passesUpdatedSince=%C3%A9%2F%20%26%3D1"


@pytest.mark.parametrize("status", [204, 404])
async def test_nothing_new(device: AppleDevice, server: Any, card: Card, status: int) -> None:
    await device.add(card())
    server.quirks["list_status"] = status
    server.cards["card-1"].version = 0
    await device.receive_push(TOPIC)
    assert server.calls()[1:] == [f"GET {LIST}"]
    assert device.violations == []


async def test_a_push_for_another_topic_is_ignored(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card())
    await device.receive_push("pass.example.other")
    assert len(server.asked) == 1


async def test_several_passes_of_a_type_are_listed_once(device: AppleDevice, server: Any, card: Card) -> None:
    for serial in ("a", "b", "c"):
        await device.add(card(1, serialNumber=serial))
    server.asked.clear()
    card(2, serialNumber="a")
    card(3, serialNumber="c")
    await device.receive_push(TOPIC)
    card(4, serialNumber="b")
    await device.receive_push(TOPIC)
    assert [asked.path.rpartition("/")[2] for asked in server.asked] == [TOPIC, "a", "b", "c", TOPIC, "b"]
    assert sorted(shown.serial_number for shown in device.notifications) == ["a", "b", "c"]
    assert device.violations == []


async def test_pushes_during_an_update_make_one_more_round(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card(1))
    card(2)
    server.gate = asyncio.Event()
    first = asyncio.create_task(device.receive_push(TOPIC))
    while len(server.asked) < 2:  # noqa: ASYNC110  the list request, which the server does not announce
        await asyncio.sleep(0)
    for _ in range(5):
        await device.receive_push(TOPIC)
    server.gate.set()
    await first
    assert server.calls()[1:] == [f"GET {LIST}", f"GET {PASS}", f"GET {LIST}"]


async def test_pull_to_refresh(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card(1))
    card(2)
    assert await device.pull_to_refresh("card-1")
    assert not await device.pull_to_refresh("card-1")
    assert server.calls()[1:] == [f"GET {PASS}", f"GET {PASS}"]
    assert device.notifications == []
    assert device.violations == []


async def test_the_date_of_the_download_makes_the_first_fetch_conditional(
    device: AppleDevice, server: Any, card: Card
) -> None:
    package = card(1, modified=1_795_000_010)
    await device.add(package, last_modified="Wed, 18 Nov 2026 11:06:50 GMT")
    assert not await device.pull_to_refresh("card-1")
    assert server.asked[-1].headers["if-modified-since"] == "Wed, 18 Nov 2026 11:06:50 GMT"


async def test_removing_unregisters(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card())
    await device.remove("card-1")
    assert server.calls()[1:] == [f"DELETE {REGISTRATION}"]
    assert server.asked[1].headers["authorization"].startswith("ApplePass ")
    assert device.passes == {}
    assert server.registrations == {}
    with pytest.raises(KeyError):
        await device.remove("card-1")


async def test_a_new_push_token_registers_again(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card(serialNumber="a"))
    await device.add(card(serialNumber="b"))
    await device.change_push_token("cd" * 32)
    assert set(server.registrations.values()) == {"cd" * 32}
    assert device.violations == []


async def test_adding_again_replaces(device: AppleDevice, card: Card) -> None:
    await device.add(card(1))
    await device.add(card(5))
    assert len(device.passes) == 1
    assert device.passes[TOPIC, "card-1"].package.fields()["points"]["value"] == 5


async def test_log_goes_to_each_web_service_once(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card(serialNumber="a"))
    await device.add(card(serialNumber="b"))
    await device.log(["hello"])
    assert server.logs == ["hello"]


async def test_errors_are_tried_again_and_then_left_for_the_next_push(
    device: AppleDevice, server: Any, card: Card
) -> None:
    await device.add(card(1))
    card(2)
    server.failures = [503, 429]
    await device.receive_push(TOPIC)
    assert [shown.text for shown in device.notifications] == ["You have 2 points"]
    card(3)
    server.quirks["list"] = {}
    server.failures = [500, 500, 500]
    await device.receive_push(TOPIC)
    assert len(device.notifications) == 1
    assert "Get serial #s task" in server.logs[-1]
    del server.quirks["list"]
    await device.receive_push(TOPIC)
    assert [shown.text for shown in device.notifications][1:] == ["You have 3 points"]
    assert device.violations == []


async def test_a_pass_that_could_not_be_fetched_is_asked_for_again(
    device: AppleDevice, server: Any, card: Card
) -> None:
    await device.add(card(1))
    card(2)
    await device.receive_push(TOPIC)
    card(3)
    answers = server.latest
    server.latest = lambda *_: (500, {}, b"")
    await device.receive_push(TOPIC)
    server.latest = answers
    server.asked.clear()
    await device.receive_push(TOPIC)
    assert server.asked[0].query == "passesUpdatedSince=2", "the tag stays until everything came"
    assert device.passes[TOPIC, "card-1"].package.fields()["points"]["value"] == 3
    assert device.violations == []


async def test_a_server_that_is_gone(device: AppleDevice, server: Any, card: Card) -> None:
    package = card(webServiceURL="http://127.0.0.1:1/nobody")
    held = await device.add(package)
    assert not held.registered
    assert any("Register task" in entry.detail for entry in device.history if entry.event == "error")
    await device.receive_push(TOPIC)
    assert device.violations == []


async def test_a_wrong_token_is_reported_in_passds_words(device: AppleDevice, server: Any, card: Card) -> None:
    package = card()
    server.cards["card-1"].token = "another token altogether"
    held = await device.add(package)
    assert not held.registered
    assert len(server.calls()) == 2, "401 is not tried again"
    (message,) = server.logs
    assert "Register task (for device device-1, pass type pass.example.loyalty, serial number card-1;" in message
    assert message.endswith("encountered error: Authentication failure")
    assert device.violations == []


BAD_ANSWERS: dict[str, tuple[dict[str, Any], list[Rule]]] = {
    "mime type": ({"headers": {"Content-Type": "application/zip"}}, [Rule.FETCH_MIME_TYPE]),
    "no last-modified": ({"headers": {"Last-Modified": None}}, [Rule.FETCH_LAST_MODIFIED]),
    "last-modified in ISO": ({"headers": {"Last-Modified": "2026-11-18T11:06:50Z"}}, [Rule.FETCH_LAST_MODIFIED]),
    "last-modified as number": ({"headers": {"Last-Modified": "1795000010"}}, [Rule.FETCH_LAST_MODIFIED]),
    "not a pass": ({"body": b"<html>"}, [Rule.FETCH_INVALID_PASS]),
    "tag kept": ({"list": {"lastUpdated": "2"}}, [Rule.LIST_TAG_UNCHANGED]),
    "list is no json": ({"list_body": b"ok"}, [Rule.LIST_SHAPE]),
    "list is a list": ({"list_body": b"[]"}, [Rule.LIST_SHAPE]),
    "numbers for serials": ({"list": {"serialNumbers": [1]}}, [Rule.LIST_SHAPE]),
    "tag is a number": ({"list": {"lastUpdated": 3}}, [Rule.LIST_SHAPE]),
    "serial twice": ({"list": {"serialNumbers": ["card-1", "card-1"]}}, [Rule.LIST_SHAPE]),
    "empty list": ({"list": {"serialNumbers": []}}, [Rule.LIST_EMPTY]),
    "unknown serial": ({"list": {"serialNumbers": ["card-1", "other"]}}, [Rule.LIST_UNREGISTERED]),
}


@pytest.mark.parametrize(("quirks", "rules"), BAD_ANSWERS.values(), ids=BAD_ANSWERS)
async def test_violations(
    device: AppleDevice, server: Any, card: Card, quirks: dict[str, Any], rules: list[Rule]
) -> None:
    await device.add(card(1))
    card(2)
    await device.receive_push(TOPIC)
    card(3)
    assert device.violations == []
    server.quirks.update(quirks)
    await device.receive_push(TOPIC)
    assert rules_broken(device) == rules
    assert device.violations[0].message in server.logs[0]


@pytest.mark.parametrize(("question", "rule"), [("listing", Rule.LIST_STATUS), ("latest", Rule.FETCH_STATUS)])
async def test_statuses_that_no_device_expects(
    device: AppleDevice, server: Any, card: Card, question: str, rule: Rule
) -> None:
    await device.add(card(1))
    card(2)
    setattr(server, question, lambda *_: (403, {}, b""))
    await device.receive_push(TOPIC)
    assert rules_broken(device) == [rule]
    assert device.violations[0].message == "Unexpected response code 403"


async def test_listed_but_unchanged(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card(1))
    package = card(2)
    await device.receive_push(TOPIC)
    server.put("card-1", package, modified=server.cards["card-1"].modified)
    await device.receive_push(TOPIC)
    assert [violation.message for violation in device.violations] == [
        "Server requested update to serial number 'card-1', but the pass was unchanged."
    ]


async def test_the_first_list_without_a_tag_may_name_unchanged_passes(
    device: AppleDevice, server: Any, card: Card
) -> None:
    await device.add(card(1))
    await device.receive_push(TOPIC)
    assert device.violations == []
    assert device.notifications == []


async def test_a_condition_that_is_ignored(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card(1))
    assert not await device.pull_to_refresh("card-1")
    server.quirks["ignore_condition"] = True
    assert not await device.pull_to_refresh("card-1")
    assert rules_broken(device) == [Rule.FETCH_IGNORED_CONDITION]
    assert "Server ignored the 'if-modified-since' header (Wed, 18 Nov 2026" in device.violations[0].message


async def test_a_date_that_goes_back(device: AppleDevice, server: Any, card: Card) -> None:
    await device.add(card(1))
    card(2)
    await device.receive_push(TOPIC)
    card(3, modified=1_700_000_000)
    await device.receive_push(TOPIC)
    assert rules_broken(device) == [Rule.FETCH_LAST_MODIFIED_BACKWARDS]


async def test_identity_and_token_must_stay(
    device: AppleDevice, server: Any, card: Card, signer: Any, make_pass_json: Callable[..., Any]
) -> None:
    await device.add(card(1))
    other = make_pass_json(2, serialNumber="other", webServiceURL=server.url, authenticationToken="x" * 20)
    server.put("card-1", signer.package(other))
    await device.receive_push(TOPIC)
    assert rules_broken(device) == [Rule.FETCH_IDENTITY]
    server.put("card-1", signer.package(other | {"serialNumber": "card-1"}))
    await device.receive_push(TOPIC)
    assert rules_broken(device)[1:] == [Rule.FETCH_TOKEN_CHANGED]


async def test_a_version_that_is_not_signed_by_the_pass_type_is_refused(
    *, device: AppleDevice, server: Any, card: Card, apple: Any, make_signer: Any, make_pass_json: Callable[..., Any]
) -> None:
    await device.add(card(1))
    forged = make_signer(apple.issue_pass_certificate("pass.example.other", "TEAM123456"))
    server.put("card-1", forged.package(make_pass_json(99, webServiceURL=server.url, authenticationToken="x" * 20)))
    await device.receive_push(TOPIC)
    assert rules_broken(device) == [Rule.FETCH_INVALID_PASS]
    assert device.passes[TOPIC, "card-1"].package.fields()["points"]["value"] == 1


@pytest.mark.parametrize(
    ("quirk", "act", "rule"),
    [
        ({"register_status": 204}, "add", Rule.REGISTER_STATUS),
        ({"unregister_status": 204}, "remove", Rule.UNREGISTER_STATUS),
        ({"log_status": 400}, "log", Rule.LOG_STATUS),
    ],
)
async def test_unexpected_statuses(
    *, device: AppleDevice, server: Any, card: Card, quirk: dict[str, int], act: str, rule: Rule
) -> None:
    server.quirks.update(quirk)
    await device.add(card())
    if act == "remove":
        await device.remove("card-1")
    elif act == "log":
        await device.log(["x"])
    assert rules_broken(device) == [rule]


async def test_redirects_are_followed_without_the_token(
    device: AppleDevice, server: Any, card: Card, http: HttpClient
) -> None:
    await device.add(card(1))
    stored = card(2)
    asked: list[str] = []

    async def storage(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).decode())
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.apple.pkpass\r\nTransfer-Encoding: chunked\r\n"
            "Last-Modified: Wed, 18 Nov 2026 11:07:00 GMT\r\nConnection: close\r\n\r\n"
        )
        writer.write(head.encode() + b"%x\r\n" % len(stored) + stored + b"\r\n0\r\n\r\n")
        writer.close()

    listener = await asyncio.start_server(storage, "127.0.0.1", 0)
    server.quirks["redirect"] = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/stored?x=1"
    await device.receive_push(TOPIC)
    listener.close()
    assert asked[0].startswith("GET /stored?x=1 HTTP/1.1")
    assert "uthorization" not in asked[0]
    assert [shown.text for shown in device.notifications] == ["You have 2 points"]
    assert device.violations == []


async def test_a_fleet_shares_connections_and_is_timed(
    new_device: Callable[..., AppleDevice], server: Any, card: Card
) -> None:
    watch = Stopwatch()
    options = {"inspection": Inspection(every=10, keep_files=False), "on_update": watch.stop, "reports_errors": False}
    devices = [
        new_device(device_library_identifier=f"device-{number}", push_token=f"{number:064x}", **options)
        for number in range(200)
    ]
    fleet = Fleet(devices)
    first = card(1)
    await asyncio.gather(*(device.add(first) for device in devices))
    watch.mark()
    card(2)
    for number in range(200):
        fleet.deliver(f"{number:064X}", TOPIC)
    fleet.deliver("ff" * 32, TOPIC)
    await fleet.settle()
    assert fleet.undelivered == 1
    assert len(watch.latencies_seconds) == 200
    assert all(0 < seconds < 20 for seconds in watch.latencies_seconds)
    assert all(device.passes[TOPIC, "card-1"].package.fields()["points"]["value"] == 2 for device in fleet.devices)
    assert all(len(device.notifications) == 1 for device in devices)
    assert fleet.violations == []


async def test_a_sampled_inspection_still_finds_a_bad_pass(
    new_device: Callable[..., AppleDevice], server: Any, card: Card
) -> None:
    device = new_device(inspection=Inspection(every=2, keep_files=False))
    await device.add(card(1))
    for points in (2, 3):
        server.quirks["body"] = _with_wrong_icon(card(points))
        await device.receive_push(TOPIC)
    assert rules_broken(device) == [Rule.FETCH_INVALID_PASS]
    assert device.fetched == 2


def _with_wrong_icon(package: bytes) -> bytes:
    """The same package with another icon than its manifest says."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, b"changed" if name == "icon.png" else data)
    return buffer.getvalue()
