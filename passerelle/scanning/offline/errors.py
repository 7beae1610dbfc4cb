"""Refusals of devices, and the reasons for which a queued operation is kept as rejected."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class DeviceNotFound(NotFound):
    code = "device_not_found"


class OfflineOperationNotFound(NotFound):
    code = "offline_operation_not_found"


class DeviceKeyTaken(Refusal):
    """Another device has this key, perhaps one that was revoked."""

    code = "device_key_taken"
    text: ClassVar[Sentence] = {
        "en": "This key belongs to another device. Make a new key pair on the device and register that.",
        "fr": "Cette clé est celle d'un autre appareil. Créez une nouvelle paire de clés sur l'appareil.",
        "ar": "هذا المفتاح يخص جهازًا آخر. أنشئ زوج مفاتيح جديدًا على الجهاز ثم سجّله.",
    }


class TooManyDevices(Refusal):
    """More devices than a chain of shops has."""

    code = "too_many_devices"
    text: ClassVar[Sentence] = {
        "en": "At most {limit} devices can be registered. Revoke those that are no longer used.",
        "fr": "On peut enregistrer {limit} appareils au plus. Révoquez ceux qui ne servent plus.",
        "ar": "يمكن تسجيل {limit} جهاز كحد أقصى. ألغِ الأجهزة التي لم تعد مستخدمة.",
    }


class NotRejected(Refusal):
    """Only what was rejected, and nobody has settled yet, can be resolved."""

    code = "not_rejected"
    text: ClassVar[Sentence] = {
        "en": "This operation was accepted, is waiting, or was resolved before. There is nothing to resolve.",
        "fr": "Cette opération a été acceptée, attend ou est déjà résolue. Il n'y a rien à résoudre.",
        "ar": "هذه العملية مقبولة أو قيد الانتظار أو عولجت من قبل. لا يوجد ما يُعالج.",
    }


class OperationMalformed(Refusal):
    """An operation that has not the documented shape."""

    code = "operation_malformed"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The queued operation is not of the documented shape ({fault}).",
        "fr": "L'opération en file n'a pas la forme documentée ({fault}).",
        "ar": "العملية المحفوظة لا تطابق الشكل الموثّق ({fault}).",
    }


class SignatureInvalid(Refusal):
    """The device did not sign this, or something changed on the way."""

    code = "signature_invalid"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The signature does not belong to this operation and device. Nothing was booked.",
        "fr": "La signature ne correspond pas à cette opération et à cet appareil. Rien n'a été enregistré.",
        "ar": "التوقيع لا يطابق هذه العملية وهذا الجهاز. لم يُسجَّل شيء.",
    }


class DeviceRevoked(Refusal):
    """The device was revoked before the operation arrived."""

    code = "device_revoked"
    text: ClassVar[Sentence] = {
        "en": "This device was revoked before the operation arrived. A manager decides what to do with it.",
        "fr": "Cet appareil a été révoqué avant l'arrivée de l'opération. Un responsable décide de la suite.",
        "ar": "أُلغي هذا الجهاز قبل وصول العملية. المدير يقرر ما يجب فعله.",
    }


class OperationIdReused(Refusal):
    """The id of a queued operation came back with other contents."""

    code = "operation_id_reused"
    text: ClassVar[Sentence] = {
        "en": "The id of this operation was used for another one. Every queued operation needs an id of its own.",
        "fr": "L'identifiant de cette opération a servi pour une autre. Chaque opération a besoin du sien.",
        "ar": "استُخدم معرّف هذه العملية لعملية أخرى. كل عملية محفوظة تحتاج معرّفًا خاصًا بها.",
    }


class SequenceReused(Refusal):
    """Two operations of one device have the same number."""

    code = "sequence_reused"
    text: ClassVar[Sentence] = {
        "en": "Number {sequence} of this device was used for another operation. Was its storage copied or reset?",
        "fr": "Le numéro {sequence} de cet appareil a servi pour une autre opération. Stockage copié ou effacé ?",
        "ar": "استُخدم الرقم {sequence} لهذا الجهاز لعملية أخرى. هل نُسخت ذاكرته أو أُعيد ضبطها؟",
    }


class DeviceClockWrong(Refusal):
    """The device's clock is off by more than a day: when the operation happened cannot be known."""

    code = "device_clock_wrong"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "The device's clock is off by {hours} hours, so nobody can say when this happened. Set the clock.",
        "fr": "L'horloge de l'appareil a {hours} heures d'écart : on ne peut dater l'opération. Réglez l'horloge.",
        "ar": "ساعة الجهاز منحرفة بمقدار {hours} ساعة، فلا يمكن معرفة وقت العملية. اضبط الساعة.",
    }


class DeviceAllowanceReached(Refusal):
    """More redeemed without a network than one device may in a day."""

    code = "device_allowance_reached"
    text: ClassVar[Sentence] = {
        "en": "Without a network this device may redeem {limit} rewards in a day at most. Nothing was taken.",
        "fr": "Hors ligne, cet appareil peut échanger {limit} récompenses par jour au plus. Rien n'a été débité.",
        "ar": "بدون اتصال يمكن لهذا الجهاز استبدال {limit} مكافأة في اليوم كحد أقصى. لم يُخصم شيء.",
    }


class MemberAllowanceReached(Refusal):
    """More redeemed without a network than one member may in a day: two tills can give the same reward away."""

    code = "member_allowance_reached"
    text: ClassVar[Sentence] = {
        "en": "Without a network a member may redeem {limit} rewards in a day at most. Nothing was taken.",
        "fr": "Hors ligne, un membre peut échanger {limit} récompenses par jour au plus. Rien n'a été débité.",
        "ar": "بدون اتصال يمكن للعضو استبدال {limit} مكافأة في اليوم كحد أقصى. لم يُخصم شيء.",
    }


class OperationUnknown(Refusal):
    """What is to be undone is not an operation that this device did before."""

    code = "operation_unknown"
    text: ClassVar[Sentence] = {
        "en": "This device did no such operation before: nothing was undone.",
        "fr": "Cet appareil n'a pas fait cette opération auparavant : rien n'a été annulé.",
        "ar": "لم ينفّذ هذا الجهاز عملية كهذه من قبل: لم يُلغَ شيء.",
    }


class OperationFailed(Refusal):
    """Our fault: logged with its trace, kept for staff without it, so that the queue behind it goes on."""

    code = "operation_failed"
    status = 500
    text: ClassVar[Sentence] = {
        "en": "Something failed on our side. Nothing was booked for this operation; staff will see it.",
        "fr": "Une erreur est survenue chez nous. Rien n'a été enregistré ; l'équipe le verra.",
        "ar": "حدث خطأ من جانبنا. لم يُسجَّل شيء لهذه العملية؛ سيراها الفريق.",
    }
