"""Where members stand: their balances, and what their household has together."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from passerelle.kit.db import Tx
from passerelle.ledger import service as ledger
from passerelle.ledger.schemas import AccountKey, Balance
from passerelle.programs.pools import pools_of
from passerelle.programs.values import Seat, Standing


async def standings_with(tx: Tx, seats: Sequence[Seat], known: Mapping[AccountKey, Balance]) -> list[Standing]:
    """Standings of seats; balances that are not known yet are read in one statement."""
    accounts = [(seat.membership.id, unit.id) for seat in seats for unit in seat.program.units]
    asked = sorted({owner_id for owner_id, unit_id in accounts if (owner_id, unit_id) not in known})
    read = await ledger.balances(tx, asked) if asked else {}
    pools = await pools_of(tx, seats, known)

    def balance(owner_id: UUID, unit_id: UUID) -> Balance:
        return known.get((owner_id, unit_id)) or read.get(owner_id, {}).get(unit_id) or Balance()

    return [
        Standing(
            seat.membership,
            seat.program,
            {unit.id: balance(seat.membership.id, unit.id) for unit in seat.program.units},
            pools.get(seat.membership.id, {}),
        )
        for seat in seats
    ]
