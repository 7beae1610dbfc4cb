"""Events and tickets on a real database."""

from datetime import timedelta

import pytest

from passerelle.customers import service as customers
from passerelle.customers.schemas import NewCustomer
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput, Refusal
from passerelle.kit.ids import new_id
from passerelle.organizations import service as organizations
from passerelle.organizations.schemas import LocationIn
from passerelle.ticketing import personal_data, service
from passerelle.ticketing.errors import (
    CapacityBelowIssued,
    EntryTooEarly,
    EventCancelled,
    EventOver,
    EventSoldOut,
    EventTimesDoNotFit,
    SeatTaken,
    TicketAlreadyUsed,
    TicketedEventNotFound,
    TicketNotUsed,
    TicketOfOtherEvent,
    TicketReferenceReused,
    TicketUnknown,
    TicketWasCancelled,
)
from passerelle.ticketing.schemas import Attendance, TicketedEventChange
from tests.ticketing.conftest import TOMORROW, BoxOffice


async def test_a_ticket_lets_in_once_and_says_when_and_where_it_did(box: BoxOffice, tx: Tx) -> None:
    gate = await organizations.add_location(tx, LocationIn(name="North gate"))
    ticket = await box.ticket()
    event, used = await service.admit(tx, ticket.code.lower(), location_id=gate.id)
    assert (used.state, used.used_location_id, used.used_by) == ("used", gate.id, tx.actor.label)
    assert box.told("ticket.used") == [{"ticket_id": ticket.id, "event_id": event.id, "customer_id": None}]
    with pytest.raises(TicketAlreadyUsed) as refused:
        await service.admit(tx, ticket.code)
    assert refused.value.params["place"] == "North gate"
    assert str(refused.value.params["on"]).startswith(str(clock.today(event.time_zone)))
    assert await service.count_attendance(tx, [event.id]) == {event.id: Attendance(used=1, inside=1)}


async def test_the_place_of_the_event_stands_in_for_a_gate_without_a_name(box: BoxOffice, tx: Tx) -> None:
    ticket = await box.ticket()
    await service.admit(tx, ticket.code)
    with pytest.raises(TicketAlreadyUsed) as refused:
        await service.admit(tx, ticket.code)
    assert refused.value.params["place"] == "Théâtre"


async def test_entry_is_refused_for_one_reason(box: BoxOffice, tx: Tx) -> None:
    now = clock.now()
    with pytest.raises(TicketUnknown):
        await service.admit(tx, "AAAA-BBBB-CCCC-DDDD")
    early = await box.ticket(await box.event(starts_at=now + TOMORROW))
    with pytest.raises(EntryTooEarly):
        await service.admit(tx, early.code)
    here, elsewhere = await box.event(), await box.ticket()
    with pytest.raises(TicketOfOtherEvent):
        await service.admit(tx, elsewhere.code, event_id=here.id)
    void = await box.ticket(here)
    await service.cancel_ticket(tx, void.id)
    with pytest.raises(TicketWasCancelled):
        await service.admit(tx, void.code)
    late = await box.ticket(here)
    with clock.frozen(now + TOMORROW), pytest.raises(EventOver):
        await service.admit(tx, late.code)
    await service.cancel_event(tx, here.id)
    with pytest.raises(EventCancelled):
        await service.admit(tx, late.code)
    await service.reinstate_event(tx, here.id)
    assert (await service.admit(tx, late.code))[1].state == "used"


async def test_an_entry_is_taken_back(box: BoxOffice, tx: Tx) -> None:
    ticket = await box.ticket()
    with pytest.raises(TicketNotUsed):
        await service.undo_entry(tx, ticket.id)
    await service.admit(tx, ticket.code)
    assert (await service.undo_entry(tx, ticket.id))[1] == ticket
    assert (await service.admit(tx, ticket.code))[1].state == "used"


async def test_no_more_tickets_than_places(box: BoxOffice, tx: Tx) -> None:
    event = await box.event(capacity=2)
    first = await box.ticket(event)
    await box.ticket(event)
    with pytest.raises(EventSoldOut):
        await box.ticket(event)
    for _ in range(2):
        assert (await service.cancel_ticket(tx, first.id)).state == "cancelled"
    assert (await service.get_event(tx, event.id)).issued == 1
    await box.ticket(event)
    with pytest.raises(CapacityBelowIssued):
        await service.change_event(tx, event.id, TicketedEventChange(capacity=1))
    assert (await service.change_event(tx, event.id, TicketedEventChange(capacity=None))).capacity is None
    await box.ticket(event)


async def test_a_seat_is_given_once_until_its_ticket_is_cancelled(box: BoxOffice, tx: Tx) -> None:
    event = await box.event()
    place = {"section": "B", "row": "12", "seat": "7"}
    first = await box.ticket(event, **place)
    with pytest.raises(SeatTaken) as refused:
        await box.ticket(event, **place)
    assert refused.value.params["seat"] == "B 12 7"
    await box.ticket(event, **place | {"seat": "8"})
    await box.ticket(await box.event(), **place)
    await service.cancel_ticket(tx, first.id)
    await box.ticket(event, **place)
    await box.ticket(event, section="standing")
    await box.ticket(event, section="standing")


