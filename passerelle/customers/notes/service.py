"""The verbs of notes; the only writer of their table."""

from typing import Final
from uuid import UUID

from passerelle.customers import service as customers
from passerelle.customers.notes import queries
from passerelle.customers.notes.errors import NoteNotFound, TooManyNotes
from passerelle.customers.notes.events import NoteAdded, NoteRemoved
from passerelle.customers.notes.schemas import NoteIn, NoteOut
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce
from passerelle.kit.ids import new_id

MAX_NOTES: Final = 500
_TEXT: Final = "customer_notes.text"


async def add_note(tx: Tx, customer_id: UUID, new: NoteIn) -> NoteOut:
    """Write something down about a customer; raises CustomerNotFound, CustomerGone, TooManyNotes."""
    await customers.hold_customer(tx, customer_id)
    note = NoteOut(id=new_id(), customer_id=customer_id, text=new.text, actor=tx.actor.label, created_at=clock.now())
    sealed = (await tx.vault.keys(tx)).encrypt(note.text, _TEXT)
    place = (tx.organization_id, note.id, customer_id)
    if await tx.fetchval(queries.ADD, *place, sealed, note.actor, note.created_at, MAX_NOTES) is None:
        raise TooManyNotes(limit=MAX_NOTES)
    await announce(tx, NoteAdded(note_id=note.id, customer_id=customer_id))
    return note


async def remove_note(tx: Tx, customer_id: UUID, note_id: UUID) -> None:
    """Delete a note; raises NoteNotFound."""
    if await tx.fetchval(queries.REMOVE, tx.organization_id, customer_id, note_id) is None:
        raise NoteNotFound
    await announce(tx, NoteRemoved(note_id=note_id, customer_id=customer_id))


async def list_notes(tx: Tx, customer_id: UUID, before: UUID, limit: int) -> list[NoteOut]:
    """Notes about a customer, newest first; raises CustomerNotFound, CustomerGone."""
    await customers.require_customer(tx, customer_id)
    keys = await tx.vault.keys(tx)
    rows = await queries.list_notes(tx, customer_id, before, limit)
    return [NoteOut(**{**row, "text": keys.decrypt(row["text"], _TEXT)}) for row in rows]
