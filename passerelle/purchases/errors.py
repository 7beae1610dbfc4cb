"""Refusals of purchases."""

from typing import ClassVar, Final

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class PurchaseNotFound(NotFound):
    code = "purchase_not_found"


class AmountNotPositive(Refusal):
    """Nothing was paid, or less than nothing."""

    code = "amount_not_positive"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The amount must be above zero. To take a purchase back, void it.",
        "fr": "Le montant doit être supérieur à zéro. Pour annuler un achat, annulez l'opération.",
        "ar": "يجب أن يكون المبلغ أكبر من صفر. لإلغاء عملية شراء استخدم الإلغاء.",
    }


class AmountAboveLimit(Refusal):
    """More than a single purchase may be: nearly always a comma forgotten at the till."""

    code = "amount_above_limit"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "{amount} is more than one purchase may be ({limit}). Check where the decimal point is.",
        "fr": "{amount} dépasse le maximum d'un achat ({limit}). Vérifiez la virgule.",
        "ar": "{amount} يتجاوز الحد الأقصى لعملية واحدة ({limit}). تحقّق من موضع الفاصلة.",
    }


class OtherCurrency(Refusal):
    """The purchase is in another currency than the organization works in."""

    code = "other_currency"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Purchases here are in {expected}, not in {given}. Send the amount that was paid in {expected}.",
        "fr": "Les achats sont ici en {expected}, pas en {given}. Envoyez le montant payé en {expected}.",
        "ar": "المشتريات هنا بعملة {expected} وليست {given}. أرسل المبلغ المدفوع بعملة {expected}.",
    }


class LinesDoNotAddUp(Refusal):
    """The lines sum to something else than the amount."""

    code = "lines_do_not_add_up"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The lines add up to {lines}, the amount is {amount}. Send a discount, delivery or rounding as a line.",
        "fr": "La somme des lignes est {lines}, le montant {amount}. Ajoutez remise, livraison ou arrondi en ligne.",
        "ar": "مجموع الأسطر {lines} بينما المبلغ {amount}. أرسل الخصم أو التوصيل أو التقريب كسطر مستقل.",
    }


class SignDoesNotFit(Refusal):
    """A discount that adds, or a delivery, tip, fee or gift card that takes off."""

    code = "line_sign_does_not_fit"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A line of the kind “{kind}” cannot be {amount}. Discounts are negative; delivery and tips are not.",
        "fr": "Une ligne de type « {kind} » ne peut être {amount}. Une remise est négative ; une livraison, non.",
        "ar": "لا يمكن أن يكون سطر من نوع «{kind}» بمبلغ {amount}. الخصم سالب، أما التوصيل والإكراميات والرسوم فلا.",
    }


class TaxDoesNotFit(Refusal):
    """The tax is more than the amount, below zero, or not that of the lines."""

    code = "tax_does_not_fit"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The tax {tax} does not fit. It is contained in the amount, and the lines have {lines} of tax.",
        "fr": "La taxe {tax} ne convient pas : elle est comprise dans le montant, et celles des lignes font {lines}.",
        "ar": "الضريبة {tax} غير متوافقة: هي ضمن المبلغ، ومجموع ضرائب الأسطر {lines}.",
    }


class PaidMoreThanAmount(Refusal):
    """Points and gift card paid more than the purchase costs."""

    code = "paid_more_than_amount"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "{paid} were paid with points or a gift card, but the purchase is {amount}. Send its part alone.",
        "fr": "{paid} payés en points ou carte cadeau pour un achat de {amount}. Envoyez la part de cet achat.",
        "ar": "دُفع {paid} بالنقاط أو ببطاقة هدية بينما قيمة الشراء {amount}. أرسل الجزء الخاص بهذا الشراء.",
    }


class OccurredInFuture(Refusal):
    """The clock of the device is ahead."""

    code = "occurred_in_future"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The purchase lies in the future. Check the clock of the device.",
        "fr": "La date de l'achat est dans le futur. Vérifiez l'horloge de l'appareil.",
        "ar": "تاريخ الشراء في المستقبل. تحقّق من ساعة الجهاز.",
    }


class OccurredTooLongAgo(Refusal):
    """Older than what is still taken."""

    code = "occurred_too_long_ago"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The purchase is more than {days} days old and no longer taken. Adjust the balance by hand instead.",
        "fr": "L'achat date de plus de {days} jours et n'est plus accepté. Ajustez plutôt le solde à la main.",
        "ar": "مضى على الشراء أكثر من {days} يومًا ولم يعد مقبولًا. عدّل الرصيد يدويًا بدلًا من ذلك.",
    }