async def test_a_used_ticket_is_not_cancelled(box: BoxOffice, tx: Tx) -> None:
    ticket = await box.ticket()
    await service.admit(tx, ticket.code)
    with pytest.raises(TicketAlreadyUsed):
        await service.cancel_ticket(tx, ticket.id)


async def test_a_reference_is_one_ticket(box: BoxOffice, tx: Tx) -> None:
    event = await box.event(capacity=1)
    ticket = await box.ticket(event, reference="order:1", category="Adult")
    assert await box.ticket(event, reference="order:1", category="Adult") == ticket
    with pytest.raises(TicketReferenceReused):
        await box.ticket(event, reference="order:1", category="Child")
    assert await service.find_handed_out(tx, event.id, "order:1") == ticket.id
    assert await service.find_handed_out(tx, event.id, "order:2") is None


async def test_tickets_end_with_their_event(box: BoxOffice, tx: Tx) -> None:
    event = await box.event()
    with clock.frozen(event.times.closes_at), pytest.raises(EventOver):
        await box.ticket(event)
    await service.cancel_event(tx, event.id)
    with pytest.raises(EventCancelled):
        await box.ticket(event)
    with pytest.raises(TicketedEventNotFound):
        await service.get_event(tx, new_id())


async def test_an_event_moves(box: BoxOffice, tx: Tx) -> None:
    hall = await organizations.add_location(tx, LocationIn(name="Hall", address="1 rue Neuve"))
    event = await box.event(venue_address="Avenue A", capacity=5)
    moved = await service.change_event(
        tx, event.id, TicketedEventChange(location_id=hall.id, starts_at=event.times.starts_at + TOMORROW)
    )
    assert (moved.venue.name, moved.venue.address, moved.capacity) == ("Hall", "1 rue Neuve", 5)
    assert moved.version == event.version + 1
    assert box.told("ticketed_event.changed")[-1]["fields"] == ("location_id", "starts_at")
    back = await service.change_event(tx, event.id, TicketedEventChange(venue_name="Garden"))
    assert (back.venue.name, back.venue.address, back.location_id) == ("Garden", None, None)
    with pytest.raises(EventTimesDoNotFit):
        await service.change_event(tx, event.id, TicketedEventChange(ends_at=event.times.starts_at))


async def test_an_address_goes_with_a_venue_alone(box: BoxOffice, tx: Tx) -> None:
    hall = await organizations.add_location(tx, LocationIn(name="Hall"))
    event = await box.event(venue_name=None, location_id=hall.id)
    with pytest.raises(InvalidInput):
        await service.change_event(tx, event.id, TicketedEventChange(venue_address="Avenue A"))


async def test_lists_are_of_an_event_a_customer_or_what_is_to_come(box: BoxOffice, tx: Tx) -> None:
    now = clock.now()
    with clock.frozen(now - timedelta(days=3)):
        over = await box.event(starts_at=now - timedelta(days=2))
    coming = await box.event()
    last = new_id()
    assert [event.id for event in await service.list_events(tx, last, 9)] == [coming.id, over.id]
    assert [event.id for event in await service.list_events(tx, last, 9, coming=True)] == [coming.id]
    person = (await customers.register(tx, NewCustomer())).customer_id
    mine, other = await box.ticket(coming, customer_id=person), await box.ticket(coming)
    last = new_id()
    assert [each.id for each in await service.list_tickets(tx, last, 9, event_id=coming.id)] == [other.id, mine.id]
    assert [each.id for each in await service.list_tickets(tx, last, 9, customer_id=person)] == [mine.id]
    assert await service.list_tickets(tx, last, 9, state="used") == []


async def test_a_person_is_told_their_tickets_and_forgotten(box: BoxOffice, tx: Tx) -> None:
    person = (await customers.register(tx, NewCustomer())).customer_id
    other = (await customers.register(tx, NewCustomer())).customer_id
    event = await box.event(capacity=3)
    used, open_, foreign = [await box.ticket(event, customer_id=each) for each in (person, person, other)]
    await service.admit(tx, used.code)
    told = (await personal_data.export(tx, person))["tickets"]
    assert [(each["event"], each["state"]) for each in told] == [(event.name, "issued"), (event.name, "used")]
    assert used.code not in str(told)
    for _ in range(2):
        await personal_data.erase(tx, person)
    states = [(await service.get_ticket(tx, each.id))[1].state for each in (used, open_, foreign)]
    assert states == ["used", "cancelled", "issued"]
    assert (await service.get_event(tx, event.id)).issued == 2
    await personal_data.merge(tx, person, other)
    assert {each.customer_id for each in await service.list_tickets(tx, new_id(), 9)} == {person}


async def test_no_secret_is_shown_by_accident(box: BoxOffice) -> None:
    ticket = await box.ticket()
    assert ticket.code not in repr(ticket)
    assert all(ticket.code not in str(event) for event in box.tx.events)


async def test_a_refusal_is_told_in_three_languages(box: BoxOffice, tx: Tx) -> None:
    ticket = await box.ticket()
    await service.admit(tx, ticket.code)
    with pytest.raises(Refusal) as refused:
        await service.admit(tx, ticket.code)
    assert "Théâtre" in refused.value.sentence("fr")
    assert len({refused.value.sentence(language) for language in ("en", "fr", "ar")}) == 3
