"""What a coupon gives, in words."""

from typing import Any

import pytest

from passerelle.kit.db import Tx
from passerelle.programs import service as programs
from passerelle.programs.schemas import ProgramIn
from passerelle.rewards.coupons import service as coupons
from passerelle.rewards.coupons.schemas import CampaignIn

MINUS, TIMES, BLANK = "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}", "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("effect", "language", "words"),
    [
        ({"type": "percent_off", "basis_points": 2_000}, "en", f"{MINUS}20%"),
        ({"type": "percent_off", "basis_points": 1_250}, "fr", f"{MINUS}12,5\N{NARROW NO-BREAK SPACE}%"),
        ({"type": "percent_off", "basis_points": 1_000}, "ar", f"\N{LEFT-TO-RIGHT MARK}{MINUS}10%"),
        ({"type": "amount_off", "amount_minor": 500}, "fr", f"{MINUS}5,00{BLANK}\N{EURO SIGN}"),
        ({"type": "amount_off", "amount_minor": 500}, "de-CH", f"{MINUS}\N{EURO SIGN}5.00"),
        ({"type": "free_item", "skus": ["croissant"]}, "fr", "Article offert"),
        ({"type": "free_item", "skus": ["croissant"], "quantity": 2}, "en", f"2 {TIMES} Free item"),
        ({"type": "buy_get", "buy": {"skus": ["latte"], "quantity": 2}}, "en", "Buy 2, get 1 free"),
        (
            {"type": "buy_get", "buy": {"skus": ["latte"]}, "get": {"quantity": 2}, "basis_points": 5_000},
            "fr",
            f"1 acheté, 2 à {MINUS}50\N{NARROW NO-BREAK SPACE}%",
        ),
        ({"type": "grant_units", "amount": 50}, "en", "+50 points"),
        ({"type": "grant_units", "amount": 1}, "fr", "+1 point"),
    ],
)
async def test_the_words_of_a_coupon(tx: Tx, effect: dict[str, Any], language: str, words: str) -> None:
    program = await programs.create_program(tx, ProgramIn.model_validate({"name": "Points", "kind": "points"}))
    new = CampaignIn.model_validate({"name": "Spring", "program_id": program.id, "terms": {"effect": effect}})
    campaign = await coupons.create_campaign(tx, new)
    value = await coupons.get_campaign_value(tx, campaign.id)
    assert await coupons.benefit_of(tx, value, language) == words
