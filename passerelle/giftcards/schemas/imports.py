"""Cards that were printed elsewhere, on the wire."""

from typing import Annotated

from pydantic import Field

from passerelle.giftcards.rules import MAX_AMOUNT_MINOR
from passerelle.giftcards.schemas.values import GiftCardProductId
from passerelle.kit.wire import Outbound, WholeNumber, Wire

ImportedMinor = Annotated[WholeNumber, Field(ge=0, le=MAX_AMOUNT_MINOR)]


class ImportIn(Wire):
    """Cards that are printed already, as CSV with a header: ``code,amount_minor`` and, if wanted, ``pin,lapses_at``.

    All rows or none: when one has a fault, the answer lists the faults and nothing is imported. ``dry_run``
    only looks.
    """

    product_id: GiftCardProductId
    csv: Annotated[str, Field(min_length=1, max_length=200_000, repr=False)]
    dry_run: bool = False


class RowFault(Outbound):
    """What is wrong with one row, in the caller's language; the header is row 1. Values are never repeated."""

    row: int
    field: str
    code: str
    message: str


class ImportOut(Outbound):
    """How many rows were read and imported, and the faults that kept them out."""

    rows: int
    imported: int
    total_minor: int
    faults: list[RowFault]
