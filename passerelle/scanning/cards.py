"""The card that a till has scanned. It tells how long ago that was, for its clock may be wrong."""

from datetime import datetime, timedelta

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.passes import service as passes
from passerelle.passes.schemas import Card, Use


async def card_scanned(tx: Tx, code: str, use: Use, seconds_ago: int) -> Card:
    """The card, if the code suffices for what is about to be done with it; raises the refusals of cards."""
    return await passes.find_card(tx, code, use, at=scanned_at(seconds_ago))


def scanned_at(seconds_ago: int) -> datetime:
    """When a code was scanned, by our clock."""
    return clock.now() - timedelta(seconds=seconds_ago)
