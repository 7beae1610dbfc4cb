"""Tables of imports."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class CustomerImport(Tenant, Base):
    """One uploaded file and what became of it.

    ``header`` is encrypted, for a file without one has a person in its first row. ``next_part`` is where the check or
    the run goes on; ``figures`` count what it found so far. ``failure`` is a sentence in every language.
    """

    __tablename__ = "customer_imports"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id"], ["organizations.organization_id"]),
        CheckConstraint(
            "state IN ('uploaded', 'checking', 'checked', 'running', 'done', 'failed', 'cancelled')", "state"
        ),
        CheckConstraint("row_count >= 0 AND next_part >= 0", "counts"),
        CheckConstraint("state = 'uploaded' OR plan IS NOT NULL", "plan"),
        Index("ix_customer_imports_digest", "organization_id", "digest"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    digest: Mapped[bytes]
    encoding: Mapped[str]
    delimiter: Mapped[str]
    header: Mapped[bytes]
    row_count: Mapped[int]
    part_count: Mapped[int]
    next_part: Mapped[int] = mapped_column(server_default=text("0"))
    plan: Mapped[dict[str, Any] | None]
    figures: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    failure: Mapped[dict[str, Any] | None]
    actor: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ImportPart(Tenant, Base):
    """Some rows of a file, encrypted; after the run only those that were not imported are left."""

    __tablename__ = "customer_import_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "import_id"],
            ["customer_imports.organization_id", "customer_imports.id"],
            ondelete="CASCADE",
        ),
    )

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class ImportKey(Tenant, Base):
    """Which row of a file was the first with a phone or an e-mail (its blind index)."""

    __tablename__ = "customer_import_keys"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "import_id"],
            ["customer_imports.organization_id", "customer_imports.id"],
            ondelete="CASCADE",
        ),
    )

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(primary_key=True)
    row: Mapped[int]


class ImportFault(Tenant, Base):
    """What is wrong with a row; ``field`` is empty when it is the row as a whole.

    ``params`` fill the sentence of ``code``; a refusal of another domain brings its sentences in ``texts``.
    """

    __tablename__ = "customer_import_faults"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "import_id"],
            ["customer_imports.organization_id", "customer_imports.id"],
            ondelete="CASCADE",
        ),
    )

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str]
    params: Mapped[dict[str, Any]]
    texts: Mapped[dict[str, Any] | None]
