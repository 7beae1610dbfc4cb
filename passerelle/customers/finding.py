"""Many customers at once: for the directory, imports and exports. Part of the public door, service.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from passerelle.customers import queries, rules, sealed
from passerelle.customers.errors import InvalidEmail, InvalidPhone
from passerelle.customers.schemas import CustomerOut, CustomerSearch
from passerelle.kit.db import Tx
from passerelle.kit.ids import ABOVE_ALL
from passerelle.organizations import service as organizations

MAX_ATTRIBUTE_NAMES: Final = 200


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """How somebody can be reached, in the normal forms of ``normal_phone`` and ``normal_email``."""

    phone: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """Whose contact it is; ``keys`` are the blind indexes of its phone and e-mail, those that there are."""

    by_phone: UUID | None
    by_email: UUID | None
    keys: tuple[bytes, ...]

    @property
    def customer_ids(self) -> frozenset[UUID]:
        """Nobody, one person, or two that a phone and an e-mail lead to."""
        return frozenset(found for found in (self.by_phone, self.by_email) if found is not None)


def normal_phone(text: str, region: str) -> str:
    """The E.164 form of a number as people write it in a country; raises InvalidPhone."""
    return rules.parse_phone(text, region)


def normal_email(text: str) -> str:
    """The one form in which an address is compared and kept; raises InvalidEmail."""
    return rules.normal_email(text)


async def default_region(tx: Tx) -> str:
    """The country whose national numbers are meant when none is named: that of the organization's time zone."""
    return rules.region_of_time_zone((await organizations.get_organization(tx)).time_zone)


async def find_contacts(tx: Tx, contacts: Iterable[Contact]) -> list[Known]:
    """Whose these contacts are, in their order; one statement for all."""
    keys = await tx.vault.keys(tx)
    indexes = [(sealed.phone_index(keys, one.phone), sealed.email_index(keys, one.email)) for one in contacts]
    rows = await queries.list_known(
        tx, [phone for phone, _ in indexes if phone], [mail for _, mail in indexes if mail]
    )
    by_phone = {row["phone_index"]: row["id"] for row in rows}
    by_email = {row["email_index"]: row["id"] for row in rows}
    return [
        Known(
            by_phone.get(phone) if phone else None,
            by_email.get(email) if email else None,
            tuple(index for index in (phone, email) if index is not None),
        )
        for phone, email in indexes
    ]


async def list_ids(
    tx: Tx,
    before: UUID,
    limit: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    among: Sequence[UUID] | None = None,
) -> Sequence[UUID]:
    """Customers with data who were registered in ``[since, until)``, newest first; decrypts nothing."""
    return await queries.list_ids(tx, before, limit, since=since, until=until, among=among)


async def match_ids(tx: Tx, search: CustomerSearch, before: UUID, limit: int) -> Sequence[UUID]:
    """Customers of a whole phone number, a whole e-mail or whole words of a name, newest first.

    What is being typed and is no number or address yet finds nobody; it is no error.
    """
    kind = rules.search_kind(search.text)
    keys = await tx.vault.keys(tx)
    if kind == "name":
        words = sealed.name_words(keys, search.text)
        return await queries.list_by_name(tx, words, before, limit) if words else ()
    try:
        if kind == "email":
            return await queries.find_matches(tx, None, sealed.email_index(keys, rules.normal_email(search.text)))
        phone = rules.parse_phone(search.text, search.region or await default_region(tx))
        return await queries.find_matches(tx, sealed.phone_index(keys, phone), None)
    except (InvalidEmail, InvalidPhone):
        return ()


async def get_customers(tx: Tx, customer_ids: Sequence[UUID]) -> list[CustomerOut]:
    """These customers in clear, newest first; erased and unknown ones are left out."""
    if not customer_ids:
        return []
    keys = await tx.vault.keys(tx)
    found = await queries.list_customers(tx, ABOVE_ALL, len(customer_ids), list(customer_ids))
    return [sealed.customer_out(keys, customer) for customer in found]


async def attribute_names(tx: Tx) -> Sequence[str]:
    """The custom attributes that customers have, by name; reads every customer, so not for hot paths."""
    return await queries.list_attribute_names(tx, MAX_ATTRIBUTE_NAMES)
