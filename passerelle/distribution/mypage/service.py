"""The verbs of my page: its links and sessions. The only writer of their tables."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerEmailTaken, CustomerGone
from passerelle.customers.schemas import CustomerChange
from passerelle.distribution import qr
from passerelle.distribution.mypage import queries, rules
from passerelle.distribution.mypage.errors import TooManyPageLinks
from passerelle.distribution.mypage.events import PageLinkMade, PageOpened
from passerelle.distribution.mypage.schemas import PageLinkOut
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.config import Settings
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce
from passerelle.kit.ids import digest, encode, new_id, new_secret
from passerelle.kit.jobs import enqueue
from passerelle.messaging import service as messaging
from passerelle.messaging.schemas import MessageTopic

MAIL_LINK: Final = "distribution.mail_page_link"
MAIL_ADDRESS: Final = "distribution.mail_new_address"
TELL_OLD_ADDRESS: Final = "distribution.tell_old_address"
_EMAIL: Final = "page_links.email"
_SECRET_BYTES: Final = 18
_QR_PIXELS: Final = 320
# What customers may see of themselves with the verbs that staff use.
_OWN: Final = frozenset({"customers:read", "ledger:read", "passes:read", "programs:read", "tickets:read"})


@dataclass(frozen=True, slots=True)
class PageSession:
    """A customer in a browser; ``seal`` is what the forms of this session carry."""

    id: UUID
    customer_id: UUID
    may_erase: bool
    seal: str


def page_path(organization_id: UUID) -> str:
    """Where customers of an organization ask for a link, and where their page is."""
    return f"/m/{encode('org', organization_id)}"


async def give_page_link(tx: Tx, customer_id: UUID, settings: Settings) -> PageLinkOut:
    """A link for staff to hand to the customer. Raises CustomerNotFound, CustomerGone, TooManyPageLinks.

    It lets the customer do no more than who made it may do for them.
    """
    await customers.hold_customer(tx, customer_id)
    if await has_enough(tx, customer_id, "staff"):
        raise TooManyPageLinks(limit=rules.LINKS_PER_HOUR)
    return await _make_link(tx, customer_id, settings, origin="staff", may_erase=tx.actor.may("customers:erase"))


async def ask_for_link(tx: Tx, contact: str, language: str) -> None:
    """Have a link mailed to whoever this phone or e-mail belongs to, if anybody has an address here.

    Tells nobody whether: callers do this after they have answered.
    """
    customer_id = await _find(tx, contact)
    if customer_id is not None and not await has_enough(tx, customer_id):
        with suppress(CustomerGone):  # erased since they were found
            await write_later(tx, MAIL_LINK, customer_id, "page_link", language=language)


async def write_later(tx: Tx, job: str, customer_id: UUID, topic: MessageTopic, **more: str) -> None:
    """Have a job write a mail, and staff see that it is on its way. Raises CustomerNotFound, CustomerGone."""
    message_id = await messaging.queue_message(tx, customer_id, channel="email", topic=topic)
    await enqueue(tx, job, {"customer_id": str(customer_id), "message_id": str(message_id), **more})


async def mailed_link(tx: Tx, customer_id: UUID, settings: Settings) -> tuple[str, PageLinkOut] | None:
    """The address of a customer and a fresh link to mail there; None when there is none, or links enough."""
    try:
        customer = await customers.get_customer(tx, customer_id)
    except CustomerGone:
        return None
    if customer.email is None or await has_enough(tx, customer_id):
        return None
    return customer.email, await _make_link(tx, customer_id, settings, origin="mail", may_erase=True)


async def knows_link(tx: Tx, secret: bytes, purpose: rules.Purpose) -> bool:
    """Whether a link is still good; it stays so, for programs that look at mails open links, too."""
    return bool(await tx.fetchrow(queries.FIND_LINK, tx.organization_id, digest(secret), purpose, clock.now()))


async def open_page(tx: Tx, secret: bytes) -> bytes | None:
    """Use a link; returns the secret of a new session, None when the link is not good (any more)."""
    now = clock.now()
    link = await tx.fetchrow(queries.USE_LINK, tx.organization_id, digest(secret), "page", now)
    if link is None:
        return None
    try:
        await customers.hold_customer(tx, link["customer_id"])
    except CustomerGone:
        return None
    made = new_secret()
    await tx.execute(
        queries.INSERT_SESSION,
        *(tx.organization_id, new_id(), digest(made), link["customer_id"], link["may_erase"], now),
        now + rules.SESSION_LIFE,
    )
    tx.actor = Actor("customer", link["customer_id"])
    await announce(tx, PageOpened(customer_id=link["customer_id"], page_link_id=link["id"]))
    return made


async def find_session(tx: Tx, secret: bytes) -> PageSession | None:
    """The session of a cookie; from here on the transaction's actor is the customer."""
    found = await tx.fetchrow(queries.FIND_SESSION, tx.organization_id, digest(secret), clock.now())
    if found is None:
        return None
    tx.actor = Actor("customer", found["customer_id"], _OWN)
    seal = rules.form_seal(await tx.vault.keys(tx), digest(secret))
    return PageSession(found["id"], found["customer_id"], found["may_erase"], seal)


async def end_session(tx: Tx, session: PageSession) -> None:
    """Sign out."""
    await tx.execute(queries.END_SESSION, tx.organization_id, session.id)


async def ask_for_address(tx: Tx, customer_id: UUID, email: str, language: str) -> None:
    """Have a link mailed to a new address; it becomes the customer's when the link is opened. Raises InvalidEmail.

    Whether the address is another customer's is not told before somebody who reads its mail opens the link.
    """
    sealed = (await tx.vault.keys(tx)).encrypt(customers.normal_email(email), _EMAIL)
    if not await has_enough(tx, customer_id):
        await write_later(tx, MAIL_ADDRESS, customer_id, "new_address", email=sealed.hex(), language=language)


