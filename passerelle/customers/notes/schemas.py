"""Notes on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from passerelle.customers.schemas import CustomerId
from passerelle.kit.ids import WireId
from passerelle.kit.wire import NO_NUL, Outbound, Wire, require_visible

NoteId = Annotated[UUID, WireId("not")]


class NoteIn(Wire):
    """Plain text of up to 2,000 characters. The person may ask to read it."""

    model_config = ConfigDict(hide_input_in_errors=True)

    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=NO_NUL),
        AfterValidator(require_visible),
        Field(repr=False),
    ]


class NoteOut(Outbound):
    """``actor`` wrote it (``opr_…``, ``key_…``)."""

    id: NoteId
    customer_id: CustomerId
    text: Annotated[str, Field(repr=False)]
    actor: str
    created_at: datetime
