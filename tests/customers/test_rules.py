"""One spelling for each phone, e-mail, name and birthday."""

from datetime import date

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from passerelle.customers import rules
from passerelle.customers.errors import InvalidEmail, InvalidPhone
from passerelle.customers.rules import BirthDate

MOROCCAN = "+212612345678"
FRENCH = "+33612345678"


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("+212612345678", "MA", MOROCCAN),
        ("+212612345678", "FR", MOROCCAN),
        ("0612345678", "MA", MOROCCAN),
        ("612345678", "MA", MOROCCAN),
        ("212612345678", "MA", MOROCCAN),
        (" 06 12 34 56 78 ", "MA", MOROCCAN),
        ("06.12-34/56 78", "MA", MOROCCAN),
        ("+212 (0)6 12 34 56 78", "US", MOROCCAN),
        ("+212 06 12 34 56 78", "MA", MOROCCAN),
        ("00212 612 34 56 78", "MA", MOROCCAN),
        ("00212612345678", "US", MOROCCAN),  # an American dials 011, but writes what the card says
        ("٠٦١٢٣٤٥٦٧٨", "MA", MOROCCAN),  # Arabic-Indic digits
        ("+٢١٢ ٦١٢ ٣٤ ٥٦ ٧٨", "MA", MOROCCAN),
        ("٠٠٢١٢٦١٢٣٤٥٦٧٨", "US", MOROCCAN),
        ("۰۶۱۲۳۴۵۶۷۸", "MA", MOROCCAN),  # Persian digits
        ("\N{FULLWIDTH PLUS SIGN}212612345678", "MA", MOROCCAN),
        ("\u202a+212\u00a0612\u2011345\u2011678\u202c", "MA", MOROCCAN),  # as copied from a phone's contacts
        ("0612345678", "FR", FRENCH),
        ("0033 6 12 34 56 78", "MA", FRENCH),
        ("+33 6 12 34 56 78", "MA", FRENCH),
        ("0537 21 00 00", "MA", "+212537210000"),  # a landline is a phone
        ("(201) 555-0123", "US", "+12015550123"),
    ],
)
def test_a_phone_has_one_spelling(text: str, region: str, number: str) -> None:
    assert rules.parse_phone(text, region) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "none",
        "12345",
        "06123456780612345678",
        "0612345678 / 0699887766",
        "+999123456789",
        "0612345678 ext 5",
        "call 0612345678",
        "0 8" * 20,
        "²²²",
        "06,12,34,56,78",
        "06+12345678",
        "*#06#0612345678",
        "+" * 40,
    ],
)
def test_a_phone_that_is_none_tells_how_to_write_one(text: str) -> None:
    with pytest.raises(InvalidPhone) as refused:
        rules.parse_phone(text, "MA")
    assert refused.value.sentence() == (
        "This is not a phone number. Write it like 06 50 12 34 56, or with its country code like +212 6 50 12 34 56."
    )


def test_every_region_has_an_example_to_refuse_with() -> None:
    for region in phonenumbers.SUPPORTED_REGIONS:
        with pytest.raises(InvalidPhone) as refused:
            rules.parse_phone("none", region)
        assert rules.parse_phone(refused.value.params["international"], region)


_SEPARATORS = st.sampled_from(["", " ", ".", "-", "\u00a0", "\u202f"])
_SCRIPTS = st.sampled_from(["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"])


@given(
    subscriber=st.integers(0, 9_999_999),
    head=st.sampled_from(["0", "+212", "00212", "+2120", "+212(0)"]),
    separators=st.lists(_SEPARATORS, min_size=9, max_size=9),
    script=_SCRIPTS,
)
def test_any_spelling_of_a_moroccan_number_is_that_number(
    subscriber: int, head: str, separators: list[str], script: str
) -> None:
    digits = f"61{subscriber:07}"
    spelled = "".join(separator + digit for separator, digit in zip(separators, digits, strict=True))
    text = (head + spelled).translate(str.maketrans("0123456789", script))
    assert rules.parse_phone(text, "MA") == f"+212{digits}"


@given(st.text(max_size=60))
def test_no_text_breaks_the_phone_rule(text: str) -> None:
    try:
        number = rules.parse_phone(text, "MA")
    except InvalidPhone:
        return
    assert number[0] == "+"
    assert number[1:].isascii()
    assert number[1:].isdecimal()
    assert rules.parse_phone(number, "US") == number


