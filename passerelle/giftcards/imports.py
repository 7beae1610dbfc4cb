"""Cards that are printed already: read from CSV, checked row by row, then all imported or none."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from pydantic import SecretStr

from passerelle.giftcards import queries, rules
from passerelle.giftcards.activities import act
from passerelle.giftcards.cards import add_card, code_index
from passerelle.giftcards.errors import CodeTaken
from passerelle.giftcards.schemas.activities import NewActivity
from passerelle.giftcards.schemas.imports import ImportIn, ImportOut, RowFault
from passerelle.kit import clock
from passerelle.kit.db import Tx
from passerelle.kit.errors import InvalidInput
from passerelle.kit.i18n import Language, Sentence

MAX_ROWS: Final = 1_000
MAX_FAULTS: Final = 100
_REQUIRED: Final = ("code", "amount_minor")
_COLUMNS: Final = (*_REQUIRED, "pin", "lapses_at")
_OWN_CODE: Final = re.compile(rules.OWN_CODE)
_PIN: Final = re.compile(r"^[0-9]{4,12}$")
_AMOUNT: Final = re.compile(r"^[0-9]{1,10}$")

FaultCode = Literal["code_invalid", "code_twice", "code_taken", "amount_invalid", "pin_invalid", "lapses_at_invalid"]
_TEXTS: Final[dict[FaultCode, Sentence]] = {
    "code_invalid": {
        "en": "A code has 8 to 40 letters and digits, with single blanks or hyphens between them.",
        "fr": "Un code a de 8 à 40 lettres et chiffres, séparés au plus par une espace ou un trait d'union.",
        "ar": "يتكوّن الرمز من 8 إلى 40 حرفًا ورقمًا، تفصل بينها مسافة أو شرطة واحدة.",
    },
    "code_twice": {
        "en": "This code stands in the file already, in row {first}.",
        "fr": "Ce code figure déjà dans le fichier, à la ligne {first}.",
        "ar": "هذا الرمز موجود في الملف في السطر {first}.",
    },
    "code_taken": {
        "en": "Another gift card has this code.",
        "fr": "Une autre carte cadeau porte ce code.",
        "ar": "توجد بطاقة هدية أخرى بهذا الرمز.",
    },
    "amount_invalid": {
        "en": "An amount is whole minor units from 0 to {limit}.",
        "fr": "Un montant est un nombre entier d'unités mineures de 0 à {limit}.",
        "ar": "المبلغ عدد صحيح من الوحدات الصغرى من 0 إلى {limit}.",
    },
    "pin_invalid": {
        "en": "A PIN has 4 to 12 digits.",
        "fr": "Un code PIN a de 4 à 12 chiffres.",
        "ar": "يتكوّن الرقم السري من 4 إلى 12 رقمًا.",
    },
    "lapses_at_invalid": {
        "en": "lapses_at is an instant to come with its offset, such as 2031-01-01T00:00:00+01:00.",
        "fr": "lapses_at est un instant à venir avec son décalage, comme 2031-01-01T00:00:00+01:00.",
        "ar": "lapses_at لحظة مستقبلية مع فارق التوقيت، مثل 2031-01-01T00:00:00+01:00.",
    },
}


@dataclass(frozen=True, slots=True, repr=False)
class _ImportedCard:
    row: int
    code: str
    amount_minor: int
    pin: SecretStr | None
    lapses_at: datetime | None


async def import_gift_cards(tx: Tx, told: ImportIn, language: Language) -> ImportOut:
    """Enter printed cards with what is left on them, as IMPORT; nothing when a row has a fault.

    Raises GiftCardProductNotFound, and InvalidInput for a file that has not the columns or too many rows.
    """
    product = await queries.get_product(tx, told.product_id)
    rows = _rows(told.csv)
    reader = _Reader(product.max_balance_minor, clock.now(), language)
    cards = [card for number, row in rows if (card := reader.read(number, row)) is not None]
    keys = await tx.vault.keys(tx)
    indexes = {code_index(keys, card.code): card for card in cards}
    for index in await queries.taken_codes(tx, list(indexes)):
        reader.fault(indexes[index].row, "code", "code_taken")
    total = sum(card.amount_minor for card in cards)
    faults = sorted(reader.faults, key=lambda fault: fault.row)[:MAX_FAULTS]
    if faults or told.dry_run:
        return ImportOut(rows=len(rows), imported=0, total_minor=total, faults=faults)
    for card in cards:
        gift_card_id = await add_card(tx, product, card.code, pin=card.pin)
        if gift_card_id is None:  # taken since it was looked up
            raise CodeTaken
        await act(tx, gift_card_id, _import_of(gift_card_id, card, product.currency))
    return ImportOut(rows=len(rows), imported=len(cards), total_minor=total, faults=[])


def _import_of(gift_card_id: UUID, card: _ImportedCard, currency: str) -> NewActivity:
    return NewActivity(
        "IMPORT",
        f"import:{gift_card_id}",
        amount_minor=card.amount_minor,
        currency=currency,
        lapses_at=card.lapses_at,
    )


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """The rows that are not empty, with their numbers."""
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True))
    except csv.Error as fault:
        raise InvalidInput(detail=f"csv: {fault}") from None
    header = [name.strip().lower() for name in lines[0]] if lines else []
    if not set(_REQUIRED) <= set(header) or not set(header) <= set(_COLUMNS) or len(set(header)) != len(header):
        raise InvalidInput(detail=f"csv: {','.join(_COLUMNS)}")
    rows = [
        (number, {name: cell.strip() for name, cell in zip(header, line, strict=False)})
        for number, line in enumerate(lines[1:], 2)
        if any(cell.strip() for cell in line)
    ]
    if not 1 <= len(rows) <= MAX_ROWS:
        raise InvalidInput(detail=f"csv: 1 to {MAX_ROWS} rows, {len(rows)} given")
    return rows


class _Reader:
    """Reads rows one after the other and remembers what is wrong, without repeating what was read."""

    def __init__(self, limit_minor: int, now: datetime, language: Language) -> None:
        self.faults: list[RowFault] = []
        self._limit = limit_minor
        self._now = now
        self._language = language
        self._seen: dict[str, int] = {}

    def fault(self, row: int, field: str, code: FaultCode, **params: int) -> None:
        message = _TEXTS[code][self._language].format(**params)
        self.faults.append(RowFault(row=row, field=field, code=code, message=message))

    def read(self, number: int, row: dict[str, str]) -> _ImportedCard | None:
        """The card of a row, or None with its faults remembered."""
        before = len(self.faults)
        code, amount, pin = row.get("code", ""), row.get("amount_minor", ""), row.get("pin", "")
        self._check_code(number, code)
        if not _AMOUNT.match(amount) or int(amount) > self._limit:
            self.fault(number, "amount_minor", "amount_invalid", limit=self._limit)
        if pin and not _PIN.match(pin):
            self.fault(number, "pin", "pin_invalid")
        lapses_at = _instant(row.get("lapses_at", ""))
        if row.get("lapses_at") and (lapses_at is None or lapses_at <= self._now):
            self.fault(number, "lapses_at", "lapses_at_invalid")
        if len(self.faults) > before:
            return None
        return _ImportedCard(number, code, int(amount), SecretStr(pin) if pin else None, lapses_at)

    def _check_code(self, number: int, code: str) -> None:
        if not _OWN_CODE.match(code):
            self.fault(number, "code", "code_invalid")
            return
        first = self._seen.setdefault(rules.normal_code(code), number)
        if first != number:
            self.fault(number, "code", "code_twice", first=first)


def _instant(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is not None and read.year < 2201 else None
