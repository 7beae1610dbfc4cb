"""Two entries of one person: what the second knew comes to the first, and nothing is left that tells who it was."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from passerelle.customers import queries, rules, sealed
from passerelle.customers.events import CustomerChanged, CustomerMerged
from passerelle.customers.models import Customer
from passerelle.customers.name_index import forget_name, replace_name
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.events import announce

# Together or not at all: an index without its value finds nobody.
_TAKEN: Final = (
    ("first_name", "last_name"),
    ("phone", "phone_index"),
    ("email", "email_index"),
    ("birthday", "birthday_index", "birthday_changed_at"),
    ("language",),
)


async def absorb(tx: Tx, kept_id: UUID, merged_id: UUID) -> None:
    """Fill what the kept customer has not from the other, who becomes a pseudonym that leads to the kept one.

    What both have stays as the kept one has it. Raises CustomerNotFound, CustomerGone. Called through the merge of
    all holders alone.
    """
    merged = await queries.customer_for_erasure(tx, merged_id)
    kept = await queries.customer_for_update(tx, kept_id)
    taken = {column: getattr(merged, column) for group in _TAKEN for column in group}
    attributes, segments = dict(merged.attributes), list(merged.segments)
    await _leave_pseudonym(tx, merged, kept_id)
    changed = _fill(kept, taken, attributes)
    if more := [name for name in segments if name not in kept.segments]:
        kept.segments = [*kept.segments, *more][: rules.MAX_SEGMENTS]
        changed.add("segments")
    if "first_name" in changed or "last_name" in changed:
        keys = await tx.vault.keys(tx)
        facts = sealed.card_facts(keys, vars(kept))
        await replace_name(tx, keys, kept_id, facts.full_name)
    if changed:
        kept.changed_at = clock.now()
        await announce(tx, CustomerChanged(customer_id=kept_id, fields=tuple(sorted(changed))))
    await tx.flush()
    await announce(tx, CustomerMerged(customer_id=kept_id, merged_customer_id=merged_id))


async def _leave_pseudonym(tx: Tx, merged: Customer, kept_id: UUID) -> None:
    for group in _TAKEN:
        for column in group:
            setattr(merged, column, None)
    merged.attributes, merged.segments = {}, []
    merged.changed_at = merged.erased_at = clock.now()
    merged.merged_into_id = kept_id
    await tx.flush()  # before the kept one takes its phone, which nobody else may have then
    await forget_name(tx, merged.id)
    await tx.execute(queries.MERGED_FOLLOW, tx.organization_id, merged.id, kept_id)


def _fill(kept: Customer, taken: dict[str, Any], attributes: dict[str, Any]) -> set[str]:
    """Returns the names of the fields that changed, as ``CustomerChanged`` tells them."""
    changed: set[str] = set()
    for group in _TAKEN:
        if all(getattr(kept, column) is None for column in group) and taken[group[0]] is not None:
            for column in group:
                setattr(kept, column, taken[column])
            changed.update(column for column in group if not column.endswith(("_index", "_at")))
    more = {name: value for name, value in attributes.items() if name not in kept.attributes}
    room = rules.MAX_ATTRIBUTES - len(kept.attributes)
    if more and room > 0:
        kept.attributes = kept.attributes | dict(sorted(more.items())[:room])
        flag_modified(kept, "attributes")
        changed.add("attributes")
    return changed
