"""Every table about a person is in somebody's care."""

from passerelle.kit.db import Tx
from passerelle.privacy.holders import Gaps, personal_data_gaps
from passerelle.wiring import PERSONAL_DATA


async def test_every_table_with_a_customer_is_claimed(tx: Tx) -> None:
    assert await personal_data_gaps(tx, PERSONAL_DATA) == Gaps(frozenset(), frozenset())
