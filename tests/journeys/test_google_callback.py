"""Google's callback: what it says counts once, and only when Google says it."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import Town
from tests.journeys.google_sender import Sender, message, milliseconds, stranger
from tests.journeys.problems import problem_of
from tests.journeys.shopkeeper import Json

_CALLBACK = "/wallet/google/callback"
_OTHER = "3388000000000000002"


def _tampered(serial: str) -> Json:
    signed = Sender().sign(message(serial))
    return signed | {"signedMessage": signed["signedMessage"].replace("save", "del")}


@pytest.mark.parametrize(
    "forge",
    [
        _tampered,
        lambda serial: stranger().sign(message(serial)),
        lambda serial: Sender(key_expires_at=milliseconds(-1)).sign(message(serial)),
        lambda serial: Sender().sign(message(serial, expTimeMillis=milliseconds(-1))),
        lambda serial: Sender(issuer=_OTHER).sign(message(serial)),
        lambda serial: Sender().sign(message(serial, objectId=f"{_OTHER}.{serial}", classId=f"{_OTHER}.class")),
        lambda serial: Sender().sign(message(serial, nonce="a\0b")),
        lambda serial: Sender().sign(message(serial, count=2**70)),
        lambda serial: Sender().sign(message(serial, expTimeMillis=10**18)),
        lambda _serial: {},
    ],
    ids=["tampered", "stranger", "old key", "late", "issuer", "object", "nul", "count", "far", "empty"],
)
async def test_what_google_did_not_say_is_refused(town: Town, forge: Callable[[str], Json]) -> None:
    member = await town.member()
    serial = (await town.shopkeeper.card(member))["serial_number"]
    problem_of(await town.public.post(_CALLBACK, json=forge(serial)))
    assert (await town.shopkeeper.card(member))["installations"] == []


async def test_a_replayed_save_does_not_bring_back_a_deleted_card(town: Town) -> None:
    member = await town.member()
    serial = (await town.shopkeeper.card(member))["serial_number"]
    saved = Sender().sign(message(serial))
    gone = Sender().sign(message(serial, eventType="del"))
    installed = []
    for body in (saved, saved, gone, saved):
        assert (await town.public.post(_CALLBACK, json=body)).status_code == 200
        installed.append((await town.shopkeeper.card(member))["installed"])
    assert installed == [1, 1, 0, 0]


async def test_an_object_of_nobody_is_taken_calmly(town: Town) -> None:
    for serial in ("0" * 26 + "-" + "0" * 26, "zzz"):
        answer = await town.public.post(_CALLBACK, json=Sender().sign(message(serial)))
        assert answer.status_code in {200, 404}
