"""Refusals of privacy."""

from typing import ClassVar

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence


class ConsentInFuture(Refusal):
    """A consent that is said to be given later than now."""

    code = "consent_in_future"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A consent cannot be given in the future. Leave “given_at” out for one that is given now.",
        "fr": "Un consentement ne peut pas être donné dans le futur. Omettez « given_at » s'il est donné maintenant.",
        "ar": "لا يمكن أن تكون الموافقة في المستقبل. احذف «given_at» إذا كانت الموافقة الآن.",
    }


class WordingMissing(Refusal):
    """A consent without the words that the person agreed to proves nothing (GDPR 7(1))."""

    code = "consent_wording_missing"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Send “wording”, “wording_version” and “language”: the exact words the person agreed to are the proof.",
        "fr": "Envoyez « wording », « wording_version » et « language » : le texte accepté sert de preuve.",
        "ar": "أرسل «wording» و«wording_version» و«language»: النص الذي وافق عليه الشخص هو الدليل.",
    }
