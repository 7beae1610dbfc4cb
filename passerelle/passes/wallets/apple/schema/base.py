"""What all models of pass.json share: Apple's spelling, tolerance for keys of the future, checked texts."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

# Words that Apple writes in capitals wherever they do not start a key: webServiceURL, artistIDs.
_CAPITALS: Final = {
    "url": "URL",
    "urls": "URLs",
    "id": "ID",
    "ids": "IDs",
    "uuid": "UUID",
    "ssrs": "SSRs",
}
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII)
_RGB: Final = re.compile(
    # Apple's own samples write rgba(…, 0.75) as well.
    r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*[01](?:\.\d{1,6})?\s*)?\)",
    re.ASCII,
)
_HEX: Final = re.compile(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})")
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


def apple_key(name: str) -> str:
    """The key in pass.json of a python name: ``web_service_url`` is ``webServiceURL``."""
    first, *rest = name.split("_")
    return first + "".join(_CAPITALS.get(word, word.capitalize()) for word in rest)


class AppleModel(BaseModel):
    """An object of pass.json; keys that it does not know are kept as they came.

    Wallet tolerates unknown keys and Apple adds some every year: refusing or dropping them would age badly.
    """

    model_config = ConfigDict(extra="allow", alias_generator=apple_key, populate_by_name=True)

    def compact_json(self) -> bytes:
        """The object as Wallet reads it: Apple's keys, no blanks, nothing that is None."""
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()

    def compact_dict(self) -> dict[str, Any]:
        """The same as plain values, for a caller that fills in a card's values before packing."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def wallet_date(instant: datetime) -> str:
    """An instant in the form that pass.json wants, in UTC; a time zone is mandatory there."""
    if instant.tzinfo is None:
        raise ValueError("A date of a pass needs a time zone.")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_wallet_date(text: str) -> datetime | None:
    """The instant of a date in a pass, or None when it is not ISO 8601 with a time zone (seconds optional)."""
    if not _DATE.fullmatch(text):
        return None
    try:
        # Python reads at most six digits of a fraction; an instant need not be finer.
        return datetime.fromisoformat(re.sub(r"[.,](\d{1,6})\d*", r".\1", text))
    except ValueError:
        return None


def _check_date(text: str) -> str:
    if parse_wallet_date(text) is None:
        raise PydanticCustomError("wallet_date", "A date must be like 2026-11-22T10:00:00Z or …T10:00+01:00.")
    return text


def _check_color(text: str) -> str:
    rgb = _RGB.fullmatch(text)
    if not _HEX.fullmatch(text) and not (rgb and all(int(part) <= 255 for part in rgb.groups())):
        raise PydanticCustomError("wallet_color", "A color must be like rgb(20, 90, 200) or #145ac8.")
    return text


def _check_url(text: str) -> str:
    if not _URL.fullmatch(text):
        raise PydanticCustomError("wallet_url", "A link must be a whole URL such as https://example.com/.")
    return text


def _check_currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text):
        raise PydanticCustomError("wallet_currency", "A currency must be an ISO 4217 code such as EUR.")
    return text


WalletDate = Annotated[str, AfterValidator(_check_date)]
"""A date as text, kept as it is written: rewriting it could change the time zone that Wallet shows."""

Color = Annotated[str, AfterValidator(_check_color)]
Url = Annotated[str, AfterValidator(_check_url)]
CurrencyCode = Annotated[str, AfterValidator(_check_currency)]
