"""The verbs of messages; the only writer of their table."""

from uuid import UUID

from passerelle.customers import service as customers
from passerelle.customers.errors import CustomerGone
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.messaging import queries
from passerelle.messaging.events import MessageFailed, MessageSent
from passerelle.messaging.schemas import MessageChannel, MessageOut, MessageState, MessageTopic


async def tell(
    tx: Tx, message_id: UUID, customer_id: UUID, *, channel: MessageChannel, topic: MessageTopic, state: MessageState
) -> None:
    """Write down what became of a message; told again under the same id, the last word holds.

    Of somebody who was erased meanwhile nothing is written.
    """
    try:
        await customers.hold_customer(tx, customer_id)
    except CustomerGone:
        return
    await tx.execute(queries.TELL, tx.organization_id, message_id, customer_id, channel, topic, state, clock.now())
    fact = MessageSent if state == "sent" else MessageFailed
    await announce(tx, fact(message_id=message_id, customer_id=customer_id, channel=channel, topic=topic))


async def list_messages(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> list[MessageOut]:
    """Messages to a customer, newest first; raises CustomerNotFound, CustomerGone."""
    await customers.require_customer(tx, customer_id)
    return [MessageOut(**row) for row in await queries.list_messages(tx, customer_id, before, limit)]
