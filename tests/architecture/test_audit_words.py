"""The audit trail of the dashboard tells every fact in words: in each language, and under a name to filter by."""

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from passerelle.kit.events import Event

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "web" / "src" / "features" / "settings"


def _facts() -> set[str]:
    for path in (ROOT / "passerelle").rglob("events.py"):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return {
        kind.name
        for kind in _below(Event)
        if getattr(kind, "name", None) and kind.__module__.startswith("passerelle.")
    }


def _below(kind: type[Event]) -> Iterator[type[Event]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_fact_is_a_sentence(language: str) -> None:
    texts = json.loads((SETTINGS / "locales" / f"{language}.json").read_text())["fact"]
    assert sorted(name for name in _facts() if name.split(".")[1] not in texts.get(name.split(".")[0], {})) == []


def test_every_fact_can_be_filtered_by_what_it_is_about() -> None:
    offered = set(re.findall(r"^  '(\w+)',$", (SETTINGS / "audit" / "sentences.ts").read_text(), re.MULTILINE))
    assert {name.split(".")[0] for name in _facts()} <= offered
    for language in ("en", "fr", "ar"):
        texts = json.loads((SETTINGS / "locales" / f"{language}.json").read_text())["noun"]
        assert offered - set(texts) == set()
