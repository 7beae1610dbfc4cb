"""Privacy on the wire."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from passerelle.customers.schemas import CustomerId
from passerelle.kit.i18n import Language
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Instant, Outbound, Wire
from passerelle.privacy.holders import PersonalData
from passerelle.privacy.rules import Channel, Source, State

__all__ = ["Channel", "PersonalData"]  # what other domains see of rules.py and holders.py; the rest is public anyway

ConsentId = Annotated[UUID, WireId("con")]
EventId = Annotated[UUID, WireId("evt")]

Purpose = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$"),
    Field(description="What for; “loyalty_program” and “marketing” are those the product itself asks about."),
]
Wording = Annotated[str, StringConstraints(min_length=1, max_length=5000, pattern=NO_NUL)]
WordingVersion = Annotated[str, StringConstraints(min_length=1, max_length=50, pattern=NO_NUL)]


class NewConsent(Wire):
    """What a person said. ``granted`` needs the wording that was shown, its version and its language.

    ``channel`` ``none`` is for a purpose without messages; withdrawing it ends the purpose on every channel.
    ``given_at`` is when they said it, for imports; ``confirmed_at`` when they confirmed it (double opt-in).
    """

    purpose: Purpose
    channel: Channel = "none"
    state: State
    wording: Wording | None = None
    wording_version: WordingVersion | None = None
    language: Language | None = None
    source: Source = "api"
    given_at: Instant | None = None
    confirmed_at: Instant | None = None


class ConsentOut(Outbound):
    """``actor`` is who recorded it; ``source`` is ``erasure`` when forgetting the person ended the consent."""

    id: ConsentId
    customer_id: CustomerId
    purpose: str
    channel: Channel
    state: State
    wording: str | None
    wording_version: str | None
    language: Language | None
    source: str
    actor: str
    given_at: datetime
    confirmed_at: datetime | None
    recorded_at: datetime


class ExportOut(Outbound):
    """All that is known of one person (GDPR 15 and 20), by domain."""

    customer_id: CustomerId
    exported_at: datetime
    data: Annotated[dict[str, Any], Field(repr=False)]


class ErasedOut(Outbound):
    customer_id: CustomerId
    erased_at: datetime


class AuditEntryOut(Outbound):
    """One entry of the event log: who did what, when; ``payload`` holds ids and values, no contact data."""

    id: EventId
    name: str
    actor: str
    actor_name: str | None = Field(description="What people call the actor: an operator's or an API key's name.")
    occurred_at: datetime
    payload: dict[str, Any]
