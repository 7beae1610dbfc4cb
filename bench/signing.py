"""How many passes are signed per second on one core, beside raw RSA-2048 and two other libraries.

``python -m bench.signing`` prints the figures; ``run()`` returns them. All are measured in one run, in turns, so
that a busy machine slows all of them. What cannot be measured for want of Node or of a registry is left out with
a sentence.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from PIL import Image

from passerelle.emulators.apple_ca import Authority, IssuedCertificate, create_authority
from passerelle.passes.wallets.apple.package import StaticArchive
from passerelle.passes.wallets.apple.signing import Signer
from passerelle.passes.wallets.apple.verify import judge

_ROOT: Final = Path(__file__).parent.parent
_PASS_TYPE: Final = "pass.example.bench"
_TEAM: Final = "ABCDE12345"
_ROUNDS: Final = 7
_ROUND_S: Final = 0.5
_OTHERS_S: Final = 4.0
_INSTALL_LIMIT_S: Final = 300
_IMAGES: Final = {
    "icon@2x.png": (76, 76),
    "icon@3x.png": (114, 114),
    "icon.png": (38, 38),
    "logo@2x.png": (160, 50),
    "logo@3x.png": (240, 75),
    "strip@2x.png": (750, 246),
    "strip@3x.png": (1125, 369),
}


def run() -> dict[str, float]:
    """Passes per second, raw signatures per second, and the ratios to them and to other libraries."""
    authority = create_authority()
    issued = authority.issue_pass_certificate(_PASS_TYPE, _TEAM)
    images = {name: _picture(*size) for name, size in _IMAGES.items()}
    print(f"images: {len(images)}, {sum(map(len, images.values())) / 1000:.0f} kB")
    ours, raw, ratios = _measure(issued, images)
    figures = {"sign_passes_per_s": ours, "sign_rsa2048_per_s": raw, "sign_ratio_to_rsa": ratios}
    with tempfile.TemporaryDirectory() as folder:
        _write_inputs(Path(folder), issued, images)
        for name, command in (("passkit_generator", _passkit_generator()), ("py_pkpass", _py_pkpass())):
            if command is not None:
                theirs = _other(name, [*command, folder, str(_OTHERS_S)], Path(folder), authority)
                figures[f"sign_ratio_to_{name}"] = ours / theirs
    return figures


def _measure(issued: IssuedCertificate, images: dict[str, bytes]) -> tuple[float, float, float]:
    """The median of our rate, of the raw rate and of their ratio, over rounds in turns."""
    signer = Signer(issued.key, issued.certificate, issued.issuer)
    archive = StaticArchive.build(images)
    document = _document()

    def pack(number: int) -> None:
        document["serialNumber"] = f"card-{number}"
        archive.pack(document, signer)

    attributes, pkcs1, sha256 = os.urandom(107), padding.PKCS1v15(), hashes.SHA256()
    rounds = [(_rate(pack), _rate(lambda _: issued.key.sign(attributes, pkcs1, sha256))) for _ in range(_ROUNDS)]
    ours, raw = zip(*rounds, strict=True)
    return median(ours), median(raw), median(one / other for one, other in rounds)


def _rate(action: Callable[[int], object]) -> float:
    count = 0
    start = time.perf_counter()
    while (elapsed := time.perf_counter() - start) < _ROUND_S:
        for _ in range(20):
            count += 1
            action(count)
    return count / elapsed


def _document() -> dict[str, Any]:
    def field(key: str, value: str | int) -> dict[str, str | int]:
        return {"key": key, "label": key.capitalize(), "value": value}

    return {
        "formatVersion": 1,
        "passTypeIdentifier": _PASS_TYPE,
        "teamIdentifier": _TEAM,
        "serialNumber": "card-0",
        "organizationName": "Café Central",
        "description": "Loyalty card of the Café Central",
        "backgroundColor": "rgb(20, 90, 200)",
        "foregroundColor": "rgb(255, 255, 255)",
        "webServiceURL": "https://cards.example.com/wallet/apple",
        "authenticationToken": "vxwxd7J8AlNNFPS8k0a0FfUFtq0ewzFdc",
        "storeCard": {
            "headerFields": [field("points", 120)],
            "secondaryFields": [field("name", "Ada"), field("tier", "Gold")],
            "auxiliaryFields": [field("stamps", "7 of 10"), field("next", "A coffee")],
            "backFields": [
                field("contact", "hello@example.com"),
                field("terms", "One stamp for each coffee. " * 20),
                field("privacy", "We keep what the card shows, and nothing else. " * 10),
            ],
        },
        "barcodes": [{"format": "PKBarcodeFormatQR", "message": "01JD2Z8K3V-7F3A", "messageEncoding": "iso-8859-1"}],
    }


def _picture(width: int, height: int) -> bytes:
    """A gradient with a little grain in few colors: a strip as designers export it."""
    grain = Image.effect_noise((width // 4 + 1, height // 4 + 1), 20).resize((width, height))
    gradient = Image.linear_gradient("L").resize((width, height))
    content = io.BytesIO()
    Image.merge("RGB", (grain, gradient, gradient)).quantize(24).save(content, "PNG", optimize=True)
    return content.getvalue()


def _write_inputs(folder: Path, issued: IssuedCertificate, images: dict[str, bytes]) -> None:
    (folder / "images").mkdir()
    for name, data in images.items():
        (folder / "images" / name).write_bytes(data)
    (folder / "pass.json").write_text(json.dumps(_document()), encoding="utf-8")
    (folder / "leaf.pem").write_bytes(issued.certificate_pem())
    (folder / "key.pem").write_bytes(issued.key_pem())
    (folder / "wwdr.pem").write_bytes(issued.chain_pem().removeprefix(issued.certificate_pem()))


def _other(name: str, command: list[str], folder: Path, authority: Authority) -> float:
    """Another library's passes per second, after making sure that it signed the same pass soundly."""
    finished = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    passes_per_s = float(json.loads(finished.stdout.splitlines()[-1])["passes_per_s"])
    verdict = judge((folder / "out.pkpass").read_bytes(), trust=[authority.root])
    missing = _IMAGES.keys() - set(verdict.file_names)
    if not verdict.is_valid or missing:
        raise RuntimeError(f"{name} signed another pass: {[each.code for each in verdict.findings]}, {missing}")
    print(f"{name}: {passes_per_s:.1f} passes/s")
    return passes_per_s


