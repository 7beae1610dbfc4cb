"""Compares ``manifest.json`` with the files of the pass."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from passerelle.passes.wallets.apple.findings import Finding, Rule

_SHA1: Final = re.compile(r"[0-9A-Fa-f]{40}")
_SHA256_DIGITS: Final = 64
_NOT_LISTED: Final = frozenset({"manifest.json", "signature"})

HASH_UNREADABLE: Final = Rule(
    "error",
    "manifest_hash_unreadable",
    "The manifest gives no SHA-1 in hexadecimal for {name}. Write its 40 hexadecimal digits.",
    "Le manifeste ne donne pas de SHA-1 hexadécimal pour {name}. Écrivez ses 40 chiffres hexadécimaux.",
    "لا يعطي البيان قيمة SHA-1 سداسية عشرية للملف {name}. اكتب أرقامها الأربعين.",
)
HASH_IS_SHA256: Final = Rule(
    "error",
    "manifest_hash_sha256",
    "The manifest gives a SHA-256 for {name}; passes use SHA-1 (orders use SHA-256). Hash it with SHA-1.",
    "Le manifeste donne un SHA-256 pour {name} ; les cartes utilisent SHA-1 (les commandes, SHA-256). Hachez-le en"
    " SHA-1.",
    "يعطي البيان SHA-256 للملف {name}؛ البطاقات تستخدم SHA-1 (والطلبات SHA-256). احسب تجزئته بـ SHA-1.",
)
HASH_WRONG: Final = Rule(
    "error",
    "manifest_hash_wrong",
    "{name} was changed after the manifest was written: its SHA-1 differs. Write the manifest and sign again.",
    "{name} a été modifié après l'écriture du manifeste : son SHA-1 diffère. Réécrivez le manifeste et signez à"
    " nouveau.",
    "تغيّر {name} بعد كتابة البيان: قيمة SHA-1 مختلفة. اكتب البيان ووقّع من جديد.",
)
FILE_ABSENT: Final = Rule(
    "error",
    "manifest_file_absent",
    "The manifest lists {name}, which the pass does not hold. Add the file or remove the line, then sign again.",
    "Le manifeste cite {name}, absent de la carte. Ajoutez le fichier ou retirez la ligne, puis signez à nouveau.",
    "يذكر البيان {name} غير الموجود في البطاقة. أضف الملف أو احذف السطر ثم وقّع من جديد.",
)
FILE_UNLISTED: Final = Rule(
    "error",
    "manifest_file_unlisted",
    "The pass holds {name}, which the manifest does not list. Add its SHA-1 or remove the file, then sign again.",
    "La carte contient {name}, absent du manifeste. Ajoutez son SHA-1 ou retirez le fichier, puis signez à nouveau.",
    "تحتوي البطاقة على {name} غير المذكور في البيان. أضف SHA-1 له أو احذف الملف ثم وقّع من جديد.",
)


def check_manifest(manifest: dict[str, Any], files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Every file listed with its SHA-1, and nothing else."""
    for name, listed in manifest.items():
        path = f"manifest.json/{name}"
        if name in _NOT_LISTED:
            continue  # readers pass it over; it cannot be right, for it would have to hash itself
        if name not in files:
            yield FILE_ABSENT.at(path, name=name)
        elif not isinstance(listed, str) or not _SHA1.fullmatch(listed):
            sha256 = isinstance(listed, str) and len(listed) == _SHA256_DIGITS
            yield (HASH_IS_SHA256 if sha256 else HASH_UNREADABLE).at(path, name=name)
        elif hashlib.sha1(files[name], usedforsecurity=False).hexdigest() != listed.lower():
            yield HASH_WRONG.at(path, name=name)
    for name in files:
        if name not in _NOT_LISTED and name not in manifest:
            yield FILE_UNLISTED.at(name, name=name)
