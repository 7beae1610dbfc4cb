"""Tables of second factors."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class SecondFactor(Tenant, Base):
    """An operator's secret, encrypted; it counts once it was confirmed. ``last_step`` is the newest that was used."""

    __tablename__ = "second_factors"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "operator_id"], ["operators.organization_id", "operators.id"]),
    )

    operator_id: Mapped[UUID] = mapped_column(primary_key=True)
    secret: Mapped[bytes]
    last_step: Mapped[int | None] = mapped_column(BigInteger())
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class RecoveryCode(Tenant, Base):
    """A code for the day the phone is lost, as a keyed digest; deleted when it was used."""

    __tablename__ = "recovery_codes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "operator_id"], ["second_factors.organization_id", "second_factors.operator_id"]
        ),
    )

    operator_id: Mapped[UUID] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