def _passkit_generator() -> list[str] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        print("passkit-generator is left out: Node.js and npm are not installed.")
        return None
    folder = _ROOT / "bench" / "passkit_generator"
    if not (folder / "node_modules" / "passkit-generator").exists():
        install = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        if not _installed(install, folder, "passkit-generator"):
            return None
    return [node, str(folder / "sign.mjs")]


def _py_pkpass() -> list[str] | None:
    environment = _ROOT / ".venv-bench"
    python = environment / "bin" / "python"
    if not (environment / ".ready").exists():
        create = [sys.executable, "-m", "venv", str(environment)]
        lock = str(_ROOT / "locks" / "bench.txt")
        install = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock]
        if not (_installed(create, _ROOT, "py-pkpass") and _installed(install, _ROOT, "py-pkpass")):
            return None
        (environment / ".ready").touch()
    return [str(python), str(_ROOT / "bench" / "py_pkpass" / "sign.py")]


def _installed(command: list[str], folder: Path, name: str) -> bool:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=_INSTALL_LIMIT_S)
    except (subprocess.SubprocessError, OSError) as error:
        print(f"{name} is left out: it could not be installed ({type(error).__name__}).")
        return False
    return True


if __name__ == "__main__":
    for key, figure in run().items():
        print(f"{key}: {figure:.2f}")
