"""Finding receipts by what was typed or scanned; who guesses too often waits. Part of the public door, service.py."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final, NoReturn
from uuid import UUID
from zoneinfo import ZoneInfo

from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.organizations import service as organizations
from passerelle.purchases.receipts import queries, rules
from passerelle.purchases.receipts.errors import (
    PrintNotAllowed,
    ReceiptNotFound,
    ReceiptNumberAmbiguous,
    TooManyReceiptGuesses,
)
from passerelle.purchases.receipts.reading import get_receipt, get_settings, index_of
from passerelle.purchases.receipts.schemas import Printed, Receipt

_ORGANIZATION: Final = "organization"


async def find_receipt(tx: Tx, typed: str) -> Receipt:
    """The receipt of a code that was typed or scanned, whatever became of it.

    Raises ReceiptNotFound, which is counted, and TooManyReceiptGuesses.
    """
    await _require_patience(tx, of_all=False)
    code = rules.read_code(typed)
    keys = await tx.vault.keys(tx)
    receipt_id = await queries.find_by_code(tx, index_of(keys, code)) if code else None
    if receipt_id is None:
        await _missed(tx, tx.actor.label)
    return await get_receipt(tx, receipt_id)


async def find_by_number(tx: Tx, reference: str, location_id: UUID | None) -> Receipt:
    """The receipt of a number, at one place or at whichever has it.

    Raises as ``find_receipt``, and ReceiptNumberAmbiguous.
    """
    await _require_patience(tx, of_all=True)
    rows = await queries.find_by_number(tx, reference, None, location_id)
    if len(rows) > 1:
        raise ReceiptNumberAmbiguous
    if not rows:
        await _missed(tx, tx.actor.label, _ORGANIZATION)
    return await get_receipt(tx, rows[0]["id"])


async def find_by_print(tx: Tx, printed: Printed) -> Receipt:
    """The receipt with this number, date and total. Raises as ``find_receipt``, and PrintNotAllowed."""
    if not (await get_settings(tx)).by_print:
        raise PrintNotAllowed
    await _require_patience(tx, of_all=True)
    zone = ZoneInfo((await organizations.get_organization(tx)).time_zone)
    rows = await queries.find_by_number(tx, printed.reference, printed.amount_minor, None)
    found = [row["id"] for row in rows if row["occurred_at"].astimezone(zone).date() == printed.on]
    if len(found) != 1:
        await _missed(tx, tx.actor.label, _ORGANIZATION)
    return await get_receipt(tx, found[0])


async def _require_patience(tx: Tx, *, of_all: bool) -> None:
    """Refuse who guessed too often, and with ``of_all`` everybody after too many guesses of all."""
    free = {tx.actor.label: rules.FREE_GUESSES}
    if of_all:
        free[_ORGANIZATION] = rules.FREE_GUESSES_OF_ORGANIZATION
    for row in await queries.read_attempts(tx, sorted(free)):
        if rules.must_wait(row["failures"], row["since"], clock.now(), free[row["subject"]]):
            raise TooManyReceiptGuesses(minutes=rules.GUESS_WINDOW // timedelta(minutes=1))


async def _missed(tx: Tx, *subjects: str) -> NoReturn:
    """Count a guess, whether the transaction ends well or is refused; raises ReceiptNotFound.

    Visitors of a page who are nobody yet share one label, and must not keep each other out: the page counts their
    addresses.
    """
    if tx.actor.id is not None:
        count = partial(_count_guess, subjects=subjects)
        await count(tx)
        tx.despite_refusal.append(count)
    raise ReceiptNotFound


async def _count_guess(tx: Tx, subjects: Sequence[str]) -> None:
    now = clock.now()
    await tx.execute(queries.COUNT_ATTEMPT, tx.organization_id, subjects, now, now - rules.GUESS_WINDOW)
