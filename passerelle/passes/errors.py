"""Refusals of passes."""

from typing import ClassVar, Final

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class PassNotFound(NotFound):
    code = "pass_not_found"


class CardUnknown(Refusal):
    """A scanned code that is no card of this organization: garbage and foreign codes look the same."""

    code = "card_unknown"
    status = 404
    text: ClassVar[Sentence] = {
        "en": "This is not a card of your shop. Ask the customer to open your card, or find them by phone.",
        "fr": "Ce n'est pas une carte de votre commerce. Demandez la bonne carte, ou cherchez par téléphone.",
        "ar": "هذه ليست بطاقة متجرك. اطلب من الزبون فتح بطاقتك، أو ابحث برقم الهاتف.",
    }


class CardRevoked(Refusal):
    """The card was blocked."""

    code = "card_revoked"
    text: ClassVar[Sentence] = {
        "en": "This card is blocked. A manager can unblock it.",
        "fr": "Cette carte est bloquée. Un responsable peut la débloquer.",
        "ar": "هذه البطاقة محظورة. يمكن للمدير رفع الحظر.",
    }


class CardExpired(Refusal):
    """The card's time is over."""

    code = "card_expired"
    text: ClassVar[Sentence] = {
        "en": "This card expired on {on}. Offer the customer a new one.",
        "fr": "Cette carte a expiré le {on}. Proposez-en une nouvelle.",
        "ar": "انتهت صلاحية هذه البطاقة في {on}. اعرض على الزبون بطاقة جديدة.",
    }


class AppleNotConfigured(Refusal):
    """No pass certificate is set."""

    code = "apple_not_configured"
    status = 503
    text: ClassVar[Sentence] = {
        "en": "Apple Wallet is not set up on this server. Its operator must give a pass certificate.",
        "fr": "Apple Wallet n'est pas configuré. L'exploitant doit fournir un certificat de carte.",
        "ar": "لم يتم إعداد Apple Wallet على هذا الخادم. على المشغّل توفير شهادة البطاقات.",
    }


class GoogleNotConfigured(Refusal):
    """No service account is set."""

    code = "google_not_configured"
    status = 503
    text: ClassVar[Sentence] = {
        "en": "Google Wallet is not set up on this server. Its operator must give a service account.",
        "fr": "Google Wallet n'est pas configuré. L'exploitant doit fournir un compte de service.",
        "ar": "لم يتم إعداد Google Wallet على هذا الخادم. على المشغّل توفير حساب خدمة.",
    }


class GoogleUnavailable(Refusal):
    """Google did not take the card now."""

    code = "google_unavailable"
    status = 503
    text: ClassVar[Sentence] = {
        "en": "Google Wallet does not answer right now. Try again in a minute.",
        "fr": "Google Wallet ne répond pas pour le moment. Réessayez dans une minute.",
        "ar": "لا يستجيب Google Wallet حاليًا. أعد المحاولة بعد دقيقة.",
    }


class TrialCardNotFound(Refusal):
    """The link of a trial card is garbled or over."""

    code = "trial_card_not_found"
    status = 404
    text: ClassVar[Sentence] = {
        "en": "This link to a trial card is over. Show a new code in the card designer and scan it again.",
        "fr": "Ce lien vers une carte d'essai n'est plus valable. Affichez un nouveau code et scannez-le.",
        "ar": "انتهت صلاحية رابط البطاقة التجريبية. اعرض رمزًا جديدًا في المصمّم وامسحه.",
    }


class BlockedBySubject(Refusal):
    """Tills look coupons and gift cards up by their own codes: blocking the wallet card alone blocks nothing."""

    code = "blocked_by_subject"
    text: ClassVar[Sentence] = {
        "en": "Block the coupon or the gift card itself; its card in wallets follows.",
        "fr": "Bloquez le bon ou la carte cadeau même ; sa carte dans les téléphones suivra.",
        "ar": "احظر القسيمة أو بطاقة الهدية نفسها وستتبعها بطاقتها في المحافظ.",
    }


class TemplateNotOfKind(Refusal):
    """A design for another kind of cards, such as one of a program on a gift card."""

    code = "template_not_of_kind"
    text: ClassVar[Sentence] = {
        "en": "The chosen design is for cards of the kind {given}; this one is a {wanted}. Choose another design.",
        "fr": "Le modèle choisi est pour des cartes de type {given}, et celle-ci est de type {wanted}. Choisissez-en"
        " un autre.",
        "ar": "التصميم المختار لبطاقات من نوع {given} وهذه من نوع {wanted}. اختر تصميمًا آخر.",
    }


