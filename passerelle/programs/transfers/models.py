"""Tables of transfers between members."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class MemberTransferRow(Tenant, Base):
    """Units that one member gave to another; ``reference`` is the giver's own, ``transfer_id`` the ledger's."""

    __tablename__ = "member_transfers"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "giver_id"], ["memberships.organization_id", "memberships.id"]),
        ForeignKeyConstraint(["organization_id", "receiver_id"], ["memberships.organization_id", "memberships.id"]),
        UniqueConstraint("organization_id", "giver_id", "reference"),
        Index("ix_member_transfers_giver_id", "organization_id", "giver_id", "made_at"),
        Index("ix_member_transfers_receiver_id", "organization_id", "receiver_id", "id"),
        CheckConstraint("amount > 0", "amount"),
        CheckConstraint("giver_id <> receiver_id", "receiver_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    giver_id: Mapped[UUID]
    receiver_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    amount: Mapped[int] = mapped_column(BigInteger())
    reference: Mapped[str]
    transfer_id: Mapped[UUID]
    actor: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)
