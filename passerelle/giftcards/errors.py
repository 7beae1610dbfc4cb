"""Refusals of gift cards; each says the one thing that a person can do."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class GiftCardNotFound(NotFound):
    code = "gift_card_not_found"


class GiftCardProductNotFound(NotFound):
    code = "gift_card_product_not_found"


class GiftCardActivityNotFound(NotFound):
    code = "gift_card_activity_not_found"


class GiftCardHoldNotFound(NotFound):
    code = "gift_card_hold_not_found"


class GiftCardUnknown(NotFound):
    """No gift card of this shop has that code."""

    code = "gift_card_unknown"
    text: ClassVar[Sentence] = {
        "en": "No gift card has this code. Check each character.",
        "fr": "Aucune carte cadeau ne porte ce code. Vérifiez chaque caractère.",
        "ar": "لا توجد بطاقة هدية بهذا الرمز. تحقّق من كل حرف.",
    }


class GiftCardStateRefused(Refusal):
    """The activity is not legal in the state of the card."""

    code = "gift_card_state_refused"
    text: ClassVar[Sentence] = {
        "en": "The gift card is {state}: {activity} is not possible now.",
        "fr": "La carte cadeau est {state} : {activity} est impossible actuellement.",
        "ar": "حالة بطاقة الهدية {state}: لا يمكن تنفيذ {activity} الآن.",
    }


class GiftCardBalanceTooLow(Refusal):
    """The card holds less than was asked for; it says what is left."""

    code = "gift_card_balance_too_low"
    text: ClassVar[Sentence] = {
        "en": "{available} is left on the gift card, {needed} needed. Take what is left and pay {missing} otherwise.",
        "fr": "Il reste {available} sur la carte pour {needed}. Utilisez ce solde et payez {missing} autrement.",
        "ar": "المتبقي في بطاقة الهدية {available} والمطلوب {needed}. استخدم المتبقي وادفع {missing} بوسيلة أخرى.",
    }


class GiftCardBalanceTooHigh(Refusal):
    """The card would hold more than its product allows."""

    code = "gift_card_balance_too_high"
    text: ClassVar[Sentence] = {
        "en": "A gift card holds {limit} at most, and this one has {balance}. Choose a smaller amount.",
        "fr": "Une carte cadeau contient {limit} au plus, et celle-ci {balance}. Choisissez un montant plus petit.",
        "ar": "تحتوي بطاقة الهدية على {limit} كحد أقصى، وفي هذه {balance}. اختر مبلغًا أصغر.",
    }


class AmountNotOffered(Refusal):
    """The product is not sold for this amount, or not loaded again."""

    code = "gift_card_amount_not_offered"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This gift card is not sold for that amount. Offered: {offered}.",
        "fr": "Cette carte cadeau n'est pas vendue pour ce montant. Proposé : {offered}.",
        "ar": "لا تُباع بطاقة الهدية هذه بهذا المبلغ. المتاح: {offered}.",
    }


class GiftCardNotReloadable(Refusal):
    """The product is sold once and not loaded again."""

    code = "gift_card_not_reloadable"
    text: ClassVar[Sentence] = {
        "en": "This gift card cannot be loaded again. Sell a new one.",
        "fr": "Cette carte cadeau ne peut pas être rechargée. Vendez-en une nouvelle.",
        "ar": "لا يمكن إعادة شحن بطاقة الهدية هذه. بِع بطاقة جديدة.",
    }


class GiftCardOtherCurrency(Refusal):
    """The amount is in another currency than the card."""

    code = "gift_card_other_currency"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The gift card holds {expected}, not {given}. Name the currency and send the amount in {expected}.",
        "fr": "La carte cadeau est en {expected}, pas en {given}. Indiquez la devise et le montant en {expected}.",
        "ar": "بطاقة الهدية بعملة {expected} وليست {given}. حدّد العملة وأرسل المبلغ بعملة {expected}.",
    }


class ForeignCurrencyNotSet(Refusal):
    """A product in another currency than the organization's must say so on purpose."""

    code = "foreign_currency_not_set"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The shop works in {expected}. To sell gift cards in {given}, set foreign_currency to true.",
        "fr": "La boutique travaille en {expected}. Pour des cartes en {given}, mettez foreign_currency à true.",
        "ar": "يعمل المتجر بعملة {expected}. لبيع بطاقات بعملة {given} اضبط foreign_currency على true.",
    }