class ProgramHasNoTemplate(Refusal):
    """A card needs a published template."""

    code = "program_has_no_template"
    text: ClassVar[Sentence] = {
        "en": "This program has no published card design yet. Publish one first.",
        "fr": "Ce programme n'a pas encore de carte publiée. Publiez-en une d'abord.",
        "ar": "لا يوجد تصميم بطاقة منشور لهذا البرنامج. انشر واحدًا أولًا.",
    }


class CodeWrong(Refusal):
    """A signature or a password that does not fit its code: made up, or misread."""

    code = "code_wrong"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This code is not genuine, or was misread. Ask the customer to open the card again, and scan it.",
        "fr": "Ce code n'est pas authentique ou a été mal lu. Demandez au client de rouvrir sa carte et scannez-la.",
        "ar": "هذا الرمز غير أصلي أو قُرئ خطأً. اطلب من الزبون فتح البطاقة من جديد ثم امسحها.",
    }


class CodeTooOld(Refusal):
    """A rotating code that was shown too long ago: a picture of it, or a page that stood still."""

    code = "code_too_old"
    text: ClassVar[Sentence] = {
        "en": "This code is {minutes} minutes old and may be a picture. Ask the customer to open the card again.",
        "fr": "Ce code date de {minutes} min et peut être une photo. Demandez au client de rouvrir sa carte.",
        "ar": "عُرض هذا الرمز قبل {minutes} دقيقة وقد يكون صورة. اطلب من الزبون فتح البطاقة من جديد.",
    }


class CodeAhead(Refusal):
    """A rotating code of a time that has not come."""

    code = "code_ahead"
    text: ClassVar[Sentence] = {
        "en": "The clock of the customer's phone is ahead. Ask them to set its time automatically, then to open the"
        " card again.",
        "fr": "L'horloge du téléphone avance. Demandez au client de la régler automatiquement, puis de rouvrir sa"
        " carte.",
        "ar": "ساعة هاتف الزبون متقدمة. اطلب منه ضبطها تلقائيًا ثم فتح البطاقة من جديد.",
    }


class CodeUsed(Refusal):
    """The same rotating code was redeemed with at another till."""

    code = "code_used"
    text: ClassVar[Sentence] = {
        "en": "This code was just used at another till. Ask the customer to open the card again: in half a minute it"
        " shows a new one.",
        "fr": "Ce code vient de servir à une autre caisse. Demandez au client de rouvrir sa carte : elle affiche un"
        " nouveau code en une demi-minute.",
        "ar": "استُخدم هذا الرمز للتو في صندوق آخر. اطلب من الزبون فتح البطاقة من جديد فهي تعرض رمزًا جديدًا خلال نصف"
        " دقيقة.",
    }


class CodeReplaced(Refusal):
    """A genuine code of a card that has got a new one since."""

    code = "code_replaced"
    text: ClassVar[Sentence] = {
        "en": "This card has a new code, and this is the old one. Ask the customer to open the card again.",
        "fr": "Cette carte a un nouveau code, et celui-ci est l'ancien. Demandez au client de rouvrir sa carte.",
        "ar": "لهذه البطاقة رمز جديد وهذا هو القديم. اطلب من الزبون فتح البطاقة من جديد.",
    }


class CodeNotEnough(Refusal):
    """What was shown is copied more easily than the program allows for this."""

    code = "code_not_enough"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "This code can be copied, and is not enough for this. Ask the customer to open the card in their"
        " browser or in Google Wallet, and scan it there.",
        "fr": "Ce code peut être copié et ne suffit pas ici. Demandez au client d'ouvrir sa carte dans son navigateur"
        " ou dans Google Wallet, et scannez-la là.",
        "ar": "يمكن نسخ هذا الرمز ولا يكفي لهذا. اطلب من الزبون فتح البطاقة في المتصفح أو في Google Wallet ثم امسحها"
        " هناك.",
    }


READ_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    CardUnknown,
    CardRevoked,
    CardExpired,
    CodeWrong,
    CodeTooOld,
    CodeAhead,
    CodeReplaced,
    CodeNotEnough,
)
"""What may be wrong with a card that is shown."""
