"""Values as SQL literals, for statements that travel together in one message (kit/pool.py).

The server is told to take backslashes as they are (``standard_conforming_strings``), so a quote is the only
character with a meaning and is doubled (PostgreSQL manual, “String Constants”). Types come from the prepared
statement that a literal is given to.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID


def literal(value: Any) -> str:
    """A value of a statement's parameter; raises TypeError for kinds that no statement uses."""
    if value is None:
        return "NULL"
    if isinstance(value, list | tuple):
        return _quoted("{" + ",".join([_element(each) for each in value]) + "}")
    return _quoted(value if isinstance(value, str) else _text(value))


def _element(value: Any) -> str:
    """One element of an array literal: texts in double quotes, where a backslash does have a meaning."""
    if value is None:
        return "NULL"
    if isinstance(value, str | bytes):
        text = value if isinstance(value, str) else _text(value)
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _text(value)


def _text(value: Any) -> str:
    """What is no text; only bytes have a character that has a meaning."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    raise TypeError(type(value).__name__)


def _quoted(text: str) -> str:
    if "\0" in text:
        raise ValueError("PostgreSQL keeps no NUL in a text.")
    return "'" + text.replace("'", "''") + "'"


def call(name: str, arguments: Sequence[Any]) -> str:
    """The command that runs a prepared statement."""
    given = f"({', '.join(literal(each) for each in arguments)})" if arguments else ""
    return f"EXECUTE {name}{given}"
