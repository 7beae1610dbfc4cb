"""``passerelle verify-pass FILE``: a verdict on any pass, in sentences or as JSON."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509

from passerelle.kit.config import settings
from passerelle.kit.i18n import as_language
from passerelle.passes.identities import trust_roots
from passerelle.passes.wallets.apple.verify import judge
from passerelle.passes.wallets.apple.verify.archive import SIZE_LIMIT_BYTES


def run(file: Path, *, trust: Sequence[Path], language: str, as_json: bool) -> int:
    """Print the verdict; 0 when Wallet would take the pass, 1 when not, 2 when the file cannot be read."""
    reader = as_language(language) or "en"
    try:
        with file.open("rb") as opened:
            data = opened.read(SIZE_LIMIT_BYTES + 1)
        roots = [root for path in trust for root in x509.load_pem_x509_certificates(path.read_bytes())]
    except (OSError, ValueError) as fault:
        print(f"{fault}", file=sys.stderr)
        return 2
    verdict = judge(data, trust=[*roots, *trust_roots(settings())])
    findings = [
        {
            "severity": finding.severity,
            "code": finding.code,
            "path": finding.path,
            "sentence": finding.sentence[reader],
        }
        for finding in verdict.findings
    ]
    valid = not any(finding["severity"] == "error" for finding in findings)
    if as_json:
        print(json.dumps({"valid": valid, "findings": findings}, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            print(f"{finding['severity']:8} {finding['code']:32} {finding['path']}\n         {finding['sentence']}")
        print("Wallet would take this pass." if valid else "Wallet would refuse this pass.")
    return 0 if valid else 1
