"""What gift cards owe: money that was paid for and is not spent, at face value, by the month in which it lapses.

Programs report what units owe (programs.liability); the two do not know each other, so each has a report of its own.
"""

import csv
import io
from datetime import datetime

from passerelle.giftcards import queries, rules
from passerelle.giftcards.schemas.liability import GiftCardLiabilityOut, GiftCardLiabilityRow
from passerelle.kit.db import Tx
from passerelle.ledger import service as ledger
from passerelle.organizations import service as organizations


async def gift_card_liability(tx: Tx, as_of: datetime | None = None) -> GiftCardLiabilityOut:
    """Face value by currency and month, now or as it stood just before ``as_of``."""
    zone = (await organizations.get_organization(tx)).time_zone
    units = {rules.unit_of(tx.organization_id, currency): currency for currency in await queries.list_currencies(tx)}
    rows = [
        GiftCardLiabilityRow(
            currency=units[each.unit_id], month=each.month or "never", liability_minor=each.active + each.pending
        )
        for each in await ledger.outstanding(tx, dict.fromkeys(units, zone), at=as_of)
    ]
    rows.sort(key=lambda row: (row.currency, row.month))
    totals = dict.fromkeys(sorted(units.values()), 0)
    for row in rows:
        totals[row.currency] += row.liability_minor
    return GiftCardLiabilityOut(as_of=as_of, totals_minor=totals, rows=rows)


def as_csv(report: GiftCardLiabilityOut) -> str:
    """The rows as CSV (RFC 4180)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(GiftCardLiabilityRow.model_fields)
    writer.writerows(row.model_dump().values() for row in report.rows)
    return text.getvalue()