class GiftCardProductNotOffered(Refusal):
    """The product was taken out of sale."""

    code = "gift_card_product_not_offered"
    text: ClassVar[Sentence] = {
        "en": "“{product}” is not sold any more. Choose another gift card.",
        "fr": "« {product} » n'est plus en vente. Choisissez une autre carte cadeau.",
        "ar": "«{product}» لم تعد معروضة للبيع. اختر بطاقة هدية أخرى.",
    }


class GiftCardHeld(Refusal):
    """A part of the balance is set aside."""

    code = "gift_card_held"
    text: ClassVar[Sentence] = {
        "en": "{held} of this gift card is held. Capture or release the hold first.",
        "fr": "{held} de cette carte cadeau sont réservés. Encaissez ou libérez d'abord la réservation.",
        "ar": "{held} من هذه البطاقة محجوز. حصّل الحجز أو ألغِه أولًا.",
    }


class HoldEnded(Refusal):
    """The hold was captured, released, or its time is over."""

    code = "gift_card_hold_ended"
    text: ClassVar[Sentence] = {
        "en": "This hold is {state}. Make a new one, or redeem the amount.",
        "fr": "Cette réservation est {state}. Faites-en une nouvelle, ou débitez le montant.",
        "ar": "حالة هذا الحجز {state}. أنشئ حجزًا جديدًا أو اصرف المبلغ مباشرة.",
    }


class CaptureAboveHold(Refusal):
    """More is captured than was held."""

    code = "gift_card_capture_above_hold"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The hold is for {held}. Capture at most that, and redeem the rest apart.",
        "fr": "La réservation est de {held}. Encaissez au plus ce montant et débitez le reste à part.",
        "ar": "مبلغ الحجز {held}. حصّل هذا المبلغ كحد أقصى واصرف الباقي على حدة.",
    }


class MoreThanRedeemed(Refusal):
    """Refunds of a redemption together exceed it."""

    code = "gift_card_more_than_redeemed"
    text: ClassVar[Sentence] = {
        "en": "At most {available} of this redemption can still come back, {needed} asked for.",
        "fr": "{available} au plus de cette utilisation peuvent encore être remboursés, {needed} demandés.",
        "ar": "يمكن إعادة {available} كحد أقصى من هذه العملية، والمطلوب {needed}.",
    }


class NotARedemption(Refusal):
    """What is refunded must be a redemption of the same card."""

    code = "gift_card_not_a_redemption"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Only a REDEEM of this gift card can be refunded. For other payments use UNLINKED_ACTIVITY_REFUND.",
        "fr": "Seul un REDEEM de cette carte est remboursable. Sinon, utilisez UNLINKED_ACTIVITY_REFUND.",
        "ar": "لا يُعاد إلا REDEEM لهذه البطاقة. للمدفوعات الأخرى استخدم UNLINKED_ACTIVITY_REFUND.",
    }


class ImportUsed(Refusal):
    """Only an imported card that nothing has happened to can be taken back."""

    code = "gift_card_import_used"
    text: ClassVar[Sentence] = {
        "en": "This card was not imported, or was used since. Clear its balance or deactivate it instead.",
        "fr": "Cette carte n'a pas été importée, ou a servi depuis. Videz-la ou désactivez-la plutôt.",
        "ar": "لم تُستورد هذه البطاقة أو استُعملت بعد ذلك. أفرغ رصيدها أو عطّلها بدلًا من ذلك.",
    }


