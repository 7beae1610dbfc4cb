"""What gift cards still owe, on the wire."""

from datetime import datetime

from passerelle.kit.wire import Outbound


class GiftCardLiabilityRow(Outbound):
    """What gift cards of a currency owe that lapses in a month (``2026-12``), or ``never``."""

    currency: str
    month: str
    liability_minor: int


class GiftCardLiabilityOut(Outbound):
    """What gift cards owe at face value, at ``as_of`` or now; ``totals_minor`` are by currency."""

    as_of: datetime | None
    totals_minor: dict[str, int]
    rows: list[GiftCardLiabilityRow]
