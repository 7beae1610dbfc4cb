"""Refusals of check-ins; each says the one thing that a person can do."""

from typing import ClassVar, Final

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence
from passerelle.programs.errors import ACTING_REFUSALS


class CheckInNotFound(NotFound):
    code = "check_in_not_found"


class CheckInIsOff(Refusal):
    """The location takes no check-ins of this kind."""

    code = "check_in_is_off"
    text: ClassVar[Sentence] = {
        "en": "Check-in is not turned on at this location. A manager can turn it on in the dashboard.",
        "fr": "Le pointage n'est pas activé à cet endroit. Un responsable peut l'activer dans le tableau de bord.",
        "ar": "تسجيل الحضور غير مفعّل في هذا الموقع. يمكن للمدير تفعيله من لوحة التحكم.",
    }


class MembersOnly(Refusal):
    """The place is for members of a program, and this is none."""

    code = "check_in_members_only"
    text: ClassVar[Sentence] = {
        "en": "Only members of “{program}” come in here. Join the program, then try again.",
        "fr": "Seuls les membres de « {program} » entrent ici. Adhérez au programme, puis réessayez.",
        "ar": "الدخول هنا لأعضاء «{program}» فقط. انضم إلى البرنامج ثم حاول مجددًا.",
    }


class LocationNotNamed(Refusal):
    """Neither the request nor the key says where."""

    code = "check_in_location_missing"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Name the location, or use a key that belongs to one.",
        "fr": "Indiquez le lieu, ou utilisez une clé qui appartient à un lieu.",
        "ar": "حدّد الموقع، أو استخدم مفتاحًا تابعًا لموقع.",
    }


class AlreadyCheckedIn(Refusal):
    """A second "in" without an "out"."""

    code = "already_checked_in"
    text: ClassVar[Sentence] = {
        "en": "This customer is in since {since}. Check them out first.",
        "fr": "Ce client est déjà entré, depuis le {since}. Enregistrez d'abord sa sortie.",
        "ar": "هذا العميل موجود بالداخل منذ {since}. سجّل خروجه أولًا.",
    }


class NotCheckedIn(Refusal):
    """An "out" without an "in"."""

    code = "not_checked_in"
    text: ClassVar[Sentence] = {
        "en": "This customer is not checked in here. Check them in, or look at another location.",
        "fr": "Ce client n'est pas enregistré comme entré ici. Enregistrez son entrée, ou voyez un autre lieu.",
        "ar": "هذا العميل غير مسجّل بالداخل هنا. سجّل دخوله أو تحقّق من موقع آخر.",
    }


class CheckedOutLately(Refusal):
    """The card was used to leave a moment ago: it may have been passed back to somebody else."""

    code = "checked_out_lately"
    text: ClassVar[Sentence] = {
        "en": "This customer left at {left}. They can come in again in {minutes} min.",
        "fr": "Ce client est sorti le {left}. Il pourra entrer de nouveau dans {minutes} min.",
        "ar": "خرج هذا العميل في {left}. يمكنه الدخول مجددًا بعد {minutes} دقيقة.",
    }


class LocationFull(Refusal):
    """As many are in as may be."""

    code = "location_full"
    text: ClassVar[Sentence] = {
        "en": "{location} is full: {capacity} people are in. Somebody must check out first.",
        "fr": "{location} est complet : {capacity} personnes sont à l'intérieur. Quelqu'un doit d'abord sortir.",
        "ar": "اكتمل {location}: يوجد {capacity} شخصًا بالداخل. يجب أن يخرج أحدهم أولًا.",
    }


class CheckInOutOfOrder(Refusal):
    """Something later was booked already."""

    code = "check_in_out_of_order"
    text: ClassVar[Sentence] = {
        "en": "Something later was booked for this customer here. Tell check-ins in the order they happened in.",
        "fr": "Un passage plus récent est déjà noté pour ce client ici. Transmettez les passages dans leur ordre.",
        "ar": "سُجّلت حركة أحدث لهذا العميل هنا. أرسل الحركات بترتيب حدوثها.",
    }


class CheckInReferenceReused(Refusal):
    """The reference belongs to another check-in."""

    code = "check_in_reference_reused"
    text: ClassVar[Sentence] = {
        "en": "This reference was used for another check-in. Use a new one.",
        "fr": "Cette référence a servi pour un autre passage. Utilisez-en une nouvelle.",
        "ar": "استُخدم هذا المرجع لتسجيل حضور آخر. استخدم مرجعًا جديدًا.",
    }


class CheckInInFuture(Refusal):
    """The clock of the gate is ahead."""

    code = "check_in_in_future"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The check-in lies in the future. Check the clock of the device.",
        "fr": "L'heure du passage est dans le futur. Vérifiez l'horloge de l'appareil.",
        "ar": "وقت تسجيل الحضور في المستقبل. تحقّق من ساعة الجهاز.",
    }


