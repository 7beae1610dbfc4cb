"""Consent records: appended, superseded, never changed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerNotFound
from passerelle.customers.schemas import NewCustomer
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.db import Database, Tx
from passerelle.kit.ids import encode, new_id
from passerelle.kit.wire import after
from passerelle.privacy import service
from passerelle.privacy.errors import ConsentInFuture, WordingMissing
from passerelle.privacy.schemas import NewConsent
from tests.conftest import Shop

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def _yes(**fields: object) -> NewConsent:
    wording = {"wording": "I agree to offers by SMS.", "wording_version": "2026-11", "language": "en"}
    return NewConsent.model_validate(
        {"purpose": "marketing", "channel": "sms", "state": "granted", "source": "form"} | wording | fields
    )


def _no(**fields: object) -> NewConsent:
    return NewConsent.model_validate({"purpose": "marketing", "channel": "sms", "state": "withdrawn"} | fields)


async def test_a_withdrawal_supersedes_and_history_stays(tx: Tx, ada: UUID) -> None:
    assert not await service.has_consent(tx, ada, "marketing", "sms")
    granted = await service.record_consent(tx, ada, _yes())
    assert await service.has_consent(tx, ada, "marketing", "sms")
    withdrawn = await service.record_consent(tx, ada, _no())
    assert not await service.has_consent(tx, ada, "marketing", "sms")
    assert await service.current_consents(tx, ada) == [withdrawn]
    assert await service.list_consents(tx, ada, after(None), 10) == [withdrawn, granted]
    assert granted.wording == "I agree to offers by SMS."
    assert [event.name for event in tx.events[-2:]] == ["consent.granted", "consent.withdrawn"]


async def test_an_old_consent_imported_late_does_not_undo_a_stop(tx: Tx, ada: UUID) -> None:
    with clock.frozen(NOW):
        await service.record_consent(tx, ada, _no())
        await service.record_consent(tx, ada, _yes(source="import", given_at=NOW - timedelta(days=700)))
        assert not await service.has_consent(tx, ada, "marketing", "sms")
        assert [consent.state for consent in await service.current_consents(tx, ada)] == ["withdrawn"]


async def test_withdrawing_the_purpose_ends_every_channel(tx: Tx, ada: UUID) -> None:
    await service.record_consent(tx, ada, _yes())
    await service.record_consent(tx, ada, _yes(purpose="loyalty_program", channel="none"))
    await service.record_consent(tx, ada, _no(channel="none"))
    assert not await service.has_consent(tx, ada, "marketing", "sms")
    assert await service.has_consent(tx, ada, "loyalty_program", "none")


async def test_many_customers_are_asked_in_one_statement(tx: Tx, ada: UUID) -> None:
    grace = (await customers.register(tx, NewCustomer(first_name="Grace"))).customer_id
    await service.record_consent(tx, ada, _yes())
    await service.record_consent(tx, grace, _yes())
    await service.record_consent(tx, grace, _no())
    assert await service.consenting(tx, [ada, grace, new_id()], "marketing", "sms") == {ada}


async def test_the_record_says_who_recorded_it_and_when(tx: Tx, ada: UUID) -> None:
    tx.actor = Actor("operator", new_id())
    with clock.frozen(NOW):
        consent = await service.record_consent(tx, ada, _yes(source="till", given_at=NOW - timedelta(hours=1)))
    assert consent.actor == encode("opr", tx.actor.id or new_id())
    assert (consent.given_at, consent.recorded_at) == (NOW - timedelta(hours=1), NOW)


@pytest.mark.parametrize("missing", ["wording", "wording_version", "language"])
async def test_a_consent_without_its_words_is_refused(tx: Tx, ada: UUID, missing: str) -> None:
    with pytest.raises(WordingMissing):
        await service.record_consent(tx, ada, _yes(**{missing: None}))


@pytest.mark.parametrize("field", ["given_at", "confirmed_at"])
async def test_a_consent_of_tomorrow_is_refused(tx: Tx, ada: UUID, field: str) -> None:
    with clock.frozen(NOW), pytest.raises(ConsentInFuture):
        await service.record_consent(tx, ada, _yes(**{field: NOW + timedelta(seconds=1)}))


async def test_nobody_cannot_consent(tx: Tx) -> None:
    with pytest.raises(CustomerNotFound):
        await service.record_consent(tx, new_id(), _yes())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE consents SET state = 'granted'",
        "DELETE FROM consents",
        "TRUNCATE consents CASCADE",
        "UPDATE consent_evidence SET network = ''",
        "DELETE FROM customers",
    ],
)
async def test_the_database_refuses_to_rewrite(tx: Tx, ada: UUID, statement: str) -> None:
    await service.record_consent(tx, ada, _yes(), ip_address="196.12.34.56")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await tx.execute(statement)


async def test_evidence_is_truncated_and_encrypted(tx: Tx, ada: UUID) -> None:
    await service.record_consent(tx, ada, _yes(), ip_address="196.12.34.56")
    stored = await tx.fetchval(
        "SELECT network FROM consent_evidence WHERE organization_id = $1 AND customer_id = $2",
        tx.organization_id,
        ada,
    )
    assert b"196" not in stored
    assert [consent["network"] for consent in await service.all_consents(tx, ada)] == ["196.12.34.0/24"]


async def test_a_foreign_tenant_sees_no_consent(database: Database, shop: Shop, other_shop: Shop) -> None:
    async with database.transaction(shop.organization_id) as tx:
        customer_id = (await customers.register(tx, NewCustomer())).customer_id
        await service.record_consent(tx, customer_id, _yes())
    async with database.transaction(other_shop.organization_id) as tx:
        assert not await service.has_consent(tx, customer_id, "marketing", "sms")
        with pytest.raises(CustomerNotFound):
            await service.list_consents(tx, customer_id, after(None), 10)
        with pytest.raises(CustomerNotFound):
            await service.record_consent(tx, customer_id, _no())
