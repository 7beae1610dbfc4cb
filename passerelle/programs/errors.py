"""Refusals of programs."""

from typing import ClassVar, Final

from passerelle.customers.errors import CustomerGone, CustomerNotFound
from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Language, Sentence
from passerelle.programs.contradictions import SENTENCES, Contradiction
from passerelle.purchases.errors import TOLD_REFUSALS


class ProgramNotFound(NotFound):
    code = "program_not_found"


class MembershipNotFound(NotFound):
    code = "member_not_found"


class UnitNotFound(NotFound):
    code = "unit_not_found"


class RuleNotFound(NotFound):
    code = "rule_not_found"


class PromotionNotFound(NotFound):
    code = "promotion_not_found"


class ProgramNotRunning(Refusal):
    """The program is a draft, paused, ended, or outside its dates."""

    code = "program_not_running"
    text: ClassVar[Sentence] = {
        "en": "“{program}” is not running now. Somebody who manages programs can start it or change its dates.",
        "fr": "« {program} » n'est pas en cours. Un responsable peut le démarrer ou changer ses dates.",
        "ar": "برنامج «{program}» غير متاح حاليًا. يمكن لمدير البرامج تشغيله أو تغيير تواريخه.",
    }


class ProgramStateRefused(Refusal):
    """The program cannot go from its state to the one asked for."""

    code = "program_state_refused"
    text: ClassVar[Sentence] = {
        "en": "The state cannot change so: {state} → {wanted}. An ended program stays ended; create a new one.",
        "fr": "Changement d'état impossible : {state} → {wanted}. Un programme terminé le reste ; créez-en un autre.",
        "ar": "تغيير الحالة غير ممكن: \u2066{state} → {wanted}\u2069. البرنامج المنتهي يبقى منتهيًا؛ أنشئ غيره.",
    }


class MembershipNotActive(Refusal):
    """The membership was suspended or has ended."""

    code = "member_not_active"
    text: ClassVar[Sentence] = {
        "en": "This membership was suspended or has ended. Make it active again before using it.",
        "fr": "Cette adhésion est suspendue ou terminée. Réactivez-la avant de l'utiliser.",
        "ar": "هذه العضوية موقوفة أو منتهية. أعد تفعيلها قبل استخدامها.",
    }


class MembershipLapsed(MembershipNotActive):
    """Its term and the days of grace are over."""

    code = "membership_lapsed"
    text: ClassVar[Sentence] = {
        "en": "This membership ran until {last_day}. Renew it, then try again.",
        "fr": "Cette adhésion courait jusqu'au {last_day}. Renouvelez-la, puis réessayez.",
        "ar": "كانت هذه العضوية سارية حتى \u2066{last_day}\u2069. جدّدها ثم حاول مرة أخرى.",
    }


class MembershipUnpaid(MembershipNotActive):
    """Its first payment was not recorded yet."""

    code = "membership_unpaid"
    text: ClassVar[Sentence] = {
        "en": "This membership is not paid yet. Record its payment, then try again.",
        "fr": "Cette adhésion n'est pas encore payée. Enregistrez le paiement, puis réessayez.",
        "ar": "هذه العضوية غير مدفوعة بعد. سجّل الدفع ثم حاول مرة أخرى.",
    }


class MergeMemberSuspended(Refusal):
    """Two customers who are one person are members of one program, and one of them was suspended there."""

    code = "merge_member_suspended"
    text: ClassVar[Sentence] = {
        "en": "One of the two is suspended in “{program}”. Make that membership active or end it, then merge.",
        "fr": "L'un des deux est suspendu dans « {program} ». Réactivez ou terminez cette adhésion, puis fusionnez.",
        "ar": "أحد الاثنين موقوف في «{program}». فعّل تلك العضوية أو أنهها ثم ادمج.",
    }


class MergeUnitsPending(Refusal):
    """What the second one holds is not usable yet, and would be if it was booked over."""

    code = "merge_units_pending"
    text: ClassVar[Sentence] = {
        "en": "Units of “{program}” are still pending. Merge when they are active, or take them back first.",
        "fr": "Des unités de « {program} » sont en attente. Fusionnez quand elles seront actives, ou reprenez-les.",
        "ar": "توجد وحدات معلّقة في «{program}». ادمج بعد تفعيلها أو استرجعها أولًا.",
    }


class PurchaseIsVoided(Refusal):
    """A voided purchase earns nothing."""

    code = "purchase_is_voided"
    text: ClassVar[Sentence] = {
        "en": "This purchase was voided. Record it again under a new reference.",
        "fr": "Cet achat a été annulé. Enregistrez-le à nouveau avec une autre référence.",
        "ar": "تم إلغاء عملية الشراء هذه. سجّلها من جديد بمرجع مختلف.",
    }


