"""Which consent holds, and how much of an address is kept."""

from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.privacy.rules import Said, permits, truncated_network


def _said(*words: tuple[str, str, int]) -> list[Said]:
    """Records of (channel, state, day of November), recorded in the order given."""
    return [
        Said(UUID(int=position), channel, state, datetime(2026, 11, day, tzinfo=UTC))
        for position, (channel, state, day) in enumerate(words)
    ]


@pytest.mark.parametrize(
    ("words", "channel", "allowed"),
    [
        ((), "sms", False),
        ((("sms", "granted", 1),), "sms", True),
        ((("sms", "granted", 1),), "email", False),
        ((("sms", "granted", 1), ("sms", "withdrawn", 2)), "sms", False),
        ((("sms", "granted", 1), ("sms", "withdrawn", 2), ("sms", "granted", 3)), "sms", True),
        ((("sms", "granted", 1), ("none", "withdrawn", 2)), "sms", False),
        ((("sms", "granted", 1), ("email", "withdrawn", 2)), "sms", True),
        ((("none", "withdrawn", 1), ("sms", "granted", 2)), "sms", True),
        ((("none", "granted", 1),), "sms", False),
        ((("none", "granted", 1),), "none", True),
        ((("none", "granted", 1), ("none", "withdrawn", 2)), "none", False),
        ((("sms", "withdrawn", 5), ("sms", "granted", 1)), "sms", False),  # an old consent, imported late
        ((("none", "withdrawn", 5), ("sms", "granted", 1)), "sms", False),
        ((("sms", "granted", 1), ("sms", "withdrawn", 1)), "sms", False),  # same instant: the later record
    ],
)
def test_what_was_said_last_counts(words: tuple[tuple[str, str, int], ...], channel: str, allowed: bool) -> None:  # noqa: FBT001  a table's column
    assert permits(_said(*words), channel) is allowed


_WORD = st.tuples(
    st.sampled_from(["none", "sms", "email"]), st.sampled_from(["granted", "withdrawn"]), st.integers(1, 20)
)


@given(st.lists(_WORD, max_size=8), st.sampled_from(["sms", "email"]))
def test_an_objection_ends_every_channel(words: list[tuple[str, str, int]], channel: str) -> None:
    assert not permits(_said(*words, ("none", "withdrawn", 25)), channel)
    assert permits(_said(*words, ("none", "withdrawn", 25), (channel, "granted", 26)), channel)


@given(st.lists(_WORD, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_reading_does_not_matter(words: list[tuple[str, str, int]], chance: Random) -> None:
    said = _said(*words)
    shuffled = chance.sample(said, len(said))
    assert permits(said, "sms") == permits(shuffled, "sms")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("196.12.34.56", "196.12.34.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:196.12.34.56", "196.12.34.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("testclient", None),
        ("", None),
    ],
)
def test_only_the_network_of_an_address_is_kept(address: str, network: str | None) -> None:
    assert truncated_network(address) == network
