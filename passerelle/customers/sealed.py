"""Between contact data in clear and the columns of ``customers``: encryption and blind indexes, both ways."""

from collections.abc import Mapping
from typing import Any, Final, cast

from passerelle.customers import rules
from passerelle.customers.models import Customer
from passerelle.customers.rules import BirthDate
from passerelle.customers.schemas import Birthday, CardFacts, CustomerOut
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.i18n import Language

_TABLE: Final = "customers"


def seal(keys: TenantKeys, column: str, value: str | None) -> bytes | None:
    """The encrypted form of a column's value, bound to that column."""
    return None if value is None else keys.encrypt(value, f"{_TABLE}.{column}")


def unseal(keys: TenantKeys, column: str, value: bytes | None) -> str | None:
    """The value in clear again."""
    return None if value is None else keys.decrypt(value, f"{_TABLE}.{column}")


def phone_index(keys: TenantKeys, phone: str | None) -> bytes | None:
    """Finds an E.164 number."""
    return None if phone is None else keys.blind_index("customers.phone", phone)


def email_index(keys: TenantKeys, email: str | None) -> bytes | None:
    """Finds a normal e-mail address."""
    return None if email is None else keys.blind_index("customers.email", email)


def birthday_index(keys: TenantKeys, birthday: BirthDate | None) -> bytes | None:
    """Finds those who have their birthday on a day, whatever the year."""
    return None if birthday is None else keys.blind_index("customers.birthday", birthday.yearly)


def name_words(keys: TenantKeys, text: str) -> list[bytes]:
    """Finds each word of a name."""
    return [keys.blind_index("customers.name", word) for word in rules.name_words(text)]


def card_facts(keys: TenantKeys, row: Mapping[str, Any]) -> CardFacts:
    """Two decryptions at most: a card is rendered often."""
    first_name = unseal(keys, "first_name", row["first_name"])
    last_name = unseal(keys, "last_name", row["last_name"])
    return CardFacts(first_name or "", rules.full_name(first_name, last_name), row["language"])


def customer_out(keys: TenantKeys, customer: Customer) -> CustomerOut:
    """A customer in clear."""
    birthday = unseal(keys, "birthday", customer.birthday)
    return CustomerOut(
        id=customer.id,
        first_name=unseal(keys, "first_name", customer.first_name),
        last_name=unseal(keys, "last_name", customer.last_name),
        phone=unseal(keys, "phone", customer.phone),
        email=unseal(keys, "email", customer.email),
        birthday=None if birthday is None else birthday_out(BirthDate.read(birthday)),
        language=cast("Language | None", customer.language),
        attributes=customer.attributes,
        segments=customer.segments,
        source=cast("rules.Source", customer.source),
        created_at=customer.created_at,
        changed_at=customer.changed_at,
    )


def birthday_out(birthday: BirthDate) -> Birthday:
    """As it goes over the wire."""
    return Birthday(month=birthday.month, day=birthday.day, year=birthday.year)
