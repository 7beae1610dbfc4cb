"""What every refusal must be: a problem document (RFC 9457) with a sentence for a person, in their language."""

import re
from typing import Any

import httpx

_INSIDES = re.compile(r"Traceback|File \"|\.py\b|asyncpg|sqlalchemy|pydantic|line \d+", re.IGNORECASE)


def problem_of(answer: httpx.Response, *, statuses: range = range(400, 500)) -> dict[str, Any]:
    """The problem document of a refusal; AssertionError for anything else, or one that shows the insides."""
    said = f"{answer.status_code} {answer.text[:300]}"
    assert answer.status_code in statuses, said
    assert answer.headers["content-type"] == "application/problem+json", said
    document: dict[str, Any] = answer.json()
    assert document["status"] == answer.status_code, said
    assert len(document["detail"]) > 15, said
    assert _INSIDES.search(answer.text) is None, said
    return document
