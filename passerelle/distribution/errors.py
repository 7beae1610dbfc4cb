"""Refusals of distribution: of its API, and of its pages, which show them as sentences."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class LinkNotFound(NotFound):
    code = "link_not_found"


class CardNotActive(Refusal):
    """A link to a card that is blocked, used up or over would lead to nothing."""

    code = "card_not_active"
    text: ClassVar[Sentence] = {
        "en": "This card is blocked, used up or over, so a link to it would lead nowhere. Make it good first.",
        "fr": "Cette carte est bloquée, utilisée ou expirée : son lien ne mènerait à rien. Rétablissez-la d'abord.",
        "ar": "هذه البطاقة محظورة أو مستخدمة أو منتهية ولن يفيد رابطها. أعد صلاحيتها أولًا.",
    }


class TooManyLinks(Refusal):
    """A limit that nobody reaches by hand."""

    code = "too_many_links"
    text: ClassVar[Sentence] = {
        "en": "At most {limit} join links can be kept. Use one link with several utm_ parameters instead.",
        "fr": "On peut garder {limit} liens au plus. Utilisez un même lien avec plusieurs paramètres utm_.",
        "ar": "يمكن الاحتفاظ بعدد {limit} من الروابط كحد أقصى. استخدم رابطًا واحدًا بعدة معاملات utm_.",
    }


class DefaultLinkStays(Refusal):
    """The first address of a program stands on posters that nobody remembers."""

    code = "default_link_stays"
    text: ClassVar[Sentence] = {
        "en": "This is the program's own link, which cannot be archived. Pause the program to stop new cards.",
        "fr": "C'est le lien propre au programme, on ne peut pas l'archiver. Pour ne plus remettre de cartes, mettez "
        "le programme en pause.",
        "ar": "هذا هو الرابط الأصلي للبرنامج ولا يمكن أرشفته. لإيقاف إصدار البطاقات أوقف البرنامج مؤقتًا.",
    }


class PeriodTooLong(Refusal):
    """A funnel over a period that no index helps with."""

    code = "period_too_long"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The period must be 1 to {limit_days} days long, “to” after “from”.",
        "fr": "La période doit durer de 1 à {limit_days} jours, « to » après « from ».",
        "ar": "يجب أن تمتد الفترة من يوم واحد إلى {limit_days} يوم، و«to» بعد «from».",
    }


class PosterNotDrawn(Refusal):
    """The drawing program failed or took too long."""

    code = "poster_not_drawn"
    status = 503
    text: ClassVar[Sentence] = {
        "en": "The poster could not be drawn now. Try again in a moment.",
        "fr": "L'affiche n'a pas pu être dessinée. Réessayez dans un instant.",
        "ar": "تعذّر رسم الملصق الآن. أعد المحاولة بعد لحظات.",
    }
