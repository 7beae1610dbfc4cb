"""``python -m bench`` measures everything the README quotes; ``python -m bench signing updates`` measures parts.

Prints one table and writes ``bench/results/latest.json``, a flat object of named figures. A part that cannot run
says so in a sentence and leaves its figures out.
"""

import argparse
import os
import platform
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import orjson

from bench import coupons, expiry, figures, pages, purchases, push, signing, updates

_RESULTS: Final = Path(__file__).parent / "results" / "latest.json"
_PARTS: Final[Mapping[str, Callable[[], dict[str, float]]]] = {
    "signing": signing.run,
    "push": push.run,
    "updates": updates.run,
    "purchases": purchases.run,
    "coupons": coupons.run,
    "expiry": expiry.run,
    "pages": pages.run,
}


def main() -> int:
    """Run the chosen parts, all by default; 1 when one failed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what the README quotes.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of: {', '.join(_PARTS)}; none: all")
    chosen = parser.parse_args().parts or list(_PARTS)
    if unknown := sorted(set(chosen) - _PARTS.keys()):
        parser.error(f"there is no part {', '.join(unknown)}; choose from {', '.join(_PARTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # end as after an interrupt: servers are stopped
    measured = _machine()
    failed = False
    for name in chosen:
        print(f"{name} …", flush=True)
        try:
            measured |= _PARTS[name]()
        except Exception:  # noqa: BLE001  what the other parts measured must not be lost
            print(f"{name} could not be measured:")
            traceback.print_exc()
            failed = True
    figures.show(measured)
    _RESULTS.parent.mkdir(exist_ok=True)
    _RESULTS.write_bytes(orjson.dumps(measured, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    print(f"Written to {_RESULTS}.")
    return int(failed)


def _machine() -> dict[str, float]:
    """What the figures depend on."""
    cores, load = os.cpu_count() or 1, os.getloadavg()[0]
    print(f"{platform.platform()}, Python {platform.python_version()}, {cores} cores, load {load:.2f}")
    if load > cores / 4:
        print("Something else is running on this machine: times and rates will be worse than they could be.")
    return {"machine_cores": float(cores), "machine_load_1m": load}


if __name__ == "__main__":
    raise SystemExit(main())
