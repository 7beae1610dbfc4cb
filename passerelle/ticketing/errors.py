"""Refusals of ticketing; each says the one thing that a person can do."""

from typing import ClassVar, Final

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class TicketedEventNotFound(NotFound):
    code = "ticketed_event_not_found"


class TicketNotFound(NotFound):
    code = "ticket_not_found"


class TicketUnknown(NotFound):
    """No ticket of this shop has that code."""

    code = "ticket_unknown"
    text: ClassVar[Sentence] = {
        "en": "No ticket has this code. Check each character.",
        "fr": "Aucun billet ne porte ce code. Vérifiez chaque caractère.",
        "ar": "لا توجد تذكرة بهذا الرمز. تحقّق من كل حرف.",
    }


class EventTimesDoNotFit(Refusal):
    """Doors, start and end are out of order, or too far from each other."""

    code = "event_times_do_not_fit"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Doors open before the start and the end comes after it, within {limit_days} days. Change the times.",
        "fr": "Portes avant le début, fin après, à {limit_days} jours au plus. Changez les heures.",
        "ar": "تُفتح الأبواب قبل البداية وتأتي النهاية بعدها، خلال {limit_days} يومًا. غيّر الأوقات.",
    }


class TooManyTicketedEvents(Refusal):
    """A limit that nobody reaches by hand."""

    code = "too_many_ticketed_events"
    text: ClassVar[Sentence] = {
        "en": "At most {limit} events can be kept.",
        "fr": "On peut garder {limit} événements au plus.",
        "ar": "يمكن الاحتفاظ بعدد {limit} من الأحداث كحد أقصى.",
    }


class CapacityBelowIssued(Refusal):
    """Fewer places than tickets that are out."""

    code = "capacity_below_issued"
    text: ClassVar[Sentence] = {
        "en": "{issued} tickets are out already. Give a larger capacity, or cancel tickets first.",
        "fr": "{issued} billets sont déjà émis. Indiquez une jauge plus grande, ou annulez d'abord des billets.",
        "ar": "صدرت {issued} تذكرة بالفعل. حدّد سعة أكبر أو ألغِ تذاكر أولًا.",
    }


class EventSoldOut(Refusal):
    """Every place has a ticket."""

    code = "event_sold_out"
    text: ClassVar[Sentence] = {
        "en": "“{event}” is full: all {capacity} tickets are out.",
        "fr": "« {event} » est complet : les {capacity} billets sont émis.",
        "ar": "اكتمل «{event}»: صدرت كل التذاكر وعددها {capacity}.",
    }


class EventCancelled(Refusal):
    """The event does not take place."""

    code = "event_cancelled"
    text: ClassVar[Sentence] = {
        "en": "“{event}” was cancelled. Its tickets let nobody in.",
        "fr": "« {event} » est annulé. Ses billets ne donnent pas accès.",
        "ar": "أُلغي «{event}». تذاكره لا تسمح بالدخول.",
    }


class EventOver(Refusal):
    """The event has ended."""

    code = "event_over"
    text: ClassVar[Sentence] = {
        "en": "“{event}” ended on {on}.",
        "fr": "« {event} » s'est terminé le {on}.",
        "ar": "انتهى «{event}» في {on}.",
    }


class SeatTaken(Refusal):
    """Another ticket has that seat."""

    code = "seat_taken"
    text: ClassVar[Sentence] = {
        "en": "Seat {seat} has a ticket already. Choose another seat, or cancel that ticket.",
        "fr": "La place {seat} a déjà un billet. Choisissez-en une autre, ou annulez ce billet.",
        "ar": "المقعد {seat} له تذكرة بالفعل. اختر مقعدًا آخر أو ألغِ تلك التذكرة.",
    }


class TicketReferenceReused(Refusal):
    """The reference belongs to a ticket of somebody else."""

    code = "ticket_reference_reused"
    text: ClassVar[Sentence] = {
        "en": "This reference was used for another ticket. Use a new one.",
        "fr": "Cette référence a servi pour un autre billet. Utilisez-en une nouvelle.",
        "ar": "استُخدم هذا المرجع لتذكرة أخرى. استخدم مرجعًا جديدًا.",
    }


