"""Tables of passes."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime

# Rows that change with every scan leave room on their page, so that the new version needs no new index entries.
_BUSY: Final = {"postgresql_with": {"fillfactor": 60}}


class WalletPass(Tenant, Base):
    """One membership's, coupon's, gift card's or ticket's card: its subject.

    ``code`` is a member's; the till finds the others by their own codes, which are kept sealed with them.
    ``offering_id`` is the campaign, product or event of those, ``customer_id`` who holds the card, if it is known.

    ``version`` is the wanted one. ``changed_at`` is its Last-Modified: whole seconds, and later at every
    version, so that two changes within one second are told apart.
    """

    __tablename__ = "passes"
    __table_args__ = (
        UniqueConstraint("organization_id", "subject_id"),
        UniqueConstraint("organization_id", "code"),
        CheckConstraint("state IN ('active', 'revoked')", "state"),
        CheckConstraint("subject_kind IN ('membership', 'coupon', 'gift_card', 'ticket')", "subject_kind"),
        CheckConstraint("(subject_kind = 'membership') = (program_id IS NOT NULL)", "program_id"),
        CheckConstraint("(subject_kind = 'membership') = (code IS NOT NULL)", "code"),
        CheckConstraint("(subject_kind = 'membership') = (offering_id IS NULL)", "offering_id"),
        CheckConstraint("subject_kind <> 'membership' OR customer_id IS NOT NULL", "customer_id"),
        Index("ix_passes_template_id", "organization_id", "template_id", "template_version"),
        Index("ix_passes_customer_id", "organization_id", "customer_id"),
        Index(
            "ix_passes_offering_id",
            "organization_id",
            "offering_id",
            "id",
            postgresql_where=text("offering_id IS NOT NULL"),
        ),
        _BUSY,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID]
    subject_kind: Mapped[str] = mapped_column(server_default=text("'membership'"))
    customer_id: Mapped[UUID | None]
    program_id: Mapped[UUID | None]
    offering_id: Mapped[UUID | None]
    template_id: Mapped[UUID]
    template_version: Mapped[int]
    serial_number: Mapped[str]
    code: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default=text("'active'"))
    version: Mapped[int] = mapped_column(BigInteger(), server_default=text("1"))
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    downloaded_version: Mapped[int | None] = mapped_column(BigInteger())
    downloaded_at: Mapped[datetime | None] = mapped_column(UtcTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class CodeRule(Tenant, Base):
    """Which codes the cards of a program show, and what is done about copies; without a row, plain codes do all."""

    __tablename__ = "code_rules"
    __table_args__ = (
        CheckConstraint("code_kind IN ('static', 'signed', 'rotating')", "code_kind"),
        CheckConstraint("copies_may IN ('everything', 'earn', 'look_up')", "copies_may"),
    )

    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    code_kind: Mapped[str]
    copies_may: Mapped[str]
    single_use: Mapped[bool]


class SpentCode(Tenant, Base):
    """A rotating code that something was taken with: in which step, at which till, for which operation of it."""

    __tablename__ = "spent_codes"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "pass_id"], ["passes.organization_id", "passes.id"]),
        Index("ix_spent_codes_spent_at", "organization_id", "spent_at"),
    )

    pass_id: Mapped[UUID] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(BigInteger(), primary_key=True)
    spent_by: Mapped[str]
    reference: Mapped[str]
    spent_at: Mapped[datetime] = mapped_column(UtcTime)


class AppleDevice(Tenant, Base):
    """A phone as Apple names it to us, per pass type.

    ``update_tag`` grows with every change of a card on it. The row is locked by the change, so tags are
    committed in their order and a list since a tag cannot miss one.
    """

    __tablename__ = "apple_devices"
    __table_args__ = (
        UniqueConstraint("organization_id", "device_library_identifier", "pass_type_identifier"),
        _BUSY,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    device_library_identifier: Mapped[str]
    pass_type_identifier: Mapped[str]
    push_token: Mapped[str]
    registered_at: Mapped[datetime] = mapped_column(UtcTime)
    update_tag: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class Installation(Tenant, Base):
    """A card in one wallet: the version it was told of, and the one it fetched.

    ``rung``: what a card in Google Wallet last rang for (ringing.py).
    """

    __tablename__ = "installations"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "pass_id"], ["passes.organization_id", "passes.id"]),
        ForeignKeyConstraint(["organization_id", "device_id"], ["apple_devices.organization_id", "apple_devices.id"]),
        # A Google object is one for all phones of its holder, so device_id stays empty there.
        UniqueConstraint("organization_id", "pass_id", "device_id", postgresql_nulls_not_distinct=True),
        CheckConstraint("wallet IN ('apple', 'google')", "wallet"),
        CheckConstraint("(wallet = 'apple') = (device_id IS NOT NULL)", "device"),
        Index("ix_installations_device_id", "organization_id", "device_id"),
        _BUSY,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pass_id: Mapped[UUID]
    wallet: Mapped[str]
    device_id: Mapped[UUID | None]
    told_version: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    told_at: Mapped[datetime | None] = mapped_column(UtcTime)
    fetched_version: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    fetched_at: Mapped[datetime | None] = mapped_column(UtcTime)
    fetched_modified: Mapped[datetime | None] = mapped_column(UtcTime)
    update_tag: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    last_error: Mapped[str | None]
    rung: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    installed_at: Mapped[datetime] = mapped_column(UtcTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PassUpdate(Base):
    """A card that a wallet may hold in an older version: the reconciler's queue, searched across tenants.

    Ids and times only, therefore without row-level security, as any queue of the coordinator.
    """

    __tablename__ = "pass_updates"
    __table_args__ = (
        CheckConstraint("attempts >= 0", "attempts"),
        Index("ix_pass_updates_due_at", "wallet", "bulk", "due_at"),
        _BUSY,
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    pass_id: Mapped[UUID] = mapped_column(primary_key=True)
    wallet: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger())
    bulk: Mapped[bool]
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    attempts: Mapped[int] = mapped_column(server_default=text("0"))


class GoogleClass(Tenant, Base):
    """Which version of a class Google holds: objects may only be created after it.

    A template has one class; tickets have one for each event as well, which says what is on, where and when:
    ``event_id`` is zero for all others.
    """

    __tablename__ = "google_classes"

    template_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=text("'00000000-0000-0000-0000-000000000000'")
    )
    template_version: Mapped[int]
    event_version: Mapped[int] = mapped_column(server_default=text("0"))
    sent_at: Mapped[datetime] = mapped_column(UtcTime)


class GoogleShare(Base):
    """How many of an issuer's places one process holds, until when; across tenants, as the queue (sharing.py).

    ``interactive`` is how many it could use for what somebody waits for.
    """

    __tablename__ = "google_shares"
    __table_args__ = (CheckConstraint("places >= 0", "places"),)

    issuer_id: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[UUID] = mapped_column(primary_key=True)
    places: Mapped[int]
    interactive: Mapped[int]
    until: Mapped[datetime] = mapped_column(UtcTime)


class GoogleNonce(Tenant, Base):
    """A callback's nonce, so that it counts once."""

    __tablename__ = "google_nonces"

    nonce: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
