"""Google's pace for an issuer, shared by every process that calls it: leases in the database.

Google counts requests per issuer, whichever process sends them. Who has something to send leases some of the places
(wallets/google/pacing.py) and renews that every second, with a handful of messages and none for each request. Nobody
uses a place after its lease, and a lease is over for the others some seconds after that, so a process that dies takes
its places with it for seconds only, and never are more places in use than there are.
"""

import time
from collections.abc import Callable, Sequence
from typing import Final

from passerelle.kit.db import Database
from passerelle.kit.ids import new_id
from passerelle.passes.wallets.google.pacing import PLACES, Granted, Need, Neighbour, Renew, share_of

LEASE_SECONDS: Final = 5.0
# Until Google has counted what was sent at the end of a lease, and the second after that is over.
_GRACE_SECONDS: Final = 3.0
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('google_shares/' || $1, 0))"
_OTHERS: Final = """
SELECT places, interactive FROM google_shares WHERE issuer_id = $1 AND holder <> $2 AND until > clock_timestamp()
"""
_KEEP: Final = """
INSERT INTO google_shares (issuer_id, holder, places, interactive, until)
VALUES ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))
ON CONFLICT (issuer_id, holder) DO UPDATE
    SET places = excluded.places, interactive = excluded.interactive, until = excluded.until
"""
_LEAVE: Final = "DELETE FROM google_shares WHERE issuer_id = $1 AND (holder = $2 OR until <= clock_timestamp())"


class Shares:
    """The leases of one process."""

    def __init__(self, database: Database, *, now: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._holder = new_id()
        self._now = now

    def of(self, issuer_id: str) -> Renew:
        """What renews the lease of an issuer's places."""

        async def renew(need: Need) -> Granted:
            return await self._renew(issuer_id, need)

        return renew

    async def _renew(self, issuer_id: str, need: Need) -> Granted:
        asked_at = self._now()
        async with self._database.unscoped() as connection, connection.transaction():
            # By itself, for a statement sees what was there before it waited.
            await connection.execute(_LOCK, issuer_id)
            others: Sequence[Neighbour] = [
                Neighbour(*row) for row in await connection.fetch(_OTHERS, issuer_id, self._holder)
            ]
            places = share_of(need, others, PLACES)
            if places or need.interactive:
                seconds = LEASE_SECONDS + _GRACE_SECONDS
                await connection.execute(_KEEP, issuer_id, self._holder, places, need.interactive, seconds)
            else:
                await connection.execute(_LEAVE, issuer_id, self._holder)
        return Granted(places, asked_at + LEASE_SECONDS)
