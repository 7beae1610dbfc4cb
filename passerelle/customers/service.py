"""The verbs of customers; the only writer of its tables, the only reader of contact data in clear."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from passerelle.customers import queries, rules, sealed
from passerelle.customers.changing import apply_change, change_known, changed_fields
from passerelle.customers.errors import (
    CustomerEmailTaken,
    CustomerNotFound,
    InvalidEmail,
    InvalidPhone,
    PhoneTaken,
)
from passerelle.customers.events import CustomerChanged, DuplicateSuspected
from passerelle.customers.finding import (
    Contact,
    Known,
    attribute_names,
    default_region,
    find_contacts,
    get_customers,
    list_ids,
    match_ids,
    normal_email,
    normal_phone,
)
from passerelle.customers.models import Customer
from passerelle.customers.name_index import forget_name, replace_name
from passerelle.customers.registering import parse_phone, register, register_newcomers
from passerelle.customers.rules import BirthDate
from passerelle.customers.schemas import (
    CardFacts,
    CustomerChange,
    CustomerOut,
    CustomerSearch,
)
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce

__all__ = [
    "Contact",
    "Known",
    "attribute_names",
    "card_facts",
    "card_facts_of",
    "change_customer",
    "change_known",
    "default_region",
    "erase",
    "find_by_email",
    "find_by_phone",
    "find_contacts",
    "get_customer",
    "get_customers",
    "hold_alone",
    "hold_customer",
    "introduce",
    "list_birthdays",
    "list_customers",
    "list_ids",
    "list_merged",
    "lock_for_erasure",
    "match_ids",
    "merged_into",
    "normal_email",
    "normal_phone",
    "register",
    "register_newcomers",
    "require_customer",
    "search_customers",
]


async def get_customer(tx: Tx, customer_id: UUID) -> CustomerOut:
    """A customer in clear; raises CustomerNotFound or CustomerGone."""
    return sealed.customer_out(await tx.vault.keys(tx), await queries.get_customer(tx, customer_id))


async def require_customer(tx: Tx, customer_id: UUID) -> None:
    """Refuse unless the customer is known and not erased: CustomerNotFound, CustomerGone. Decrypts nothing."""
    await queries.require_customer(tx, customer_id)


async def hold_customer(tx: Tx, customer_id: UUID) -> None:
    """The same, for whoever writes about them: they cannot be erased before this transaction ends."""
    await queries.hold_customer(tx, customer_id)


async def hold_alone(tx: Tx, customer_id: UUID) -> None:
    """The same, for whoever decides by what is known of them: others who would change them wait."""
    await queries.customer_for_update(tx, customer_id)


async def lock_for_erasure(tx: Tx, customer_id: UUID) -> None:
    """The first step of an erasure: wait for those who hold the customer, keep newcomers waiting.

    Raises CustomerNotFound, CustomerGone.
    """
    await queries.customer_for_erasure(tx, customer_id)


async def list_merged(tx: Tx, customer_id: UUID) -> Sequence[UUID]:
    """The ids that were merged into this one, oldest first."""
    return await queries.list_merged(tx, customer_id)


async def merged_into(tx: Tx, customer_id: UUID) -> UUID | None:
    """Where a customer is found who was merged into another one; raises CustomerNotFound."""
    return await queries.find_merged_into(tx, customer_id)


async def find_by_phone(tx: Tx, phone: str, region: str | None = None) -> UUID | None:
    """Whose number this is; ``region`` is the organization's when not given. Raises InvalidPhone."""
    index = sealed.phone_index(await tx.vault.keys(tx), await parse_phone(tx, phone, region))
    return next(iter(await queries.find_matches(tx, index, None)), None)


async def find_by_email(tx: Tx, email: str) -> UUID | None:
    """Whose address this is. Raises InvalidEmail."""
    index = sealed.email_index(await tx.vault.keys(tx), rules.normal_email(email))
    return next(iter(await queries.find_matches(tx, None, index)), None)


async def share_mailbox(tx: Tx, one: UUID, other: UUID) -> bool:
    """Whether two customers have addresses that end up in the same mailbox, such as with another “+tag”."""
    if one == other:
        return True
    keys = await tx.vault.keys(tx)
    emails = [sealed.unseal(keys, "email", email) for email in await queries.list_emails(tx, [one, other])]
    mailboxes = [rules.mailbox(email) for email in emails if email is not None]
    return len(mailboxes) == 2 and mailboxes[0] == mailboxes[1]


async def list_customers(tx: Tx, before: UUID, limit: int, among: Sequence[UUID] | None = None) -> list[CustomerOut]:
    """Customers with data, newest first: all, or those ``among`` these."""
    keys = await tx.vault.keys(tx)
    found = await queries.list_customers(tx, before, limit, among)
    return [sealed.customer_out(keys, customer) for customer in found]


