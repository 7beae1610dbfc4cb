"""The verbs of messages; the only writer of their table."""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import first_id_at, new_id
from passerelle.messaging import queries
from passerelle.messaging.events import MessageFailed, MessageSent
from passerelle.messaging.schemas import MessageChannel, MessageOut, MessageTopic

_KEPT: Final = timedelta(days=366)
_RECENT: Final = timedelta(days=2)  # tried for one, and shown for one more


async def queue_message(tx: Tx, customer_id: UUID, *, channel: MessageChannel, topic: MessageTopic) -> UUID:
    """Write down that a message is on its way; its id, under which to tell what became of it.

    Raises CustomerNotFound, CustomerGone.
    """
    await customers.hold_customer(tx, customer_id)
    message_id, now = new_id(), clock.now()
    await tx.execute(queries.QUEUE, tx.organization_id, message_id, customer_id, channel, topic, now)
    return message_id


async def tell(tx: Tx, message_id: UUID, state: Literal["sent", "failed"]) -> None:
    """What became of a message; the last word holds, and only news is announced.

    Of one that went with its customer nothing is written.
    """
    told = await tx.fetchrow(queries.TELL, tx.organization_id, message_id, state, clock.now())
    if told is None or told["before"] == state:
        return
    fact = MessageSent if state == "sent" else MessageFailed
    await announce(
        tx,
        fact(message_id=message_id, customer_id=told["customer_id"], channel=told["channel"], topic=told["topic"]),
    )


async def withdraw(tx: Tx, message_id: UUID) -> None:
    """Forget a message that was queued and then not written, for there was nothing to write or nobody to write to."""
    await tx.execute(queries.WITHDRAW, tx.organization_id, message_id)


async def list_messages(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> list[MessageOut]:
    """Messages to a customer, newest first; raises CustomerNotFound, CustomerGone."""
    await customers.require_customer(tx, customer_id)
    return [MessageOut(**row) for row in await queries.list_messages(tx, customer_id, before, limit)]


async def failing(tx: Tx) -> tuple[int, datetime | None]:
    """How many messages of the last two days did not go out, and since when."""
    row = await queries.failing(tx, first_id_at(clock.now() - _RECENT))
    return row["failing"], row["since"]


async def prune(tx: Tx) -> None:
    """Forget messages of more than a year ago."""
    await tx.execute(queries.PRUNE, tx.organization_id, first_id_at(clock.now() - _KEPT))
