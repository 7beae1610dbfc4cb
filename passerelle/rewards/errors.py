"""Refusals of rewards."""

from typing import ClassVar, Final

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class RewardNotFound(NotFound):
    code = "reward_not_found"


class IssuedRewardNotFound(NotFound):
    code = "issued_reward_not_found"


class HoldNotFound(NotFound):
    """No reward was ever held under this code."""

    code = "hold_not_found"


class MergeRewardsOpen(Refusal):
    """Two customers are one person, and the second one's membership, which would end, has rewards waiting."""

    code = "merge_rewards_open"
    text: ClassVar[Sentence] = {
        "en": "The second customer has rewards waiting in “{program}”. Redeem or cancel them, then merge.",
        "fr": "Le second client a des récompenses en attente dans « {program} ». Utilisez-les ou annulez-les.",
        "ar": "للزبون الثاني مكافآت بانتظاره في «{program}». استخدمها أو ألغها ثم ادمج.",
    }


class RewardNotReady(Refusal):
    """The balance does not pay for it."""

    code = "reward_not_ready"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” is not ready yet: {missing} more needed.",
        "fr": "« {reward} » n'est pas encore disponible : il manque {missing}.",
        "ar": "«{reward}» غير جاهزة بعد: ينقص {missing}.",
    }


class RewardNotOffered(Refusal):
    """The reward was taken out of the catalogue, is only given, or belongs to another program."""

    code = "reward_not_offered"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” is not offered to this member now. Choose another reward.",
        "fr": "« {reward} » n'est pas proposée à ce membre actuellement. Choisissez une autre récompense.",
        "ar": "«{reward}» غير متاحة لهذا العضو حاليًا. اختر مكافأة أخرى.",
    }


class RewardNotForThisTier(Refusal):
    """The reward is for members of other tiers."""

    code = "reward_not_for_this_tier"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” is for members of another tier. Choose another reward.",
        "fr": "« {reward} » est réservée à un autre niveau. Choisissez une autre récompense.",
        "ar": "«{reward}» مخصّصة لأعضاء مستوى آخر. اختر مكافأة أخرى.",
    }


class RewardNotYetValid(Refusal):
    """Its first day has not come."""

    code = "reward_not_yet_valid"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” can be had from {first_day} on. Choose another reward until then.",
        "fr": "« {reward} » est disponible à partir du {first_day}. Choisissez-en une autre d'ici là.",
        "ar": "تتاح «{reward}» ابتداءً من \u2066{first_day}\u2069. اختر مكافأة أخرى حتى ذلك الحين.",
    }


class RewardEnded(Refusal):
    """Its last day is over."""

    code = "reward_ended"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” could be had until the end of {last_day}. Choose another reward.",
        "fr": "« {reward} » était disponible jusqu'à la fin du {last_day}. Choisissez une autre récompense.",
        "ar": "كانت «{reward}» متاحة حتى نهاية \u2066{last_day}\u2069. اختر مكافأة أخرى.",
    }


class RewardSoldOut(Refusal):
    """None is left in stock."""

    code = "reward_sold_out"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” is sold out. Choose another reward.",
        "fr": "« {reward} » est épuisée. Choisissez une autre récompense.",
        "ar": "نفدت «{reward}». اختر مكافأة أخرى.",
    }


class RewardLimitReached(Refusal):
    """This customer had it as often as one may."""

    code = "reward_limit_reached"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” can be taken {limit} times by one customer. Choose another reward.",
        "fr": "« {reward} » est limitée à {limit} par client. Choisissez une autre récompense.",
        "ar": "يمكن للزبون الواحد الحصول على «{reward}» بحد أقصى {limit}. اختر مكافأة أخرى.",
    }


class RewardPeriodLimitReached(Refusal):
    """This customer had it as often as one may in the local day, week, month or year."""

    code = "reward_period_limit_reached"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” can be taken {limit} times per {period} by one customer. It can be had again later.",
        "fr": "« {reward} » est limitée à {limit} par client ({period}). Elle sera de nouveau disponible plus tard.",
        "ar": "يمكن للزبون الواحد الحصول على «{reward}» بحد أقصى {limit} ({period}). ستتاح مجددًا لاحقًا.",
    }


class SpendingCapReached(Refusal):
    """The member would spend more in the local day, week, month or year than the program allows."""

    code = "spending_cap_reached"
    text: ClassVar[Sentence] = {
        "en": "One member may spend {limit} per {period}; {left} are left. Spend less, or wait for the next one.",
        "fr": "Un membre peut dépenser {limit} ({period}) ; il reste {left}. Dépensez moins, ou attendez.",
        "ar": "يمكن للعضو إنفاق {limit} ({period})؛ المتبقي {left}. أنفق أقل أو انتظر.",
    }


