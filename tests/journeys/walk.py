"""Walks the OpenAPI document: for every operation a request of the right shape, with given ids where ids belong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.journeys.shopkeeper import Json

Ids = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One operation, ready to be sent; ``names_ids`` when it mentions something that belongs to a tenant."""

    method: str
    template: str
    path: str
    body: Json | None
    names_ids: bool

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"


def calls(document: Json, ids: Ids) -> Iterator[Call]:
    """Every operation of the document; query parameters are left out."""
    for template, operations in document["paths"].items():
        for method, operation in operations.items():
            names = re.findall(r"{(\w+)}", template)
            path = re.sub(r"{(\w+)}", lambda found: str(ids.get(found[1], "svg")), template)
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/json", {}).get("schema")
            body = example(document, schema, "", ids) if schema else None
            mentioned = set(names) | set(_names(body))
            yield Call(method.upper(), template, path, body, any(name in ids for name in mentioned))


def example(document: Json, schema: Json, name: str, ids: Ids) -> Any:
    """A value of a schema, as small as it may be."""
    schema = resolved(document, schema)
    if name in ids:
        return ids[name]
    union = next((schema[kind] for kind in ("anyOf", "oneOf", "allOf") if kind in schema), None)
    if union is not None:
        kinds = [kind for kind in union if resolved(document, kind).get("type") != "null"]
        return example(document, kinds[0], name, ids)
    given = [schema[kind] for kind in ("const", "default") if kind in schema] + schema.get("enum", [])
    if given:
        return given[0]
    match schema.get("type"):
        case "object":
            wanted = set(schema.get("required", [])) | set(ids)
            fields = {field: kind for field, kind in schema.get("properties", {}).items() if field in wanted}
            return {field: example(document, kind, field, ids) for field, kind in fields.items()}
        case "array":
            return [example(document, schema["items"], name, ids)] if schema.get("minItems") else []
    return _scalar(schema)


def resolved(document: Json, schema: Json) -> Json:
    """A schema behind its references."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _scalar(schema: Json) -> Any:
    match schema.get("type"):
        case "integer" | "number":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return False
    if schema.get("examples"):
        return schema["examples"][0]
    formats = {"date-time": "2026-01-01T00:00:00Z", "date": "2026-01-01", "email": "somebody@example.com"}
    return formats.get(schema.get("format", ""), "x" * max(12, schema.get("minLength", 1)))


def _names(body: Any) -> Iterator[str]:
    if isinstance(body, dict):
        for name, value in body.items():
            yield name
            yield from _names(value)
    elif isinstance(body, list):
        for value in body:
            yield from _names(value)
