"""The one thing every domain with personal data brings, and whether together they hold all of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from passerelle.kit.db import Tx


class PersonalData(Protocol):
    """A domain's ``personal_data.py``: the module itself is the holder."""

    @property
    def tables(self) -> frozenset[str]:
        """The tables it answers for."""

    async def export(self, tx: Tx, customer_id: UUID) -> dict[str, Any]:
        """What is known of the person as plain values, under names that no other holder uses."""

    async def erase(self, tx: Tx, customer_id: UUID) -> None:
        """Remove what tells who the person is; pseudonymous movements stay. Harmless when nothing is there."""

    async def merge(self, tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
        """Two customers are one person: put what is known of the second under the first, or refuse.

        Holders are asked in their order, in one transaction, with both customers locked.
        """


@dataclass(frozen=True, slots=True)
class Gaps:
    """Tables with a customer that no holder claims, and claims of tables that do not exist; both must be empty."""

    unclaimed: frozenset[str]
    unknown: frozenset[str]


_TABLES: Final = """
SELECT c.relname AS name, EXISTS (
    SELECT FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = c.oid AND a.attname = 'customer_id' AND NOT a.attisdropped
) AS has_customer
FROM pg_catalog.pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""


async def personal_data_gaps(tx: Tx, holders: Iterable[PersonalData]) -> Gaps:
    """Compare what the holders claim with every table of the database that has a ``customer_id``."""
    rows = await tx.fetch(_TABLES)
    claimed = frozenset[str]().union(*(holder.tables for holder in holders))
    personal = {row["name"] for row in rows if row["has_customer"]} | {"customers"}
    return Gaps(frozenset(personal - claimed), claimed - {row["name"] for row in rows})
