"""Refusals at the counter; each says the one thing that the cashier can do."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class UndoTooLate(Refusal):
    """A cashier may take back an own operation for a while; after that it needs a manager."""

    code = "undo_too_late"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "This was more than {minutes} minutes ago. Ask a manager to undo it.",
        "fr": "Cela date de plus de {minutes} minutes. Demandez à un responsable de l'annuler.",
        "ar": "مضى أكثر من {minutes} دقيقة. اطلب من المدير التراجع عنها.",
    }


class UndoNotYours(Refusal):
    """Somebody else's operation."""

    code = "undo_not_yours"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "Somebody else did this. Ask them or a manager to undo it.",
        "fr": "Cette opération a été faite par quelqu'un d'autre. Demandez-lui, ou à un responsable, de l'annuler.",
        "ar": "أجرى هذه العملية شخص آخر. اطلب منه أو من المدير التراجع عنها.",
    }


class VisitUnknown(NotFound):
    """No visit was booked under this reference."""

    code = "visit_unknown"


class NotThisCard(Refusal):
    """The issued reward belongs to another member."""

    code = "not_this_card"
    text: ClassVar[Sentence] = {
        "en": "This reward belongs to another card. Scan that one.",
        "fr": "Cette récompense appartient à une autre carte. Scannez celle-là.",
        "ar": "هذه المكافأة تخصّ بطاقة أخرى. امسح تلك البطاقة.",
    }
