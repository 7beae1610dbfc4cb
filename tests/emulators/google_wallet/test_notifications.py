"""What reaches the lock screen, and what does not."""

import pytest

from tests.emulators.google_wallet.conftest import Api, class_body, name, object_body, save_jwt

OBJECT = f"loyaltyObject/{name('member')}"
CLASS = f"loyaltyClass/{name('club')}"
NOTIFY = {"notifyPreference": "NOTIFY_ON_UPDATE"}


def points(balance: int) -> dict[str, object]:
    return {"loyaltyPoints": {"balance": {"int": balance}}}


def message(kind: str = "TEXT_AND_NOTIFY") -> dict[str, object]:
    return {"message": {"id": "1", "header": "Free coffee", "body": "Today only", "messageType": kind}}


async def test_a_changed_balance_notifies_when_asked(api: Api) -> None:
    await api.with_card()
    await api.ok("PATCH", OBJECT, points(45))
    assert api.google.notifications() == []
    answer = await api.ok("PATCH", OBJECT, points(50) | NOTIFY)
    assert "notifyPreference" not in answer
    [shown] = api.google.notifications()
    assert (shown.kind, shown.title, shown.text) == ("update", "Café Club", "Points: 45 → 50")
    await api.ok("PATCH", OBJECT, points(55))
    assert len(api.google.notifications()) == 1


@pytest.mark.parametrize("change", [{}, {"accountName": "Eve"}, points(40)])
async def test_other_fields_do_not_notify(api: Api, change: dict[str, object]) -> None:
    await api.with_card()
    await api.ok("PATCH", OBJECT, change | NOTIFY)
    assert api.google.notifications() == []


async def test_a_pass_nobody_saved_does_not_notify(api: Api) -> None:
    await api.ok("POST", "loyaltyClass", class_body())
    await api.ok("POST", "loyaltyObject", object_body())
    await api.ok("PATCH", OBJECT, points(50) | NOTIFY)
    await api.ok("POST", f"{OBJECT}/addMessage", message())
    assert api.google.notifications() == []


async def test_three_updates_a_day_notify_and_none_is_refused(api: Api) -> None:
    await api.with_card()
    for balance in range(50, 55):
        await api.ok("PATCH", OBJECT, points(balance) | NOTIFY)
    assert len(api.google.notifications()) == 3
    api.clock.ahead = 86_401
    await api.sign_in()
    await api.ok("PATCH", OBJECT, points(90) | NOTIFY)
    assert len(api.google.notifications()) == 4


async def test_the_fourth_notifying_message_is_refused(api: Api) -> None:
    await api.with_card()
    for _ in range(3):
        await api.ok("POST", f"{OBJECT}/addMessage", message())
    status, reason, text = await api.refused("POST", f"{OBJECT}/addMessage", message())
    assert (status, reason) == (403, "quotaExceeded")
    assert "TEXT_AND_NOTIFY" in text
    assert len((await api.ok("POST", f"{OBJECT}/addMessage", message("TEXT")))["resource"]["messages"]) == 4
    assert [shown.text for shown in api.google.notifications()] == ["Free coffee\nToday only"] * 3


async def test_a_class_message_reaches_every_holder(api: Api) -> None:
    await api.with_card()
    for suffix in ("second", "third"):
        await api.ok("POST", "loyaltyObject", object_body(suffix=suffix))
    await api.google.save(save_jwt({"loyaltyObjects": [{"id": name("second")}]}))
    await api.ok("POST", f"{CLASS}/addMessage", message())
    assert {shown.object_id for shown in api.google.notifications()} == {name("member"), name("second")}


async def test_a_class_change_notifies_its_holders(api: Api) -> None:
    await api.with_card()
    review = {"reviewStatus": "UNDER_REVIEW"}
    await api.ok("PATCH", CLASS, {"rewardsTier": "Gold", "rewardsTierLabel": "Level"} | review | NOTIFY)
    assert [shown.text for shown in api.google.notifications()] == ["Level: Gold"]


async def test_listeners_hear_of_every_visible_change(api: Api) -> None:
    heard: list[int] = []
    stop = api.google.subscribe(lambda: heard.append(1))
    await api.with_card()
    before = len(heard)
    assert before >= 3
    await api.ok("PATCH", OBJECT, points(50) | NOTIFY)
    await api.google.remove(name("member"))
    api.google.wipe_notifications()
    assert len(heard) >= before + 4
    stop()
    await api.ok("PATCH", OBJECT, points(60))
    state = (await api.http.get("/_control/state")).json()
    assert (state["saved"], state["objects"], state["notifications"]) == ([], [name("member")], [])
    assert len(heard) <= before + 5
