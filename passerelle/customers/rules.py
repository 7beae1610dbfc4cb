"""Decisions of customers: one spelling for every phone, e-mail and name, so that equal people are found equal."""

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import phonenumbers
from babel.core import get_global
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from passerelle.customers.errors import InvalidEmail, InvalidPhone

Source = Literal["form", "till", "import", "api"]
SearchKind = Literal["phone", "email", "name"]

MAX_ATTRIBUTES: Final = 50
MAX_SEGMENTS: Final = 50
MAX_NAME_WORDS: Final = 8
MAX_WORD_LETTERS: Final = 40
MAX_PHONE_CHARACTERS: Final = 40
FALLBACK_REGION: Final = "FR"
_ENCODED_WORD: Final = "=?"

_FEWEST_PHONE_DIGITS: Final = 5
_PLUS: Final = (["+"], ["\N{FULLWIDTH PLUS SIGN}"])
# Arabic writes one letter in several ways, and readers search with any of them. Hamza and madda fall off with the
# accents; these do not. By code point, for the letters look alike: alef wasla → alef, alef maqsura → yeh,
# teh marbuta → heh; tatweel, which only stretches, goes.
_ARABIC_FOLDS: Final = {0x0671: 0x0627, 0x0649: 0x064A, 0x0629: 0x0647, 0x0640: None}
# They turn the direction of what follows, on a card as well.
_DIRECTIONS: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def is_region(code: str) -> bool:
    """Whether numbers can be written the national way of this ISO 3166 country."""
    return code in phonenumbers.SUPPORTED_REGIONS


def region_of_time_zone(time_zone: str) -> str:
    """The country of an IANA time zone (from CLDR); where a zone has none (UTC), ``FALLBACK_REGION``."""
    region = get_global("zone_territories").get(time_zone, "")
    return region if is_region(region) else FALLBACK_REGION


def parse_phone(text: str, region: str) -> str:
    """The E.164 form of a number as people write it: with 0, 00 or +, spaces, dots, any script's digits.

    ``region`` is the country whose national form is meant when no country code is written. Raises InvalidPhone.
    """
    dialled = _dialled(text)
    number = _number(dialled, region)
    if number is None and dialled.startswith("00"):
        number = _number("+" + dialled[2:], region)  # 00 is read as + also where another prefix is dialled
    if number is None:
        raise _invalid_phone(region)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _dialled(text: str) -> str:
    """Western digits, with + before them if it was written; empty when there is more than digits and separators.

    The library would read letters as a keypad's digits and an “ext. 5” as an extension, and knows fewer spaces
    than word processors do.
    """
    kept = [letter for letter in text if not _separates(letter)]
    digits = kept[1:] if kept[:1] in _PLUS else kept
    if len(text) > MAX_PHONE_CHARACTERS or not all(letter.isdecimal() for letter in digits):
        return ""
    return "+" * (len(kept) - len(digits)) + "".join(str(unicodedata.decimal(letter)) for letter in digits)


def _separates(letter: str) -> bool:
    """Spaces, dashes, brackets, dots, slashes, and the invisible marks of text that runs both ways."""
    return letter.isspace() or letter in "./" or unicodedata.category(letter) in {"Cf", "Pd", "Ps", "Pe"}


def _number(dialled: str, region: str) -> PhoneNumber | None:
    try:
        number = phonenumbers.parse(dialled, region)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _invalid_phone(region: str) -> InvalidPhone:
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    example = example or phonenumbers.example_number(region)
    assert example is not None, "every supported region has an example"
    return InvalidPhone(
        region=region,
        example=phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL),
        international=phonenumbers.format_number(example, PhoneNumberFormat.INTERNATIONAL),
    )


def normal_email(text: str) -> str:
    """The address in the one form in which it is compared and kept, lower case. Raises InvalidEmail.

    The part before the @ may distinguish case by the standard (RFC 5321 §2.4); no provider does, people mix. What
    looks like an encoded word (RFC 2047) is refused: in a mail's header it would be read as another address.
    """
    if _ENCODED_WORD in text:
        raise InvalidEmail
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise InvalidEmail from None


def mailbox(email: str) -> str:
    """Where mail to a normal address ends up: without a “+tag”, and at Gmail without dots, which it ignores.

    For telling apart who is who only: an address is kept and written to as it was given.
    """
    local, _, domain = email.partition("@")
    local = local.partition("+")[0] or local
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def clean_name(text: str) -> str:
    """A name on one line: runs of space become one, control and direction-changing characters go."""
    kept = (letter for letter in text if letter.isspace() or unicodedata.category(letter) != "Cc")
    return " ".join(
        "".join(letter for letter in kept if unicodedata.bidirectional(letter) not in _DIRECTIONS).split()
    )


def full_name(first_name: str | None, last_name: str | None) -> str:
    """Both parts in the order of the product's languages; empty when neither is known."""
    return " ".join(part for part in (first_name, last_name) if part)


def name_words(text: str) -> tuple[str, ...]:
    """The words of a name as they are searched: no case, no accents, Arabic letters in one form; sorted, bounded.

    At most ``MAX_NAME_WORDS`` words of ``MAX_WORD_LETTERS`` letters: what stands beyond cannot be searched by.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()  # fancy letters first become letters that have a case
    folded = unicodedata.normalize("NFKD", plain).translate(_ARABIC_FOLDS)
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalnum() else " " for letter in letters).split()
    return tuple(sorted({word[:MAX_WORD_LETTERS] for word in words[:MAX_NAME_WORDS]}))


def search_kind(text: str) -> SearchKind:
    """What somebody who typed this into one search box means."""
    if "@" in text:
        return "email"
    has_letters = any(character.isalpha() for character in text)
    digits = sum(character.isdecimal() for character in text)
    return "phone" if digits >= _FEWEST_PHONE_DIGITS and not has_letters else "name"


@dataclass(frozen=True, slots=True, repr=False)
class BirthDate:
    """Day and month; the year only when somebody needs it (data minimisation). 29 February exists without one."""

    month: int
    day: int
    year: int | None = None

    def __post_init__(self) -> None:
        date(self.year or 2000, self.month, self.day)  # 2000 was a leap year

    def is_after(self, today: date) -> bool:
        """Whether the day of birth has not been yet; without a year it always has."""
        return self.year is not None and date(self.year, self.month, self.day) > today

    @property
    def yearly(self) -> str:
        """``02-29``: what recurs, by which birthdays are found."""
        return f"{self.month:02}-{self.day:02}"

    @property
    def text(self) -> str:
        """``1990-02-29`` or ``--02-29`` (RFC 6350 §4.3.1), as it is kept."""
        return f"{self.year:04}-{self.yearly}" if self.year else f"--{self.yearly}"

    @classmethod
    def read(cls, text: str) -> "BirthDate":
        """Back from ``text``."""
        year, month, day = text.rsplit("-", 2)
        return cls(int(month), int(day), int(year) if year.isdecimal() else None)
