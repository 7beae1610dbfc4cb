"""Reads the answer to "what changed?": the serial numbers and the tag."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """The passes that changed, and the tag to ask with next time."""

    serial_numbers: list[str]
    tag: str


def read_listing(body: bytes) -> Listing | str:
    """The list, or what is wrong with it."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return "The list of serial numbers is not JSON"
    if not isinstance(content, dict):
        return "The list of serial numbers is not a JSON object"
    serials, tag = content.get("serialNumbers"), content.get("lastUpdated")
    if not isinstance(serials, list) or not all(isinstance(serial, str) for serial in serials):
        return "serialNumbers is not an array of strings"
    if not isinstance(tag, str) or not tag:
        return "lastUpdated is not a string"
    if len(set(serials)) != len(serials):
        return "serialNumbers names a pass twice"
    return Listing(serials, tag)
