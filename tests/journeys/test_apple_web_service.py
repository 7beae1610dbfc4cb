"""Apple's web service, line by line of its table, asked by a client that knows Apple's documents alone."""

import asyncio
from email.utils import parsedate_to_datetime

import httpx
import pytest
import pytest_asyncio

from tests.journeys.conftest import Town
from tests.journeys.iphone import Held, Iphone
from tests.journeys.problems import problem_of
from tests.journeys.shopkeeper import Member

_TYPE = "pass.example.passerelle"
_WRONG = {"Authorization": "ApplePass " + "x" * 32}


Settled = tuple[Iphone, Held]


@pytest_asyncio.fixture(scope="module")
async def settled(town: Town) -> Settled:
    """A phone with a card that no test changes."""
    _, phone, held = await _added(town)
    return phone, held


async def _added(town: Town) -> tuple[Member, Iphone, Held]:
    member = await town.member()
    phone = town.iphone()
    return member, phone, await phone.add(member.apple_path)


async def test_registering_is_201_then_200_and_unregistering_is_200_twice(town: Town) -> None:
    member, phone, held = await _added(town)
    assert (await phone.register(held)).status_code == 200
    assert (await phone.unregister(held)).status_code == 200
    assert (await phone.unregister(held)).status_code == 200
    assert (await phone.list(held.pass_type)).status_code == 204
    assert (await town.shopkeeper.card(member))["installed"] == 0
    assert (await phone.register(held)).status_code == 201


async def test_a_wrong_token_is_401_everywhere(town: Town) -> None:
    _, phone, held = await _added(town)
    for answer in (
        await town.iphone().register(held, **_WRONG),
        await phone.unregister(held, **_WRONG),
        await phone.fetch(held, **_WRONG),
        await phone.fetch(held, Authorization=""),
        await phone.fetch(held, Authorization=held.authorization["Authorization"].replace("ApplePass", "Bearer")),
    ):
        assert problem_of(answer)["status"] == 401
    assert (await phone.list(held.pass_type)).status_code == 200


@pytest.mark.parametrize(
    "serial",
    ["nope", "0" * 26 + "-" + "0" * 26, "7" * 26 + "-" + "z" * 26, "s" * 10_000, "%00", "%ff%fe", "a-b-c", "{}"],
)
async def test_an_unknown_serial_looks_like_a_wrong_token(town: Town, serial: str) -> None:
    base = f"/wallet/apple/v1/passes/{_TYPE}"
    device = f"/wallet/apple/v1/devices/{'d' * 32}/registrations/{_TYPE}"
    for answer in (
        await town.public.get(f"{base}/{serial}", headers=_WRONG),
        await town.public.post(f"{device}/{serial}", json={"pushToken": "a" * 64}, headers=_WRONG),
        await town.public.delete(f"{device}/{serial}", headers=_WRONG),
    ):
        assert problem_of(answer)["status"] == 401


async def test_another_pass_type_is_not_served(town: Town) -> None:
    _, phone, held = await _added(town)
    other = f"/wallet/apple/v1/passes/pass.com.example.other/{held.serial}"
    assert (await town.public.get(other, headers=held.authorization)).status_code == 401
    assert (await phone.list("pass.com.example.other")).status_code == 204


async def test_a_changed_push_token_replaces_the_old_one(town: Town) -> None:
    member, phone, held = await _added(town)
    old, phone.push_token = phone.push_token, "f0" * 32
    assert (await phone.register(held)).status_code == 200
    await town.shopkeeper.pay(member)
    await town.stage.tell()
    pushed = [push.token for push in town.stage.apns.pushes]
    assert pushed.count(phone.push_token) == 1
    assert old not in pushed


