# ruff: noqa: RUF001  one sentence is one line, with the apostrophes of print
"""What the join form asks people to agree to: the words, their version, and the channels they speak of.

Whoever changes a word changes the version: the record keeps both, and must be able to show what was agreed to.
"""

from dataclasses import dataclass
from typing import Final

from passerelle.kit.i18n import Language, Sentence
from passerelle.privacy.schemas import NewConsent

_LOYALTY_VERSION: Final = "loyalty-2026-11"
_LOYALTY: Final[Sentence] = {
    "en": "I join “{program}”, and {controller} may use my details to run my card: balance, rewards, and messages "
    "about the card itself.",
    "fr": "J’adhère à « {program} » et j’accepte que {controller} utilise mes données pour gérer ma carte : solde, "
    "récompenses et messages qui la concernent.",
    "ar": "أنضم إلى «{program}» وأوافق على أن يستخدم {controller} بياناتي لإدارة بطاقتي: الرصيد والمكافآت والرسائل "
    "المتعلقة بها.",
}
_MARKETING_VERSION: Final = "marketing-2026-11"
_MARKETING: Final[Sentence] = {
    "en": "I also want offers and news from {controller} by SMS, WhatsApp, e-mail if I gave it, and notifications of "
    "my card. I can stop them at any time, free of charge.",
    "fr": "Je souhaite aussi recevoir les offres et nouveautés de {controller} par SMS, WhatsApp, e-mail si je l’ai "
    "donné, et notifications de ma carte. Je peux les arrêter à tout moment, sans frais.",
    "ar": "أرغب أيضًا في تلقي عروض {controller} وأخباره عبر الرسائل القصيرة وواتساب والبريد الإلكتروني إن ذكرته "
    "وإشعارات بطاقتي. يمكنني إيقافها في أي وقت ومجانًا.",
}


@dataclass(frozen=True, slots=True)
class Wordings:
    """The two sentences beside the two boxes, as shown."""

    loyalty: str
    marketing: str
    language: Language

    def given(self, *, marketing: bool, has_email: bool) -> list[NewConsent]:
        """What was agreed to: the program, and with the second box marketing on each channel it names."""
        shown = {"state": "granted", "language": self.language, "source": "form"}
        consents = [
            NewConsent(purpose="loyalty_program", wording=self.loyalty, wording_version=_LOYALTY_VERSION, **shown)
        ]
        if marketing:
            channels = ["sms", "whatsapp", "push", *(["email"] if has_email else [])]
            consents += [
                NewConsent(
                    purpose="marketing",
                    channel=channel,
                    wording=self.marketing,
                    wording_version=_MARKETING_VERSION,
                    **shown,
                )
                for channel in channels
            ]
        return consents


def wordings(program: str, controller: str, language: Language) -> Wordings:
    """The sentences for one program in one language."""
    names = {"program": program, "controller": controller}
    return Wordings(_LOYALTY[language].format(**names), _MARKETING[language].format(**names), language)