@pytest.mark.parametrize(
    ("time_zone", "region"), [("Africa/Casablanca", "MA"), ("Europe/Paris", "FR"), ("UTC", rules.FALLBACK_REGION)]
)
def test_the_zone_of_the_organization_tells_its_country(time_zone: str, region: str) -> None:
    assert rules.region_of_time_zone(time_zone) == region


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ada.Lovelace@Example.COM ", "ada.lovelace@example.com"),
        ("ada+card@example.com", "ada+card@example.com"),
        ("ada@xn--exmple-cua.com", "ada@exämple.com"),
    ],
)
def test_an_email_has_one_spelling(text: str, address: str) -> None:
    assert rules.normal_email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        *("", "ada", "ada@", "@example.com", "a b@example.com", "Ada <ada@example.com>", "a@b"),
        "=?utf-8?q?omar?=@example.com",  # in a header, omar@example.com
        "=?utf-8?q?omar=40example.org=2Cx?=@example.com",
        "=?utf-8?q?=0D=0ABcc=3A_x?=@example.com",
    ],
)
def test_an_email_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidEmail):
        rules.normal_email(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Yasmine El Idrissi", ("el", "idrissi", "yasmine")),
        ("Zoë  O'Brien-Müller", ("brien", "muller", "o", "zoe")),
        ("STRAẞE strasse", ("strasse",)),
        ("أحمد", ("احمد",)),
        ("مؤمن رائد", ("رايد", "مومن")),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER A}da", ("ada",)),
        ("فاطمة", ("فاطمه",)),
        ("مُحَمَّد", ("محمد",)),
        ("سلـــمى", ("سلمي",)),
        ("… !", ()),
    ],
)
def test_names_are_searched_without_accents_case_or_spelling_variants(text: str, words: tuple[str, ...]) -> None:
    assert rules.name_words(text) == words


@given(st.text(max_size=300))
def test_words_of_a_name_are_bounded_and_stable(text: str) -> None:
    words = rules.name_words(text)
    assert len(words) <= rules.MAX_NAME_WORDS
    assert all(0 < len(word) <= rules.MAX_WORD_LETTERS for word in words)
    assert rules.name_words(" ".join(words)) == words


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  Ada \t Lovelace\n", "Ada Lovelace"),
        ("A\x00d\x07a", "Ada"),
        ("\u202eadA\u202c", "adA"),
        ("نیم\u200cسرد", "نیم\u200cسرد"),  # the joiner belongs to the spelling
    ],
)
def test_a_name_is_one_harmless_line(text: str, clean: str) -> None:
    assert rules.clean_name(text) == clean


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("06 12 34 56 78", "phone"),
        ("+٢١٢٦١٢٣٤٥٦٧٨", "phone"),
        ("ada@example.com", "email"),
        ("ada", "name"),
        ("Louis 14", "name"),
        ("14", "name"),
    ],
)
def test_one_search_box(text: str, kind: str) -> None:
    assert rules.search_kind(text) == kind


@pytest.mark.parametrize(
    ("birthday", "text", "yearly"),
    [
        (BirthDate(2, 29), "--02-29", "02-29"),
        (BirthDate(2, 29, 1996), "1996-02-29", "02-29"),
        (BirthDate(12, 1, 1984), "1984-12-01", "12-01"),
    ],
)
def test_a_birthday_is_kept_with_or_without_year(birthday: BirthDate, text: str, yearly: str) -> None:
    assert (birthday.text, birthday.yearly) == (text, yearly)
    assert BirthDate.read(text) == birthday


@pytest.mark.parametrize(("month", "day", "year"), [(2, 29, 1995), (2, 30, None), (4, 31, None), (13, 1, None)])
def test_a_day_that_is_not_in_the_calendar_is_no_birthday(month: int, day: int, year: int | None) -> None:
    with pytest.raises(ValueError, match=r"day|month"):
        BirthDate(month, day, year)


def test_a_birthday_without_year_has_always_been() -> None:
    today = date(2026, 11, 22)
    assert not BirthDate(12, 31).is_after(today)
    assert not BirthDate(11, 22, 2026).is_after(today)
    assert BirthDate(11, 23, 2026).is_after(today)


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("ada@example.com", "ada@example.com"),
        ("ada+friend@example.com", "ada@example.com"),
        ("a.da@example.com", "a.da@example.com"),
        ("a.d.a+x@gmail.com", "ada@gmail.com"),
        ("ada@googlemail.com", "ada@gmail.com"),
        ("+tag@example.com", "+tag@example.com"),
    ],
)
def test_a_mailbox_is_where_mail_ends_up(email: str, mailbox: str) -> None:
    assert rules.mailbox(email) == mailbox
