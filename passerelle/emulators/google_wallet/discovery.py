"""Google's own description of the Wallet API, as shipped with google-api-python-client, turned into checks.

The discovery document is the only source of shapes here: which fields exist, their types and enums, and,
through the sentence "Required." in a description, which ones must be present.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import jsonschema

Json = dict[str, Any]

_DOCUMENT: Final = "discovery_cache/documents/walletobjects.v1.json"
_REQUIRED: Final = re.compile(r"^\s*Required\.")
_DECIMAL: Final = r"^-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?$"
_RANGES: Final = {
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}


@dataclass(frozen=True)
class ResourceKind:
    """One of the fourteen resources: `loyaltyClass`, `loyaltyObject`, …"""

    path: str
    schema: str
    payload_key: str
    is_class: bool

    @property
    def noun(self) -> str:
        return "Wallet Object Class" if self.is_class else "Wallet Object"

    @property
    def counterpart(self) -> "ResourceKind":
        """The class kind of an object kind, and the other way round."""
        old, new = ("Class", "Object") if self.is_class else ("Object", "Class")
        return KINDS[self.path.removesuffix(old) + new]


def _kinds() -> dict[str, ResourceKind]:
    found = {}
    for stem in ("eventTicket", "flight", "generic", "giftCard", "loyalty", "offer", "transit"):
        for suffix, plural in (("Class", "Classes"), ("Object", "Objects")):
            path = stem + suffix
            schema = path[0].upper() + path[1:]
            found[path] = ResourceKind(path, schema, stem + plural, suffix == "Class")
    return found


KINDS: Final = _kinds()
KINDS_BY_PAYLOAD_KEY: Final = {kind.payload_key: kind for kind in KINDS.values()}


@cache
def document() -> Json:
    loaded: Json = json.loads(files("googleapiclient").joinpath(_DOCUMENT).read_bytes())
    return loaded


def _string_type(description: Json) -> Json:
    if "enum" in description:
        return {"enum": description["enum"]}
    match description.get("format"):
        case "int64" | "uint64" as width:
            return _integer(width)
        case "byte":
            return {"type": "string", "pattern": r"^[A-Za-z0-9+/_-]*={0,2}$"}
    return {"type": "string"}


def _integer(width: str) -> Json:
    # proto3 JSON: every integer may come as a number or as a decimal string
    low, high = _RANGES[width]
    return {
        "anyOf": [
            {"type": "integer", "minimum": low, "maximum": high},
            {"type": "string", "pattern": r"^-?[0-9]{1,20}$"},
        ]
    }


def _property(description: Json) -> Json:
    if "$ref" in description:
        return {"$ref": f"#/$defs/{description['$ref']}"}
    match description["type"]:
        case "array":
            return {"type": "array", "items": _property(description["items"])}
        case "integer":
            return _integer(description["format"])
        case "number":
            return {"type": ["number", "string"], "pattern": _DECIMAL}
        case "string":
            return _string_type(description)
        case other:
            return {"type": other}


def _definitions(*, with_required: bool) -> Json:
    definitions = {}
    for name, schema in document()["schemas"].items():
        properties = schema.get("properties", {})
        definitions[name] = {
            "type": "object",
            "properties": {key: _property(value) for key, value in properties.items()},
            "additionalProperties": False,
            "required": [
                key
                for key, value in properties.items()
                if with_required and _REQUIRED.match(value.get("description", ""))
            ],
        }
    return definitions


@cache
def validator(schema: str, *, with_required: bool) -> jsonschema.Draft202012Validator:
    """The JSON Schema check of one resource; without required fields for the partial body of a PATCH."""
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/$defs/{schema}", "$defs": _shared_definitions(with_required=with_required)}
    )


@cache
def _shared_definitions(*, with_required: bool) -> Json:
    return _definitions(with_required=with_required)


@cache
def _enum_aliases(values: tuple[str, ...], deprecated: tuple[bool, ...]) -> dict[str, str]:
    current = {
        value.replace("_", "").lower(): value for value, old in zip(values, deprecated, strict=True) if not old
    }
    return {value: current.get(value.lower(), value) for value, old in zip(values, deprecated, strict=True) if old}


def canonical(schema: str, value: Json) -> Json:
    """The body as the API gives it back: legacy enum names replaced, 64-bit integers as strings."""
    properties = document()["schemas"][schema].get("properties", {})
    return {key: _canonical_value(properties[key], item) for key, item in value.items()}


def _canonical_value(description: Json, value: Any) -> Any:
    if "$ref" in description:
        return canonical(description["$ref"], value)
    kind = description.get("type")
    if kind == "array":
        return [_canonical_value(description["items"], item) for item in value]
    if "enumDeprecated" in description:
        aliases = _enum_aliases(tuple(description["enum"]), tuple(description["enumDeprecated"]))
        return aliases.get(value, value)
    if kind == "integer":
        return int(value)
    if kind == "string" and description.get("format") in {"int64", "uint64"}:
        return str(int(value))
    return float(value) if kind == "number" else value
