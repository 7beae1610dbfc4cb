"""Refusals of passkeys."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class PasskeysUnavailable(Refusal):
    """Browsers allow passkeys only for a name over https."""

    code = "passkeys_unavailable"
    text: ClassVar[Sentence] = {
        "en": "Passkeys need a https address with a name. Ask whoever runs this server; use the password until then.",
        "fr": "Les clés d'accès exigent une adresse https avec un nom. En attendant, utilisez le mot de passe.",
        "ar": "تحتاج مفاتيح المرور إلى عنوان https باسم نطاق. استخدم كلمة المرور حتى ذلك الحين.",
    }


class PasskeyRefused(Refusal):
    """The answer of the authenticator is not good; which check failed is not told."""

    code = "passkey_refused"
    status = 401
    text: ClassVar[Sentence] = {
        "en": "This passkey was not accepted. Try again, or sign in with your password.",
        "fr": "Cette clé d'accès n'a pas été acceptée. Réessayez ou utilisez votre mot de passe.",
        "ar": "لم يُقبل مفتاح المرور هذا. أعد المحاولة أو سجّل الدخول بكلمة المرور.",
    }


class TooManyPasskeys(Refusal):
    """More than anybody has devices."""

    code = "too_many_passkeys"
    text: ClassVar[Sentence] = {
        "en": "You have {limit} passkeys already. Remove one that you no longer use.",
        "fr": "Vous avez déjà {limit} clés d'accès. Supprimez-en une qui ne sert plus.",
        "ar": "لديك بالفعل {limit} مفتاح مرور. احذف واحدًا لم تعد تستخدمه.",
    }


class PasskeyNotFound(NotFound):
    code = "passkey_not_found"
