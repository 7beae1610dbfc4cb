"""Refusals of payments with units."""

from typing import ClassVar, Final

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence
from passerelle.rewards.errors import SpendingCapReached, UnitNotSpendable


class PaymentNotFound(NotFound):
    code = "payment_not_found"


class UnitPaysNoBills(Refusal):
    """Nobody said what the unit is worth."""

    code = "unit_pays_no_bills"
    text: ClassVar[Sentence] = {
        "en": "“{unit}” cannot pay a bill. Somebody who manages programs can say what it is worth.",
        "fr": "« {unit} » ne peut pas payer une note. Un responsable peut en fixer la valeur.",
        "ar": "لا يمكن الدفع بـ«{unit}». يمكن لمدير البرامج تحديد قيمتها.",
    }


class PointsStepWrong(Refusal):
    """The number is no multiple of the step."""

    code = "points_step_wrong"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Only multiples of {step} can be used. The nearest is {nearest}.",
        "fr": "Seuls les multiples de {step} sont acceptés. Le plus proche est {nearest}.",
        "ar": "تُقبل مضاعفات {step} فقط. الأقرب هو {nearest}.",
    }


class PointsBelowMinimum(Refusal):
    """Fewer than the terms ask for, or too few to take anything off."""

    code = "points_below_minimum"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "At least {minimum} must be used.",
        "fr": "Il faut en utiliser au moins {minimum}.",
        "ar": "يجب استخدام {minimum} على الأقل.",
    }


class PointsAboveMaximum(Refusal):
    """More than the terms allow in one payment."""

    code = "points_above_maximum"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "At most {maximum} can be used for one bill.",
        "fr": "On peut en utiliser {maximum} au plus par note.",
        "ar": "يمكن استخدام {maximum} كحد أقصى للفاتورة الواحدة.",
    }


class BasketShareExceeded(Refusal):
    """More than the part of the bill that units may pay."""

    code = "basket_share_exceeded"
    text: ClassVar[Sentence] = {
        "en": "At most {percent} % of this bill can be paid so. Use {maximum} or less.",
        "fr": "On peut payer ainsi {percent} % de cette note au plus. Utilisez {maximum} ou moins.",
        "ar": "يمكن دفع {percent}٪ من هذه الفاتورة كحد أقصى. استخدم {maximum} أو أقل.",
    }


class EarnedByThisPurchase(Refusal):
    """The balance would be enough with what the purchase itself earned, which cannot pay for it."""

    code = "earned_by_this_purchase"
    text: ClassVar[Sentence] = {
        "en": "What this purchase earned cannot pay for it: {available} are available, {earned} came from it.",
        "fr": "Ce que cet achat a rapporté ne peut pas le payer : {available} disponibles, {earned} en proviennent.",
        "ar": "ما كسبته هذه العملية لا يدفع ثمنها: المتاح {available}، ومنها جاء {earned}.",
    }


class PaymentNotOpen(Refusal):
    """The payment was undone, or belongs to another purchase."""

    code = "payment_not_open"
    text: ClassVar[Sentence] = {
        "en": "This payment was undone, or belongs to another purchase. Pay again.",
        "fr": "Ce paiement a été annulé, ou appartient à un autre achat. Payez de nouveau.",
        "ar": "أُلغيت هذه الدفعة أو تخصّ عملية شراء أخرى. ادفع من جديد.",
    }


# What the routes of two domains may answer, written once.
QUOTE_REFUSALS: Final[tuple[type[Refusal], ...]] = (UnitNotSpendable, UnitPaysNoBills)
PAY_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    *QUOTE_REFUSALS,
    EarnedByThisPurchase,
    BasketShareExceeded,
    PointsStepWrong,
    PointsBelowMinimum,
    PointsAboveMaximum,
    SpendingCapReached,
)
