"""The stories of docs/algorithms/giftcards.md, told to a real ledger."""

from uuid import UUID

import pytest

from passerelle.giftcards import service
from passerelle.giftcards.schemas.holds import CaptureIn, HoldIn
from passerelle.kit.errors import Refusal
from tests.giftcards.conftest import DOCUMENT, Drawer
from tests.giftcards.test_rules import KINDS


class _Teller:
    """Does the steps of a story to one card."""

    def __init__(self, drawer: Drawer, card: UUID) -> None:
        self.drawer = drawer
        self.card = card
        self._redemption: UUID | None = None
        self._hold: UUID | None = None

    async def do(self, step: str) -> None:
        word, _, number = step.partition(" ")
        if step.startswith("+"):
            await self.drawer.act(self.card, "LOAD", int(step[1:]))
        elif step.startswith("-"):
            await self._redeem(step)
        elif word in {"up", "down"}:
            await self.drawer.act(self.card, "ADJUST_INCREMENT" if word == "up" else "ADJUST_DECREMENT", int(number))
        elif word == "back":
            await self.drawer.act(self.card, "REFUND", int(number), redemption_id=self._redemption)
        elif word in {"hold", "capture", "release"}:
            await self._held(word, number)
        else:
            await self.drawer.act(self.card, KINDS[step])

    async def _redeem(self, step: str) -> None:
        amount, partial = int(step[1:].rstrip("?")), step.endswith("?")
        acted = await self.drawer.act(self.card, "REDEEM", amount, allow_partial=partial)
        self._redemption = acted.activity.id

    async def _held(self, word: str, number: str) -> None:
        tx = self.drawer.tx
        if word == "hold":
            self._hold = (await service.hold_amount(tx, self.card, HoldIn(amount_minor=int(number)))).id
            return
        assert self._hold is not None
        if word == "capture":
            await service.capture_hold(tx, self.card, self._hold, CaptureIn(amount_minor=int(number)))
        else:
            await service.release_hold(tx, self.card, self._hold)


@pytest.mark.parametrize("row", DOCUMENT.rows_below("story"), ids=lambda row: row[0])
async def test_a_story_ends_as_the_page_says(drawer: Drawer, row: list[str]) -> None:
    story, balance, available, refused = row
    first, *steps = [step.strip() for step in story.split(",")]
    teller = _Teller(drawer, await drawer.card(int(first)))
    for step in steps[:-1]:
        await teller.do(step)
    if refused == "no":
        await teller.do(steps[-1])
    else:
        with pytest.raises(Refusal) as refusal:
            await teller.do(steps[-1])
        assert refusal.value.code == refused
    seen = await service.get_gift_card(drawer.tx, teller.card)
    assert (seen.balance_minor, seen.available_minor) == (int(balance), int(available))
    await drawer.require_sound_books()
