"""Asking by itself: which visits, and the mails."""

from typing import Any, Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.feedback import letters, service
from passerelle.kit import mail
from passerelle.kit.db import Tx
from passerelle.kit.ids import encode
from passerelle.kit.jobs import JobKind, Work, organization_of
from passerelle.kit.mail import Letter
from passerelle.messaging import service as messaging
from passerelle.organizations import service as organizations


async def ask(work: Work, payload: dict[str, Any]) -> None:
    """Follow the log, and queue the mails that are due if the server sends any."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.ask_about_visits(tx)
        if mail.is_configured(work.settings):
            await service.queue_mails(tx)


async def write(work: Work, payload: dict[str, Any]) -> None:
    """Mail a question or a reply, and tell what became of it; a server that does not take it is tried again."""
    message_id = UUID(payload["message_id"])
    async with work.database.transaction(organization_of(payload)) as tx:
        letter = await _letter(tx, work, payload)
        if letter is None or not mail.is_configured(work.settings):
            await messaging.withdraw(tx, message_id)
            return
    try:
        await mail.send(work.settings, letter)
    except mail.MailNotSent:
        async with work.database.transaction(organization_of(payload)) as tx:
            await messaging.tell(tx, message_id, "failed")
        raise
    async with work.database.transaction(organization_of(payload)) as tx:
        await messaging.tell(tx, message_id, "sent")


async def _letter(tx: Tx, work: Work, payload: dict[str, Any]) -> Letter | None:
    found = await service.letter_of(tx, UUID(payload["feedback_id"]), payload["topic"])
    if found is None:
        return None
    recipient, asked, said = found
    organization = await organizations.get_organization(tx)
    language = (await customers.card_facts(tx, asked.customer_id)).language or organization.language
    if payload["topic"] == "feedback_reply":
        return letters.reply(recipient, said, organization.name, language) if said else None
    page = work.settings.url(f"/m/{encode('org', tx.organization_id)}")
    return letters.question(recipient, asked, organization.name, (work.settings.url(asked.path), page), language)


async def prune(work: Work, payload: dict[str, Any]) -> None:
    """Forget old questions."""
    async with work.database.transaction(organization_of(payload)) as tx:
        await service.prune(tx)


ASK: Final = JobKind("feedback.ask", ask, schedule="*/5 * * * *")
WRITE: Final = JobKind(service.MAIL, write)
PRUNE: Final = JobKind("feedback.prune", prune, schedule="57 3 * * *")
