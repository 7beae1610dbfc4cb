"""The verbs of privacy; the only writer of consents."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import ABOVE_ALL, new_id
from passerelle.organizations import service as organizations
from passerelle.privacy import queries, rules
from passerelle.privacy.errors import ConsentInFuture, WordingMissing
from passerelle.privacy.events import ConsentGranted, ConsentWithdrawn, CustomerErased, CustomerExported
from passerelle.privacy.holders import PersonalData
from passerelle.privacy.models import Consent, ConsentEvidence
from passerelle.privacy.schemas import AuditEntryOut, ConsentOut, NewConsent

_NETWORK: Final = "consent_evidence.network"
_FORGET_EVIDENCE: Final = "DELETE FROM consent_evidence WHERE organization_id = $1 AND customer_id = $2"
_PAGE: Final = 200
_REPEATED: Final = frozenset(NewConsent.model_fields)


async def record_consent(tx: Tx, customer_id: UUID, new: NewConsent, *, ip_address: str | None = None) -> ConsentOut:
    """Append what a customer said; it supersedes what they said before about the same purpose and channel.

    ``ip_address`` is the person's own, when they filled in a form; only its network is kept. Raises
    CustomerNotFound, CustomerGone, WordingMissing, ConsentInFuture. Whether the person is who they say is the
    caller's to know: see ``customers.service.register``.
    """
    await customers.hold_customer(tx, customer_id)
    now = clock.now()
    if new.state == "granted" and None in {new.wording, new.wording_version, new.language}:
        raise WordingMissing
    if any(instant is not None and instant > now for instant in (new.given_at, new.confirmed_at)):
        raise ConsentInFuture
    fields = new.model_dump() | {"given_at": new.given_at or now}
    consent = await _append(tx, customer_id, fields)
    network = rules.truncated_network(ip_address) if ip_address else None
    if network is not None:
        await _keep_network(tx, consent, (await tx.vault.keys(tx)).encrypt(network, _NETWORK))
    return _consent_out(consent)


async def current_consents(tx: Tx, customer_id: UUID) -> list[ConsentOut]:
    """The last word on each purpose and channel; raises CustomerNotFound, CustomerGone."""
    await customers.require_customer(tx, customer_id)
    return [_consent_out(consent) for consent in await queries.current_consents(tx, customer_id)]


async def list_consents(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> list[ConsentOut]:
    """Everything the customer ever said, last recorded first; raises CustomerNotFound, CustomerGone."""
    await customers.require_customer(tx, customer_id)
    return [_consent_out(consent) for consent in await queries.list_consents(tx, customer_id, before, limit)]


async def has_consent(tx: Tx, customer_id: UUID, purpose: str, channel: str) -> bool:
    """Whether the customer may be reached for this purpose on this channel now (see rules.permits)."""
    return customer_id in await consenting(tx, [customer_id], purpose, channel)


async def consenting(tx: Tx, customer_ids: Sequence[UUID], purpose: str, channel: str) -> frozenset[UUID]:
    """Those of the customers who may be reached; one statement, for campaigns. Give at most some thousands."""
    said = await queries.said_of(tx, customer_ids, purpose, channel)
    return frozenset(customer_id for customer_id in said if rules.permits(said[customer_id], channel))


async def export_customer(tx: Tx, customer_id: UUID, holders: Iterable[PersonalData]) -> dict[str, Any]:
    """All that is known of a person, from every holder; raises CustomerNotFound, CustomerGone."""
    await customers.require_customer(tx, customer_id)
    gathered: dict[str, Any] = {}
    for holder in holders:
        part = await holder.export(tx, customer_id)
        if twice := gathered.keys() & part.keys():
            msg = f"Two holders of personal data export under the same name: {', '.join(sorted(twice))}."
            raise RuntimeError(msg)
        gathered |= part
    await announce(tx, CustomerExported(customer_id=customer_id))
    return gathered


async def erase_customer(tx: Tx, customer_id: UUID, holders: Iterable[PersonalData]) -> datetime:
    """Forget a person for good, in all holders or in none; the ledger keeps the pseudonymous id.

    Returns when. Raises CustomerNotFound, CustomerGone (it was done before).
    """
    await customers.lock_for_erasure(tx, customer_id)
    for holder in holders:
        await holder.erase(tx, customer_id)
    await announce(tx, CustomerErased(customer_id=customer_id))
    return clock.now()


async def withdraw_for_erasure(tx: Tx, customer_id: UUID) -> None:
    """Privacy's own part of an erasure: every consent ends, the evidence of where it came from goes.

    The records stay, for they name nobody once the customer is a pseudonym, and show that consent was there
    while messages were sent (GDPR 5(2), 17(3)(e)).
    """
    for consent in await queries.current_consents(tx, customer_id):
        if consent.state == "granted":
            ended = {"purpose": consent.purpose, "channel": consent.channel, "state": "withdrawn"}
            await _append(tx, customer_id, ended | {"source": "erasure", "given_at": clock.now()})
    await tx.execute(_FORGET_EVIDENCE, tx.organization_id, customer_id)


async def repeat_consents(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """Record what one customer said under another one too, as it was said; the network of a form goes with it.

    Records are never changed, so those of the first customer stay as they are, under what is a pseudonym then.
    """
    networks = await queries.evidence_of(tx, merged_id)
    for said in await queries.all_consents(tx, merged_id):
        fields = {name: getattr(said, name) for name in _REPEATED}
        consent = await _append(tx, kept_id, fields)
        if said.id in networks:
            await _keep_network(tx, consent, networks[said.id])
    await tx.execute(_FORGET_EVIDENCE, tx.organization_id, merged_id)


async def all_consents(tx: Tx, customer_id: UUID) -> list[dict[str, Any]]:
    """Every record with its evidence in clear, for the person's own export."""
    keys = await tx.vault.keys(tx)
    networks = await queries.evidence_of(tx, customer_id)
    records: list[dict[str, Any]] = []
    before = ABOVE_ALL
    while page := await queries.list_consents(tx, customer_id, before, _PAGE):
        for consent in page:
            network = networks.get(consent.id)
            clear = None if network is None else keys.decrypt(network, _NETWORK)
            records.append(_consent_out(consent).model_dump(mode="json") | {"network": clear})
        before = page[-1].id
    return records


