"""Refusals of notes."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class NoteNotFound(NotFound):
    code = "note_not_found"


class TooManyNotes(Refusal):
    """One customer carries at most this many notes."""

    code = "too_many_notes"
    text: ClassVar[Sentence] = {
        "en": "A customer has at most {limit} notes. Remove some that nobody needs any more.",
        "fr": "Un client a au plus {limit} notes. Supprimez celles dont personne n'a plus besoin.",
        "ar": "للزبون {limit} ملاحظة كحد أقصى. احذف ما لم تعد هناك حاجة إليه.",
    }