async def address_link(
    tx: Tx, customer_id: UUID, sealed: bytes, settings: Settings
) -> tuple[str, PageLinkOut] | None:
    """The new address in clear and the link to mail there; None when the customer is gone or has links enough."""
    try:
        await customers.hold_customer(tx, customer_id)
    except CustomerGone:
        return None
    if await has_enough(tx, customer_id):
        return None
    email = (await tx.vault.keys(tx)).decrypt(sealed, _EMAIL)
    return email, await give_mail_link(tx, customer_id, settings, "email", sealed)


async def confirm_address(tx: Tx, secret: bytes) -> bool:
    """Make the address of a link the customer's; false when the link is not good (any more), or it is taken.

    The address that was theirs before is told.
    """
    link = await tx.fetchrow(queries.USE_LINK, tx.organization_id, digest(secret), "email", clock.now())
    if link is None:
        return False
    customer_id = link["customer_id"]
    tx.actor = Actor("customer", customer_id)
    keys = await tx.vault.keys(tx)
    email = keys.decrypt(link["email"], _EMAIL)
    try:
        before = (await customers.get_customer(tx, customer_id)).email
        if await customers.find_by_email(tx, email) not in {None, customer_id}:
            return False
        await customers.change_customer(tx, customer_id, CustomerChange(email=email))
    except (CustomerGone, CustomerEmailTaken):
        return False
    if before is not None and before != email:
        sealed = keys.encrypt(before, _EMAIL).hex()
        await write_later(tx, TELL_OLD_ADDRESS, customer_id, "address_changed", email=sealed)
    return True


async def forget_unsent(tx: Tx, link: PageLinkOut) -> None:
    """Forget a link that no mail brought to anybody: it must not count as one of those that an hour allows."""
    secret = rules.read_secret(link.url.rpartition("/")[2])
    assert secret is not None, "We wrote it."
    await tx.execute(queries.FORGET_LINK, tx.organization_id, digest(secret))


async def unsealed_address(tx: Tx, sealed: str) -> str:
    """An address out of a job's payload."""
    return (await tx.vault.keys(tx)).decrypt(bytes.fromhex(sealed), _EMAIL)


async def revoke_links(tx: Tx, customer_id: UUID) -> None:
    """End every link and session of a customer."""
    await tx.execute(queries.FORGET_LINKS, tx.organization_id, customer_id)
    await tx.execute(queries.FORGET_SESSIONS, tx.organization_id, customer_id)


async def prune(tx: Tx) -> None:
    """Forget what ended more than a week ago."""
    past = clock.now() - 7 * rules.SESSION_LIFE
    await tx.execute(queries.PRUNE_LINKS, tx.organization_id, past)
    await tx.execute(queries.PRUNE_SESSIONS, tx.organization_id, past)


async def opened_pages(tx: Tx, customer_id: UUID) -> dict[str, Sequence[dict[str, Any]]]:
    """A customer's links and sessions without their secrets, for their export."""
    links = await tx.fetch(queries.LINKS_OF, tx.organization_id, customer_id)
    sessions = await tx.fetch(queries.SESSIONS_OF, tx.organization_id, customer_id)
    return {"links": [dict(row) for row in links], "sessions": [dict(row) for row in sessions]}


async def _find(tx: Tx, contact: str) -> UUID | None:
    try:
        if "@" in contact:
            return await customers.find_by_email(tx, contact)
        return await customers.find_by_phone(tx, contact)
    except Refusal:
        return None


async def give_mail_link(
    tx: Tx, customer_id: UUID, settings: Settings, purpose: rules.Purpose, sealed: bytes
) -> PageLinkOut:
    """A link that makes a contact the customer's."""
    contact = {"email": None, "phone": None} | {purpose: sealed}
    return await _make_link(tx, customer_id, settings, origin="mail", may_erase=False, purpose=purpose, **contact)


async def has_enough(tx: Tx, customer_id: UUID, origin: str = "mail") -> bool:
    """Whether a customer got all the links that an hour allows.

    Counted apart: whoever has mails sent to a customer does not keep staff from helping.
    """
    since = clock.now() - rules.SESSION_LIFE / 24
    made: int = await tx.fetchval(queries.RECENT_LINKS, tx.organization_id, customer_id, since, origin)
    return made >= rules.LINKS_PER_HOUR


async def _make_link(
    tx: Tx,
    customer_id: UUID,
    settings: Settings,
    *,
    origin: str,
    may_erase: bool,
    purpose: rules.Purpose = "page",
    email: bytes | None = None,
    phone: bytes | None = None,
) -> PageLinkOut:
    secret, link_id, now = new_secret(_SECRET_BYTES), new_id(), clock.now()
    expires_at = now + rules.LINK_LIFE
    await tx.execute(
        queries.INSERT_LINK,
        *(tx.organization_id, link_id, digest(secret), customer_id, purpose, origin, may_erase, email, phone),
        *(now, expires_at),
    )
    await announce(tx, PageLinkMade(customer_id=customer_id, page_link_id=link_id, origin=origin))
    url = settings.url(f"{page_path(tx.organization_id)}/{rules.STEPS[purpose]}/{rules.written(secret)}")
    picture = qr.svg(url, qr.Style(pixels=_QR_PIXELS)).decode()
    return PageLinkOut(customer_id=customer_id, url=url, qr_svg=picture, may_erase=may_erase, expires_at=expires_at)
