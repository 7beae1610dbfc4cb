"""Mails of my page, and what is forgotten by itself."""

from typing import Any, Final, cast
from uuid import UUID

from passerelle.distribution.mypage import letters, numbers, service
from passerelle.distribution.mypage.schemas import PageLinkOut
from passerelle.kit import mail
from passerelle.kit.i18n import Language
from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.kit.mail import Letter
from passerelle.messaging import service as messaging
from passerelle.messaging.schemas import MessageState, MessageTopic
from passerelle.organizations import service as organizations


async def mail_link(work: Work, payload: dict[str, Any]) -> None:
    """Make a link and mail it; repeated after a failure, each mail has a link of its own."""
    async with work.database.transaction(organization_of(payload)) as tx:
        organization = await organizations.get_organization(tx)
        made = await service.mailed_link(tx, UUID(payload["customer_id"]), work.settings)
    if made is not None:
        email, link = made
        language = cast("Language", payload["language"])
        letter = letters.page_link(organization, email, link, language)
        await _send(work, payload, letter, "page_link", link)


async def mail_new_address(work: Work, payload: dict[str, Any]) -> None:
    """Mail a link to an address that a customer wants to have here."""
    sealed = bytes.fromhex(payload["email"])
    async with work.database.transaction(organization_of(payload)) as tx:
        organization = await organizations.get_organization(tx)
        made = await service.address_link(tx, UUID(payload["customer_id"]), sealed, work.settings)
    if made is not None:
        email, link = made
        language = cast("Language", payload["language"])
        letter = letters.new_address(organization, email, link, language)
        await _send(work, payload, letter, "new_address", link)


async def mail_new_number(work: Work, payload: dict[str, Any]) -> None:
    """Mail a link to a customer's known address that confirms a new number."""
    sealed = bytes.fromhex(payload["phone"])
    async with work.database.transaction(organization_of(payload)) as tx:
        organization = await organizations.get_organization(tx)
        made = await numbers.number_link(tx, UUID(payload["customer_id"]), sealed, work.settings)
    if made is not None:
        email, digits, link = made
        language = cast("Language", payload["language"])
        letter = letters.new_number(organization, email, link, digits, language)
        await _send(work, payload, letter, "new_number", link)


async def tell_old_address(work: Work, payload: dict[str, Any]) -> None:
    """Tell an address that it was replaced."""
    async with work.database.transaction(organization_of(payload)) as tx:
        organization = await organizations.get_organization(tx)
        email = await service.unsealed_address(tx, payload["email"])
    await _send(work, payload, letters.old_address(organization, email), "address_changed")


async def _send(
    work: Work, payload: dict[str, Any], letter: Letter, topic: MessageTopic, link: PageLinkOut | None = None
) -> None:
    """Mail a letter and tell what became of it.

    A server that does not take it is tried again for hours if need be; a link that it did not take is forgotten.
    """
    try:
        await mail.send(work.settings, letter)
    except mail.MailNotSent:
        await _tell(work, payload, topic, "failed", link)
        raise
    await _tell(work, payload, topic, "sent")


async def _tell(
    work: Work, payload: dict[str, Any], topic: MessageTopic, state: MessageState, unsent: PageLinkOut | None = None
) -> None:
    message_id, customer_id = UUID(payload["message_id"]), UUID(payload["customer_id"])
    async with work.database.transaction(organization_of(payload)) as tx:
        if unsent is not None:
            await service.forget_unsent(tx, unsent)
        await messaging.tell(tx, message_id, customer_id, channel="email", topic=topic, state=state)


async def prune(work: Work, payload: dict[str, Any]) -> None:
    """Forget links and sessions that have ended."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.prune(tx)


MAIL_LINK: Final = JobKind(service.MAIL_LINK, mail_link)
MAIL_ADDRESS: Final = JobKind(service.MAIL_ADDRESS, mail_new_address)
MAIL_NUMBER: Final = JobKind(numbers.MAIL_NUMBER, mail_new_number)
TELL_OLD_ADDRESS: Final = JobKind(service.TELL_OLD_ADDRESS, tell_old_address)
PRUNE: Final = JobKind("distribution.prune_pages", prune, schedule="37 3 * * *")
