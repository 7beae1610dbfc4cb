"""Refusals of coupons; each says the one thing to do."""

from typing import Any, ClassVar, Final

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class CampaignNotFound(NotFound):
    code = "coupon_campaign_not_found"


class BatchNotFound(NotFound):
    code = "coupon_batch_not_found"


class RedemptionNotFound(NotFound):
    """Nothing was held or redeemed under this reference with this code."""

    code = "coupon_redemption_not_found"


class CouponUnknown(Refusal):
    """No code of this organization: mistyped, made up and foreign codes look the same."""

    code = "coupon_unknown"
    status = 404
    text: ClassVar[Sentence] = {
        "en": "This code is not known here. Check it letter by letter.",
        "fr": "Ce code est inconnu ici. Vérifiez-le lettre par lettre.",
        "ar": "هذا الرمز غير معروف هنا. تحقّق منه حرفًا حرفًا.",
    }


class TooManyAttempts(Refusal):
    """Too many unknown codes were tried; known ones are refused as well until the pause is over."""

    code = "too_many_attempts"
    status = 429
    text: ClassVar[Sentence] = {
        "en": "Too many unknown codes were tried. Wait {seconds} seconds, then try again.",
        "fr": "Trop de codes inconnus ont été essayés. Attendez {seconds} secondes, puis réessayez.",
        "ar": "جُرّب عدد كبير من الرموز غير المعروفة. انتظر {seconds} ثانية ثم أعد المحاولة.",
    }

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.retry_after_seconds: int = params["seconds"]


class CouponUsed(Refusal):
    """The code was used as often as it may be."""

    code = "coupon_used"
    text: ClassVar[Sentence] = {
        "en": "This code was used already; it is good for {limit} use(s). Ask for another one.",
        "fr": "Ce code a déjà servi ; il est valable {limit} fois. Demandez-en un autre.",
        "ar": "استُخدم هذا الرمز من قبل، وعدد مرات صلاحيته {limit}. اطلب رمزًا آخر.",
    }


class CouponVoided(Refusal):
    """The shop blocked the code."""

    code = "coupon_voided"
    text: ClassVar[Sentence] = {
        "en": "This code was blocked by the shop. Ask for another one.",
        "fr": "Ce code a été bloqué par le commerce. Demandez-en un autre.",
        "ar": "حظر المتجر هذا الرمز. اطلب رمزًا آخر.",
    }


class CouponPaused(Refusal):
    """The campaign is paused, or not open yet."""

    code = "coupon_paused"
    text: ClassVar[Sentence] = {
        "en": "“{coupon}” is not accepted at the moment. Try again later.",
        "fr": "« {coupon} » n'est pas accepté en ce moment. Réessayez plus tard.",
        "ar": "«{coupon}» غير مقبول حاليًا. أعد المحاولة لاحقًا.",
    }


class CouponNotYetValid(Refusal):
    code = "coupon_not_yet_valid"
    text: ClassVar[Sentence] = {
        "en": "This code is valid from {on} on. Come back then.",
        "fr": "Ce code est valable à partir du {on}. Revenez à ce moment-là.",
        "ar": "يسري هذا الرمز ابتداءً من {on}. عد حينها.",
    }


class CouponExpired(Refusal):
    """Its time, or that of its campaign, is over."""

    code = "coupon_expired"
    text: ClassVar[Sentence] = {
        "en": "This code ended on {on}. Ask for a new one.",
        "fr": "Ce code a pris fin le {on}. Demandez-en un nouveau.",
        "ar": "انتهت صلاحية هذا الرمز في {on}. اطلب رمزًا جديدًا.",
    }


class CouponNotYours(Refusal):
    """The code is good only for the customer it was issued to."""

    code = "coupon_not_yours"
    text: ClassVar[Sentence] = {
        "en": "This code belongs to another customer. Only they can use it.",
        "fr": "Ce code appartient à un autre client. Lui seul peut l'utiliser.",
        "ar": "هذا الرمز يخص زبونًا آخر، ولا يستخدمه سواه.",
    }


class CustomerNeeded(Refusal):
    """The terms ask who the customer is."""

    code = "coupon_customer_needed"
    text: ClassVar[Sentence] = {
        "en": "This code asks who the customer is. Scan their card, or send customer_id.",
        "fr": "Ce code demande qui est le client. Scannez sa carte, ou envoyez customer_id.",
        "ar": "يتطلب هذا الرمز معرفة الزبون. امسح بطاقته أو أرسل customer_id.",
    }


class MembershipNeeded(Refusal):
    """Units go to a member of the campaign's program."""

    code = "coupon_membership_needed"
    text: ClassVar[Sentence] = {
        "en": "This code is for members of “{program}”. Let the customer join first.",
        "fr": "Ce code est réservé aux membres de « {program} ». Le client doit d'abord adhérer.",
        "ar": "هذا الرمز لأعضاء «{program}». على الزبون الانضمام أولًا.",
    }