class UnitNotSpendable(Refusal):
    """The unit only counts towards tiers."""

    code = "unit_not_spendable"
    text: ClassVar[Sentence] = {
        "en": "“{unit}” cannot be spent: it only counts. Choose another unit of the program.",
        "fr": "« {unit} » ne se dépense pas : elle sert seulement à compter. Choisissez une autre unité.",
        "ar": "لا يمكن إنفاق «{unit}»: فهي للعدّ فقط. اختر وحدة أخرى من البرنامج.",
    }


class IssuedRewardExpired(Refusal):
    """It was to be redeemed before; what it cost comes back to the balance."""

    code = "issued_reward_expired"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” could be redeemed before {expired_at}. What it cost is given back; it can be taken again.",
        "fr": "« {reward} » était à utiliser avant le {expired_at}. Son prix est rendu ; on peut la reprendre.",
        "ar": "كان يجب استخدام «{reward}» قبل \u2066{expired_at}\u2069. يُعاد ثمنها ويمكن أخذها من جديد.",
    }


class HoldExpired(Refusal):
    """The time of a customer's hold is over."""

    code = "hold_expired"
    text: ClassVar[Sentence] = {
        "en": "The time to redeem “{reward}” is over. Ask the customer to start again, or scan the card.",
        "fr": "Le délai pour utiliser « {reward} » est passé. Le client peut recommencer, ou montrer sa carte.",
        "ar": "انتهت مهلة استخدام «{reward}». اطلب من الزبون البدء من جديد، أو امسح بطاقته.",
    }


class AlreadyRedeemed(Refusal):
    """Somebody redeemed it, perhaps another till in the same instant."""

    code = "already_redeemed"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” was redeemed already at {redeemed_at}. Scan the card to see what is left.",
        "fr": "« {reward} » a déjà été utilisée le {redeemed_at}. Scannez la carte pour voir ce qui reste.",
        "ar": "سبق استخدام «{reward}» في \u2066{redeemed_at}\u2069. امسح البطاقة لمعرفة ما بقي.",
    }


class IssuedRewardClosed(Refusal):
    """It was cancelled or undone, so nothing can be done with it any more."""

    code = "issued_reward_closed"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” is {state}: nothing can be done with it any more. Take another one.",
        "fr": "« {reward} » n'est plus utilisable ({state}). Prenez-en une autre.",
        "ar": "لم تعد «{reward}» قابلة للاستخدام ({state}). خذ غيرها.",
    }


class NotToFulfil(Refusal):
    """Only things are fulfilled, and only once they were redeemed."""

    code = "not_to_fulfil"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” has nothing to be handed over: it is not a thing, or was not redeemed yet.",
        "fr": "Rien à remettre pour « {reward} » : ce n'est pas un objet, ou elle n'a pas encore été utilisée.",
        "ar": "لا شيء لتسليمه لـ«{reward}»: ليست غرضًا، أو لم تُستخدم بعد.",
    }


class FulfilmentRefused(Refusal):
    """A thing cannot go from its state of fulfilment to the one asked for."""

    code = "fulfilment_refused"
    text: ClassVar[Sentence] = {
        "en": "The fulfilment cannot change so: {state} → {wanted}.",
        "fr": "Changement impossible : {state} → {wanted}.",
        "ar": "التغيير غير ممكن: \u2066{state} → {wanted}\u2069.",
    }


class TooManyRewards(Refusal):
    """A limit that keeps a card readable and its rendering fast."""

    code = "too_many_rewards"
    text: ClassVar[Sentence] = {
        "en": "A program offers at most {limit} rewards. Deactivate one first.",
        "fr": "Un programme propose {limit} récompenses au plus. Désactivez-en une d'abord.",
        "ar": "يقدّم البرنامج {limit} مكافأة كحد أقصى. عطّل واحدة أولًا.",
    }


# What the routes of two domains may answer, written once.
GIVE_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    RewardNotFound,
    RewardNotOffered,
    RewardNotYetValid,
    RewardEnded,
    RewardSoldOut,
)
TAKE_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    *GIVE_REFUSALS,
    RewardNotForThisTier,
    RewardNotReady,
    RewardLimitReached,
    RewardPeriodLimitReached,
    SpendingCapReached,
)
REDEEM_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    IssuedRewardNotFound,
    AlreadyRedeemed,
    IssuedRewardExpired,
    IssuedRewardClosed,
)
