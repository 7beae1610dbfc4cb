"""Refusals of promotions."""

from typing import ClassVar

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import Sentence


class PromotionStateRefused(Refusal):
    """The promotion cannot go from its state to the one asked for."""

    code = "promotion_state_refused"
    text: ClassVar[Sentence] = {
        "en": "The state cannot change so: {state} → {wanted}. An ended promotion stays ended; create a new one.",
        "fr": "Changement d'état impossible : {state} → {wanted}. Une promotion terminée le reste ; créez-en une.",
        "ar": "تغيير الحالة غير ممكن: \u2066{state} → {wanted}\u2069. العرض المنتهي يبقى منتهيًا؛ أنشئ غيره.",
    }


class BudgetBelowUsed(Refusal):
    """More was given already than the new budget."""

    code = "budget_below_used"
    text: ClassVar[Sentence] = {
        "en": "{used} were given already, so the budget cannot be {budget}. End the promotion to stop it.",
        "fr": "{used} ont déjà été donnés : le budget ne peut être {budget}. Terminez la promotion pour l'arrêter.",
        "ar": "مُنح {used} بالفعل فلا يمكن أن تكون الميزانية {budget}. أنهِ العرض لإيقافه.",
    }


class TooManyPromotions(Refusal):
    """A limit that keeps a scan fast, for it looks at every promotion of a program."""

    code = "too_many_promotions"
    text: ClassVar[Sentence] = {
        "en": "At most {limit} promotions of a program can be kept. End one that is no longer used.",
        "fr": "On peut garder {limit} promotions par programme au plus. Terminez-en une qui ne sert plus.",
        "ar": "يمكن الاحتفاظ بعدد {limit} من العروض لكل برنامج كحد أقصى. أنهِ عرضًا لم يعد مستخدمًا.",
    }
