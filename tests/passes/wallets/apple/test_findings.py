"""Every rule speaks three languages, with the same values in each, and bears a code of its own."""

import re
import string
from collections.abc import Iterator
from importlib import import_module

import pytest

from passerelle.passes.wallets.apple.findings import Rule
from passerelle.passes.wallets.apple.verify.archive import FILE_MISSING

MODULES = [
    "certificates",
    "certificate_rules",
    "key_files",
    "verify",
    *(f"verify.{name}" for name in ("archive", "barcodes", "document", "fields", "images", "key_types")),
    *(f"verify.{name}" for name in ("layouts", "manifest", "nfc", "reading", "signature")),
]


def rules() -> Iterator[tuple[str, Rule]]:
    for name in MODULES:
        module = import_module(f"passerelle.passes.wallets.apple.{name}")
        yield from ((f"{name}.{key}", value) for key, value in vars(module).items() if isinstance(value, Rule))


RULES = list(rules())


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("rule", [rule for _, rule in RULES], ids=[name for name, _ in RULES])
def test_sentences(rule: Rule) -> None:
    assert placeholders(rule.en) == placeholders(rule.fr) == placeholders(rule.ar)
    assert re.search("[\u0600-\u06ff]", rule.ar)
    for text in (rule.en, rule.fr, rule.ar):
        assert text.endswith((".", "}.", ">.", "DER.")) or text.rstrip()[-1].isalnum()
    assert re.fullmatch("[a-z0-9_]+", rule.code)


def test_codes_are_stable_names() -> None:
    by_code: dict[str, set[str]] = {}
    for _, rule in RULES:
        by_code.setdefault(rule.code, set()).add(rule.severity)
    assert all(len(severities) == 1 for severities in by_code.values())
    assert len(by_code) > 100


def test_values_are_shortened_printable_and_isolated() -> None:
    finding = FILE_MISSING.at("x" * 300, name="\x1b[2J\u202e" + "y" * 300)
    assert len(finding.path) == 200
    assert "\x1b" not in finding.sentence["en"]
    assert "\u202e" not in finding.sentence["ar"]
    assert len(finding.sentence["en"]) < 200
    assert "\u2068" in finding.sentence["ar"]
    assert "\u2068" not in finding.sentence["fr"]


def test_braces_in_values_do_no_harm() -> None:
    assert "{name}" in FILE_MISSING.at(name="{name}").sentence["en"]
