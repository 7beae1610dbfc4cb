"""What documents say exists: links, files, tests, settings, commands, refusals, scopes, facts, metrics."""

import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer.main

from passerelle.entry import cli, metrics
from passerelle.entry.api import create_app
from passerelle.kit import web
from passerelle.kit.config import Settings
from passerelle.kit.db import Database
from passerelle.organizations.rules import SCOPES

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
PRESENT = [path for path in DOCUMENTS if path.parent.name not in {"adr", "algorithms"}]  # of today's code
OPERATORS = ROOT / "docs" / "guides" / "operators.md"
INTEGRATORS = ROOT / "docs" / "guides" / "integrators.md"

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"(?:passerelle|tests|docs|locks|migrations|bench)/[\w./-]*")
_WORD = re.compile(r"[a-z]+(?:_[a-z]+)+")
_ROUTE = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/api/v1/[^\s?]*)")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def _source() -> str:
    """All code of the product."""
    return "\n".join(path.read_text() for path in sorted((ROOT / "passerelle").rglob("*.py")))


def _anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = _HEADING.findall(_FENCE.sub("", path.read_text()))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _broken_links(path: Path) -> Iterator[str]:
    for target in _LINK.findall(_FENCE.sub("", path.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        found = (path.parent / place).resolve() if place else path
        if not found.exists() or (anchor and anchor not in _anchors(found)):
            yield target


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_links_lead_somewhere(path: Path) -> None:
    assert list(_broken_links(path)) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_files_that_are_named_exist(path: Path) -> None:
    named = [place for code in _CODE.findall(path.read_text()) for place in _PLACE.findall(code) if code == place]
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_every_document_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {(index.parent / target.partition("#")[0]).resolve() for target in _LINK.findall(index.read_text())}
    assert [_name(path) for path in (ROOT / "docs").rglob("*.md") if path not in linked | {index}] == []


def test_every_setting_is_documented() -> None:
    table = set(re.findall(r"^\| `PASSERELLE_([A-Z0-9_]+)` \|", OPERATORS.read_text(), re.MULTILINE))
    assert table == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_settings_that_are_named_exist(path: Path) -> None:
    named = set(re.findall(r"PASSERELLE_([A-Z0-9_]+)", path.read_text()))
    assert {name for name in named if name.lower() not in Settings.model_fields} == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_commands_that_are_named_exist(path: Path) -> None:
    text = path.read_text()
    known = typer.main.get_group(cli.app).commands
    named = set(re.findall(r"(?:`|bin/|… )passerelle ([a-z-]+)", text))
    assert named - known.keys() == set()
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) <= targets


def test_defaults_in_the_table_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| `PASSERELLE_([A-Z0-9_]+)` \| `([^`]+)` \|", OPERATORS.read_text(), re.MULTILINE)
    assert len(rows) > 10
    defaults = {name.upper(): str(field.default).rstrip("/") for name, field in Settings.model_fields.items()}
    assert {name: value for name, value in rows if defaults[name] != value} == {}


def _unnamed(place: str) -> str:
    """An address without the names of its parameters, which documents shorten."""
    return re.sub(r"{[^}]*}", "{}", place)


def test_routes_that_are_named_exist(database: Database, settings: Settings) -> None:
    paths = create_app(database, settings).openapi()["paths"]
    known = {f"{method.upper()} {_unnamed(place)}" for place, methods in paths.items() for method in methods}
    named = {
        (f"{method} {_unnamed(place)}", _name(path))
        for path in DOCUMENTS
        for code in _CODE.findall(path.read_text())
        for method, place in _ROUTE.findall(code)
    }
    assert len(named) > 30
    assert {(route, path) for route, path in named if route not in known} == set()


@pytest.mark.parametrize("path", PRESENT, ids=_name)
def test_words_of_code_that_are_named_are_in_the_code(path: Path) -> None:
    """Refusals, findings, columns, events of the log, fields: a word with an underscore in backticks."""
    codes = _CODE.findall(_FENCE.sub("", path.read_text()))
    words = {word for code in codes if "/" not in code and ".py" not in code for word in _WORD.findall(code)}
    theirs = {"max_connections", "pg_dump", "pg_hba", "pg_restore", "passerelle_owner", "passerelle_web"}
    assert words - theirs - set(_WORD.findall(_source())) == set()


def test_refusals_in_the_tables_are_refusals() -> None:
    codes = set(re.findall(r'^    code = "([a-z_]+)"', _source(), re.MULTILINE))
    codes |= set(re.findall(r'\d+: "([a-z_]+)"', inspect.getsource(web)))
    merchants = (ROOT / "docs" / "guides" / "merchants.md").read_text()
    till = merchants.partition("### When the till says no")[2].partition("\n## ")[0]
    first_cells = re.findall(r"^\| (`[^|]+) \|", till, re.MULTILINE)
    api = INTEGRATORS.read_text().partition("## Refusals")[2].partition("\n## ")[0]
    cells = first_cells + re.findall(r"^\| \d{3} \| ([^|]+) \|", api, re.MULTILINE)
    named = {code for cell in cells for code in _CODE.findall(cell) if "." not in code}
    assert len(named) > 40
    assert named - codes == set()


def test_every_scope_is_documented() -> None:
    section = INTEGRATORS.read_text().partition("## Keys and scopes")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([a-z]+:[a-z]+)`", section)) == SCOPES.keys()


def test_every_fact_is_documented() -> None:
    section = INTEGRATORS.read_text().partition("## The event log")[2].partition("\n## ")[0]
    table = {word for line in section.splitlines() if line.startswith("| ") for word in _CODE.findall(line)}
    facts = {
        name
        for path in (ROOT / "passerelle").rglob("events.py")
        for name in re.findall(r'^    name = "([^"]+)"', path.read_text(), re.MULTILINE)
    }
    assert table == facts


def test_every_metric_is_documented() -> None:
    made = set(re.findall(r'"(passerelle_[a-z_]+)"', inspect.getsource(metrics)))
    section = OPERATORS.read_text().partition("## Monitoring")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(passerelle_[a-z_]+)", section, re.MULTILINE)) == made


def test_documents_are_plain() -> None:
    """No half-written place."""
    told = re.compile(r"TODO|FIXME|XXX|lorem", re.IGNORECASE)
    assert [_name(path) for path in DOCUMENTS if told.search(path.read_text())] == []
