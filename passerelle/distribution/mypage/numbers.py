"""A new phone number by the customer's own hand: asked for on my page, confirmed through the e-mail that is on file.

A number is what a till knows somebody by, and nothing can be sent to it here. So the link goes to the address that is
known, not to the one who asks; an address that is itself new does not count yet, so that whoever got hold of a
session cannot take over both. A number of somebody else is never taken; staff are told and decide at the till.
"""

from datetime import timedelta
from typing import Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerGone
from passerelle.customers.events import DuplicateSuspected
from passerelle.customers.schemas import CustomerChange
from passerelle.distribution.mypage import queries
from passerelle.distribution.mypage.schemas import PageLinkOut
from passerelle.distribution.mypage.service import give_mail_link, has_enough, write_later
from passerelle.kit import clock
from passerelle.kit.actors import Actor
from passerelle.kit.config import Settings
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import digest

MAIL_NUMBER: Final = "distribution.mail_new_number"
SHOWN_DIGITS: Final = 4
_PHONE: Final = "page_links.phone"
_ADDRESS_SETTLES: Final = timedelta(days=3)
_A_DAY: Final = 3


async def may_change(tx: Tx, customer_id: UUID) -> bool:
    """Whether a confirmation can go to an address that is known and was not changed on this page lately."""
    since = clock.now() - _ADDRESS_SETTLES
    if await tx.fetchval(queries.ADDRESS_CHANGED, tx.organization_id, customer_id, since):
        return False
    return (await customers.get_customer(tx, customer_id)).email is not None


async def ask_for_number(tx: Tx, customer_id: UUID, phone: str, language: str) -> None:
    """Have a link mailed to the customer's address; the number is theirs when it is opened. Raises InvalidPhone.

    Whether the number is another customer's is not told before. Beyond some a day nothing is mailed.
    """
    number = customers.normal_phone(phone, await customers.default_region(tx))
    sealed = (await tx.vault.keys(tx)).encrypt(number, _PHONE)
    await write_later(tx, MAIL_NUMBER, customer_id, "new_number", phone=sealed.hex(), language=language)


async def number_link(
    tx: Tx, customer_id: UUID, sealed: bytes, settings: Settings
) -> tuple[str, str, PageLinkOut] | None:
    """The known address, the number's last digits, and the link to mail; None when the rules say no by now."""
    try:
        await customers.hold_customer(tx, customer_id)
    except CustomerGone:
        return None
    email = (await customers.get_customer(tx, customer_id)).email
    since = clock.now() - timedelta(days=1)
    asked: int = await tx.fetchval(queries.NUMBERS_ASKED, tx.organization_id, customer_id, since)
    if email is None or asked >= _A_DAY or await has_enough(tx, customer_id) or not await may_change(tx, customer_id):
        return None
    number = (await tx.vault.keys(tx)).decrypt(sealed, _PHONE)
    return email, number[-SHOWN_DIGITS:], await give_mail_link(tx, customer_id, settings, "phone", sealed)


async def asked_digits(tx: Tx, secret: bytes) -> str | None:
    """The last digits of the number of a link that is still good."""
    link = await tx.fetchrow(queries.FIND_LINK, tx.organization_id, digest(secret), "phone", clock.now())
    return None if link is None else (await tx.vault.keys(tx)).decrypt(link["phone"], _PHONE)[-SHOWN_DIGITS:]


async def confirm_number(tx: Tx, secret: bytes) -> bool | None:
    """Make the number of a link the customer's. None: the link is not good (any more); false: the number is taken.

    Raises PhoneTaken when somebody else got it at this very instant; the link stays good then.
    """
    link = await tx.fetchrow(queries.USE_LINK, tx.organization_id, digest(secret), "phone", clock.now())
    if link is None:
        return None
    customer_id = link["customer_id"]
    tx.actor = Actor("customer", customer_id)
    number = (await tx.vault.keys(tx)).decrypt(link["phone"], _PHONE)
    try:
        await customers.hold_customer(tx, customer_id)
        owner = await customers.find_by_phone(tx, number)
        if owner not in {None, customer_id}:
            assert owner is not None
            await announce(tx, DuplicateSuspected(customer_id=customer_id, other_customer_id=owner))
            return False
        await customers.change_customer(tx, customer_id, CustomerChange(phone=number))
    except CustomerGone:
        return None
    return True
