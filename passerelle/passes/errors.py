"""Refusals of passes."""

from typing import ClassVar

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
