"""What keeps codes and PINs from being guessed.

A code of ours has 80 random bits, and nobody finds one by trying; codes that were printed elsewhere may follow each
other, so callers who ask for many that no card has are stopped. That count lives in the memory of each process: it
needs no write, and nothing must be cleaned up. Wrong PINs are counted on the card itself, for all processes.
"""

import hmac
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import SecretStr

from passerelle.giftcards import queries, rules
from passerelle.giftcards.errors import PinLocked, PinWrong, TooManyUnknownCodes
from passerelle.giftcards.events import GiftCardPinLocked
from passerelle.kit import clock
from passerelle.kit.crypto import TenantKeys
from passerelle.kit.db import Tx
from passerelle.kit.errors import Refusal
from passerelle.kit.events import announce

_CALLERS: Final = 20_000


@dataclass(slots=True)
class _Misses:
    since: datetime
    count: int


# By tenant and caller, those seen longest ago first.
_misses: Final[OrderedDict[tuple[UUID, str], _Misses]] = OrderedDict()


def require_patience(tx: Tx) -> None:
    """Refuse a caller who asked for too many unknown codes lately; raises TooManyUnknownCodes."""
    misses = _current(tx)
    if misses is not None and misses.count >= rules.MAX_UNKNOWN_CODES:
        raise TooManyUnknownCodes(minutes=int(rules.UNKNOWN_CODES_WINDOW.total_seconds() // 60))


def count_unknown_code(tx: Tx) -> None:
    """Remember that the caller asked for a code that no card has."""
    key = (tx.organization_id, tx.actor.label)
    misses = _current(tx) or _Misses(clock.now(), 0)
    misses.count += 1
    _misses[key] = misses
    _misses.move_to_end(key)
    if len(_misses) > _CALLERS:
        _misses.popitem(last=False)


def pin_digest(keys: TenantKeys, gift_card_id: UUID, pin: SecretStr) -> bytes:
    """What is stored of a PIN: keyed with the organization's key and bound to the card."""
    return keys.derive("gift_cards.pin", f"{gift_card_id}:{pin.get_secret_value()}")


async def prove_pin(tx: Tx, gift_card_id: UUID, pin: SecretStr) -> Refusal | None:
    """Check a PIN; None when it is right, or when the card has none.

    A refusal is returned, not raised: the failure must be counted, so the transaction must commit. Raises
    GiftCardNotFound.
    """
    row, now = await queries.pin_for_update(tx, gift_card_id), clock.now()
    if row["pin"] is None:
        return None
    if row["pin_locked_until"] is not None and now < row["pin_locked_until"]:
        return PinLocked(minutes=int(rules.PIN_LOCK.total_seconds() // 60))
    if hmac.compare_digest(pin_digest(await tx.vault.keys(tx), gift_card_id, pin), row["pin"]):
        if row["wrong_pins"]:
            await tx.execute(queries.COUNT_PIN, tx.organization_id, gift_card_id, 0, None)
        return None
    state = rules.after_wrong_pin(row["wrong_pins"], now)
    await tx.execute(queries.COUNT_PIN, tx.organization_id, gift_card_id, state.wrong_pins, state.locked_until)
    if state.locked_until is None:
        return PinWrong(limit=rules.MAX_WRONG_PINS)
    await announce(tx, GiftCardPinLocked(gift_card_id=gift_card_id))
    return PinLocked(minutes=int(rules.PIN_LOCK.total_seconds() // 60))


def _current(tx: Tx) -> _Misses | None:
    misses = _misses.get((tx.organization_id, tx.actor.label))
    return misses if misses is not None and clock.now() - misses.since < rules.UNKNOWN_CODES_WINDOW else None
