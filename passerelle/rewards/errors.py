"""Refusals of rewards."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class RewardNotFound(NotFound):
    code = "reward_not_found"


class IssuedRewardNotFound(NotFound):
    code = "issued_reward_not_found"


class RewardNotReady(Refusal):
    """The balance does not pay for it."""

    code = "reward_not_ready"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” is not ready yet: {missing} more needed.",
        "fr": "« {reward} » n'est pas encore disponible : il manque {missing}.",
        "ar": "«{reward}» غير جاهزة بعد: ينقص {missing}.",
    }


class RewardNotOffered(Refusal):
    """The reward was taken out of the catalogue, or belongs to another program."""

    code = "reward_not_offered"
    text: ClassVar[Sentence] = {
        "en": "“{reward}” is not offered to this member now. Choose another reward.",
        "fr": "« {reward} » n'est pas proposée à ce membre actuellement. Choisissez une autre récompense.",
        "ar": "«{reward}» غير متاحة لهذا العضو حاليًا. اختر مكافأة أخرى.",
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


class TooManyRewards(Refusal):
    """A limit that keeps a card readable and its rendering fast."""

    code = "too_many_rewards"
    text: ClassVar[Sentence] = {
        "en": "A program offers at most {limit} rewards. Deactivate one first.",
        "fr": "Un programme propose {limit} récompenses au plus. Désactivez-en une d'abord.",
        "ar": "يقدّم البرنامج {limit} مكافأة كحد أقصى. عطّل واحدة أولًا.",
    }
