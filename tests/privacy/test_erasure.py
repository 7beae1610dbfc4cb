"""Export tells all, erasure leaves a pseudonym."""

import asyncio
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import pytest

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.schemas import CustomerChange, CustomerSearch, NewCustomer
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import encode, new_id
from passerelle.kit.wire import after
from passerelle.privacy import personal_data, service
from passerelle.privacy.holders import personal_data_gaps
from passerelle.privacy.schemas import ConsentOut, NewConsent
from tests.conftest import Shop
from tests.privacy.conftest import HOLDERS

CONSENT: Final = NewConsent(
    purpose="marketing", channel="sms", state="granted", wording="Yes to SMS.", wording_version="1", language="en"
)


async def test_an_export_tells_everything(tx: Tx, ada: UUID) -> None:
    await service.record_consent(tx, ada, CONSENT, ip_address="196.12.34.56")
    told = await service.export_customer(tx, ada, HOLDERS)
    assert told["customer"]["id"] == encode("cus", ada)
    assert (told["customer"]["phone"], told["customer"]["email"]) == ("+212612345678", "ada@example.com")
    assert [(one["wording"], one["network"]) for one in told["consents"]] == [("Yes to SMS.", "196.12.34.0/24")]
    assert tx.events[-1].name == "customer.exported"


async def test_two_holders_cannot_export_over_each_other(tx: Tx, ada: UUID) -> None:
    with pytest.raises(RuntimeError, match="customer"):
        await service.export_customer(tx, ada, HOLDERS * 2)


async def test_erasure_leaves_a_pseudonym(tx: Tx, ada: UUID) -> None:
    await service.record_consent(tx, ada, CONSENT, ip_address="196.12.34.56")
    await service.erase_customer(tx, ada, HOLDERS)
    assert tx.events[-1].name == "customer.erased"
    row = await tx.fetchrow("SELECT * FROM customers WHERE organization_id = $1 AND id = $2", tx.organization_id, ada)
    left = {name for name, value in row.items() if value not in (None, {}, [])}
    assert left == {"organization_id", "id", "source", "created_at", "changed_at", "erased_at"}
    for table in ("customer_name_words", "consent_evidence"):
        query = f"SELECT count(*) FROM {table} WHERE organization_id = $1 AND customer_id = $2"  # noqa: S608  constants above
        assert await tx.fetchval(query, tx.organization_id, ada) == 0, table
    assert not await service.has_consent(tx, ada, "marketing", "sms")
    states = await tx.fetch(
        "SELECT state, source FROM consents WHERE organization_id = $1 AND customer_id = $2 ORDER BY id",
        tx.organization_id,
        ada,
    )
    assert [tuple(state) for state in states] == [("granted", "api"), ("withdrawn", "erasure")]


async def test_an_erased_customer_is_gone_for_every_verb(tx: Tx, ada: UUID) -> None:
    await service.erase_customer(tx, ada, HOLDERS)
    assert await customers.find_by_phone(tx, "+212612345678") is None
    assert await customers.find_by_email(tx, "ada@example.com") is None
    assert await customers.list_customers(tx, after(None), 10) == []
    assert await customers.search_customers(tx, CustomerSearch(text="ada"), after(None), 10) == []
    assert (await customers.card_facts(tx, ada)).full_name == ""
    for attempt in (
        customers.get_customer(tx, ada),
        customers.change_customer(tx, ada, CustomerChange(first_name="Ada")),
        service.record_consent(tx, ada, CONSENT),
        service.current_consents(tx, ada),
        service.export_customer(tx, ada, HOLDERS),
        service.erase_customer(tx, ada, HOLDERS),
    ):
        with pytest.raises(CustomerGone):
            await attempt


async def test_the_same_person_may_come_back_as_a_new_customer(tx: Tx, ada: UUID) -> None:
    await service.erase_customer(tx, ada, HOLDERS)
    again = await customers.register(tx, NewCustomer(phone="+212612345678"))
    assert again.created
    assert again.customer_id != ada


async def test_nobody_cannot_be_erased(tx: Tx) -> None:
    with pytest.raises(CustomerNotFound):
        await service.erase_customer(tx, new_id(), HOLDERS)


async def test_unclaimed_tables_are_named(tx: Tx) -> None:
    ours = {"customers", "customer_name_words", "consents", "consent_evidence"}
    assert (await personal_data_gaps(tx, ())).unclaimed >= ours
    gaps = await personal_data_gaps(tx, HOLDERS)
    assert not gaps.unclaimed & ours
    assert gaps.unknown == frozenset()


async def test_erasure_waits_for_a_consent_that_is_being_recorded(database: Database, shop: Shop) -> None:
    customer_id = await _registered(database, shop)

    async def erase() -> datetime:
        async with database.transaction(shop.organization_id) as tx:
            return await service.erase_customer(tx, customer_id, HOLDERS)

    async with database.transaction(shop.organization_id) as tx:
        await service.record_consent(tx, customer_id, CONSENT, ip_address="196.12.34.56")
        erasing = asyncio.create_task(erase())
        done, _ = await asyncio.wait({erasing}, timeout=0.2)
        assert not done
    await erasing
    async with database.transaction(shop.organization_id) as tx:
        assert not await service.has_consent(tx, customer_id, "marketing", "sms")
        assert await tx.fetchval("SELECT count(*) FROM consent_evidence WHERE customer_id = $1", customer_id) == 0


async def test_a_consent_waits_for_an_erasure_and_is_refused(database: Database, shop: Shop) -> None:
    customer_id = await _registered(database, shop)

    async def record() -> ConsentOut:
        async with database.transaction(shop.organization_id) as tx:
            return await service.record_consent(tx, customer_id, CONSENT)

    async with database.transaction(shop.organization_id) as tx:
        await service.erase_customer(tx, customer_id, HOLDERS)
        recording = asyncio.create_task(record())
        done, _ = await asyncio.wait({recording}, timeout=0.2)
        assert not done
    with pytest.raises(CustomerGone):
        await recording


async def test_two_erasures_at_once_are_one(database: Database, shop: Shop) -> None:
    customer_id = await _registered(database, shop)

    async def erase() -> datetime:
        async with database.transaction(shop.organization_id) as tx:
            return await service.erase_customer(tx, customer_id, HOLDERS)

    outcomes = await asyncio.gather(*(erase() for _ in range(4)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["CustomerGone"] * 3 + ["datetime"]


async def _registered(database: Database, shop: Shop) -> UUID:
    async with database.transaction(shop.organization_id) as tx:
        return (await customers.register(tx, NewCustomer(phone="+212612345678"))).customer_id


class _Boaster:
    """Claims a table that is not there."""

    tables: frozenset[str] = frozenset({"wishes"})

    async def export(self, tx: Tx, customer_id: UUID) -> dict[str, Any]:
        return await personal_data.export(tx, customer_id)

    async def erase(self, tx: Tx, customer_id: UUID) -> None:
        await personal_data.erase(tx, customer_id)

    async def merge(self, tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
        await personal_data.merge(tx, kept_id, merged_id)


async def test_claims_of_no_table_are_named(tx: Tx) -> None:
    assert (await personal_data_gaps(tx, (*HOLDERS, _Boaster()))).unknown == {"wishes"}
