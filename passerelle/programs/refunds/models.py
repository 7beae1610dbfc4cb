"""Tables of refunds: which units a slice moved, and what was spent on which purchase."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from passerelle.kit.db import Base, Tenant


class RefundUnitsRow(Tenant, Base):
    """What one slice meant for one balance.

    ``due`` is the share of what was earned, ``taken`` what was still there, ``missing`` what had been spent and is
    forgiven or owed; the rest of ``due`` had expired. ``returned`` came back because it was spent on the purchase.
    ``reasons``, each with its code and params, say what else it brought about.
    """

    __tablename__ = "refund_units"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "refund_id"], ["purchase_refunds.organization_id", "purchase_refunds.id"]
        ),
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        CheckConstraint("taken >= 0 AND missing >= 0 AND due >= taken + missing AND returned >= 0", "figures"),
    )

    refund_id: Mapped[UUID] = mapped_column(primary_key=True)
    membership_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    due: Mapped[int] = mapped_column(BigInteger())
    taken: Mapped[int] = mapped_column(BigInteger())
    missing: Mapped[int] = mapped_column(BigInteger())
    returned: Mapped[int] = mapped_column(BigInteger())
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))


class SpendingRow(Tenant, Base):
    """A ledger transfer that paid for something in a purchase, and how much of it refunds gave back.

    ``returns``: ``share`` follows the money (a part of the bill paid with points), ``whole`` comes back with the last
    slice (a free coffee is returned whole or not).
    """

    __tablename__ = "purchase_spendings"
    __table_args__ = (
        ForeignKeyConstraint(["organization_id", "purchase_id"], ["purchases.organization_id", "purchases.id"]),
        ForeignKeyConstraint(["organization_id", "membership_id"], ["memberships.organization_id", "memberships.id"]),
        Index("ix_purchase_spendings_purchase_id", "organization_id", "purchase_id"),
        CheckConstraint("amount > 0 AND returned BETWEEN 0 AND amount", "returned"),
        CheckConstraint("returns IN ('share', 'whole')", "returns"),
    )

    transfer_id: Mapped[UUID] = mapped_column(primary_key=True)
    purchase_id: Mapped[UUID]
    membership_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    amount: Mapped[int] = mapped_column(BigInteger())
    returned: Mapped[int] = mapped_column(BigInteger(), server_default=text("0"))
    returns: Mapped[str]
