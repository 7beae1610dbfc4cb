"""Registering: one person stays one customer, and stays as they are."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from passerelle.customers import service
from passerelle.customers.errors import BirthdayInFuture, CustomerNotFound, InvalidPhone
from passerelle.customers.schemas import Birthday, CardFacts, NewCustomer, Registered
from passerelle.kit import clock
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import new_id
from passerelle.kit.wire import after
from tests.conftest import Shop, open_shop

SPELLINGS = ["+212612345678", "06 12 34 56 78", "٠٦١٢٣٤٥٦٧٨", "00212 612-345678", "612345678"]


async def test_twenty_joins_at_once_make_one_customer(database: Database) -> None:
    shop = await open_shop(database, time_zone="Africa/Casablanca")

    async def join(position: int) -> Registered:
        async with database.transaction(shop.organization_id) as tx:
            return await service.register(
                tx, NewCustomer(phone=SPELLINGS[position % len(SPELLINGS)], email=f"guest{position}@example.com")
            )

    joined = await asyncio.gather(*(join(position) for position in range(20)))
    assert len({one.customer_id for one in joined}) == 1
    assert sum(one.created for one in joined) == 1
    async with database.transaction(shop.organization_id) as tx:
        assert len(await service.list_customers(tx, after(None), 10)) == 1
        told = await tx.fetchval("SELECT count(*) FROM events WHERE name = 'customer.registered'")
    assert told == 1


async def test_one_email_at_once_makes_one_customer(database: Database, shop: Shop) -> None:
    async def join(email: str) -> Registered:
        async with database.transaction(shop.organization_id) as tx:
            return await service.register(tx, NewCustomer(email=email))

    joined = await asyncio.gather(*(join(email) for email in ["ada@example.com", "ADA@example.com"] * 5))
    assert len({one.customer_id for one in joined}) == 1


async def test_a_known_customer_is_never_changed_by_a_form(tx: Tx) -> None:
    first = await service.register(tx, NewCustomer(phone="+212612345678"))
    intruder = NewCustomer(
        phone="0612345678",
        region="MA",
        first_name="Mallory",
        email="mallory@example.com",
        birthday=Birthday(month=1, day=1),
        language="ar",
        attributes={"vip": True},
        source="form",
    )
    second = await service.register(tx, intruder)
    assert second == Registered(first.customer_id, created=False)
    known = await service.get_customer(tx, first.customer_id)
    assert (known.first_name, known.email, known.birthday, known.language, known.attributes) == (
        None,
        None,
        None,
        None,
        {},
    )
    assert await service.find_by_email(tx, "mallory@example.com") is None


async def test_the_phone_outweighs_the_email(tx: Tx) -> None:
    by_phone = await service.register(tx, NewCustomer(phone="+212612345678"))
    by_email = await service.register(tx, NewCustomer(email="ada@example.com"))
    both = await service.register(tx, NewCustomer(phone="+212612345678", email="ada@example.com"))
    assert both == Registered(by_phone.customer_id, created=False)
    assert tx.events[-1].payload() == {
        "customer_id": by_phone.customer_id,
        "other_customer_id": by_email.customer_id,
    }


async def test_a_new_number_with_a_known_email_is_the_known_person(tx: Tx) -> None:
    known = await service.register(tx, NewCustomer(phone="+212612345678", email="ada@example.com"))
    again = await service.register(tx, NewCustomer(phone="+212698765432", email="ada@example.com"))
    assert again == Registered(known.customer_id, created=False)


async def test_nameless_cards_are_people_of_their_own(tx: Tx) -> None:
    one = await service.register(tx, NewCustomer())
    two = await service.register(tx, NewCustomer())
    assert one.created
    assert two.created
    assert one.customer_id != two.customer_id


@pytest.mark.parametrize(("time_zone", "found"), [("Africa/Casablanca", True), ("Europe/Paris", False)])
async def test_the_organization_says_whose_national_numbers(database: Database, time_zone: str, found: bool) -> None:  # noqa: FBT001  a table's column
    shop = await open_shop(database, time_zone=time_zone)
    async with database.transaction(shop.organization_id) as tx:
        known = await service.register(tx, NewCustomer(phone="+212612345678"))
        expected = known.customer_id if found else None
        assert await service.find_by_phone(tx, "0612345678") == expected
        assert await service.find_by_phone(tx, "0612345678", "MA") == known.customer_id


async def test_a_phone_that_is_none_registers_nobody(tx: Tx) -> None:
    with pytest.raises(InvalidPhone):
        await service.register(tx, NewCustomer(phone="12", first_name="Ada"))
    assert await service.list_customers(tx, after(None), 10) == []


async def test_a_birthday_cannot_be_in_the_future(tx: Tx) -> None:
    with clock.frozen(datetime(2026, 11, 22, tzinfo=UTC)), pytest.raises(BirthdayInFuture):
        await service.register(tx, NewCustomer(birthday=Birthday(month=11, day=23, year=2026)))


PLAIN = NewCustomer(
    first_name="Yasmine",
    last_name="Elidrissi",
    phone="+212612345678",
    email="yasmine@example.com",
    birthday=Birthday(month=2, day=29, year=1996),
    language="fr",
)
SECRETS = ["Yasmine", "Elidrissi", "yasmine", "elidrissi", "612345678", "yasmine@example.com", "02-29", "1996"]


async def test_contact_data_is_encrypted_at_rest(database: Database, shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        customer_id = (await service.register(tx, PLAIN)).customer_id
    stored = b"\n".join([_raw(row) for row in await _everything(database, shop.organization_id)])
    assert customer_id.bytes in stored, "the row was read"
    for secret in SECRETS:
        assert secret.encode() not in stored, secret
    async with database.transaction(shop.organization_id) as tx:
        customer = await service.get_customer(tx, customer_id)
    assert (customer.first_name, customer.phone, customer.email) == (
        "Yasmine",
        "+212612345678",
        "yasmine@example.com",
    )


async def _everything(database: Database, organization_id: UUID) -> list[Any]:
    rows: list[Any] = []
    async with database.transaction(organization_id) as tx:
        rows += await tx.fetch("SELECT * FROM customers WHERE organization_id = $1", organization_id)
        rows += await tx.fetch("SELECT * FROM customer_name_words WHERE organization_id = $1", organization_id)
        rows += await tx.fetch(
            "SELECT id, name, payload FROM events WHERE organization_id = $1 AND name LIKE 'customer.%'",
            organization_id,
        )
    return rows


def _raw(row: Any) -> bytes:
    parts = [
        value if isinstance(value, bytes) else value.bytes if isinstance(value, UUID) else str(value).encode()
        for value in row.values()
        if not isinstance(value, datetime)
    ]
    return b"\n".join(parts)


async def test_blind_indexes_of_two_tenants_differ(database: Database, shop: Shop, other_shop: Shop) -> None:
    indexes = []
    for organization_id in (shop.organization_id, other_shop.organization_id):
        async with database.transaction(organization_id) as tx:
            await service.register(tx, PLAIN)
            row = await tx.fetchrow(
                "SELECT phone_index, email_index, birthday_index FROM customers WHERE organization_id = $1",
                organization_id,
            )
            words = await tx.fetch("SELECT word FROM customer_name_words WHERE organization_id = $1", organization_id)
            indexes.append({*row, *(word["word"] for word in words)})
    assert [len(each) for each in indexes] == [5, 5]
    assert not indexes[0] & indexes[1]


async def test_two_tenants_know_the_same_person_apart(database: Database, shop: Shop, other_shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        mine = await service.register(tx, PLAIN)
    async with database.transaction(other_shop.organization_id) as tx:
        assert await service.find_by_phone(tx, "+212612345678") is None
        with pytest.raises(CustomerNotFound):
            await service.get_customer(tx, mine.customer_id)
        with pytest.raises(CustomerNotFound):
            await service.card_facts(tx, mine.customer_id)
        assert (await service.register(tx, PLAIN)).created


async def test_card_facts_take_one_statement(tx: Tx) -> None:
    whole = (await service.register(tx, PLAIN)).customer_id
    nameless = (await service.register(tx, NewCustomer())).customer_id
    statements: list[str] = []
    with tx.raw.query_logger(lambda record: statements.append(record.query)):
        facts = await service.card_facts_of(tx, [whole, nameless, new_id()])
        await asyncio.sleep(0)  # the driver tells its loggers in the loop's next turn
    assert facts == {whole: CardFacts("Yasmine", "Yasmine Elidrissi", "fr"), nameless: CardFacts("", "", None)}
    assert len(statements) == 1
    assert await service.card_facts(tx, whole) == facts[whole]


async def test_birthdays_are_found_by_day_and_only_when_settled(tx: Tx) -> None:
    registered_at = datetime(2026, 1, 10, tzinfo=UTC)
    with clock.frozen(registered_at):
        leap = (await service.register(tx, PLAIN)).customer_id
        await service.register(tx, NewCustomer(birthday=Birthday(month=2, day=28)))

    async def found(settled_before: datetime) -> list[UUID]:
        return list(
            await service.list_birthdays(
                tx, month=2, day=29, settled_before=settled_before, before=after(None), limit=10
            )
        )

    assert await found(datetime(2026, 1, 30, tzinfo=UTC)) == [leap]
    assert await found(datetime(2026, 1, 9, tzinfo=UTC)) == []


def test_contact_data_is_not_in_any_repr() -> None:
    texts = repr(PLAIN) + str(PLAIN) + repr(CardFacts("Yasmine", "Yasmine Elidrissi", "fr"))
    for secret in SECRETS:
        assert secret not in texts
    with pytest.raises(ValueError, match="first_name") as refused:
        NewCustomer(first_name="\u202e", last_name="Elidrissi" * 50)
    assert "Elidrissi" not in str(refused.value)
