"""What import-linter cannot see: domains look at each other through four doors only, and other house rules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "passerelle"
DOORS = {"service", "schemas", "events", "errors"}
NOT_DOMAINS = {"kit", "entry", "emulators"}


def _domains() -> list[str]:
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py") if path.parent.name not in NOT_DOMAINS)


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything of ours that a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("passerelle."):
            if (PACKAGE.parent / node.module.replace(".", "/")).is_dir():
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module
        elif isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name.startswith("passerelle."))


@pytest.mark.parametrize("domain", _domains())
def test_a_domain_enters_another_by_its_doors(domain: str) -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line} imports {name}"
        for path in sorted((PACKAGE / domain).rglob("*.py"))
        for line, name in _imports(path)
        if name.split(".")[1] in set(_domains()) - {domain} and not DOORS & set(name.split(".")[2:4])
    ]
    assert wrong == []


def test_only_the_edge_commits() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "kit" / "db.py" and "emulators" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}
    ]
    assert wrong == []


def test_outgoing_http_clients_are_built_in_one_place() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "kit" / "http.py" and not {"emulators", "entry"} & set(path.parts)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"httpx.AsyncClient", "httpx.Client"}
    ]
    assert wrong == []


def test_the_clock_is_asked_in_one_place() -> None:
    wrong = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "kit" / "clock.py" and "emulators" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"datetime.now", "datetime.utcnow", "date.today", "time.time"}
    ]
    assert wrong == []