class BasketNeeded(Refusal):
    """The discount depends on what is bought."""

    code = "coupon_basket_needed"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "What this code gives depends on the basket. Send the amount, or lines where items matter.",
        "fr": "L'avantage de ce code dépend du panier. Envoyez son montant, ou ses lignes si les articles comptent.",
        "ar": "ما يمنحه هذا الرمز يعتمد على السلة. أرسل مبلغها، أو أسطرها إن كانت المنتجات مهمة.",
    }


class BasketTooSmall(Refusal):
    code = "basket_too_small"
    text: ClassVar[Sentence] = {
        "en": "This code counts from {minimum} on. Add {missing} to the basket.",
        "fr": "Ce code vaut à partir de {minimum}. Ajoutez {missing} au panier.",
        "ar": "يُقبل هذا الرمز ابتداءً من {minimum}. أضف {missing} إلى السلة.",
    }


class ItemMissing(Refusal):
    """Nothing in the basket that the coupon could make cheaper."""

    code = "coupon_item_missing"
    text: ClassVar[Sentence] = {
        "en": "Nothing in this basket is what the code is for. Add such an item first.",
        "fr": "Rien dans ce panier ne correspond à ce code. Ajoutez d'abord un article concerné.",
        "ar": "لا شيء في هذه السلة يشمله الرمز. أضف منتجًا مشمولًا أولًا.",
    }


class MoreItemsNeeded(Refusal):
    """So many pieces are missing until the coupon gives one."""

    code = "coupon_more_items_needed"
    text: ClassVar[Sentence] = {
        "en": "{count} more of “{items}” is missing for this code. Add it to the basket.",
        "fr": "Il manque {count} article(s) « {items} » pour ce code. Ajoutez-les au panier.",
        "ar": "أضف {count} أخرى من «{items}» إلى السلة ليمنح هذا الرمز ميزته.",
    }


class NotForThisLocation(Refusal):
    code = "coupon_not_for_this_location"
    text: ClassVar[Sentence] = {
        "en": "This code is not accepted at this location. Use it at one of those it names.",
        "fr": "Ce code n'est pas accepté dans ce lieu. Utilisez-le dans l'un de ceux qu'il indique.",
        "ar": "لا يُقبل هذا الرمز في هذا الفرع. استخدمه في أحد الفروع المذكورة فيه.",
    }


class NotForThisChannel(Refusal):
    code = "coupon_not_for_this_channel"
    text: ClassVar[Sentence] = {
        "en": "This code is accepted only by: {channels}. Use it there.",
        "fr": "Ce code n'est accepté que par : {channels}. Utilisez-le là.",
        "ar": "لا يُقبل هذا الرمز إلا عبر: {channels}. استخدمه هناك.",
    }


class NotNow(Refusal):
    """Outside the hours of the campaign."""

    code = "coupon_not_now"
    text: ClassVar[Sentence] = {
        "en": "This code is accepted again from {on} on. Come back then.",
        "fr": "Ce code sera de nouveau accepté à partir du {on}. Revenez à ce moment-là.",
        "ar": "يُقبل هذا الرمز مجددًا ابتداءً من {on}. عد حينها.",
    }


class CouponForNextOrder(Refusal):
    """The order is the purchase that gave the coupon."""

    code = "coupon_for_next_order"
    text: ClassVar[Sentence] = {
        "en": "This code came with this very purchase. It is for the next one.",
        "fr": "Ce code vient de cet achat même. Il vaut pour le prochain.",
        "ar": "هذا الرمز هدية هذا الشراء نفسه. استخدمه في الشراء القادم.",
    }


class HoursOverlap(Refusal):
    """Two of a campaign's hours have a minute in common."""

    code = "coupon_hours_overlap"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The hours {one} and {other} overlap. Join them into one, or put them on other days.",
        "fr": "Les heures {one} et {other} se chevauchent. Réunissez-les ou changez les jours.",
        "ar": "تتداخل الساعات {one} و{other}. اجمعها في فترة واحدة أو ضعها في أيام أخرى.",
    }


class CouponNotCombinable(Refusal):
    """Another coupon of the order excludes this one, or this one excludes others."""

    code = "coupon_not_combinable"
    text: ClassVar[Sentence] = {
        "en": "This code does not go together with another one of this order. Take that one back to use this one.",
        "fr": "Ce code ne se cumule pas avec un autre de cette commande. Retirez l'autre pour utiliser celui-ci.",
        "ar": "لا يُجمع هذا الرمز مع رمز آخر في هذا الطلب. ألغِ الآخر لاستخدام هذا.",
    }


class CouponLimitReached(Refusal):
    """This customer had as much as one may have."""

    code = "coupon_limit_reached"
    text: ClassVar[Sentence] = {
        "en": "The customer has used this offer as often as one customer may.",
        "fr": "Le client a utilisé cette offre autant qu'un client le peut.",
        "ar": "استخدم الزبون هذا العرض بقدر ما يُسمح لزبون واحد.",
    }


class CampaignExhausted(Refusal):
    """The campaign's uses or its budget are spent, for good or for this period."""

    code = "coupon_campaign_exhausted"
    text: ClassVar[Sentence] = {
        "en": "All of “{coupon}” is given out for now. Pay without it.",
        "fr": "« {coupon} » est épuisé pour le moment. Payez sans ce code.",
        "ar": "نفد «{coupon}» حاليًا. أكمل الدفع بدونه.",
    }


