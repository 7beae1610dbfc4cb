"""One prefix, one kind of id: whoever reads a log knows what an id is of."""

import re
from collections import defaultdict

from tests.conftest import ROOT

_ALIAS = re.compile(r'^(\w+)Id = Annotated\[UUID, WireId\("(\w+)"\)\]', re.MULTILINE)


def test_a_prefix_names_one_noun() -> None:
    nouns: dict[str, set[str]] = defaultdict(set)
    for path in (ROOT / "passerelle").rglob("*.py"):
        for noun, prefix in _ALIAS.findall(path.read_text()):
            nouns[prefix].add(noun)
    assert len(nouns) > 40
    shortest = {prefix: min(found, key=len) for prefix, found in nouns.items()}
    # A reward that a tier brings is a reward: its name may say more.
    strangers = {
        prefix: sorted(found)
        for prefix, found in nouns.items()
        if not all(noun.endswith(shortest[prefix]) for noun in found)
    }
    assert strangers == {}
    assert not {"rfl", "ref", "cev", "evt"} - nouns.keys()
