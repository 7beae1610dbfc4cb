"""Refusals of achievements."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class AchievementNotFound(NotFound):
    code = "achievement_not_found"


class TooManyAchievements(Refusal):
    """A limit that keeps a scan fast, for every purchase counts towards each of them."""

    code = "too_many_achievements"
    text: ClassVar[Sentence] = {
        "en": "A program has at most {limit} active achievements. Take one out first.",
        "fr": "Un programme a {limit} défis actifs au plus. Désactivez-en un d'abord.",
        "ar": "للبرنامج {limit} إنجازًا نشطًا كحد أقصى. أوقف أحدها أولًا.",
    }
