"""What programs do when facts are told below, in the same transaction; wiring.py subscribes it."""

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.ledger.events import BalanceChanged
from passerelle.programs.lifetimes import keep_alive
from passerelle.programs.values import Seat


async def on_balance_changed(tx: Tx, changed: BalanceChanged) -> None:
    """Spending keeps units alive that slide, whatever they were spent on.

    Who spends a member's units has read the membership; other owners of units are not members.
    """
    seat = tx.seen.get(changed.owner_id)
    if changed.kind == "redemption" and isinstance(seat, Seat):
        await keep_alive(tx, [seat], ("spend",), clock.now())