async def test_a_list_has_what_changed_since_its_tag(town: Town) -> None:
    member, phone, held = await _added(town)
    everything = await phone.list(held.pass_type)
    assert everything.status_code == 200
    assert everything.headers["content-type"] == "application/json"
    assert everything.json()["serialNumbers"] == [held.serial]
    tags = [everything.json()["lastUpdated"]]
    assert isinstance(tags[0], str)
    assert (await phone.list(held.pass_type, tags[0])).status_code == 204
    for _ in range(5):  # many within one second
        await town.shopkeeper.pay(member)
        changed = await phone.list(held.pass_type, tags[-1])
        assert changed.json()["serialNumbers"] == [held.serial]
        tags.append(changed.json()["lastUpdated"])
    assert len(set(tags)) == len(tags)
    await phone.refresh(held)
    assert (await phone.list(held.pass_type, tags[-1])).status_code == 204
    for tag in tags[:-1]:
        assert (await phone.list(held.pass_type, tag)).json()["serialNumbers"] == [held.serial]


@pytest.mark.parametrize(
    "tag", ["", "garbage", "-1", "1e5", "9" * 18, "9" * 30, "9" * 10_000, "\0", "٣", "0." * 5_000]
)
async def test_a_tag_that_is_not_ours_never_hides_a_change(settled: Settled, tag: str) -> None:
    phone, held = settled
    assert (await phone.list(held.pass_type, tag)).json()["serialNumbers"] == [held.serial]


async def test_an_unknown_device_has_nothing(town: Town) -> None:
    assert (await town.iphone().list(_TYPE)).status_code in {204, 404}


async def test_a_list_names_the_cards_of_every_shop(town: Town) -> None:
    phone = town.iphone()
    mine = await phone.add((await town.member()).apple_path)
    rivals_member = await town.rival.member("membership")
    rivals = await phone.add(rivals_member.apple_path)
    listed = (await phone.list(mine.pass_type)).json()
    assert set(listed["serialNumbers"]) == {mine.serial, rivals.serial}
    await town.rival.must("POST", f"/api/v1/passes/{rivals_member.pass_id}/revoke", {"reason": "lost"})
    assert (await phone.list(mine.pass_type, listed["lastUpdated"])).json()["serialNumbers"] == [rivals.serial]


async def test_no_update_is_lost_while_tills_write_and_the_phone_asks(town: Town) -> None:
    members = [await town.member() for _ in range(4)]
    phone = town.iphone()
    cards = {(held := await phone.add(member.apple_path)).serial: (member, held) for member in members}
    for _, held in cards.values():
        await phone.refresh(held)
    tag: str | None = (await phone.list(_TYPE)).json()["lastUpdated"]
    tills = asyncio.gather(*(town.shopkeeper.pay(members[turn % 4], 100) for turn in range(24)))
    last_round = False
    while not last_round:
        last_round = tills.done()
        answer = await phone.list(_TYPE, tag)
        if answer.status_code == 204:
            await asyncio.sleep(0)
            continue
        tag = answer.json()["lastUpdated"]
        for serial in answer.json()["serialNumbers"]:
            await phone.refresh(cards[serial][1])
    await tills
    assert (await phone.list(_TYPE, tag)).status_code == 204
    for _, held in cards.values():
        assert held.says("points") == 6
        assert not await phone.refresh(held)


async def test_last_modified_is_a_date_by_which_two_changes_of_one_second_differ(town: Town) -> None:
    member, phone, held = await _added(town)
    dates = []
    for _ in range(3):
        assert await phone.refresh(held)
        assert held.last_modified is not None
        dates.append(parsedate_to_datetime(held.last_modified))
        assert held.last_modified.endswith(" GMT")
        assert not await phone.refresh(held)
        await town.shopkeeper.pay(member)
    assert dates == sorted(set(dates))


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Mon, 01 Jan 2001 00:00:00 GMT", 200),
        ("Fri, 31 Dec 2100 23:59:59 GMT", 304),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 200),
        ("Sun Nov  6 08:49:37 1994", 200),
        ("garbage", 200),
        ("1700000000", 200),
        ("x" * 8_000, 200),
        ("Fri, 31 Dec 9999 23:59:59 -0100", None),
        ("Mon, 20 Nov 99999999999999999999 10:00:00 GMT", 200),
        ("Mon, 20 Nov 2023 10:00:00 +99999999999999999999", 200),
    ],
)
async def test_if_modified_since(settled: Settled, since: str, status: int | None) -> None:
    phone, held = settled
    answer = await phone.fetch(held, since)
    assert answer.status_code in ({status} if status else {200, 304}), answer.text