class CheckInTooLongAgo(Refusal):
    """Older than what is still taken."""

    code = "check_in_too_long_ago"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The check-in is more than {days} days old and no longer taken.",
        "fr": "Le passage date de plus de {days} jours et n'est plus accepté.",
        "ar": "مضى على تسجيل الحضور أكثر من {days} أيام ولم يعد مقبولًا.",
    }


class NothingToUndo(Refusal):
    """It was undone before, or a later one stands in the way."""

    code = "check_in_not_undoable"
    text: ClassVar[Sentence] = {
        "en": "This check-in was undone, ended by itself, or is followed by a later one. Undo the latest one.",
        "fr": "Ce passage est déjà annulé, s'est terminé seul, ou un autre l'a suivi. Annulez le plus récent.",
        "ar": "أُلغي هذا التسجيل أو انتهى تلقائيًا أو تبعه تسجيل أحدث. تراجع عن الأحدث.",
    }


class LocationHasNoCoordinates(Refusal):
    """A radius around nothing."""

    code = "location_has_no_coordinates"
    text: ClassVar[Sentence] = {
        "en": "Give the location its coordinates before a radius.",
        "fr": "Donnez ses coordonnées au lieu avant de fixer un rayon.",
        "ar": "حدّد إحداثيات الموقع قبل تعيين نطاق.",
    }


class CheckInCodeUnknown(NotFound):
    """The code is not one of ours, or another one has taken its place."""

    code = "check_in_code_unknown"
    text: ClassVar[Sentence] = {
        "en": "This code no longer works. Scan the one that is shown on site.",
        "fr": "Ce code ne fonctionne plus. Scannez celui qui est affiché sur place.",
        "ar": "لم يعد هذا الرمز صالحًا. امسح الرمز المعروض في المكان.",
    }


class CheckInCodeOver(Refusal):
    """A screen has moved on to its next code, or the page was open for too long."""

    code = "check_in_code_over"
    text: ClassVar[Sentence] = {
        "en": "This code was only good for a moment. Scan the one that the screen shows now.",
        "fr": "Ce code n'était valable qu'un instant. Scannez celui que l'écran affiche maintenant.",
        "ar": "كان هذا الرمز صالحًا للحظات فقط. امسح الرمز المعروض الآن على الشاشة.",
    }


class PositionMissing(Refusal):
    """The browser told no position."""

    code = "check_in_position_missing"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Your phone did not say where you are. Allow location for this page, then try again.",
        "fr": "Votre téléphone n'a pas indiqué où vous êtes. Autorisez la position pour cette page, puis réessayez.",
        "ar": "لم يحدّد هاتفك موقعك. اسمح بالموقع لهذه الصفحة ثم حاول مجددًا.",
    }


class PositionTooVague(Refusal):
    """The browser is not sure enough of where it is."""

    code = "check_in_position_vague"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Your phone knows its place only to {accuracy}. Turn on precise location and try again.",
        "fr": "Votre téléphone ne se situe qu'à {accuracy} près. Activez la position précise et réessayez.",
        "ar": "يعرف هاتفك موقعه بدقة {accuracy} فقط. فعّل الموقع الدقيق ثم حاول مجددًا.",
    }


class TooFarAway(Refusal):
    """The browser is somewhere else."""

    code = "check_in_too_far"
    text: ClassVar[Sentence] = {
        "en": "You seem to be {distance} away. Check in when you are at {location}.",
        "fr": "Vous semblez être à {distance}. Signalez votre passage une fois à {location}.",
        "ar": "يبدو أنك على بُعد {distance}. سجّل حضورك عندما تكون في {location}.",
    }


class CheckedInLately(Refusal):
    """Within the cooldown."""

    code = "checked_in_lately"
    text: ClassVar[Sentence] = {
        "en": "Your visit is already noted. You can check in again after {on}.",
        "fr": "Votre passage est déjà noté. Vous pourrez recommencer après le {on}.",
        "ar": "سُجّل حضورك بالفعل. يمكنك التسجيل مجددًا بعد {on}.",
    }


class CheckedInEnough(Refusal):
    """As often as one may in a day."""

    code = "checked_in_enough"
    text: ClassVar[Sentence] = {
        "en": "That was the last check-in for today here ({limit} a day). Come back tomorrow.",
        "fr": "C'était le dernier passage d'aujourd'hui ici ({limit} par jour). Revenez demain.",
        "ar": "كان هذا آخر تسجيل لليوم هنا ({limit} في اليوم). عُد غدًا.",
    }


ACT_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    CheckInIsOff,
    LocationNotNamed,
    MembersOnly,
    *ACTING_REFUSALS,
    AlreadyCheckedIn,
    NotCheckedIn,
    CheckedOutLately,
    LocationFull,
    CheckInOutOfOrder,
    CheckInReferenceReused,
    CheckInInFuture,
    CheckInTooLongAgo,
)
