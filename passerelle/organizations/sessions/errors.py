"""Refusals of sessions."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class SecondFactorRequired(Refusal):
    """The password is right, and the account asks for a code as well."""

    code = "second_factor_required"
    status = 401
    text: ClassVar[Sentence] = {
        "en": "Enter the 6 digits that your authenticator app shows, or one of your recovery codes.",
        "fr": "Saisissez les 6 chiffres affichés par votre application d'authentification, ou un code de secours.",
        "ar": "أدخل الأرقام الستة التي يعرضها تطبيق المصادقة، أو أحد رموز الاسترداد.",
    }


class SessionNotFound(NotFound):
    code = "session_not_found"