async def test_a_head_request_is_no_fetch(town: Town) -> None:
    member, _, held = await _added(town)
    await town.shopkeeper.pay(member)
    answer = await town.public.head(held.path, headers=held.authorization)
    assert (answer.status_code, answer.content) == (200, b"")
    [installation] = (await town.shopkeeper.card(member))["installations"]
    assert installation["fetched_version"] == 1


async def test_a_card_on_two_phones_reaches_both_though_one_asked_by_itself(town: Town) -> None:
    member = await town.member()
    phones = [town.iphone(), town.iphone()]
    held = [await phone.add(member.apple_path) for phone in phones]
    for phone, card in zip(phones, held, strict=True):
        await phone.refresh(card)
    await town.shopkeeper.pay(member)
    assert await phones[1].refresh(held[1])  # pulled down by a finger, before any push
    await town.stage.tell()
    assert phones[0].push_token in {push.token for push in town.stage.apns.pushes}


async def test_a_card_downloaded_before_a_change_is_told_although_another_phone_downloaded_it_after(
    town: Town,
) -> None:
    member = await town.member()
    slow, quick = town.iphone(), town.iphone()
    old = await slow.download(member.apple_path)
    await town.shopkeeper.pay(member)
    await quick.add(member.apple_path)
    assert (await slow.register(old)).status_code == 201
    await town.stage.tell()
    assert slow.push_token in {push.token for push in town.stage.apns.pushes}


_COMPLAINTS = [b"", b"{", b"[]", b"null", b"5", b'{"logs":5}', b"\xff\xfe", b"[" * 100_000]
_LONG_COMPLAINTS = [
    b'{"logs":["\\u0000\\ud800"]}',
    b'{"logs":["' + b'x","' * 10_000 + b'"]}',
    b'{"logs":["' + b"x" * 900_000 + b'"]}',
]


@pytest.mark.parametrize("body", [*_COMPLAINTS, *_LONG_COMPLAINTS], ids=lambda body: repr(body)[:30])
async def test_a_phones_complaint_is_always_taken(town: Town, body: bytes) -> None:
    assert (await town.public.post("/wallet/apple/v1/log", content=body)).status_code == 200


_NO_TOKEN = [b"", b"{}", b"[]", b"null", b'{"pushToken":5}', b'{"pushToken":""}', b'{"pushToken":"a b"}', b"\xff"]
_BAD_TOKEN = [b'{"pushToken":"../x"}', b'{"pushToken":"\\u0000"}', b'{"pushToken":"' + b"a" * 10_000 + b'"}']


@pytest.mark.parametrize("body", [*_NO_TOKEN, *_BAD_TOKEN], ids=lambda body: repr(body)[:30])
async def test_a_registration_without_a_push_token_is_refused(town: Town, settled: Settled, body: bytes) -> None:
    _, held = settled
    place = f"/wallet/apple/v1/devices/{'d' * 32}/registrations/{held.pass_type}/{held.serial}"
    assert problem_of(await town.public.post(place, content=body, headers=held.authorization))["status"] == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/wallet/apple/v1/devices/" + "d" * 10_000 + "/registrations/pass.example.passerelle"),
        ("GET", "/wallet/apple/v1/devices/a%00b/registrations/pass.example.passerelle"),
        ("GET", "/wallet/apple/v1/devices/x/registrations/" + "t" * 10_000),
        ("GET", "/wallet/apple/v1/passes/pass.example.passerelle/..%2f..%2f..%2fetc%2fpasswd"),
        ("GET", "/wallet/apple/v1/passes/..%2f..%2fmaster.key/x"),
        ("GET", "/wallet/apple/v1/passes//"),
        ("OPTIONS", "/wallet/apple/v1/log"),
        ("PUT", "/wallet/apple/v1/log"),
        ("HEAD", "/wallet/apple/v1/log"),
    ],
)
async def test_nonsense_is_refused_calmly(town: Town, method: str, path: str) -> None:
    answer: httpx.Response = await town.public.request(method, path)
    assert 400 <= answer.status_code < 500
    if method != "HEAD":
        problem_of(answer)
