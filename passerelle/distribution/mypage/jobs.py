"""Mails of my page, and what is forgotten by itself."""

from typing import Any, Final, Literal, cast
from uuid import UUID

from passerelle.distribution.mypage import letters, numbers, service
from passerelle.distribution.mypage.schemas import PageLinkOut
from passerelle.kit import mail
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language
from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.kit.mail import Letter
from passerelle.messaging import service as messaging
from passerelle.organizations import service as organizations


async def mail_link(work: Work, payload: dict[str, Any]) -> None:
    """Make a link and mail it; repeated after a failure, each mail has a link of its own."""
    async with work.database.transaction(organization_of(payload)) as tx:
        organization = await organizations.get_organization(tx)
        made = await service.mailed_link(tx, UUID(payload["customer_id"]), work.settings)
        if made is None:
            await _withdraw(tx, payload)
            return
    email, link = made
    language = cast("Language", payload["language"])
    await _send(work, payload, letters.page_link(organization, email, link, language), link)


async def mail_new_address(work: Work, payload: dict[str, Any]) -> None:
    """Mail a link to an address that a customer wants to have here."""
    sealed = bytes.fromhex(payload["email"])
    async with work.database.transaction(organization_of(payload)) as tx:
        organization = await organizations.get_organization(tx)
        made = await service.address_link(tx, UUID(payload["customer_id"]), sealed, work.settings)
        if made is None:
            await _withdraw(tx, payload)
            return
    email, link = made
    language = cast("Language", payload["language"])
    await _send(work, payload, letters.new_address(organization, email, link, language), link)


async def mail_new_number(work: Work, payload: dict[str, Any]) -> None:
    """Mail a link to a customer's known address that confirms a new number."""
    sealed = bytes.fromhex(payload["phone"])
    async with work.database.transaction(organization_of(payload)) as tx:
        organization = await organizations.get_organization(tx)
        made = await numbers.number_link(tx, UUID(payload["customer_id"]), sealed, work.settings)
        if made is None:
            await _withdraw(tx, payload)
            return
    email, digits, link = made
    language = cast("Language", payload["language"])
    await _send(work, payload, letters.new_number(organization, email, link, digits, language), link)


async def tell_old_address(work: Work, payload: dict[str, Any]) -> None:
    """Tell an address that it was replaced."""
    async with work.database.transaction(organization_of(payload)) as tx:
        organization = await organizations.get_organization(tx)
        email = await service.unsealed_address(tx, payload["email"])
    await _send(work, payload, letters.old_address(organization, email))


async def _send(work: Work, payload: dict[str, Any], letter: Letter, link: PageLinkOut | None = None) -> None:
    """Mail a letter and tell what became of it.

    A server that does not take it is tried again for hours if need be; a link that it did not take is forgotten.
    """
    try:
        await mail.send(work.settings, letter)
    except mail.MailNotSent:
        async with work.database.transaction(organization_of(payload)) as tx:
            if link is not None:
                await service.forget_unsent(tx, link)
            await _tell(tx, payload, "failed")
        raise
    async with work.database.transaction(organization_of(payload)) as tx:
        await _tell(tx, payload, "sent")


async def _tell(tx: Tx, payload: dict[str, Any], state: Literal["sent", "failed"]) -> None:
    if message_id := _message_of(payload):
        await messaging.tell(tx, message_id, state)


async def _withdraw(tx: Tx, payload: dict[str, Any]) -> None:
    if message_id := _message_of(payload):
        await messaging.withdraw(tx, message_id)


def _message_of(payload: dict[str, Any]) -> UUID | None:
    """What staff see of the letter; nothing of one that was queued before there was a list of messages."""
    message_id = payload.get("message_id")
    return UUID(message_id) if message_id else None


async def prune(work: Work, payload: dict[str, Any]) -> None:
    """Forget links and sessions that have ended."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.prune(tx)


MAIL_LINK: Final = JobKind(service.MAIL_LINK, mail_link)
MAIL_ADDRESS: Final = JobKind(service.MAIL_ADDRESS, mail_new_address)
MAIL_NUMBER: Final = JobKind(numbers.MAIL_NUMBER, mail_new_number)
TELL_OLD_ADDRESS: Final = JobKind(service.TELL_OLD_ADDRESS, tell_old_address)
PRUNE: Final = JobKind("distribution.prune_pages", prune, schedule="37 3 * * *")