class SameGiftCard(Refusal):
    """A balance moves to another card."""

    code = "gift_card_same"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A balance is transferred to another gift card, not to the same one.",
        "fr": "Un solde se transfère vers une autre carte cadeau, pas vers la même.",
        "ar": "يُحوّل الرصيد إلى بطاقة هدية أخرى وليس إلى البطاقة نفسها.",
    }


class GiftCardReferenceReused(Refusal):
    """The reference was used for another activity or hold of this card."""

    code = "gift_card_reference_reused"
    text: ClassVar[Sentence] = {
        "en": "This reference was used for something else on this card. Use a new one for a new operation.",
        "fr": "Cette référence a servi à autre chose sur cette carte. Utilisez-en une neuve par opération.",
        "ar": "استُخدم هذا المرجع لعملية أخرى على هذه البطاقة. استخدم مرجعًا جديدًا لكل عملية.",
    }


class CodeTaken(Refusal):
    """Another gift card has this code."""

    code = "gift_card_code_taken"
    text: ClassVar[Sentence] = {
        "en": "Another gift card has this code. Every card needs a code of its own.",
        "fr": "Une autre carte cadeau porte ce code. Chaque carte a besoin de son propre code.",
        "ar": "توجد بطاقة هدية أخرى بهذا الرمز. كل بطاقة تحتاج رمزًا خاصًا بها.",
    }


class PinRequired(Refusal):
    """The card is spent with its PIN only."""

    code = "gift_card_pin_required"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "This gift card has a PIN. Ask the holder to type it.",
        "fr": "Cette carte cadeau a un code PIN. Demandez au porteur de le saisir.",
        "ar": "لبطاقة الهدية هذه رقم سري. اطلب من حاملها إدخاله.",
    }


class PinWrong(Refusal):
    """Not the card's PIN; it was counted."""

    code = "gift_card_pin_wrong"
    status = 403
    text: ClassVar[Sentence] = {
        "en": "This is not the PIN of the gift card. After {limit} wrong ones in a row it is locked for a while.",
        "fr": "Ce n'est pas le code PIN de la carte. Après {limit} erreurs de suite, elle se bloque un moment.",
        "ar": "هذا ليس الرقم السري للبطاقة. بعد {limit} محاولات خاطئة متتالية تُقفل لفترة.",
    }


class PinLocked(Refusal):
    """Too many wrong PINs: whatever comes now is refused, the right one, too."""

    code = "gift_card_pin_locked"
    status = 429
    retry_after_seconds = 900
    text: ClassVar[Sentence] = {
        "en": "Too many wrong PINs. Try again in {minutes} minutes.",
        "fr": "Trop de codes PIN erronés. Réessayez dans {minutes} minutes.",
        "ar": "عدد كبير من الأرقام السرية الخاطئة. حاول بعد {minutes} دقيقة.",
    }


class TooManyUnknownCodes(Refusal):
    """One caller tried many codes that no card has."""

    code = "too_many_unknown_codes"
    status = 429
    retry_after_seconds = 600
    text: ClassVar[Sentence] = {
        "en": "Too many codes that nobody knows. Try again in {minutes} minutes.",
        "fr": "Trop de codes inconnus. Réessayez dans {minutes} minutes.",
        "ar": "عدد كبير من الرموز غير المعروفة. حاول بعد {minutes} دقيقة.",
    }


class TooManyGiftCardProducts(Refusal):
    """A limit that keeps the list of products readable."""

    code = "too_many_gift_card_products"
    text: ClassVar[Sentence] = {
        "en": "An organization has at most {limit} gift card products. Change one that is there.",
        "fr": "Une organisation a {limit} modèles de carte cadeau au plus. Modifiez-en un existant.",
        "ar": "للمؤسسة {limit} نوعًا من بطاقات الهدايا كحد أقصى. عدّل واحدًا موجودًا.",
    }
