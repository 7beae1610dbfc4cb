"""Refusals of tiers."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class TierSetNotFound(NotFound):
    code = "tier_set_not_found"


class TierNotFound(NotFound):
    code = "tier_not_found"


class TierThresholdsEqual(Refusal):
    """Two tiers of a set begin at the same amount, so nobody could tell them apart."""

    code = "tier_thresholds_equal"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "“{lower}” and “{upper}” both begin at {threshold}. Give each tier its own threshold.",
        "fr": "« {lower} » et « {upper} » commencent tous deux à {threshold}. Donnez à chaque niveau son seuil.",
        "ar": "يبدأ «{lower}» و«{upper}» كلاهما عند {threshold}. أعط كل مستوى عتبته الخاصة.",
    }


class TierNamesEqual(Refusal):
    """Two tiers of a set have the same name, so nobody could tell them apart."""

    code = "tier_names_equal"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Two tiers are called “{name}”. Give each tier its own name.",
        "fr": "Deux niveaux s'appellent « {name} ». Donnez à chaque niveau son nom.",
        "ar": "مستويان باسم «{name}». أعط كل مستوى اسمه الخاص.",
    }


class TiersNotSorted(Refusal):
    """A tier begins below the one that is listed before it."""

    code = "tiers_not_sorted"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "“{upper}” begins below “{lower}”. List the tiers from the lowest threshold to the highest.",
        "fr": "« {upper} » commence plus bas que « {lower} ». Listez les niveaux du seuil le plus bas au plus haut.",
        "ar": "يبدأ «{upper}» تحت «{lower}». رتّب المستويات من أدنى عتبة إلى أعلاها.",
    }


class TierWindowUnfit(Refusal):
    """A balance and the time as a member are as they are now; they are not counted in a window."""

    code = "tier_window_unfit"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A tier set by {basis} has no window of counting: leave the window out, or choose another basis.",
        "fr": "Des niveaux par {basis} n'ont pas de fenêtre de comptage : retirez-la ou changez de base.",
        "ar": "المستويات حسب {basis} ليست لها فترة احتساب: احذف الفترة أو اختر أساسًا آخر.",
    }


class TierValidityUnfit(Refusal):
    """Counting begins anew when a tier is reached, so a tier without a term would be lost at once."""

    code = "tier_validity_unfit"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Counting since the last change begins at zero, so the tier would be lost at once. Give it a validity.",
        "fr": "Compter depuis le dernier changement repart de zéro : le niveau serait perdu aussitôt. "
        "Donnez-lui une validité.",
        "ar": "الاحتساب منذ آخر تغيير يبدأ من الصفر، فيضيع المستوى فورًا. حدّد له مدة صلاحية.",
    }


class TierSetProgramFixed(Refusal):
    """A tier set belongs to one program for good."""

    code = "tier_set_program_fixed"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A tier set stays with its program. Create one in the other program.",
        "fr": "Des niveaux restent dans leur programme. Créez-en dans l'autre programme.",
        "ar": "تبقى المستويات في برنامجها. أنشئ مستويات في البرنامج الآخر.",
    }


class TooManyTierSets(Refusal):
    """A limit that keeps a purchase fast, for each tier set of a program is looked at."""

    code = "too_many_tier_sets"
    text: ClassVar[Sentence] = {
        "en": "A program has at most {limit} tier sets. Remove one that is no longer used.",
        "fr": "Un programme a {limit} échelles de niveaux au plus. Retirez-en une qui ne sert plus.",
        "ar": "للبرنامج {limit} من سلالم المستويات كحد أقصى. أزل ما لم يعد مستخدمًا.",
    }
