"""Refusals of liability."""

from typing import ClassVar

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence


class PeriodReversed(Refusal):
    """A period that ends before it begins, or is looked at before it ended."""

    code = "period_reversed"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A period begins before it ends, and is looked at after that: from < to <= as_of.",
        "fr": "Une période commence avant sa fin, et se regarde après : from < to <= as_of.",
        "ar": "تبدأ الفترة قبل نهايتها ويُنظر إليها بعدها: from < to <= as_of.",
    }
