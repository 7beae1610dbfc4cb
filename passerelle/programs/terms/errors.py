"""Refusals of terms; what a membership that is not paid or has lapsed refuses is in programs/errors.py."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class TermNotFound(NotFound):
    code = "term_not_found"


class NoTerm(Refusal):
    """Memberships of this program never end, so there is nothing to renew."""

    code = "no_term"
    text: ClassVar[Sentence] = {
        "en": "Memberships of “{program}” do not end. Give the program a term before renewing.",
        "fr": "Les adhésions à « {program} » n'ont pas de fin. Donnez une durée au programme avant de renouveler.",
        "ar": "عضويات «{program}» لا تنتهي. حدّد مدة للبرنامج قبل التجديد.",
    }


class RenewalTooEarly(Refusal):
    """The running term has longer to go than the program lets it be renewed before its end."""

    code = "renewal_too_early"
    text: ClassVar[Sentence] = {
        "en": "This membership runs until {last_day}. It can be renewed from {first_day} on.",
        "fr": "Cette adhésion court jusqu'au {last_day}. Elle peut être renouvelée à partir du {first_day}.",
        "ar": "هذه العضوية سارية حتى \u2066{last_day}\u2069. يمكن تجديدها ابتداءً من \u2066{first_day}\u2069.",
    }


class PaymentDateRefused(Refusal):
    """A payment of the future, or of many years ago."""

    code = "payment_date_refused"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A payment was made between {earliest} and now. Check its date.",
        "fr": "Un paiement date d'entre le {earliest} et maintenant. Vérifiez sa date.",
        "ar": "يجب أن يكون تاريخ الدفع بين \u2066{earliest}\u2069 والآن. تحقّق من التاريخ.",
    }


class TermReferenceReused(Refusal):
    """The reference of a payment or a gift came back with another one."""

    code = "term_reference_reused"
    text: ClassVar[Sentence] = {
        "en": "This reference belongs to another payment. Every payment needs a reference of its own.",
        "fr": "Cette référence est celle d'un autre paiement. Chaque paiement a besoin de la sienne.",
        "ar": "هذا المرجع يخص دفعة أخرى. كل دفعة تحتاج مرجعًا خاصًا بها.",
    }


class TermIsOver(Refusal):
    """A gift up to a day that the membership reaches anyway, or up to one of the past."""

    code = "term_is_over"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A gift until {until} would add nothing: the membership runs longer. Choose a later day.",
        "fr": "Un don jusqu'au {until} n'ajouterait rien : l'adhésion va plus loin. Choisissez plus tard.",
        "ar": "الهدية حتى \u2066{until}\u2069 لن تضيف شيئًا: العضوية أطول. اختر يومًا لاحقًا.",
    }


class TermTooLong(Refusal):
    """The membership would run to a year in which no time is written any more."""

    code = "term_too_long"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "With this the membership would run beyond the year {year}. Choose a shorter term, or void one of it.",
        "fr": "L'adhésion irait ainsi au-delà de l'année {year}. Choisissez plus court, ou annulez une période.",
        "ar": "ستمتد العضوية بذلك إلى ما بعد سنة {year}. اختر مدة أقصر، أو ألغِ إحدى فتراتها.",
    }


class TooManyTerms(Refusal):
    """A limit that keeps a membership's history quick to tell."""

    code = "too_many_terms"
    text: ClassVar[Sentence] = {
        "en": "At most {limit} terms of a membership can stand. Choose a longer term for the program.",
        "fr": "Une adhésion compte {limit} périodes au plus. Choisissez une durée plus longue pour le programme.",
        "ar": "يمكن أن تحتوي العضوية على {limit} فترة كحد أقصى. اختر مدة أطول للبرنامج.",
    }


class VoidNeedsManager(Refusal):
    """A cashier may take an own payment back for a while."""

    code = "void_needs_manager"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "Somebody else recorded this, or it was more than {minutes} minutes ago. Ask a manager to undo it.",
        "fr": "Quelqu'un d'autre l'a enregistré, ou il y a plus de {minutes} minutes. Demandez à un responsable.",
        "ar": "سجّل هذا شخص آخر، أو مضى عليه أكثر من {minutes} دقيقة. اطلب من المدير التراجع عنه.",
    }