class CouponReferenceReused(Refusal):
    """The reference came back with another code, customer or basket."""

    code = "coupon_reference_reused"
    text: ClassVar[Sentence] = {
        "en": "This reference belongs to another use of a coupon. Undo that one, or send a new reference.",
        "fr": "Cette référence est celle d'une autre utilisation. Annulez-la, ou envoyez une nouvelle référence.",
        "ar": "هذا المرجع يخص استخدامًا آخر لقسيمة. ألغِ ذلك الاستخدام أو أرسل مرجعًا جديدًا.",
    }


class OrderChanged(Refusal):
    """Coupons of one order must be computed on one basket, or their discounts do not add up."""

    code = "coupon_order_changed"
    text: ClassVar[Sentence] = {
        "en": "The basket of this order has changed since its first coupon. Take the coupons back and start again.",
        "fr": "Le panier a changé depuis le premier code de la commande. Retirez les codes et recommencez.",
        "ar": "تغيّرت سلة هذا الطلب منذ أول رمز. ألغِ الرموز وابدأ من جديد.",
    }


class CampaignStateRefused(Refusal):
    code = "coupon_campaign_state_refused"
    text: ClassVar[Sentence] = {
        "en": "A campaign that is {state} cannot become {wanted}. Make a new campaign.",
        "fr": "Une campagne « {state} » ne peut pas devenir « {wanted} ». Créez une nouvelle campagne.",
        "ar": "لا يمكن لحملة حالتها {state} أن تصبح {wanted}. أنشئ حملة جديدة.",
    }


class TooManyCampaigns(Refusal):
    code = "too_many_coupon_campaigns"
    text: ClassVar[Sentence] = {
        "en": "At most {limit} campaigns can be open. End one first.",
        "fr": "{limit} campagnes au plus peuvent être ouvertes. Terminez-en une d'abord.",
        "ar": "لا يمكن فتح أكثر من {limit} حملة. أنهِ واحدة أولًا.",
    }


class TooManyCodes(Refusal):
    code = "too_many_coupon_codes"
    text: ClassVar[Sentence] = {
        "en": "A campaign has at most {limit} codes. Make another campaign for more.",
        "fr": "Une campagne a {limit} codes au plus. Créez une autre campagne pour en avoir plus.",
        "ar": "تضم الحملة {limit} رمزًا كحد أقصى. أنشئ حملة أخرى للمزيد.",
    }


class PatternTooWeak(Refusal):
    """So many codes of this pattern could be guessed."""

    code = "coupon_pattern_too_weak"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "They could be guessed: {bits} bits of chance, {needed} needed. Make them {length} letters long.",
        "fr": "Ces codes se devineraient : {bits} bits de hasard, il en faut {needed}. Passez à {length} lettres.",
        "ar": "يمكن تخمين هذه الرموز: {bits} بت من العشوائية والمطلوب {needed}. اجعل طولها {length} حرفًا.",
    }


class ProgramNeeded(Refusal):
    """Units and tiers belong to a program."""

    code = "coupon_program_needed"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Units and tiers belong to a program: send program_id, and say whose they are.",
        "fr": "Les unités et les niveaux sont ceux d'un programme : indiquez program_id.",
        "ar": "الوحدات والمستويات تخص برنامجًا: أرسل program_id لتحديده.",
    }


class CodesUnreadable(Refusal):
    """A list of codes that is no text in UTF-8."""

    code = "coupon_codes_unreadable"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The list is not UTF-8 text: byte {position} cannot be read. Save it as “CSV UTF-8” and send it again.",
        "fr": "La liste n'est pas en UTF-8 : octet {position} illisible. Enregistrez-la en « CSV UTF-8 ».",
        "ar": "القائمة ليست نص UTF-8: تعذّرت قراءة البايت {position}. احفظها بصيغة «CSV UTF-8» وأرسلها مجددًا.",
    }


class TooManyRows(Refusal):
    code = "too_many_coupon_rows"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "At most {limit} codes can be imported at once. Send the list in parts.",
        "fr": "{limit} codes au plus peuvent être importés à la fois. Envoyez la liste en plusieurs parties.",
        "ar": "يمكن استيراد {limit} رمز كحد أقصى دفعة واحدة. أرسل القائمة على أجزاء.",
    }


JUDGED: Final[tuple[type[Refusal], ...]] = (
    CouponUnknown,
    TooManyAttempts,
    CouponVoided,
    CouponUsed,
    CouponPaused,
    CouponNotYetValid,
    CouponExpired,
    CustomerNeeded,
    CouponNotYours,
    NotForThisLocation,
    NotForThisChannel,
    NotNow,
    CouponForNextOrder,
    CouponNotCombinable,
    OrderChanged,
    BasketNeeded,
    BasketTooSmall,
    ItemMissing,
    MoreItemsNeeded,
    CouponLimitReached,
    CampaignExhausted,
    MembershipNeeded,
)
"""What a code may be refused with when it is shown."""
