"""Refusals of referral."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class ReferralCodeNotFound(NotFound):
    """No member of this program has the code."""

    code = "referral_code_not_found"
    text: ClassVar[Sentence] = {
        "en": "Nobody in this program has this code. Ask your friend for it again, or join without one.",
        "fr": "Personne n'a ce code dans ce programme. Redemandez-le à votre ami, ou inscrivez-vous sans code.",
        "ar": "لا أحد في هذا البرنامج يملك هذا الرمز. اطلبه من صديقك مجددًا أو انضم بدونه.",
    }


class ReferralNotOffered(Refusal):
    """The program rewards no referrals."""

    code = "referral_not_offered"
    text: ClassVar[Sentence] = {
        "en": "“{program}” does not reward referrals. Somebody who manages programs can set “referral”.",
        "fr": "« {program} » ne récompense pas le parrainage. Un responsable peut régler « referral ».",
        "ar": "برنامج «{program}» لا يكافئ دعوة الأصدقاء. يمكن لمدير البرامج ضبط «referral».",
    }
