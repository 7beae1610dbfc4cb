"""HTTP of notes."""

from typing import Annotated

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.customers.notes import service
from passerelle.customers.notes.errors import NoteNotFound, TooManyNotes
from passerelle.customers.notes.schemas import NoteId, NoteIn, NoteOut
from passerelle.customers.schemas import CustomerId
from passerelle.kit.db import Tx
from passerelle.kit.web import Router, allow, refusals
from passerelle.kit.wire import Cursor, Page, PageSize, after, cursor_of

router = Router(prefix="/api/v1/customers/{customer_id}/notes", tags=["customers"])


@router.post("", status_code=201, responses=refusals(CustomerNotFound, CustomerGone, TooManyNotes))
async def add_note(customer_id: CustomerId, body: NoteIn, tx: Annotated[Tx, allow("customers:write")]) -> NoteOut:
    """Write something down about a customer. They may ask to read it."""
    return await service.add_note(tx, customer_id, body)


@router.get("", responses=refusals(CustomerNotFound, CustomerGone))
async def list_notes(
    customer_id: CustomerId, tx: Annotated[Tx, allow("customers:read")], limit: PageSize = 50, cursor: Cursor = None
) -> Page[NoteOut]:
    """Notes about a customer, newest first."""
    items = await service.list_notes(tx, customer_id, after(cursor), limit)
    return Page(items=items, next=cursor_of(items[-1].id) if len(items) == limit else None)


@router.delete("/{note_id}", status_code=204, responses=refusals(NoteNotFound))
async def remove_note(customer_id: CustomerId, note_id: NoteId, tx: Annotated[Tx, allow("customers:write")]) -> None:
    """Delete a note."""
    await service.remove_note(tx, customer_id, note_id)
