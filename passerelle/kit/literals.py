"""Values as SQL literals, for statements that travel together in one message (kit/pool.py).

The server is told to take backslashes as they are (``standard_conforming_strings``), so a quote is the only
character with a meaning and is doubled (PostgreSQL manual, “String Constants”). Types come from the prepared
statement that a literal is given to.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from types import NoneType
from typing import Any, Final
from uuid import UUID

Form = Callable[[Any], str]


def literal(value: Any) -> str:
    """A value of a statement's parameter; raises TypeError for kinds that no statement uses."""
    return (_LITERALS.get(type(value)) or _noted(_LITERALS, value))(value)


def _quoted(text: str) -> str:
    if "\0" in text:
        raise ValueError("PostgreSQL keeps no NUL in a text.")
    return "'" + text.replace("'", "''") + "'"


def _array(values: Sequence[Any]) -> str:
    elements = [(_ELEMENTS.get(type(each)) or _noted(_ELEMENTS, each))(each) for each in values]
    return _quoted("{" + ",".join(elements) + "}")


# By exact type, for a purchase writes fifty values; kinds of kinds (the driver's UUID) are noted when first met.
# What is no text has no quote in it. PostgreSQL reads a UUID without hyphens, too.
_LITERALS: Final[dict[type, Form]] = {
    str: _quoted,
    UUID: lambda value: f"'{value.hex}'",
    bool: lambda value: "'t'" if value else "'f'",
    int: lambda value: f"'{value}'",
    datetime: lambda value: f"'{value.isoformat()}'",
    bytes: lambda value: f"'\\x{value.hex()}'",
    list: _array,
    tuple: _array,
    NoneType: lambda _: "NULL",
}
# Inside an array literal; texts in double quotes, where a backslash does have a meaning.
_ELEMENTS: Final[dict[type, Form]] = {
    str: lambda value: '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"',
    UUID: lambda value: value.hex,
    bool: lambda value: "t" if value else "f",
    int: str,
    datetime: datetime.isoformat,
    bytes: lambda value: f'"\\\\x{value.hex()}"',
    NoneType: lambda _: "NULL",
}


def _noted(forms: dict[type, Form], value: Any) -> Form:
    form = next((form for kind, form in forms.items() if isinstance(value, kind)), None)
    if form is None:
        raise TypeError(type(value).__name__)
    forms[type(value)] = form
    return form


def call(name: str, arguments: Sequence[Any]) -> str:
    """The command that runs a prepared statement."""
    given = f"({', '.join([literal(each) for each in arguments])})" if arguments else ""
    return f"EXECUTE {name}{given}"
