"""Receipts out of their rows, and what a row keeps of one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from passerelle.kit import clock
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Tx
from passerelle.purchases.receipts import queries, rules
from passerelle.purchases.receipts.errors import ReceiptNotFound
from passerelle.purchases.receipts.schemas import Receipt, ReceiptSettings
from passerelle.purchases.schemas import PaidWith, Purchase, PurchaseLine, Refund, ReturnedItem

NOBODY: Final = UUID(int=0)
OF_PURCHASES: Final = ("amount_minor", "currency", "tax_minor", "location_id", "channel", "occurred_at")
"""What a row has of the purchase under the same names."""
_SEALED_FOR: Final = "receipts.code"


async def get_receipt(tx: Tx, receipt_id: UUID) -> Receipt:
    """A receipt; raises ReceiptNotFound."""
    row = await queries.get_receipt(tx, receipt_id)
    if row is None:
        raise ReceiptNotFound
    return await receipt_of(tx, row)


async def receipt_for_update(tx: Tx, receipt_id: UUID) -> Receipt:
    """The same, locked to the end of the transaction."""
    row = await queries.get_receipt(tx, receipt_id, for_update=True)
    if row is None:
        raise ReceiptNotFound
    return await receipt_of(tx, row)


async def get_settings(tx: Tx) -> ReceiptSettings:
    """How receipts may be claimed."""
    row = await queries.get_settings(tx)
    return ReceiptSettings(**row) if row else ReceiptSettings()


async def receipt_of(tx: Tx, row: Any) -> Receipt:
    """The receipt of a row, as it is now."""
    state: Any = row["state"]
    bought = Purchase(
        id=row["id"],
        customer_id=row["customer_id"] or NOBODY,
        paid_with=PaidWith(points_minor=row["points_minor"], gift_card_minor=row["gift_card_minor"]),
        lines=[PurchaseLine.model_construct(**line) for line in row["lines"]],
        actor=row["actor"],
        external_reference=row["reference"],
        state="recorded" if state in {"open", "claimed"} else state,
        recorded_at=row["told_at"],
        voided_at=None,
        refunded_minor=row["refunded_minor"],
        **{name: row[name] for name in OF_PURCHASES},
    )
    return Receipt(
        code=rules.written((await tx.vault.keys(tx)).decrypt(row["code"], _SEALED_FOR)),
        state=rules.shown_state(state, row["claim_until"], clock.now()),
        bought=bought,
        slices=_slices(row["id"], row["refunds"]),
        **{
            name: row[name]
            for name in ("id", "reference", "claim_until", "customer_id", "purchase_id", "claimed_at", "claimed_by")
        },
    )


def _slices(receipt_id: UUID, kept: Sequence[Any]) -> tuple[Refund, ...]:
    """What was paid back, out of JSON."""
    return tuple(
        Refund(
            id=UUID(each["id"]),
            purchase_id=receipt_id,
            position=each["position"],
            amount_minor=each["amount_minor"],
            lines=tuple(ReturnedItem(item["line"], item["quantity"]) for item in each["lines"]),
            reference=each["reference"],
            reason=each["reason"],
            location_id=UUID(each["location_id"]) if each["location_id"] else None,
            actor=each["actor"],
            refunded_at=datetime.fromisoformat(each["refunded_at"]),
        )
        for each in kept
    )


def slices_json(slices: Sequence[Refund]) -> str:
    """What was paid back, as JSON."""
    return orjson.dumps(slices, default=str).decode()


def seal(keys: TenantKeys, code: str) -> bytes:
    """The code as it is kept."""
    return keys.encrypt(code, _SEALED_FOR)


def index_of(keys: TenantKeys, code: str) -> bytes:
    """What finds a code."""
    return keys.blind_index("receipt_code", code)
