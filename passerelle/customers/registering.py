"""How people come to be known: one by one, or many at once. Part of the public door, service.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson

from passerelle.customers import queries, rules, sealed
from passerelle.customers.errors import BirthdayInFuture
from passerelle.customers.events import CustomerRegistered, DuplicateSuspected
from passerelle.customers.finding import Contact, default_region
from passerelle.customers.name_index import add_name, add_names
from passerelle.customers.rules import BirthDate
from passerelle.customers.schemas import Birthday, NewCustomer, Registered
from passerelle.kit import clock
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id

# Whoever comes second waits on the unique index until the first has committed, then finds them.
_INSERT: Final = """
INSERT INTO customers (
    organization_id, id, first_name, last_name, phone, phone_index, email, email_index, birthday, birthday_index,
    birthday_changed_at, language, attributes, source, segments, created_at, changed_at
)
SELECT $1, id, first_name, last_name, phone, phone_index, email, email_index, birthday, birthday_index,
    CASE WHEN birthday IS NOT NULL THEN $2::timestamptz END, language, attributes, source,
    ARRAY(SELECT jsonb_array_elements_text(segments)), $2, $2
FROM unnest(
    $3::uuid[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[], $10::bytea[],
    $11::bytea[], $12::text[], $13::jsonb[], $14::text[], $15::jsonb[]
) AS new (
    id, first_name, last_name, phone, phone_index, email, email_index, birthday, birthday_index, language, attributes,
    source, segments
)
ON CONFLICT DO NOTHING RETURNING id
"""
_ATTEMPTS: Final = 3


async def register(tx: Tx, new: NewCustomer) -> Registered:
    """Find the person by phone, else by e-mail, else create them; two at once make one.

    A known customer is never changed, not even where something is missing: whoever fills in a join form has
    proven nothing, so a form must not put a name, an address or a consent on somebody else's number. For the
    same reason a caller that serves the public answers alike whether ``created`` is true or false, and shows a
    known customer's card only after the contact was proven (a code or a link sent to it). Staff use
    ``change_customer``.

    The phone outweighs the e-mail: when they are of two customers, the phone's is returned, nothing is merged,
    and DuplicateSuspected is announced for staff. Raises InvalidPhone, InvalidEmail, BirthdayInFuture.
    """
    keys = await tx.vault.keys(tx)
    person = await _read(tx, new)
    phone_index, email_index = sealed.phone_index(keys, person.phone), sealed.email_index(keys, person.email)
    for _ in range(_ATTEMPTS):
        known = await queries.find_matches(tx, phone_index, email_index)
        if known:
            if len(known) > 1:
                await announce(tx, DuplicateSuspected(customer_id=known[0], other_customer_id=known[1]))
            return Registered(known[0], created=False)
        row = _row(keys, person)
        if await _insert(tx, [row]):
            await add_name(tx, keys, row[0], rules.full_name(new.first_name, new.last_name))
            await announce(tx, CustomerRegistered(customer_id=row[0], source=new.source))
            return Registered(row[0], created=True)
    msg = "A customer appeared and vanished again between two statements, three times in a row."
    raise RuntimeError(msg)


async def register_newcomers(tx: Tx, several: Sequence[tuple[NewCustomer, Contact]]) -> list[UUID | None]:
    """Create many of whom nobody is known, in two statements; their ids in the same order.

    Each comes with the normal forms of their phone and e-mail. None is for whom that did not do: somebody known by
    now, or a birthday to come. ``register`` says which.
    """
    keys = await tx.vault.keys(tx)
    rows: dict[int, tuple[Any, ...]] = {}
    for place, (new, contact) in enumerate(several):
        try:
            rows[place] = _row(keys, _Person(new, contact.phone, contact.email, past(new.birthday)))
        except BirthdayInFuture:
            continue
    # Two imports that meet wait for each other in the same order.
    made = await _insert(
        tx, sorted(rows.values(), key=lambda row: (row[_PHONE_INDEX] or b"", row[_EMAIL_INDEX] or b""))
    )
    names: dict[UUID, str] = {}
    for place, row in rows.items():
        if row[0] in made:
            new = several[place][0]
            names[row[0]] = rules.full_name(new.first_name, new.last_name)
            await announce(tx, CustomerRegistered(customer_id=row[0], source=new.source))
    await add_names(tx, keys, names)
    return [rows[place][0] if place in rows and rows[place][0] in made else None for place in range(len(several))]


async def parse_phone(tx: Tx, text: str, region: str | None) -> str:
    """The E.164 form of a number; ``region`` is the organization's when not given. Raises InvalidPhone."""
    return rules.parse_phone(text, region or await default_region(tx))


def past(birthday: Birthday | None) -> BirthDate | None:
    """A day that has been; raises BirthdayInFuture."""
    if birthday is None:
        return None
    date = birthday.date()
    if date.is_after(clock.now().date()):
        raise BirthdayInFuture
    return date


def text_of(birthday: BirthDate | None) -> str | None:
    """As it is kept."""
    return None if birthday is None else birthday.text


@dataclass(frozen=True, slots=True, repr=False)
class _Person:
    """What a new customer gave, with contacts in normal form."""

    new: NewCustomer
    phone: str | None
    email: str | None
    birthday: BirthDate | None


_PHONE_INDEX: Final = 4
_EMAIL_INDEX: Final = 6


async def _read(tx: Tx, new: NewCustomer) -> _Person:
    return _Person(
        new,
        phone=None if new.phone is None else await parse_phone(tx, new.phone, new.region),
        email=None if new.email is None else rules.normal_email(new.email),
        birthday=past(new.birthday),
    )


def _row(keys: TenantKeys, person: _Person) -> tuple[Any, ...]:
    """The columns of ``_INSERT`` with a new id."""
    new = person.new
    return (
        new_id(),
        sealed.seal(keys, "first_name", new.first_name),
        sealed.seal(keys, "last_name", new.last_name),
        sealed.seal(keys, "phone", person.phone),
        sealed.phone_index(keys, person.phone),
        sealed.seal(keys, "email", person.email),
        sealed.email_index(keys, person.email),
        sealed.seal(keys, "birthday", text_of(person.birthday)),
        sealed.birthday_index(keys, person.birthday),
        new.language,
        orjson.dumps(new.attributes).decode(),
        new.source,
        orjson.dumps(new.segments).decode(),
    )


async def _insert(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> frozenset[UUID]:
    """The ids of those that were not known."""
    if not rows:
        return frozenset()
    made = await tx.fetch(
        _INSERT, tx.organization_id, clock.now(), *(list(column) for column in zip(*rows, strict=True))
    )
    return frozenset(row["id"] for row in made)
