"""The OpenAPI document, completed with what the framework cannot know: types of refusals, keys, common answers."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import FastAPI

from passerelle.kit.web import Problem

_PROBLEM: Final = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_EVERYWHERE: Final = {
    "413": "`body_too_large`: the body is larger than this address takes.",
    "500": "`internal_error`: our fault; nothing was changed.",
    "503": "`busy`: nothing was changed; try again after `Retry-After`.",
}
_SCHEMES: Final = {
    "apiKey": {"type": "http", "scheme": "bearer", "description": "An API key, or a session cookie in its place."},
    "session": {"type": "apiKey", "in": "cookie", "name": "passerelle_session"},
}


def complete(app: FastAPI, public: frozenset[str]) -> None:
    """Have ``app.openapi()`` answer the completed document; ``public`` are operations such as ``POST /x``."""
    made = app.openapi

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            described = made()
            components = described.setdefault("components", {})
            components["securitySchemes"] = _SCHEMES
            _describe_problems(components.setdefault("schemas", {}))
            for name, operation in _operations(described):
                _complete(operation, is_public=name in public)
        return app.openapi_schema or made()

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way to extend it


def _describe_problems(schemas: dict[str, Any]) -> None:
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= {**problem.pop("$defs", {}), Problem.__name__: problem}


def _complete(operation: dict[str, Any], *, is_public: bool) -> None:
    responses = operation["responses"]
    for status, description in _EVERYWHERE.items():
        responses.setdefault(status, {"description": description})
    for status, response in responses.items():
        if status[0] in "45":
            response["content"] = _PROBLEM
    if not is_public:
        operation["security"] = [{"apiKey": []}, {"session": []}]


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict) and "responses" in operation:
                yield f"{method.upper()} {path}", operation
