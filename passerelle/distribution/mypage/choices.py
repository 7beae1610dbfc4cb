"""What a customer agreed to, purpose by purpose, and changing it on my page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.distribution.consents import wordings
from passerelle.distribution.mypage.wording import page_texts
from passerelle.distribution.offers import Front
from passerelle.distribution.writing import moment
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.ids import ABOVE_ALL
from passerelle.privacy import service as privacy
from passerelle.privacy.schemas import ConsentOut, NewConsent

_LOYALTY: Final = "loyalty_program"
_MARKETING: Final = "marketing"
_RECORDS: Final = 50


@dataclass(frozen=True, slots=True)
class PurposeShown:
    """One purpose: whether it is granted now, by which words, since when; ``may_grant`` when we have words for it."""

    purpose: str
    name: str
    granted: bool
    since: str
    wording: str | None
    may_withdraw: bool
    may_grant: bool


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One thing that was said."""

    at: str
    name: str
    state: str
    source: str
    channel: str
    wording: str | None


async def read_choices(tx: Tx, customer_id: UUID, host: Front, language: Language) -> list[PurposeShown]:
    """Every purpose that was ever spoken of, and marketing."""
    current = await privacy.current_consents(tx, customer_id)
    purposes = list(dict.fromkeys([_LOYALTY, _MARKETING, *sorted(each.purpose for each in current)]))
    found = []
    for purpose in purposes:
        said = [each for each in current if each.purpose == purpose]
        if said or purpose == _MARKETING:
            found.append(await _shown(tx, customer_id, purpose, said, host=host, language=language))
    return found


async def read_records(tx: Tx, customer_id: UUID, host: Front, language: Language) -> list[ConsentRecord]:
    """The last things that were said, newest first; the export has all."""
    t, zone = page_texts(language), host.organization.time_zone
    return [
        ConsentRecord(
            at=moment(each.given_at, language, zone),
            name=_name(each.purpose, language),
            state=t[each.state],
            source=t[f"source_{each.source}"],
            channel="" if each.channel == "none" else each.channel,
            wording=each.wording,
        )
        for each in await privacy.list_consents(tx, customer_id, ABOVE_ALL, _RECORDS)
    ]


async def withdraw(tx: Tx, customer_id: UUID, purpose: str, address: str) -> None:
    """End a purpose on every channel; loyalty itself ends by erasure alone."""
    if purpose != _LOYALTY:
        ended = NewConsent(purpose=purpose, state="withdrawn", source="form")
        await privacy.record_consent(tx, customer_id, ended, ip_address=address)


async def grant(tx: Tx, customer_id: UUID, purpose: str, host: Front, *, language: Language, address: str) -> None:
    """Agree to a purpose, by the words that the page showed; nothing for one that we have no words for."""
    for consent in await _words(tx, customer_id, purpose, host, language):
        await privacy.record_consent(tx, customer_id, consent, ip_address=address)


async def _shown(
    tx: Tx, customer_id: UUID, purpose: str, said: Sequence[ConsentOut], *, host: Front, language: Language
) -> PurposeShown:
    t = page_texts(language)
    channels = [each.channel for each in said if each.state == "granted"]
    held = [each for each in channels if await privacy.has_consent(tx, customer_id, purpose, each)]
    last = max(said, key=lambda each: (each.given_at, each.id), default=None)
    if held:
        last = max((each for each in said if each.channel in held), key=lambda each: (each.given_at, each.id))
    words = await _words(tx, customer_id, purpose, host, language) if not held else []
    since = t["never_asked"]
    if last is not None:
        since = t["granted_since" if held else "withdrawn_since"].format(
            day=moment(last.given_at, language, host.organization.time_zone), source=t[f"source_{last.source}"]
        )
    return PurposeShown(
        purpose=purpose,
        name=_name(purpose, language),
        granted=bool(held),
        since=since,
        wording=last.wording if held and last is not None else next((each.wording for each in words), None),
        may_withdraw=bool(held) and purpose != _LOYALTY,
        may_grant=bool(words),
    )


async def _words(tx: Tx, customer_id: UUID, purpose: str, host: Front, language: Language) -> list[NewConsent]:
    """What granting a purpose says: marketing in today's words, others as they were last agreed to."""
    if purpose == _MARKETING:
        customer = await customers.get_customer(tx, customer_id)
        asked = wordings("", host.controller, language, with_email=True)
        given = asked.given(marketing=True, has_email=customer.email is not None)
        return [each for each in given if each.purpose == _MARKETING]
    earlier = await privacy.list_consents(tx, customer_id, ABOVE_ALL, _RECORDS)
    words = {each.channel: each for each in reversed(earlier) if each.purpose == purpose and each.state == "granted"}
    kept = {"purpose", "channel", "state", "wording", "wording_version", "language"}
    return [NewConsent(**each.model_dump(include=kept), source="form") for each in words.values()]


def _name(purpose: str, language: Language) -> str:
    return page_texts(language).get(f"purpose_{purpose}") or purpose.replace("_", " ").capitalize()