class ReferenceReused(Refusal):
    """The till's reference came back with another purchase."""

    code = "purchase_reference_reused"
    text: ClassVar[Sentence] = {
        "en": "This external reference belongs to another purchase. Every receipt needs a reference of its own.",
        "fr": "Cette référence externe est celle d'un autre achat. Chaque ticket a besoin de sa propre référence.",
        "ar": "هذا المرجع الخارجي يخص عملية شراء أخرى. كل إيصال يحتاج مرجعًا خاصًا به.",
    }


class RefundAboveRest(Refusal):
    """More than was paid, or than earlier refunds left of it."""

    code = "refund_above_rest"
    text: ClassVar[Sentence] = {
        "en": "{amount} is more than is left to refund of this purchase: {left}.",
        "fr": "{amount} dépasse ce qui reste à rembourser de cet achat : {left}.",
        "ar": "{amount} أكثر مما تبقّى لاسترداده من عملية الشراء هذه: {left}.",
    }


class NothingLeftToRefund(Refusal):
    """All of the purchase was refunded before."""

    code = "nothing_left_to_refund"
    text: ClassVar[Sentence] = {
        "en": "This purchase was refunded whole already. Nothing is left to refund or to void.",
        "fr": "Cet achat a déjà été remboursé en entier. Il ne reste rien à rembourser ni à annuler.",
        "ar": "سبق استرداد عملية الشراء هذه بالكامل. لم يبقَ ما يُسترد أو يُلغى.",
    }


class VoidedNotRefundable(Refusal):
    """A voided purchase was taken back whole: there is nothing to refund."""

    code = "voided_not_refundable"
    text: ClassVar[Sentence] = {
        "en": "This purchase was voided, with all that it earned. There is nothing left to refund.",
        "fr": "Cet achat a été annulé, avec tout ce qu'il a rapporté. Il ne reste rien à rembourser.",
        "ar": "أُلغيت عملية الشراء هذه مع كل ما أكسبته. لم يبقَ ما يُسترد.",
    }


class RefundNotPositive(Refusal):
    """Nothing to pay back, or less than nothing."""

    code = "refund_not_positive"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A refund must be above zero. To charge more, record another purchase.",
        "fr": "Un remboursement doit être supérieur à zéro. Pour encaisser plus, enregistrez un autre achat.",
        "ar": "يجب أن يكون مبلغ الاسترداد أكبر من صفر. لتحصيل مبلغ إضافي سجّل عملية شراء أخرى.",
    }


class LineNotInPurchase(Refusal):
    """The basket has no such line, several of them, or one that is no item (a discount)."""

    code = "line_not_in_purchase"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "“{line}” does not name one item of this purchase. Use the place of the line, counted from 0.",
        "fr": "« {line} » ne désigne pas un article de cet achat. Utilisez la position de la ligne, à partir de 0.",
        "ar": "«{line}» لا يحدد منتجًا واحدًا من هذه العملية. استخدم موضع السطر ابتداءً من 0.",
    }


class MoreItemsThanBought(Refusal):
    """More items of a line come back than were bought, or than came back before leaves."""

    code = "more_items_than_bought"
    text: ClassVar[Sentence] = {
        "en": "Line {line}: {quantity} cannot come back, {left} are left of what was bought.",
        "fr": "Ligne {line} : {quantity} ne peuvent pas revenir, il en reste {left} de ce qui a été acheté.",
        "ar": "السطر {line}: لا يمكن إرجاع {quantity}، المتبقي مما تم شراؤه {left}.",
    }


class RefundReferenceReused(Refusal):
    """The reference of a refund came back with another refund."""

    code = "refund_reference_reused"
    text: ClassVar[Sentence] = {
        "en": "This reference belongs to another refund of the purchase. Every refund needs one of its own.",
        "fr": "Cette référence est celle d'un autre remboursement de l'achat. Chacun a besoin de la sienne.",
        "ar": "هذا المرجع يخص استردادًا آخر لهذه العملية. كل استرداد يحتاج مرجعًا خاصًا به.",
    }


TOLD_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    AmountNotPositive,
    AmountAboveLimit,
    OtherCurrency,
    LinesDoNotAddUp,
    SignDoesNotFit,
    TaxDoesNotFit,
    PaidMoreThanAmount,
    OccurredInFuture,
    OccurredTooLongAgo,
)
"""What may be wrong with a purchase as it is told."""
