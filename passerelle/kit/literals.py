"""Values as SQL literals, for statements that travel together in one message (kit/pool.py).

The server is told to take backslashes as they are (``standard_conforming_strings``), so a quote is the only
character with a meaning and is doubled (PostgreSQL manual, “String Constants”). Types come from the prepared
statement that a literal is given to.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID


def literal(value: Any) -> str:
    """A value of a statement's parameter; raises TypeError for kinds that no statement uses."""
    if value is None:
        return "NULL"
    if isinstance(value, list | tuple):
        return _quoted("{" + ",".join([_element(each) for each in value]) + "}")
    return _quoted(value) if isinstance(value, str) else f"'{_text(value)}'"


def _element(value: Any) -> str:
    """One element of an array literal: texts in double quotes, where a backslash does have a meaning."""
    if value is None:
        return "NULL"
    if isinstance(value, str | bytes):
        text = value if isinstance(value, str) else _text(value)
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _text(value)


# By exact type, for a purchase writes fifty values; kinds of kinds (the driver's UUID) are noted when first met.
# PostgreSQL reads a UUID without hyphens, too.
_FORMS: Final[dict[type, Callable[[Any], str]]] = {
    UUID: lambda value: value.hex,
    bool: lambda value: "t" if value else "f",
    int: str,
    datetime: datetime.isoformat,
    bytes: lambda value: "\\x" + value.hex(),
}


def _text(value: Any) -> str:
    """What is no text; it has no quote in it, and a backslash only where bytes begin."""
    form = _FORMS.get(type(value))
    if form is None:
        form = next((form for kind, form in _FORMS.items() if isinstance(value, kind)), None)
        if form is None:
            raise TypeError(type(value).__name__)
        _FORMS[type(value)] = form
    return form(value)


def _quoted(text: str) -> str:
    if "\0" in text:
        raise ValueError("PostgreSQL keeps no NUL in a text.")
    return "'" + text.replace("'", "''") + "'"


def call(name: str, arguments: Sequence[Any]) -> str:
    """The command that runs a prepared statement."""
    given = f"({', '.join([literal(each) for each in arguments])})" if arguments else ""
    return f"EXECUTE {name}{given}"
