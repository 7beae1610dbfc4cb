"""Facts of messages."""

from dataclasses import dataclass
from uuid import UUID

from passerelle.kit.events import Event


@dataclass(frozen=True, slots=True)
class MessageSent(Event):
    """Somebody who carries messages has taken it, such as a mail server."""

    name = "message.sent"
    message_id: UUID
    customer_id: UUID
    channel: str
    topic: str


@dataclass(frozen=True, slots=True)
class MessageFailed(Event):
    """It was not taken; it may be tried again."""

    name = "message.failed"
    message_id: UUID
    customer_id: UUID
    channel: str
    topic: str