class TooManyUnits(Refusal):
    """More than a till may give by hand in one go."""

    code = "too_many_units"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "At most {limit} can be given in one visit. Ask a manager for an adjustment.",
        "fr": "On peut donner {limit} au plus par visite. Demandez un ajustement à un responsable.",
        "ar": "يمكن منح {limit} كحد أقصى في الزيارة الواحدة. اطلب تسوية من المدير.",
    }


class EarnsTooMuch(Refusal):
    """The rules and promotions in force give more for one occasion than a ledger entry can hold."""

    code = "earns_too_much"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "“{program}” would give {units} units for this, above {limit}. Lower or cap its rules or multipliers.",
        "fr": "« {program} » donnerait {units} unités, plus que {limit}. Réduisez ses règles ou multiplicateurs.",
        "ar": "سيمنح «{program}» عدد {units} وحدة، أكثر من {limit}. خفّض قواعده أو مضاعفاته أو ضع لها حدًا.",
    }


class UnitNotNamed(Refusal):
    """The program has several units, or none, so the unit must be said."""

    code = "unit_not_named"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Say which unit is meant. This program has: {units}.",
        "fr": "Précisez l'unité. Ce programme a : {units}.",
        "ar": "حدّد الوحدة المقصودة. وحدات هذا البرنامج: {units}.",
    }


class TooManyPrograms(Refusal):
    """A limit that keeps a scan fast, for it looks at every program of a customer."""

    code = "too_many_programs"
    text: ClassVar[Sentence] = {
        "en": "At most {limit} programs can be kept. End one that is no longer used.",
        "fr": "On peut garder {limit} programmes au plus. Terminez-en un qui ne sert plus.",
        "ar": "يمكن الاحتفاظ بعدد {limit} من البرامج كحد أقصى. أنهِ برنامجًا لم يعد مستخدمًا.",
    }


class RuleContradicts(Refusal):
    """A rule, a promotion or the caps of a unit that could never do what they say.

    ``subject`` is its place in the list, or the name.
    """

    code = "rule_contradicts_itself"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "{subject} contradicts itself: {fault}.",
        "fr": "Contradiction dans {subject} : {fault}.",
        "ar": "{subject} متناقض: {fault}.",
    }

    def __init__(self, subject: str, contradiction: Contradiction) -> None:
        super().__init__(subject=subject, contradiction=contradiction.code, **contradiction.params)
        self._contradiction = contradiction

    def sentence(self, language: Language = "en") -> str:
        """The sentence, with the fault in the same language."""
        fault = SENTENCES[self._contradiction.code][language].format(**self._contradiction.params)
        return self.text[language].format(subject=self.params["subject"], fault=fault)


class UnitKindFixed(Refusal):
    """What a unit counts cannot change, nor its decimals once it is in use: balances would change their meaning."""

    code = "unit_kind_fixed"
    text: ClassVar[Sentence] = {
        "en": "The unit “{unit}” counts {kind}, and its balances would change their meaning. Add another unit.",
        "fr": "L'unité « {unit} » compte des {kind} ; les soldes changeraient de sens. Ajoutez une autre unité.",
        "ar": "الوحدة «{unit}» تحسب {kind} وسيتغيّر معنى الأرصدة. أضف وحدة أخرى.",
    }


class UnitLimitReached(Refusal):
    """A limit that keeps balances and cards readable."""

    code = "unit_limit_reached"
    text: ClassVar[Sentence] = {
        "en": "A program can count at most {limit} units.",
        "fr": "Un programme peut compter {limit} unités au plus.",
        "ar": "يمكن للبرنامج أن يحتوي على {limit} وحدات كحد أقصى.",
    }


class EventReferenceReused(Refusal):
    """The reference of a custom event came back with another event."""

    code = "event_reference_reused"
    text: ClassVar[Sentence] = {
        "en": "This reference belongs to another event. Every event needs a reference of its own.",
        "fr": "Cette référence est celle d'un autre événement. Chaque événement a besoin de la sienne.",
        "ar": "هذا المرجع يخص حدثًا آخر. كل حدث يحتاج مرجعًا خاصًا به.",
    }


class MembershipElsewhere(Refusal):
    """The customer of the purchase is not in the program that was asked."""

    code = "member_elsewhere"
    text: ClassVar[Sentence] = {
        "en": "This customer is not a member of the program, so nothing can be tried. Choose a member's purchase.",
        "fr": "Ce client n'est pas membre du programme : rien à essayer. Choisissez l'achat d'un membre.",
        "ar": "هذا العميل ليس عضوًا في البرنامج فلا شيء للتجربة. اختر عملية شراء لعضو.",
    }


ACTING_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    MembershipNotActive,
    MembershipUnpaid,
    MembershipLapsed,
    ProgramNotRunning,
)
"""Why a member can neither earn nor be given or redeem anything now."""
PREVIEW_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    CustomerNotFound,
    CustomerGone,
    *TOLD_REFUSALS,
    EarnsTooMuch,
)
"""Why a purchase that has not been made cannot be looked at."""
