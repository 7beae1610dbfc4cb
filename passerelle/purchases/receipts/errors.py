"""Refusals of receipts."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Language, Sentence

_PERIODS: Final[Mapping[str, Sentence]] = {
    "day": {"en": "day", "fr": "jour", "ar": "اليوم"},
    "month": {"en": "month", "fr": "mois", "ar": "الشهر"},
}


class ReceiptNotFound(NotFound):
    """No such receipt, code or print; a wrong date or total looks the same."""

    code = "receipt_not_found"
    text: ClassVar[Sentence] = {
        "en": "There is no such receipt. Check the code, or the number, the date and the total.",
        "fr": "Ce ticket est introuvable. Vérifiez le code, ou le numéro, la date et le total.",
        "ar": "لا يوجد إيصال كهذا. تحقّق من الرمز، أو من الرقم والتاريخ والمجموع.",
    }


class ReceiptNumberAmbiguous(Refusal):
    """Several places or channels have a receipt of this number."""

    code = "receipt_number_ambiguous"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Several receipts have this number. Use the code that is printed on it, or name the location.",
        "fr": "Plusieurs tickets ont ce numéro. Utilisez le code imprimé sur le vôtre, ou indiquez le lieu.",
        "ar": "لعدة إيصالات هذا الرقم. استخدم الرمز المطبوع عليه أو حدّد الموقع.",
    }


class ReceiptClaimed(Refusal):
    """Somebody has it already: this customer, or another."""

    code = "receipt_claimed"
    text: ClassVar[Sentence] = {
        "en": "This receipt was claimed already. A receipt counts once.",
        "fr": "Ce ticket a déjà été réclamé. Un ticket ne compte qu'une fois.",
        "ar": "سبق تسجيل هذا الإيصال. كل إيصال يُحتسب مرة واحدة.",
    }


class ReceiptBooked(Refusal):
    """The purchase of this number was booked for a customer without a receipt."""

    code = "receipt_booked"
    text: ClassVar[Sentence] = {
        "en": "This receipt is booked for a customer already. It cannot be claimed; refunds are for the purchase.",
        "fr": "Ce ticket est déjà enregistré pour un client. Il ne se réclame plus ; on rembourse l'achat lui-même.",
        "ar": "سُجّل هذا الإيصال لزبون من قبل. لا يمكن المطالبة به، والاسترداد يتم على عملية الشراء نفسها.",
    }


class ReceiptExpired(Refusal):
    """Too late."""

    code = "receipt_expired"
    text: ClassVar[Sentence] = {
        "en": "This receipt could be claimed for {days} days, which are over.",
        "fr": "Ce ticket pouvait être réclamé pendant {days} jours, qui sont passés.",
        "ar": "كان بالإمكان تسجيل هذا الإيصال خلال {days} يومًا، وقد انقضت.",
    }


class ReceiptTakenBack(Refusal):
    """It was voided, or refunded whole."""

    code = "receipt_taken_back"
    text: ClassVar[Sentence] = {
        "en": "This purchase was cancelled or refunded. There is nothing left to claim.",
        "fr": "Cet achat a été annulé ou remboursé. Il ne reste rien à réclamer.",
        "ar": "أُلغيت عملية الشراء هذه أو استُرد مبلغها. لم يبقَ ما يُسجّل.",
    }


class TooManyClaims(Refusal):
    """The customer claimed as many as a day, or a month, allows."""

    code = "too_many_claims"
    text: ClassVar[Sentence] = {
        "en": "A customer may claim {limit} receipts a {period}, and has. Try again later.",
        "fr": "La limite de tickets par client ({limit} par {period}) est atteinte. Réessayez plus tard.",
        "ar": "بلغ الزبون الحد الأقصى للإيصالات ({limit} في {period}). حاول لاحقًا.",
    }

    def sentence(self, language: Language = "en") -> str:
        """The sentence, with the period in the same language."""
        return self.text[language].format(**self.params | {"period": _PERIODS[self.params["period"]][language]})


class PrintNotAllowed(Refusal):
    """The shop wants the code."""

    code = "claim_by_print_not_allowed"
    text: ClassVar[Sentence] = {
        "en": "Here a receipt is claimed by its code, not by number, date and total.",
        "fr": "Ici, un ticket se réclame par son code, et non par numéro, date et total.",
        "ar": "هنا يُسجّل الإيصال برمزه، لا بالرقم والتاريخ والمجموع.",
    }


class TooManyReceiptGuesses(Refusal):
    """Too many receipts were tried that there are not; known ones wait as well."""

    code = "too_many_receipt_guesses"
    status = 429
    text: ClassVar[Sentence] = {
        "en": "Too many unknown receipts were tried. Wait {minutes} minutes, then try again.",
        "fr": "Trop de tickets inconnus ont été essayés. Attendez {minutes} minutes, puis réessayez.",
        "ar": "جُرّب عدد كبير من الإيصالات غير المعروفة. انتظر {minutes} دقيقة ثم أعد المحاولة.",
    }

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.retry_after_seconds: int = params["minutes"] * 60


class ReceiptReferenceReused(Refusal):
    """The number came back with another purchase."""

    code = "receipt_reference_reused"
    text: ClassVar[Sentence] = {
        "en": "This receipt number belongs to another purchase at this place. Every receipt needs its own.",
        "fr": "Ce numéro de ticket est celui d'un autre achat de ce lieu. Chaque ticket a besoin du sien.",
        "ar": "رقم الإيصال هذا يخص عملية شراء أخرى في هذا المكان. كل إيصال يحتاج رقمًا خاصًا به.",
    }


CLAIM_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    ReceiptNotFound,
    ReceiptClaimed,
    ReceiptBooked,
    ReceiptExpired,
    ReceiptTakenBack,
    TooManyClaims,
    TooManyReceiptGuesses,
)
