"""The questions how a visit was, as the pages of a customer show them."""

from uuid import UUID

from passerelle.distribution.mypage.wording import page_texts
from passerelle.feedback import service as feedback
from passerelle.kit.db import Tx
from passerelle.kit.i18n import Language


async def open_questions(tx: Tx, customer_id: UUID, shop: str, language: Language) -> list[tuple[str, str]]:
    """The question about each visit that the customer has not answered, and the address that answers it."""
    how_was_it = page_texts(language)["how_was_it"]
    return [
        (how_was_it.format(place=each.location or shop), f"{each.path}?lang={language}")
        for each in await feedback.list_asked(tx, customer_id)
    ]