async def search_customers(tx: Tx, search: CustomerSearch, before: UUID, limit: int) -> list[CustomerOut]:
    """Customers of a whole phone number, a whole e-mail or whole words of a name, newest first; see match_ids."""
    among = await match_ids(tx, search, before, limit)
    keys = await tx.vault.keys(tx)
    found = await queries.list_customers(tx, before, limit, among)
    return [sealed.customer_out(keys, customer) for customer in found]


async def change_customer(tx: Tx, customer_id: UUID, change: CustomerChange) -> CustomerOut:
    """Change what is known of a customer: for staff, who know whom they talk to.

    Raises CustomerNotFound, CustomerGone, InvalidPhone, InvalidEmail, BirthdayInFuture, PhoneTaken,
    CustomerEmailTaken, TooManyAttributes.
    """
    keys = await tx.vault.keys(tx)
    customer = await queries.customer_for_update(tx, customer_id)
    before = sealed.customer_out(keys, customer)
    await apply_change(tx, keys, customer, change)
    try:
        await tx.flush()
    except IntegrityError as fault:
        raise (CustomerEmailTaken if "email_index" in str(fault.orig) else PhoneTaken) from None
    after = sealed.customer_out(keys, customer)
    changed = changed_fields(before, after)
    if not changed:
        return after
    if {"first_name", "last_name"} & set(changed):
        await replace_name(tx, keys, customer_id, rules.full_name(after.first_name, after.last_name))
    customer.changed_at = clock.now()
    await announce(tx, CustomerChanged(customer_id=customer_id, fields=changed))
    return sealed.customer_out(keys, customer)


async def introduce(tx: Tx, customer_id: UUID, told: CustomerChange) -> CustomerOut:
    """Fill in what nobody knew of a customer, as they tell it themselves; what is known stays as it is.

    A number or an address that is none is left out. One that is somebody else's, too, for telling it proves
    nothing; DuplicateSuspected is announced for staff, who may merge the two. Raises CustomerNotFound, CustomerGone.
    """
    known = await get_customer(tx, customer_id)
    given = {
        name: value
        for name in ("first_name", "last_name", "phone", "email")
        if (value := getattr(told, name)) is not None and getattr(known, name) is None
    }
    for name, find in (("phone", partial(find_by_phone, region=told.region)), ("email", find_by_email)):
        if name in given and not await _is_free(tx, customer_id, find, given[name]):
            del given[name]
    attributes = {name: value for name, value in told.attributes.items() if name not in known.attributes}
    change = CustomerChange.model_validate({**given, "attributes": attributes, "region": told.region})
    return await change_customer(tx, customer_id, change)


async def card_facts(tx: Tx, customer_id: UUID) -> CardFacts:
    """What the holder's card says; one statement. Raises CustomerNotFound; an erased customer has empty names."""
    facts = await card_facts_of(tx, [customer_id])
    if customer_id not in facts:
        raise CustomerNotFound
    return facts[customer_id]


async def card_facts_of(tx: Tx, customer_ids: Sequence[UUID]) -> dict[UUID, CardFacts]:
    """The same for many cards, in one statement; unknown ids are left out."""
    keys = await tx.vault.keys(tx)
    return {row["id"]: sealed.card_facts(keys, row) for row in await queries.list_card_rows(tx, customer_ids)}


async def segments_of(tx: Tx, customer_ids: Collection[UUID]) -> dict[UUID, Sequence[str]]:
    """The static segments of customers; who is unknown is left out."""
    return await queries.segments_of(tx, customer_ids)


async def list_birthdays(
    tx: Tx, *, month: int, day: int, settled_before: datetime, before: UUID, limit: int
) -> Sequence[UUID]:
    """Who has their birthday on this day, newest first, for journeys.

    Only those whose date was set or edited no later than ``settled_before``: a birthday entered last week is a
    wish for a reward. Whether people of 29 February count on the 28th or the 1st is the caller's second call.
    """
    index = sealed.birthday_index(await tx.vault.keys(tx), BirthDate(month, day))
    assert index is not None
    return await queries.list_birthdays(tx, index, settled_before, before, limit)


async def erase(tx: Tx, customer_id: UUID) -> None:
    """Remove everything that tells who this was; the row stays as a pseudonym. Called through privacy only."""
    customer = await queries.customer_for_erasure(tx, customer_id)
    for column in set(Customer.__table__.columns.keys()) - _KEPT:
        setattr(customer, column, None)
    customer.attributes, customer.segments = {}, []
    customer.changed_at = customer.erased_at = clock.now()
    await forget_name(tx, customer_id)


_KEPT: Final = frozenset(
    {"organization_id", "id", "source", "attributes", "segments", "created_at", "changed_at", "erased_at"}
)


async def _is_free(
    tx: Tx, customer_id: UUID, find: Callable[[Tx, str], Awaitable[UUID | None]], contact: str
) -> bool:
    """Whether a contact is one, and nobody's."""
    try:
        owner = await find(tx, contact)
    except (InvalidPhone, InvalidEmail):
        return False
    if owner is not None:
        await announce(tx, DuplicateSuspected(customer_id=customer_id, other_customer_id=owner))
    return owner is None
