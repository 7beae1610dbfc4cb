"""Reads a Google class and its object as one card's fields, translated, the way templates name them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from passerelle.emulators.google_wallet import SavedPass
from passerelle.emulators.google_wallet.images import image_key
from passerelle.emulators.phone.card_text import date_time, localized, money
from passerelle.emulators.phone.texts import TEXTS

_BY_ID: Final = re.compile(r"^(?P<list>\w+)\['(?P<id>[^']*)'\]$")
_TIMESTAMP: Final = re.compile(r"^\d{4}-\d\d-\d\dT")

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """A label and a value. `path` names the field, for the page to mark what changed."""

    path: str
    label: str
    value: str


class Fields:
    """An object with its class behind it, in one language."""

    def __init__(self, saved: SavedPass, language: str) -> None:
        self.object: Json = saved.wallet_object
        self.wallet_class: Json = saved.wallet_class
        self.language = language

    def first(self, field: str) -> Any:
        """A field of the object, else of the class."""
        return self.object.get(field, self.wallet_class.get(field))

    def text(self, field: str) -> str:
        """A text, in its `localizedX` form when there is one."""
        translated = self.first("localized" + field[0].upper() + field[1:])
        return self.translated(translated if translated is not None else self.first(field))

    def translated(self, value: Any) -> str:
        return localized(value, self.language)

    def either(self, body: Json, field: str) -> str:
        """The text of a field in a nested message, translated when it can be."""
        return self.translated(body.get("localized" + field[0].upper() + field[1:], body.get(field)))

    def label(self, field: str) -> str:
        """What the wallet itself calls a field that the class has no label for."""
        return TEXTS[self.language].get(f"field_{field}") or spaced(field)

    def image(self, *fields: str) -> str:
        """The path of the first image among the fields."""
        for field in fields:
            url = (self.first(field) or {}).get("sourceUri", {}).get("uri")
            if url:
                return f"/phone/android/image/{image_key(url)}"
        return ""

    def shown(self, value: Any) -> str:
        """A value as the card prints it."""
        if not isinstance(value, Mapping):
            text = "" if value is None else str(value)
            return date_time(text, self.language) if _TIMESTAMP.match(text) else text
        if "micros" in value:
            return money(value, self.language)
        if "defaultValue" in value:
            return self.translated(value)
        return self.shown(next(iter(value.values()), None))

    def labelled(self, field: str, label_field: str = "") -> Item:
        label = self.text(label_field) if label_field else ""
        value = self.first(field)
        return Item(
            field, label or self.label(field), self.shown(value) if isinstance(value, dict) else self.text(field)
        )

    def points(self, field: str) -> Item:
        points = self.object.get(field, {})
        return Item(
            f"{field}.balance",
            self.either(points, "label") or self.label("points"),
            self.shown(points.get("balance")),
        )

    def at(self, path: str) -> Item:
        """The item at a template's path such as `object.textModulesData['points']`."""
        root, *parts = path.split(".")
        value: Any = self.object if root == "object" else self.wallet_class
        above: Json = {}
        for part in parts:
            above = value if isinstance(value, Mapping) else {}
            match = _BY_ID.match(part)
            value = _with_id(above.get(match["list"]), match["id"]) if match else above.get(part)
        if isinstance(value, Mapping) and {"body", "localizedBody"} & set(value):
            return Item(path, self.either(value, "header"), self.either(value, "body"))
        return Item(path, self.either(above, "label") or self.label(parts[-1] if parts else ""), self.shown(value))

    def template_rows(self) -> list[list[Item]]:
        """The rows of `cardTemplateOverride`, each with one, two or three items."""
        override = self.wallet_class.get("classTemplateInfo", {}).get("cardTemplateOverride", {})
        rows = []
        for row in override.get("cardRowTemplateInfos", ()):
            items: Json = next(iter(row.values()), {})
            places = [items[place] for place in ("item", "startItem", "middleItem", "endItem") if place in items]
            rows.append([self._template_item(place) for place in places])
        return filled(rows)

    def _template_item(self, item: Json) -> Item:
        """Its first value, and its second behind it; of several fields the first that is filled."""
        found = []
        for selector in ("firstValue", "secondValue"):
            fields = item.get(selector, {}).get("fields", ())
            items = (self.at(str(field.get("fieldPath", ""))) for field in fields)
            found += [next((each for each in items if each.value), Item("", "", ""))]
        kept = [each for each in found if each.value]
        if not kept:
            return Item("", "", "")
        return Item(kept[0].path, kept[0].label, " · ".join(each.value for each in kept))


def spaced(field: str) -> str:
    """A field's name as a label: `cardNumber` becomes "Card number"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"\[.*\]", "", field)).lower()
    return words[:1].upper() + words[1:]


def filled(rows: list[list[Item]]) -> list[list[Item]]:
    """The rows without empty items, without rows that become empty."""
    kept = [[item for item in row if item.value] for row in rows]
    return [row for row in kept if row]


def _with_id(values: Any, wanted: str) -> Any:
    listed = values if isinstance(values, list) else []
    return next((value for value in listed if isinstance(value, Mapping) and value.get("id") == wanted), None)
