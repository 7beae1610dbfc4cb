"""Refusals of the ledger."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class InsufficientBalance(Refusal):
    """The live lots of an account hold less than was asked for."""

    code = "insufficient_balance"
    text: ClassVar[Sentence] = {
        "en": "The balance is not enough: {needed} needed, {available} available.",
        "fr": "Le solde est insuffisant : {needed} demandés, {available} disponibles.",
        "ar": "الرصيد غير كافٍ: المطلوب {needed} والمتاح {available}.",
    }


class TransferConflict(Refusal):
    """The reference was used for a transfer with other contents."""

    code = "transfer_conflict"
    text: ClassVar[Sentence] = {
        "en": "This reference was used for another transfer. Use a new reference for a new operation.",
        "fr": "Cette référence a servi pour un autre mouvement. Utilisez une référence neuve par opération.",
        "ar": "استُخدم هذا المرجع لحركة أخرى. استخدم مرجعًا جديدًا لكل عملية.",
    }


class TransferNotFound(NotFound):
    code = "transfer_not_found"


class AlreadyReversed(Refusal):
    """The transfer was undone before, whole."""

    code = "already_reversed"
    text: ClassVar[Sentence] = {
        "en": "This transfer has already been reversed. Nothing is left to take back or to return.",
        "fr": "Ce mouvement a déjà été annulé. Il ne reste rien à reprendre ni à rendre.",
        "ar": "سبق إلغاء هذه الحركة. لم يبقَ شيء لاسترداده أو إعادته.",
    }


class NotReversible(Refusal):
    """Reversals, refunds and expiries are not undone; what they did is corrected by an adjustment."""

    code = "not_reversible"
    text: ClassVar[Sentence] = {
        "en": "A transfer of kind “{kind}” cannot be undone. Book an adjustment instead.",
        "fr": "Un mouvement de type « {kind} » ne peut pas être annulé. Passez un ajustement.",
        "ar": "لا يمكن إلغاء حركة من نوع «{kind}». سجّل تسوية بدلًا من ذلك.",
    }


class SpentMeanwhile(Refusal):
    """What the transfer gave was spent, and the rest of the balance does not make up for it."""

    code = "spent_meanwhile"
    text: ClassVar[Sentence] = {
        "en": "{missing} of the {needed} to take back were already spent. Undo the spending first, or waive it.",
        "fr": "{missing} sur les {needed} à reprendre sont déjà dépensés. Annulez d'abord la dépense ou renoncez-y.",
        "ar": "أُنفق {missing} من أصل {needed} المطلوب استردادها. ألغِ عملية الإنفاق أولًا أو تنازل عن المبلغ.",
    }


class MoreThanGiven(Refusal):
    """Refunds of a transfer together exceed what it gave."""

    code = "more_than_given"
    text: ClassVar[Sentence] = {
        "en": "The transfer gave less: at most {available} can still be taken back, {needed} were asked for.",
        "fr": "Le mouvement a donné moins : {available} au plus peuvent encore être repris, {needed} demandés.",
        "ar": "منحت الحركة أقل من ذلك: يمكن استرداد {available} كحد أقصى، والمطلوب {needed}.",
    }


class MoreThanTaken(Refusal):
    """What is to be given back together exceeds what the transfer took."""

    code = "more_than_taken"
    text: ClassVar[Sentence] = {
        "en": "The transfer took less: at most {available} can still be given back, {needed} were asked for.",
        "fr": "Le mouvement a pris moins : {available} au plus peuvent encore être rendus, {needed} demandés.",
        "ar": "أخذت الحركة أقل من ذلك: يمكن إعادة {available} كحد أقصى، والمطلوب {needed}.",
    }


class InvalidTransfer(Refusal):
    """Amounts, counts, times or references outside their limits."""

    code = "invalid_transfer"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The transfer cannot be booked: {detail}",
        "fr": "Le mouvement ne peut pas être enregistré : {detail}",
        "ar": "لا يمكن تسجيل الحركة: {detail}",
    }


class HoldNotFound(NotFound):
    code = "held_units_not_found"


class HoldIsOver(Refusal):
    """Units that were set aside were spent already, or given back by hand or by time."""

    code = "hold_is_over"
    text: ClassVar[Sentence] = {
        "en": "These units are no longer set aside ({state}). Look at the balance and start again.",
        "fr": "Ces unités ne sont plus réservées ({state}). Consultez le solde et recommencez.",
        "ar": "لم تعد هذه الوحدات محجوزة ({state}). راجع الرصيد وابدأ من جديد.",
    }


class NothingPending(Refusal):
    """No pending lot fits what was asked for: it became active, lapsed or was cancelled meanwhile."""

    code = "nothing_pending"
    text: ClassVar[Sentence] = {
        "en": "Nothing is pending there. It may be active already, or its time is over: look at the member again.",
        "fr": "Rien n'est en attente ici. C'est peut-être déjà actif ou échu : consultez à nouveau le membre.",
        "ar": "لا شيء معلّق هنا. ربما أصبح متاحًا أو انتهت مدته: راجع العضو من جديد.",
    }
