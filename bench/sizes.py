"""The longest files and functions beside their guides: ``make sizes``.

Guidance, not a gate: a file above its guide is worth a look, one above twice of it a question. ``--json`` prints
the same for machines.
"""

import argparse
import ast
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

_ROOT: Final = Path(__file__).parent.parent
_PYTHON: Final = ("passerelle", "tests", "bench", "locks")  # migrations are long by nature and never change
_REACT: Final = "web/src"
_SHOWN: Final = 25
_FUNCTION: Final = (30, 70)
_FILE: Final = (250, 500)
_REACT_FILE: Final = (150, 250)
# Files of a domain have guides of their own; any other Python file has the general one.
_GUIDES: Final = {
    "__init__.py": 20,
    "models.py": 200,
    "schemas.py": 200,
    "errors.py": 60,
    "events.py": 60,
    "rules.py": 250,
    "queries.py": 250,
    "service.py": 300,
    "routes.py": 200,
    "jobs.py": 120,
    "personal_data.py": 60,
}


@dataclass(frozen=True, slots=True)
class Size:
    """Lines of a file or a function; ``guide`` is what it should stay under, ``ask`` when to ask why it grew."""

    place: str
    lines: int
    guide: int
    ask: int

    @property
    def verdict(self) -> str:
        """``""``, ``long`` or ``ask``."""
        if self.lines <= self.guide:
            return ""
        return "ask" if self.lines > self.ask else "long"


def files() -> list[Size]:
    """Every source file, longest first."""
    sizes = [_file(path) for folder in _PYTHON for path in _sources(folder, "*.py")]
    for pattern in ("*.ts", "*.tsx"):
        sizes += [Size(_name(path), _lines(path), *_REACT_FILE) for path in _sources(_REACT, pattern)]
    return sorted(sizes, key=lambda size: -size.lines)


def functions() -> list[Size]:
    """Every Python function, longest first; a nested one counts for itself and for the one around it."""
    sizes = [size for folder in _PYTHON for path in _sources(folder, "*.py") for size in _functions(path)]
    return sorted(sizes, key=lambda size: -size.lines)


def _file(path: Path) -> Size:
    is_domain = path.is_relative_to(_ROOT / "passerelle") and (path.parent / "service.py").exists()
    guide = _GUIDES.get(path.name, _FILE[0]) if is_domain else _FILE[0]
    return Size(_name(path), _lines(path), guide, max(_FILE[1], 2 * guide) if guide >= _FILE[0] else 2 * guide)


def _functions(path: Path) -> Iterator[Size]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield Size(f"{_name(path)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1, *_FUNCTION)


def _sources(folder: str, pattern: str) -> list[Path]:
    return sorted(path for path in (_ROOT / folder).rglob(pattern) if "node_modules" not in path.parts)


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _name(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()


def _summary(sizes: list[Size]) -> dict[str, float]:
    lines = sorted(size.lines for size in sizes)
    return {
        "count": len(lines),
        "median": lines[len(lines) // 2],
        "p90": lines[len(lines) * 9 // 10],
        "over_guide_percent": round(100 * sum(1 for size in sizes if size.verdict) / len(lines), 1),
    }


def main() -> None:
    """Print both lists."""
    parser = argparse.ArgumentParser(prog="python -m bench.sizes", description="The longest files and functions.")
    parser.add_argument("--json", action="store_true", help="one JSON document with every size")
    every = {"files": files(), "functions": functions()}
    if parser.parse_args().json:
        document = {
            kind: {**_summary(sizes), "longest": [{**asdict(size), "verdict": size.verdict} for size in sizes]}
            for kind, sizes in every.items()
        }
        print(json.dumps(document, indent=2))
        return
    for kind, sizes in every.items():
        summary = _summary(sizes)
        table = Table(
            "lines", "guide", "", kind, title=", ".join(f"{name} {value:g}" for name, value in summary.items())
        )
        for size in sizes[:_SHOWN]:
            table.add_row(str(size.lines), str(size.guide), size.verdict, size.place)
        Console().print(table)


if __name__ == "__main__":
    main()
