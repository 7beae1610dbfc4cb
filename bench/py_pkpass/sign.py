"""Signs passes with py-pkpass; runs in an environment of its own, for the sake of its dependencies.

Usage: python sign.py FOLDER SECONDS; FOLDER holds pass.json, images/ and the PEM files, out.pkpass is written.
"""

import io
import json
import sys
import time
from pathlib import Path
from typing import Any

from py_pkpass.models import Barcode, Field, Pass, StoreCard


def _sign(folder: Path, document: dict[str, Any], images: dict[str, bytes], number: int) -> bytes:
    card = StoreCard()
    for group, fields in document["storeCard"].items():
        setattr(card, group, [Field(each["key"], each["value"], each["label"]) for each in fields])
    made = Pass(
        card,
        passTypeIdentifier=document["passTypeIdentifier"],
        organizationName=document["organizationName"],
        teamIdentifier=document["teamIdentifier"],
    )
    for key in ("description", "backgroundColor", "foregroundColor", "webServiceURL", "authenticationToken"):
        setattr(made, key, document[key])
    made.serialNumber = f"card-{number}"
    barcode = document["barcodes"][0]
    made.barcode = Barcode(barcode["message"], barcode["format"], messageEncoding=barcode["messageEncoding"])
    for name, data in images.items():
        made.addFile(name, io.BytesIO(data))
    paths = [str(folder / name) for name in ("leaf.pem", "key.pem", "wwdr.pem")]
    content: io.BytesIO = made.create(*paths, "")
    return content.getvalue()


def _main(folder: Path, seconds: float) -> None:
    document = json.loads((folder / "pass.json").read_bytes())
    images = {path.name: path.read_bytes() for path in (folder / "images").iterdir()}
    made = _sign(folder, document, images, 0)
    count = 0
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        count += 1
        made = _sign(folder, document, images, count)
    per_second = count / (time.perf_counter() - start)
    (folder / "out.pkpass").write_bytes(made)
    print(json.dumps({"passes_per_s": per_second}))


_main(Path(sys.argv[1]), float(sys.argv[2]))
