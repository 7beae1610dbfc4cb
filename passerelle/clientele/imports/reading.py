"""From the cells of a row to a person, or to what is wrong with it. Writes and asks nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from passerelle.clientele.csv_cells import unguarded
from passerelle.clientele.imports.faults import FaultCode, RowFault
from passerelle.clientele.imports.files import Row
from passerelle.clientele.imports.rules import MAX_BALANCE, attribute_of, balance_of, birthday_of
from passerelle.clientele.imports.schemas import FieldName, ImportPlan, MappedColumn
from passerelle.customers import service as customers
from passerelle.customers.errors import InvalidEmail, InvalidPhone
from passerelle.customers.schemas import NewCustomer
from passerelle.customers.service import Contact
from passerelle.kit.i18n import as_language

_REPLACEMENT: Final = "\ufffd"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the meaning of a cell depends on beside the plan; ``decimals`` are the unit's."""

    region: str
    today: date
    width: int
    delimiter: str
    decimals: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A row as it was read; ``person`` is there when nothing is wrong with it."""

    row: int
    faults: Sequence[RowFault]
    person: NewCustomer | None = None
    contact: Contact = field(default_factory=lambda: Contact(None, None))
    balance: int | None = None


class _WrongCell(Exception):
    """A cell that says nothing which could be used."""

    def __init__(self, code: FaultCode, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def read_row(row: Row, plan: ImportPlan, given: Circumstances) -> Draft:
    """The person of a row, or every fault that it has."""
    number, cells = row
    if len(cells) > given.width:
        return Draft(number, [RowFault("", "too_many_cells", {"delimiter": given.delimiter})])
    fields: dict[str, Any] = {"attributes": {}}
    faults: list[RowFault] = []
    for column in plan.columns:
        text = unguarded(cells[column.column]) if column.column < len(cells) else ""
        if not text:
            continue
        try:
            value = _value_of(text, column, plan, given)
        except _WrongCell as wrong:
            name = column.field if column.attribute is None else f"attribute.{column.attribute}"
            faults.append(RowFault(name, wrong.code, wrong.params))
            continue
        if column.attribute is None:
            fields[column.field] = value
        else:
            fields["attributes"][column.attribute] = value
    if not faults and not fields.keys() & {"phone", "email"}:
        faults.append(RowFault("", "contact_missing"))
    balance = fields.pop("balance", None)
    person = _person(fields, faults)
    contact = Contact(fields.get("phone"), fields.get("email"))
    return Draft(number, faults, None if faults else person, contact, balance)


def _value_of(text: str, column: MappedColumn, plan: ImportPlan, given: Circumstances) -> Any:
    if _REPLACEMENT in text:
        raise _WrongCell("unreadable_characters")
    return _READERS[column.field](text, column, plan, given)


def _person(fields: Mapping[str, Any], faults: list[RowFault]) -> NewCustomer | None:
    try:
        return NewCustomer(**fields, source="import")
    except ValidationError as wrong:
        for name in dict.fromkeys(str(error["loc"][0]) for error in wrong.errors(include_input=False)):
            code = "attribute_invalid" if name == "attributes" else f"{name}_invalid"
            faults.append(RowFault(name, code, {"type": "text"}))
        return None


def _phone(text: str, _column: MappedColumn, _plan: ImportPlan, given: Circumstances) -> str:
    try:
        return customers.normal_phone(text, given.region)
    except InvalidPhone as refusal:
        raise _WrongCell("phone_invalid", region=given.region, example=refusal.params["example"]) from None


def _email(text: str, _column: MappedColumn, _plan: ImportPlan, _given: Circumstances) -> str:
    try:
        return customers.normal_email(text)
    except InvalidEmail:
        raise _WrongCell("email_invalid") from None


def _birthday(text: str, _column: MappedColumn, plan: ImportPlan, given: Circumstances) -> dict[str, int | None]:
    found = birthday_of(text, given.today, day_first=plan.day_first)
    if found is None:
        raise _WrongCell("birthday_invalid", example="28/02/1990" if plan.day_first else "02/28/1990")
    month, day, year = found
    return {"month": month, "day": day, "year": year}


def _language(text: str, _column: MappedColumn, _plan: ImportPlan, _given: Circumstances) -> str:
    language = as_language(text)
    if language is None:
        raise _WrongCell("language_invalid")
    return language


def _balance(text: str, _column: MappedColumn, _plan: ImportPlan, given: Circumstances) -> int:
    units = balance_of(text, given.decimals)
    if units is None:
        raise _WrongCell("balance_invalid", limit=MAX_BALANCE // 10**given.decimals, decimals=given.decimals)
    return units


def _attribute(text: str, column: MappedColumn, _plan: ImportPlan, _given: Circumstances) -> Any:
    value = attribute_of(text, column.type)
    if value is None:
        raise _WrongCell("attribute_invalid", type=column.type)
    return value


def _name(text: str, _column: MappedColumn, _plan: ImportPlan, _given: Circumstances) -> str:
    return text


_READERS: Final[Mapping[FieldName, Callable[[str, MappedColumn, ImportPlan, Circumstances], Any]]] = {
    "first_name": _name,
    "last_name": _name,
    "phone": _phone,
    "email": _email,
    "birthday": _birthday,
    "language": _language,
    "balance": _balance,
    "attribute": _attribute,
}
