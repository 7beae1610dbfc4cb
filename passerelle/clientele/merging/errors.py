"""Refusals of a merge; where two entries contradict each other, the domain concerned has its own."""

from typing import ClassVar

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence


class SameCustomer(Refusal):
    """A customer was to be merged with themselves."""

    code = "same_customer"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "These are one and the same entry. Choose the other entry of this person.",
        "fr": "C'est une seule et même fiche. Choisissez l'autre fiche de cette personne.",
        "ar": "هذا السجل نفسه. اختر السجل الآخر لهذا الشخص.",
    }
