"""Coming and going with a card, and taking it back."""

from uuid import UUID

from passerelle.checkins import service as checkins
from passerelle.checkins.schemas import Act, Done
from passerelle.kit.db import Tx
from passerelle.scanning.cards import card_scanned
from passerelle.scanning.checkins.schemas import CheckInIn
from passerelle.scanning.undoing import require_undo


async def check(tx: Tx, told: CheckInIn) -> Done:
    """Let the holder of a card in or out; raises the refusals of cards and of ``checkins.check``."""
    customer_id = told.customer_id
    if customer_id is None:
        assert told.code is not None, "The schema asks for one of the two."
        customer_id = (await card_scanned(tx, told.code, "earn", told.scanned_seconds_ago)).customer_id
    return await checkins.check(tx, Act(customer_id, told.location_id, told.direction, told.reference, told.at))


async def undo_check_in(tx: Tx, check_in_id: UUID) -> Done:
    """Take the last step of a check-in back.

    Raises CheckInNotFound, NothingToUndo, UndoNotYours, UndoTooLate, SpentMeanwhile.
    """
    known = await checkins.get_check_in(tx, check_in_id)
    if known.closed_how == "out" and known.closed_by is not None and known.closed_at is not None:
        require_undo(tx, known.closed_by, known.closed_at)
    else:
        require_undo(tx, known.opened_by, known.opened_at)
    return await checkins.undo_check_in(tx, check_in_id)
