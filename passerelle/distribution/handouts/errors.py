"""Refusals of handout links."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class HandoutLinkNotFound(NotFound):
    code = "handout_link_not_found"


class TooManyHandoutLinks(Refusal):
    """A limit that nobody reaches by hand."""

    code = "too_many_handout_links"
    text: ClassVar[Sentence] = {
        "en": "At most {limit} handout links can be kept. Use one of them again.",
        "fr": "On peut garder {limit} liens de distribution au plus. Réutilisez-en un existant.",
        "ar": "يمكن الاحتفاظ بعدد {limit} من روابط التوزيع كحد أقصى. أعد استخدام رابط موجود.",
    }


class CampaignForHolders(Refusal):
    """Codes that are good only for a customer by name cannot be given to strangers."""

    code = "campaign_for_holders"
    text: ClassVar[Sentence] = {
        "en": "Codes of “{coupon}” are good only for the customer they were issued to. Issue them one by one.",
        "fr": "Les codes de « {coupon} » ne valent que pour le client à qui ils sont remis. Remettez-les un par un.",
        "ar": "رموز «{coupon}» صالحة فقط للزبون الذي صدرت له. أصدرها واحدًا واحدًا.",
    }


class FewerThanHandedOut(Refusal):
    """A limit below what was given already."""

    code = "fewer_than_handed_out"
    text: ClassVar[Sentence] = {
        "en": "This link gave out {handed_out} codes already. Give a larger number, or switch the link off.",
        "fr": "Ce lien a déjà donné {handed_out} codes. Donnez un nombre plus grand, ou désactivez le lien.",
        "ar": "وزّع هذا الرابط {handed_out} رمزًا بالفعل. أعطِ عددًا أكبر أو عطّل الرابط.",
    }


class NothingLeft(Refusal):
    """The link is switched off, or gave all its codes."""

    code = "handout_nothing_left"
    status = 410
    text: ClassVar[Sentence] = {
        "en": "There is nothing left here. Ask at the till what is on offer now.",
        "fr": "Il n'y a plus rien ici. Demandez en caisse ce qui est proposé en ce moment.",
        "ar": "لم يبق شيء هنا. اسأل عند الصندوق عن العروض الحالية.",
    }
