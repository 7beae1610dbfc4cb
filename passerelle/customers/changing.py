"""What is known of people changes: one by one, or many at once. Part of the public door, service.py."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy.orm.attributes import flag_modified

from passerelle.customers import queries, rules, sealed
from passerelle.customers.errors import TooManyAttributes
from passerelle.customers.events import CustomerChanged
from passerelle.customers.models import Customer
from passerelle.customers.name_index import replace_names
from passerelle.customers.registering import parse_phone, past, text_of
from passerelle.customers.rules import BirthDate
from passerelle.customers.schemas import CustomerChange, CustomerOut
from passerelle.kit import clock
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce

_CONTACT: Final = frozenset({"phone", "email"})


async def change_known(tx: Tx, changes: Mapping[UUID, CustomerChange]) -> frozenset[UUID]:
    """Change many customers as ``change_customer`` does, in a handful of statements; who is done.

    Whoever is left out goes through ``change_customer``, which says why: somebody who is gone, a change that is
    refused, and another phone or e-mail, which may be somebody else's.
    """
    keys = await tx.vault.keys(tx)
    wanted = {one: change for one, change in changes.items() if not _CONTACT & change.model_fields_set}
    done, names, told = set[UUID](), dict[UUID, str](), list[CustomerChanged]()
    for customer in await queries.customers_for_update(tx, wanted):
        before = sealed.customer_out(keys, customer)
        try:
            await apply_change(tx, keys, customer, wanted[customer.id])
        except Refusal:
            tx.session.expunge(customer)  # with the half of the change that it has taken
            continue
        done.add(customer.id)
        after = sealed.customer_out(keys, customer)
        if changed := changed_fields(before, after):
            customer.changed_at = clock.now()
            told.append(CustomerChanged(customer_id=customer.id, fields=changed))
            if {"first_name", "last_name"} & set(changed):
                names[customer.id] = rules.full_name(after.first_name, after.last_name)
    await tx.flush()
    await replace_names(tx, keys, names)
    for each in told:
        await announce(tx, each)
    return frozenset(done)


async def apply_change(tx: Tx, keys: TenantKeys, customer: Customer, change: CustomerChange) -> None:
    """Put a change on a customer that is not written yet; raises what ``change_customer`` does of itself."""
    given = change.model_fields_set
    for name in given & {"first_name", "last_name"}:
        setattr(customer, name, sealed.seal(keys, name, getattr(change, name)))
    if "phone" in given:
        phone = None if change.phone is None else await parse_phone(tx, change.phone, change.region)
        customer.phone, customer.phone_index = sealed.seal(keys, "phone", phone), sealed.phone_index(keys, phone)
    if "email" in given:
        email = None if change.email is None else rules.normal_email(change.email)
        customer.email, customer.email_index = sealed.seal(keys, "email", email), sealed.email_index(keys, email)
    if "birthday" in given:
        _set_birthday(keys, customer, past(change.birthday))
    if "language" in given:
        customer.language = change.language
    if "segments" in given:
        customer.segments = change.segments or []
    if change.attributes:
        customer.attributes = _merged(customer.attributes, change.attributes)
        flag_modified(customer, "attributes")  # Python says 1 == True, JSON does not


def _set_birthday(keys: TenantKeys, customer: Customer, birthday: BirthDate | None) -> None:
    text = text_of(birthday)
    if sealed.unseal(keys, "birthday", customer.birthday) == text:
        return  # saying the same again does not make it a fresh date
    customer.birthday = sealed.seal(keys, "birthday", text)
    customer.birthday_index = sealed.birthday_index(keys, birthday)
    customer.birthday_changed_at = None if birthday is None else clock.now()


def changed_fields(before: CustomerOut, after: CustomerOut) -> tuple[str, ...]:
    """The fields that differ."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    return tuple(sorted(name for name in new if _as_json(old[name]) != _as_json(new[name])))


def _as_json(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _merged(old: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = {name: value for name, value in (old | changes).items() if value is not None}
    if len(merged) > rules.MAX_ATTRIBUTES:
        raise TooManyAttributes(limit=rules.MAX_ATTRIBUTES)
    return merged
