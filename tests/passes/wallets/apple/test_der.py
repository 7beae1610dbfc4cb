"""DER is written as X.690 says, and whatever is read is either understood or refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.passes.wallets.apple import der

OIDS = st.tuples(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**40), max_size=8)).map(
    lambda parts: ".".join(str(arc) for arc in (parts[0], parts[1], *parts[2]))
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (der.integer(0), "020100"),
        (der.integer(127), "02017f"),
        (der.integer(128), "02020080"),
        (der.integer(-128), "020180"),
        (der.object_identifier("1.2.840.113549"), "06062a864886f70d"),
        (der.object_identifier("2.16.840.1.101.3.4.2.1"), "0609608648016503040201"),
        (der.element(der.OCTET_STRING, b"ab", b"c"), "0403616263"),
        (der.time(datetime(2026, 11, 22, 10, 0, 5, tzinfo=UTC)), "170d3236313132323130303030355a"),
        (der.time(datetime(2050, 1, 1, tzinfo=UTC)), "180f32303530303130313030303030305a"),
    ],
)
def test_written_form(written: bytes, expected: str) -> None:
    assert written.hex() == expected


@pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 65_536])
def test_lengths(size: int) -> None:
    found = der.read(der.element(der.OCTET_STRING, b"x" * size))
    assert (found.tag, len(found.content)) == (der.OCTET_STRING, size)


@given(OIDS)
def test_object_identifier_round_trip(dotted: str) -> None:
    assert der.read_object_identifier(der.read(der.object_identifier(dotted))) == dotted


@given(st.integers())
def test_integer_round_trip(value: int) -> None:
    assert der.read_integer(der.read(der.integer(value))) == value


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)), st.integers(-14, 14))  # noqa: DTZ001  the zone follows
def test_time_round_trip(instant: datetime, hours: int) -> None:
    aware = instant.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    assert der.read_time(der.read(der.time(aware))) == aware


def test_indefinite_lengths_are_read() -> None:
    inner = der.element(der.OCTET_STRING, b"\x00\x00") + der.integer(5)
    found = der.read(b"\x30\x80" + b"\x31\x80" + inner + b"\x00\x00" + b"\x00\x00")
    (group,) = found.children()
    assert [each.tag for each in group.children()] == [der.OCTET_STRING, der.INTEGER]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x30",
        b"\x30\x05\x00",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x02\x01\x01\x00",
        b"\x04\x80\x00\x00",
        b"\x1f\x01\x00",
        b"\x30\x80" * 200,
        b"\x30\x80\x02\x01\x01",
    ],
)
def test_broken_structures_are_refused(broken: bytes) -> None:
    with pytest.raises(der.MalformedAsn1):
        der.read(broken)


@given(st.binary(max_size=200))
def test_reading_never_fails_otherwise(data: bytes) -> None:
    try:
        found = der.read(data)
        found.children()
        der.read_time(found)
    except der.MalformedAsn1:
        return


@pytest.mark.parametrize("data", [b"\x06\x00", b"\x06\x01\x80", b"\x02\x01\x01"])
def test_no_object_identifier(data: bytes) -> None:
    with pytest.raises(der.MalformedAsn1):
        der.read_object_identifier(der.read(data))


@pytest.mark.parametrize("text", [b"261122100005", b"261322100005Z", b"", b"26112210000\xffZ"])
def test_no_time(text: bytes) -> None:
    with pytest.raises(der.MalformedAsn1):
        der.read_time(der.read(der.element(der.UTC_TIME, text)))
