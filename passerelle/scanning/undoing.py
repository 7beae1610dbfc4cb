"""Who may still undo what at the counter."""

from datetime import datetime
from typing import Final

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.scanning import rules
from passerelle.scanning.errors import UndoNotYours, UndoTooLate

_UNDO_ALL: Final = "ledger:adjust"


def require_undo(tx: Tx, actor: str, done_at: datetime) -> None:
    """Refuse unless the caller did it lately, or may undo everything. Raises UndoNotYours, UndoTooLate."""
    refusal = rules.undo_refusal(
        is_own=actor == tx.actor.label,
        done_at=done_at,
        now=clock.now(),
        may_undo_all=tx.actor.may(_UNDO_ALL),
    )
    if refusal == "not_yours":
        raise UndoNotYours
    if refusal == "too_late":
        raise UndoTooLate(minutes=int(rules.UNDO_BY_CASHIER.total_seconds() // 60))
