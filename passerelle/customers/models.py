"""Tables of customers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class Customer(Tenant, Base):
    """A person. Each ``bytes`` column is encrypted, or a blind index that finds the column of its name.

    ``attributes`` are what segments filter by, so they are readable: they are no place for contact data.
    ``segments`` are the static ones, to which somebody was added by hand or by a program of the shop.
    ``birthday_changed_at`` lets a birthday reward wait after the date was set or edited.
    An erased row has nothing left but its id and times; the database itself insists on it. So has a row that was
    merged into another, which says into which.
    """

    __tablename__ = "customers"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        UniqueConstraint("organization_id", "phone_index"),
        UniqueConstraint("organization_id", "email_index"),
        CheckConstraint("(phone IS NULL) = (phone_index IS NULL)", "phone_index"),
        CheckConstraint("(email IS NULL) = (email_index IS NULL)", "email_index"),
        CheckConstraint("(birthday IS NULL) = (birthday_index IS NULL)", "birthday_index"),
        CheckConstraint("language IN ('en', 'fr', 'ar')", "language"),
        CheckConstraint("source IN ('form', 'till', 'import', 'api')", "source"),
        CheckConstraint(
            "erased_at IS NULL OR (num_nonnulls(first_name, last_name, phone, email, birthday, birthday_changed_at,"
            " language) = 0 AND attributes = '{}' AND segments = '{}')",
            "erased",
        ),
        CheckConstraint("merged_into_id IS NULL OR erased_at IS NOT NULL", "merged"),
        ForeignKeyConstraint(["organization_id", "merged_into_id"], ["customers.organization_id", "customers.id"]),
        Index(
            "ix_customers_merged_into_id",
            "organization_id",
            "merged_into_id",
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index("ix_customers_birthday", "organization_id", "birthday_index", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    first_name: Mapped[bytes | None]
    last_name: Mapped[bytes | None]
    phone: Mapped[bytes | None]
    phone_index: Mapped[bytes | None]
    email: Mapped[bytes | None]
    email_index: Mapped[bytes | None]
    birthday: Mapped[bytes | None]
    birthday_index: Mapped[bytes | None]
    birthday_changed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    language: Mapped[str | None]
    attributes: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    segments: Mapped[list[str]] = mapped_column(ARRAY(Text()), server_default=text("'{}'"))
    source: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)
    merged_into_id: Mapped[UUID | None]


class NameWord(Tenant, Base):
    """One word of a customer's name as a blind index, so that staff can search encrypted names."""

    __tablename__ = "customer_name_words"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "customer_id"], ["customers.organization_id", "customers.id"]),
        Index("ix_customer_name_words_customer_id", "organization_id", "customer_id"),
    )

    word: Mapped[bytes] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(primary_key=True)
