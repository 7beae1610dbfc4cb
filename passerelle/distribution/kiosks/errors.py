"""Refusals of kiosks."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class KioskNotFound(NotFound):
    code = "kiosk_not_found"


class KioskRevoked(Refusal):
    """A revoked address never works again."""

    code = "kiosk_revoked"
    text: ClassVar[Sentence] = {
        "en": "This kiosk is closed and stays so. Open another one for the tablet.",
        "fr": "Cette borne est fermée, et le reste. Ouvrez-en une autre pour la tablette.",
        "ar": "أُغلق هذا الكشك نهائيًا. افتح كشكًا آخر للجهاز اللوحي.",
    }


class TooManyKiosks(Refusal):
    """A limit that nobody reaches by hand."""

    code = "too_many_kiosks"
    text: ClassVar[Sentence] = {
        "en": "At most {limit} kiosks can be open. Close one that is no longer used.",
        "fr": "On peut garder {limit} bornes ouvertes au plus. Fermez-en une qui ne sert plus.",
        "ar": "يمكن فتح {limit} كشك كحد أقصى. أغلق كشكًا لم يعد مستخدمًا.",
    }
