"""Refusals of purchases."""

from typing import ClassVar

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
