"""Refusals of organizations."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence
from passerelle.kit.pacing import WINDOW_SECONDS
from passerelle.organizations.rules import LOCK_MINUTES


class SignInFailed(Refusal):
    """Wrong e-mail or password; which of the two is not told."""

    code = "sign_in_failed"
    status = 401
    text: ClassVar[Sentence] = {
        "en": "E-mail or password is wrong. After {limit} failures the account is locked for a while.",
        "fr": "E-mail ou mot de passe incorrect. Après {limit} échecs, le compte est bloqué un moment.",
        "ar": "البريد الإلكتروني أو كلمة المرور غير صحيحة. بعد {limit} محاولات فاشلة يُقفل الحساب مؤقتًا.",
    }


class AccountLocked(Refusal):
    """Too many wrong passwords in a row."""

    code = "account_locked"
    status = 429
    retry_after_seconds: ClassVar[int] = 60 * LOCK_MINUTES
    text: ClassVar[Sentence] = {
        "en": "Too many wrong passwords. Try again in {minutes} minutes.",
        "fr": "Trop de mots de passe erronés. Réessayez dans {minutes} minutes.",
        "ar": "عدد كبير من كلمات المرور الخاطئة. أعد المحاولة بعد {minutes} دقيقة.",
    }


class TooManyAttempts(Refusal):
    """One address asks too often for what could be guessed."""

    code = "too_many_attempts"
    status = 429
    retry_after_seconds: ClassVar[int] = WINDOW_SECONDS
    text: ClassVar[Sentence] = {
        "en": "Too many attempts from this connection. Try again in ten minutes.",
        "fr": "Trop de tentatives depuis cette connexion. Réessayez dans dix minutes.",
        "ar": "محاولات كثيرة جدًا من هذا الاتصال. أعد المحاولة بعد عشر دقائق.",
    }


class OperatorsOnly(Refusal):
    """An API key has no password, no sessions and no passkeys."""

    code = "operators_only"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "This belongs to a person's own account: sign in as an operator instead of using an API key.",
        "fr": "Ceci relève du compte d'une personne : connectez-vous en tant qu'opérateur, sans clé d'API.",
        "ar": "هذا يخص حساب شخص: سجّل الدخول كموظف بدلًا من استخدام مفتاح واجهة برمجية.",
    }


class OwnAccount(Refusal):
    """What one may do for a colleague is not for oneself: it would need no password."""

    code = "own_account"
    text: ClassVar[Sentence] = {
        "en": "This is your own account: use the account page, which asks for your password.",
        "fr": "C'est votre propre compte : passez par la page du compte, qui demande votre mot de passe.",
        "ar": "هذا حسابك أنت: استخدم صفحة الحساب التي تطلب كلمة مرورك.",
    }


class LinkInvalid(Refusal):
    """A link that was used, withdrawn, too old or never ours: which of these is not told."""

    code = "link_invalid"
    status = 410
    text: ClassVar[Sentence] = {
        "en": "This link is no longer good: it was used, withdrawn, or is too old. Ask for a new one.",
        "fr": "Ce lien n'est plus valable : utilisé, retiré ou trop ancien. Demandez-en un nouveau.",
        "ar": "لم يعد هذا الرابط صالحًا: استُخدم أو سُحب أو انتهت مدته. اطلب رابطًا جديدًا.",
    }


class SignUpClosed(Refusal):
    """This server does not take new organizations."""

    code = "sign_up_closed"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "This server does not take new organizations. Ask its operator.",
        "fr": "Ce serveur n'accepte pas de nouvelles organisations. Contactez son exploitant.",
        "ar": "هذا الخادم لا يقبل مؤسسات جديدة. تواصل مع مشغّله.",
    }


class SetupTokenWrong(Refusal):
    """The first organization of a server is opened by whoever started it."""

    code = "setup_token_wrong"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "The first organization is opened with the link that this server printed when it started.",
        "fr": "La première organisation s'ouvre avec le lien que ce serveur a affiché à son démarrage.",
        "ar": "تُفتح المؤسسة الأولى بالرابط الذي أظهره هذا الخادم عند تشغيله.",
    }


class EmailTaken(Refusal):
    """An operator with this e-mail is there already."""

    code = "operator_email_taken"
    text: ClassVar[Sentence] = {
        "en": "An operator with this e-mail exists already.",
        "fr": "Un opérateur avec cet e-mail existe déjà.",
        "ar": "يوجد بالفعل موظف بهذا البريد الإلكتروني.",
    }


class LocationNameTaken(Refusal):
    """Two locations of one name cannot be told apart on a report."""

    code = "location_name_taken"
    text: ClassVar[Sentence] = {
        "en": "A location with this name exists already. Choose another name.",
        "fr": "Un point de vente porte déjà ce nom. Choisissez-en un autre.",
        "ar": "يوجد موقع بهذا الاسم. اختر اسمًا آخر.",
    }


class UnknownTimeZone(Refusal):
    """Not an IANA time zone."""

    code = "unknown_time_zone"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "“{time_zone}” is not a time zone. Use an IANA name such as Africa/Casablanca.",
        "fr": "« {time_zone} » n'est pas un fuseau horaire. Utilisez un nom IANA comme Africa/Casablanca.",
        "ar": "«{time_zone}» ليس منطقة زمنية. استخدم اسم IANA مثل Africa/Casablanca.",
    }


class ScopeNotYours(Refusal):
    """Nobody gives more than they have, or changes somebody who has more."""

    code = "scope_not_yours"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "You cannot give “{scope}”, or change somebody who has it: you do not have it yourself.",
        "fr": "Vous ne pouvez ni accorder « {scope} », ni modifier qui en dispose : vous ne l'avez pas vous-même.",
        "ar": "لا يمكنك منح «{scope}» ولا تعديل من يملكها لأنك لا تملكها.",
    }


class LastOwner(Refusal):
    """An organization without an owner could never be managed again."""

    code = "last_owner"
    text: ClassVar[Sentence] = {
        "en": "This is the last owner. Make another operator an owner first.",
        "fr": "C'est le dernier propriétaire. Nommez d'abord un autre propriétaire.",
        "ar": "هذا آخر مالك. عيّن مالكًا آخر أولًا.",
    }


class OperatorNotFound(NotFound):
    code = "operator_not_found"


class LocationNotFound(NotFound):
    code = "location_not_found"


class ApiKeyNotFound(NotFound):
    code = "api_key_not_found"
