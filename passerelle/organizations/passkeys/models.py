"""Tables of passkeys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant, UtcTime


class Passkey(Tenant, Base):
    """One credential: its public key, and how often the authenticator says it was used (0 when it does not count)."""

    __tablename__ = "passkeys"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "operator_id"], ["operators.organization_id", "operators.id"]),
        UniqueConstraint("organization_id", "credential_id"),
        Index("ix_passkeys_operator_id", "organization_id", "operator_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    operator_id: Mapped[UUID]
    name: Mapped[str]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger())
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class SpentChallenge(Tenant, Base):
    """A challenge that was answered, until it would have ended by itself: no answer counts twice."""

    __tablename__ = "spent_challenges"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
