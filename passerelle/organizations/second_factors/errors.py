"""Refusals of second factors."""

from typing import ClassVar

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence


class CodeWrong(Refusal):
    """The first code does not fit the secret."""

    code = "second_factor_code_wrong"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This code does not fit. Enter the newest one; if it never fits, check the clock of your phone.",
        "fr": "Ce code ne convient pas. Saisissez le plus récent ; sinon, vérifiez l'heure de votre téléphone.",
        "ar": "هذا الرمز غير مطابق. أدخل أحدث رمز، وإن تكرر ذلك فتحقّق من ساعة هاتفك.",
    }


class SecondFactorPresent(Refusal):
    """There is one already."""

    code = "second_factor_present"
    text: ClassVar[Sentence] = {
        "en": "A second factor is on already. Turn it off first to set up another phone.",
        "fr": "Un second facteur est déjà actif. Désactivez-le avant d'en configurer un autre.",
        "ar": "العامل الثاني مفعّل بالفعل. أوقفه أولًا لإعداد هاتف آخر.",
    }


class SecondFactorAbsent(Refusal):
    """There is none, or it was not begun."""

    code = "second_factor_absent"
    text: ClassVar[Sentence] = {
        "en": "There is no second factor yet. Begin by scanning a new QR code.",
        "fr": "Il n'y a pas encore de second facteur. Commencez par scanner un nouveau QR code.",
        "ar": "لا يوجد عامل ثانٍ بعد. ابدأ بمسح رمز QR جديد.",
    }