class TicketOfOtherEvent(Refusal):
    """The ticket is good elsewhere."""

    code = "ticket_of_other_event"
    text: ClassVar[Sentence] = {
        "en": "This ticket is for “{event}” on {on}. Send the visitor there.",
        "fr": "Ce billet est pour « {event} », le {on}. Orientez le visiteur vers cet événement.",
        "ar": "هذه التذكرة لحدث «{event}» في {on}. وجّه الزائر إليه.",
    }


class TicketWasCancelled(Refusal):
    """Somebody cancelled the ticket."""

    code = "ticket_cancelled"
    text: ClassVar[Sentence] = {
        "en": "This ticket was cancelled on {on}. Ask the box office for another one.",
        "fr": "Ce billet a été annulé le {on}. Demandez-en un autre à la billetterie.",
        "ar": "أُلغيت هذه التذكرة في {on}. اطلب غيرها من شبّاك التذاكر.",
    }


class TicketAlreadyUsed(Refusal):
    """Somebody came in with it before: when, and at which place."""

    code = "ticket_already_used"
    text: ClassVar[Sentence] = {
        "en": "Somebody came in with this ticket on {on}, at {place}. Do not let in again.",
        "fr": "Quelqu'un est déjà entré avec ce billet le {on}, à {place}. Ne laissez pas entrer de nouveau.",
        "ar": "دخل شخص بهذه التذكرة في {on} عند {place}. لا تسمح بالدخول مرة أخرى.",
    }


class EntryTooEarly(Refusal):
    """Doors are not open yet."""

    code = "entry_too_early"
    text: ClassVar[Sentence] = {
        "en": "Entry to “{event}” begins on {on}. Ask the visitor to come back then.",
        "fr": "L'entrée à « {event} » ouvre le {on}. Demandez au visiteur de revenir à ce moment.",
        "ar": "يبدأ الدخول إلى «{event}» في {on}. اطلب من الزائر العودة حينها.",
    }


class ReentryOff(Refusal):
    """The event lets nobody in again."""

    code = "ticket_reentry_off"
    text: ClassVar[Sentence] = {
        "en": "“{event}” lets nobody in again: who leaves stays out. The event's settings can allow it.",
        "fr": "« {event} » n'admet pas de retour : toute sortie est définitive. Ses réglages peuvent le permettre.",
        "ar": "لا يسمح «{event}» بالعودة: من يخرج لا يدخل مجددًا. يمكن السماح بذلك في إعدادات الحدث.",
    }


class TicketNotInside(Refusal):
    """Nobody is in with the ticket."""

    code = "ticket_not_inside"
    text: ClassVar[Sentence] = {
        "en": "Nobody is in with this ticket. Let its holder in first.",
        "fr": "Personne n'est à l'intérieur avec ce billet. Faites d'abord entrer son porteur.",
        "ar": "لا أحد بالداخل بهذه التذكرة. أدخل حاملها أولًا.",
    }


class TicketNotUsed(Refusal):
    """Nobody came in with the ticket, so there is nothing to undo."""

    code = "ticket_not_used"
    text: ClassVar[Sentence] = {
        "en": "Nobody came in with this ticket.",
        "fr": "Personne n'est entré avec ce billet.",
        "ar": "لم يدخل أحد بهذه التذكرة.",
    }


ISSUE_REFUSALS: Final[tuple[type[Refusal], ...]] = (EventCancelled, EventOver, EventSoldOut, SeatTaken)
EXIT_REFUSALS: Final[tuple[type[Refusal], ...]] = (TicketOfOtherEvent, TicketNotInside, ReentryOff)
ENTRY_REFUSALS: Final[tuple[type[Refusal], ...]] = (
    TicketOfOtherEvent,
    TicketWasCancelled,
    EventCancelled,
    TicketAlreadyUsed,
    EventOver,
    EntryTooEarly,
)
