"""Tables of liability."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class LiabilityLimitRow(Tenant, Base):
    """How much a program may come to owe before somebody is told; ``exceeded_at`` is since when it does."""

    __tablename__ = "liability_limits"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "program_id"], ["programs.organization_id", "programs.id"]),
        CheckConstraint("limit_minor > 0", "limit_minor"),
    )

    program_id: Mapped[UUID] = mapped_column(primary_key=True)
    limit_minor: Mapped[int] = mapped_column(BigInteger())
    exceeded_at: Mapped[datetime | None] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
