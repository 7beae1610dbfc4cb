"""Messages on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from passerelle.customers.schemas import CustomerId
from passerelle.kit.ids import WireId
from passerelle.kit.wire import Outbound

MessageId = Annotated[UUID, WireId("msg")]
MessageChannel = Literal["email"]
MessageTopic = Literal[
    "page_link", "new_address", "new_number", "address_changed", "feedback_request", "feedback_reply"
]
MessageState = Literal["queued", "sent", "failed"]


class MessageOut(Outbound):
    """``sent``: the mail server has taken it. ``failed``: it has not, and is asked again for about a day.

    ``topic``: the link to the customer's page, one that confirms a new address or number, word that the address was
    replaced, the question how a visit was, a reply to the answer. ``changed_at``: when it was queued, or last tried.
    """

    id: MessageId
    customer_id: CustomerId
    channel: MessageChannel
    topic: MessageTopic
    state: MessageState
    created_at: datetime
    changed_at: datetime
