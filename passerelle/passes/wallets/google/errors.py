"""Refusals of the Google Wallet adapter."""

from typing import ClassVar

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence


class GoogleAccountRefused(Refusal):
    """Base: the service-account file cannot be used; every subclass names one thing to put right."""

    status = 422


class AccountUnreadable(GoogleAccountRefused):
    """Not JSON, not an object, or far too large."""

    code = "google_account_unreadable"
    text: ClassVar[Sentence] = {
        "en": "This is not a service-account key file. Download the JSON key from the Google Cloud console.",
        "fr": "Ce n'est pas un fichier de clé de compte de service. Téléchargez la clé JSON depuis la console "
        "Google Cloud.",
        "ar": "هذا ليس ملف مفتاح حساب خدمة. نزّل مفتاح JSON من وحدة تحكم Google Cloud.",
    }


class AccountWrongType(GoogleAccountRefused):
    """A key of another kind, such as an OAuth client or an authorized user."""

    code = "google_account_wrong_type"
    text: ClassVar[Sentence] = {
        "en": "The key file is not of type “service_account”. Create a key for a service account, not for an "
        "OAuth client.",
        "fr": "Le fichier n'est pas de type « service_account ». Créez une clé pour un compte de service, pas "
        "pour un client OAuth.",
        "ar": "نوع الملف ليس «service_account». أنشئ مفتاحًا لحساب خدمة وليس لعميل OAuth.",
    }


class AccountEmailMissing(GoogleAccountRefused):
    """``client_email`` is missing or no address."""

    code = "google_account_email_missing"
    text: ClassVar[Sentence] = {
        "en": "The key file has no usable “client_email”. Download the key again.",
        "fr": "Le fichier ne contient pas de « client_email » utilisable. Téléchargez la clé à nouveau.",
        "ar": "لا يحتوي الملف على «client_email» صالح. نزّل المفتاح مرة أخرى.",
    }


class AccountKeyUnreadable(GoogleAccountRefused):
    """``private_key`` is no RSA private key in PEM."""

    code = "google_account_key_unreadable"
    text: ClassVar[Sentence] = {
        "en": "The “private_key” of the key file is not a readable RSA key. Copy the file whole, with its line "
        "breaks, or download it again.",
        "fr": "La « private_key » du fichier n'est pas une clé RSA lisible. Copiez le fichier entier, avec ses "
        "retours à la ligne, ou téléchargez-le à nouveau.",
        "ar": "قيمة «private_key» في الملف ليست مفتاح RSA قابلًا للقراءة. انسخ الملف كاملًا مع فواصل الأسطر أو "
        "نزّله مرة أخرى.",
    }


class AccountKeyUnsuitable(GoogleAccountRefused):
    """The RSA key is too short to be safe, or so long that signing would stall; ``bits`` tells."""

    code = "google_account_key_unsuitable"
    text: ClassVar[Sentence] = {
        "en": "The RSA key has {bits} bits; it must have 2048 to 8192. Create a new key for the service account.",
        "fr": "La clé RSA compte {bits} bits ; il en faut de 2048 à 8192. Créez une nouvelle clé pour le compte "
        "de service.",
        "ar": "طول مفتاح RSA هو {bits} بت، ويجب أن يكون بين 2048 و8192. أنشئ مفتاحًا جديدًا لحساب الخدمة.",
    }


class AccountTokenUriRefused(GoogleAccountRefused):
    """``token_uri`` is not an address that a signed assertion may be sent to."""

    code = "google_account_token_uri_refused"
    text: ClassVar[Sentence] = {
        "en": "The “token_uri” must be an https address such as https://oauth2.googleapis.com/token.",
        "fr": "Le « token_uri » doit être une adresse https comme https://oauth2.googleapis.com/token.",
        "ar": "يجب أن يكون «token_uri» عنوان https مثل https://oauth2.googleapis.com/token.",
    }


class IssuerIdRefused(GoogleAccountRefused):
    """The issuer id is not the decimal number that Google shows."""

    code = "google_issuer_id_refused"
    text: ClassVar[Sentence] = {
        "en": "The issuer ID must be the number shown in the Google Pay & Wallet Console, digits only.",
        "fr": "L'identifiant d'émetteur doit être le nombre affiché dans la console Google Pay et Wallet, "
        "chiffres uniquement.",
        "ar": "يجب أن يكون معرّف الجهة المصدرة هو الرقم الظاهر في Google Pay & Wallet Console، أرقام فقط.",
    }


class SaveLinkRefused(Refusal):
    """A save link that Google could not honour; ``field`` names what is missing or unusable."""

    code = "google_save_link_refused"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This card cannot be offered as a Google Wallet link: “{field}” is missing or invalid.",
        "fr": "Cette carte ne peut pas être proposée par un lien Google Wallet : « {field} » manque ou est invalide.",
        "ar": "لا يمكن عرض هذه البطاقة برابط Google Wallet: «{field}» مفقود أو غير صالح.",
    }


class SaveLinkTooLong(Refusal):
    """Even with ids alone the link is longer than browsers carry; ``characters`` and ``limit`` tell."""

    code = "google_save_link_too_long"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The Google Wallet link would have {characters} characters, {limit} are allowed. Offer fewer cards "
        "at once.",
        "fr": "Le lien Google Wallet compterait {characters} caractères pour {limit} permis. Proposez moins de "
        "cartes à la fois.",
        "ar": "سيبلغ طول رابط Google Wallet {characters} حرفًا والحد الأقصى {limit}. اعرض عددًا أقل من البطاقات "
        "دفعة واحدة.",
    }


class GoogleQueueFull(Refusal):
    """More changes wait for Google than the queue holds; they stay due and are tried later."""

    code = "google_queue_full"
    status = 503
    text: ClassVar[Sentence] = {
        "en": "Too many changes are waiting for Google Wallet. Try again in a few minutes.",
        "fr": "Trop de modifications attendent Google Wallet. Réessayez dans quelques minutes.",
        "ar": "عدد كبير من التغييرات ينتظر Google Wallet. أعد المحاولة بعد بضع دقائق.",
    }


class CallbackMalformed(Refusal):
    """The callback's body is not the documented document."""

    code = "google_callback_malformed"
    status = 400
    text: ClassVar[Sentence] = {
        "en": "This is not a Google Wallet callback.",
        "fr": "Ceci n'est pas une notification de Google Wallet.",
        "ar": "هذا ليس إشعارًا من Google Wallet.",
    }


class CallbackSignatureInvalid(Refusal):
    """No valid chain from a root key to the message, or a message meant for another issuer."""

    code = "google_callback_signature_invalid"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "The signature of this callback does not verify.",
        "fr": "La signature de cette notification n'est pas valide.",
        "ar": "توقيع هذا الإشعار غير صحيح.",
    }


class CallbackExpired(Refusal):
    """Signed well, but the intermediate key or the message is past its time."""

    code = "google_callback_expired"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "This callback has expired.",
        "fr": "Cette notification a expiré.",
        "ar": "انتهت صلاحية هذا الإشعار.",
    }


class RootKeysUnavailable(Refusal):
    """Google's root keys could not be fetched and none that are fresh enough are held."""

    code = "google_root_keys_unavailable"
    status = 503
    text: ClassVar[Sentence] = {
        "en": "Google's signing keys cannot be fetched at the moment. Send the callback again later.",
        "fr": "Les clés de signature de Google sont inaccessibles pour le moment. Renvoyez la notification plus "
        "tard.",
        "ar": "يتعذّر حاليًا جلب مفاتيح التوقيع من Google. أعد إرسال الإشعار لاحقًا.",
    }
