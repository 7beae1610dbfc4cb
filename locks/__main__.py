"""Resolve pyproject.toml into hash-pinned locks for every platform; ``make lock`` runs this.

The locks name no index, so that they install from whatever index the machine is set up for.
"""

import subprocess
import sys
from pathlib import Path

_FOLDER = Path(__file__).parent
_LOCKS = {"demo": ["emulators", "build", "web"], "dev": ["emulators", "build", "web", "dev"], "production": ["build"]}
_OPTIONS = [
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"),
]

for name, extras in _LOCKS.items():
    chosen = [word for extra in extras for word in ("--extra", extra)]
    target = str(_FOLDER / f"{name}.txt")
    command = [sys.executable, "-m", "uv", "pip", "compile", *_OPTIONS, *chosen, "pyproject.toml", "-o", target]
    subprocess.run(command, cwd=_FOLDER.parent, check=True)  # noqa: S603  uv, with arguments of this file