async def list_events(
    tx: Tx,
    *,
    name: str | None = None,
    about: str | None = None,
    actor: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID,
    limit: int,
) -> list[AuditEntryOut]:
    """The audit trail, newest first: facts of one name, about one noun, of one actor, in ``[since, until)``."""
    rows = await queries.list_events(
        tx, name=name, about=about, actor=actor, since=since, until=until, before=before, limit=limit
    )
    names = await organizations.actor_names(tx, {row["actor"] for row in rows})
    return [AuditEntryOut(**row, actor_name=names.get(row["actor"])) for row in rows]


async def _keep_network(tx: Tx, consent: Consent, sealed: bytes) -> None:
    tx.session.add(
        ConsentEvidence(
            organization_id=tx.organization_id,
            consent_id=consent.id,
            customer_id=consent.customer_id,
            network=sealed,
        )
    )
    await tx.flush()


async def _append(tx: Tx, customer_id: UUID, fields: dict[str, Any]) -> Consent:
    consent = Consent(
        organization_id=tx.organization_id,
        id=new_id(),
        customer_id=customer_id,
        actor=tx.actor.label,
        recorded_at=clock.now(),
        **fields,
    )
    tx.session.add(consent)
    await tx.flush()
    kind = ConsentGranted if consent.state == "granted" else ConsentWithdrawn
    await announce(
        tx,
        kind(customer_id=customer_id, consent_id=consent.id, purpose=consent.purpose, channel=consent.channel),
    )
    return consent


def _consent_out(consent: Consent) -> ConsentOut:
    return ConsentOut(
        id=consent.id,
        customer_id=consent.customer_id,
        purpose=consent.purpose,
        channel=cast("rules.Channel", consent.channel),
        state=cast("rules.State", consent.state),
        wording=consent.wording,
        wording_version=consent.wording_version,
        language=cast("Any", consent.language),
        source=consent.source,
        actor=consent.actor,
        given_at=consent.given_at,
        confirmed_at=consent.confirmed_at,
        recorded_at=consent.recorded_at,
    )
