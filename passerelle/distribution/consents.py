# ruff: noqa: RUF001  one sentence is one line, with the apostrophes of print
"""What the join form asks people to agree to: the words, their version, and the channels they speak of.

Whoever changes a word changes the version: the record keeps both, and must be able to show what was agreed to.
"""

from dataclasses import dataclass
from typing import Final, Literal

from passerelle.distribution.wording import typeset
from passerelle.kit.i18n import Language, Sentence
from passerelle.privacy.schemas import NewConsent

Channel = Literal["none", "sms", "whatsapp", "push", "email"]
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
    "en": "I also want offers and news from {controller} by SMS, WhatsApp and notifications of my card. I can stop "
    "them at any time, free of charge.",
    "fr": "Je souhaite aussi recevoir les offres et nouveautés de {controller} par SMS, WhatsApp et notifications de "
    "ma carte. Je peux les arrêter à tout moment, sans frais.",
    "ar": "أرغب أيضًا في تلقي عروض {controller} وأخباره عبر الرسائل القصيرة وواتساب وإشعارات بطاقتي. يمكنني إيقافها "
    "في أي وقت ومجانًا.",
}
_MARKETING_EMAIL_VERSION: Final = "marketing-email-2026-11"
_MARKETING_EMAIL: Final[Sentence] = {
    "en": "I also want offers and news from {controller} by SMS, WhatsApp, e-mail if I gave it, and notifications of "
    "my card. I can stop them at any time, free of charge.",
    "fr": "Je souhaite aussi recevoir les offres et nouveautés de {controller} par SMS, WhatsApp, e-mail si je l’ai "
    "donné, et notifications de ma carte. Je peux les arrêter à tout moment, sans frais.",
    "ar": "أرغب أيضًا في تلقي عروض {controller} وأخباره عبر الرسائل القصيرة وواتساب والبريد الإلكتروني إن ذكرته "
    "وإشعارات بطاقتي. يمكنني إيقافها في أي وقت ومجانًا.",
}
_CHANNELS: Final[tuple[Channel, ...]] = ("sms", "whatsapp", "push")


@dataclass(frozen=True, slots=True)
class Wordings:
    """The two sentences beside the two boxes, as shown; ``with_email`` when the form asks for an address."""

    loyalty: str
    marketing: str
    language: Language
    with_email: bool

    def given(self, *, marketing: bool, has_email: bool) -> list[NewConsent]:
        """What was agreed to: the program, and with the second box marketing on each channel it names."""
        consents = [self._consent("loyalty_program", "none", self.loyalty, _LOYALTY_VERSION)]
        if marketing:
            channels = (*_CHANNELS, "email") if self.with_email and has_email else _CHANNELS
            version = _MARKETING_EMAIL_VERSION if self.with_email else _MARKETING_VERSION
            consents += [self._consent("marketing", channel, self.marketing, version) for channel in channels]
        return consents

    def _consent(self, purpose: str, channel: Channel, wording: str, version: str) -> NewConsent:
        return NewConsent(
            purpose=purpose,
            channel=channel,
            state="granted",
            wording=wording,
            wording_version=version,
            language=self.language,
            source="form",
        )


def wordings(program: str, controller: str, language: Language, *, with_email: bool) -> Wordings:
    """The sentences for one program in one language."""
    names = {"program": program, "controller": controller}
    marketing = _MARKETING_EMAIL if with_email else _MARKETING
    return Wordings(
        typeset(_LOYALTY[language], language).format(**names),
        typeset(marketing[language], language).format(**names),
        language,
        with_email,
    )
