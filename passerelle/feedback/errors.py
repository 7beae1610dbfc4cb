"""Refusals of feedback."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class FeedbackNotFound(NotFound):
    code = "feedback_not_found"


class FeedbackClosed(Refusal):
    """The visit is too long ago, or the answer can no longer be changed."""

    code = "feedback_closed"
    text: ClassVar[Sentence] = {
        "en": "This answer can no longer be given or changed.",
        "fr": "Cette réponse ne peut plus être donnée ni modifiée.",
        "ar": "لم يعد بالإمكان إعطاء هذه الإجابة أو تعديلها.",
    }


class FeedbackNotAnswered(Refusal):
    """Nobody answered: there is nothing to reply to."""

    code = "feedback_not_answered"
    text: ClassVar[Sentence] = {
        "en": "The customer has not answered yet. There is nothing to reply to.",
        "fr": "Le client n'a pas encore répondu. Il n'y a rien à quoi répondre.",
        "ar": "لم يُجب الزبون بعد. لا يوجد ما يُرد عليه.",
    }


class FeedbackReplied(Refusal):
    """One reply for one answer."""

    code = "feedback_replied"
    text: ClassVar[Sentence] = {
        "en": "Somebody replied to this answer already.",
        "fr": "Quelqu'un a déjà répondu à cet avis.",
        "ar": "سبق أن رد أحدهم على هذه الإجابة.",
    }


class NoMailToCustomer(Refusal):
    """The customer has no address, or the server sends no mail."""

    code = "no_mail_to_customer"
    text: ClassVar[Sentence] = {
        "en": "No mail can be sent to this customer: no address is known, or the server sends no mail.",
        "fr": "Aucun e-mail ne peut être envoyé à ce client : adresse inconnue, ou serveur sans envoi d'e-mails.",
        "ar": "لا يمكن إرسال بريد إلى هذا الزبون: لا عنوان معروف له أو أن الخادم لا يرسل بريدًا.",
    }
