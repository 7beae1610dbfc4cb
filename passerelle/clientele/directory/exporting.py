"""The directory as a CSV file, made while it is sent: some hundreds of customers at a time, each in a transaction."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Final, get_args
from uuid import UUID

import orjson

from passerelle.clientele.csv_cells import BYTE_ORDER_MARK, csv_lines
from passerelle.clientele.directory import service
from passerelle.clientele.directory.events import DirectoryExported
from passerelle.clientele.directory.schemas import Column, DirectoryEntry, DirectoryExport, UnitBalance
from passerelle.customers import service as customers
from passerelle.customers.schemas import Birthday
from passerelle.kit.events import announce
from passerelle.kit.i18n import Language
from passerelle.kit.ids import ABOVE_ALL, encode
from passerelle.kit.web import Admitted

_STEP: Final = 200
_NEEDS: Final[Mapping[Column, str]] = {"cards": "passes:read", "balances": "ledger:read"}


async def csv_of(admitted: Admitted, wanted: DirectoryExport, language: Language) -> AsyncIterator[str]:
    """The file, piece by piece. What the caller may not see is left out, whether or not it was asked for."""
    async with admitted.transaction() as tx:
        chosen = wanted.columns or get_args(Column)
        columns: list[Column] = [column for column in chosen if tx.actor.may(_NEEDS.get(column, "customers:export"))]
        attributes = await customers.attribute_names(tx) if "attributes" in columns else ()
        filters = tuple(sorted(wanted.model_fields_set - {"columns"}))
        await announce(tx, DirectoryExported(columns=tuple(columns), filters=filters))
    yield BYTE_ORDER_MARK + csv_lines([_header(columns, attributes)])
    before: UUID | None = ABOVE_ALL
    while before is not None:
        async with admitted.transaction() as tx:
            found = await service.find(tx, wanted, before, _STEP)
            entries = await service.entries(tx, found.customer_ids, language)
        yield csv_lines(_row(entry, columns, attributes) for entry in entries)
        before = found.scanned_to


def _header(columns: Sequence[Column], attributes: Sequence[str]) -> list[str]:
    """Custom attributes are a column each, named as the import knows them again."""
    names: list[str] = []
    for column in columns:
        names += [f"attribute.{name}" for name in attributes] if column == "attributes" else [column]
    return names


def _row(entry: DirectoryEntry, columns: Sequence[Column], attributes: Sequence[str]) -> list[str]:
    cells: list[str] = []
    for column in columns:
        if column == "attributes":
            cells += [_attribute(entry.customer.attributes.get(name)) for name in attributes]
        else:
            cells.append(_CELLS[column](entry))
    return cells


def _attribute(value: bool | float | str | None) -> str:  # noqa: FBT001  a value, not a switch
    return "" if value is None else value if isinstance(value, str) else orjson.dumps(value).decode()


def _birthday(birthday: Birthday | None) -> str:
    return "" if birthday is None else birthday.date().text


def _programs(entry: DirectoryEntry) -> str:
    return "; ".join(member.program_name for member in entry.memberships if member.state != "ended")


def _balances(entry: DirectoryEntry) -> str:
    return "; ".join(_balance(balance) for member in entry.memberships for balance in member.balances)


def _balance(balance: UnitBalance) -> str:
    """In whole units and their parts, “12.50 EUR” and “17 points”, with the point that programs read."""
    return f"{Decimal(balance.active).scaleb(-balance.decimals)} {balance.currency or balance.name}"


_CELLS: Final[Mapping[Column, Callable[[DirectoryEntry], str]]] = {
    "id": lambda entry: encode("cus", entry.id),
    "first_name": lambda entry: entry.customer.first_name or "",
    "last_name": lambda entry: entry.customer.last_name or "",
    "phone": lambda entry: entry.customer.phone or "",
    "email": lambda entry: entry.customer.email or "",
    "birthday": lambda entry: _birthday(entry.customer.birthday),
    "language": lambda entry: entry.customer.language or "",
    "created_at": lambda entry: entry.customer.created_at.isoformat(),
    "last_visit_at": lambda entry: entry.last_visit_at.isoformat() if entry.last_visit_at else "",
    "cards": lambda entry: str(entry.cards or 0),
    "programs": _programs,
    "balances": _balances,
}
