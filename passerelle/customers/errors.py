"""Refusals of customers. None carries contact data: params go to logs."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class InvalidPhone(Refusal):
    """A text that is no phone number of the region, nor an international one."""

    code = "invalid_phone"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This is not a phone number. Write it like {example}, or with its country code like {international}.",
        "fr": "Ce n'est pas un numéro de téléphone. Écrivez {example}, ou avec l'indicatif {international}.",
        "ar": "هذا ليس رقم هاتف. اكتبه مثل \u2066{example}\u2069 أو مع رمز البلد: \u2066{international}\u2069.",
    }


class InvalidEmail(Refusal):
    """A text that is no e-mail address."""

    code = "invalid_email"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "This is not an e-mail address. Write it like name@example.com.",
        "fr": "Ce n'est pas une adresse e-mail. Écrivez-la comme nom@example.com.",
        "ar": "هذا ليس بريدًا إلكترونيًا صالحًا. اكتبه مثل \u2066name@example.com\u2069.",
    }


class BirthdayInFuture(Refusal):
    """A birthday that has not been yet."""

    code = "birthday_in_future"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A birthday cannot lie in the future. Check the year, or leave it out.",
        "fr": "Une date de naissance ne peut pas être dans le futur. Vérifiez l'année, ou ne la donnez pas.",
        "ar": "لا يمكن أن يكون تاريخ الميلاد في المستقبل. تحقّق من السنة أو اتركها فارغة.",
    }


class TooManyAttributes(Refusal):
    """One customer carries at most this many custom attributes."""

    code = "too_many_attributes"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "A customer has at most {limit} custom attributes. Remove some by setting them to null.",
        "fr": "Un client a au plus {limit} attributs personnalisés. Supprimez-en en les mettant à null.",
        "ar": "للزبون {limit} خاصية مخصّصة كحد أقصى. احذف بعضها بتعيين القيمة null.",
    }


class PhoneTaken(Refusal):
    """Staff gave a customer the number of another one."""

    code = "customer_phone_taken"
    text: ClassVar[Sentence] = {
        "en": "Another customer has this phone number. Search for it to find them.",
        "fr": "Un autre client a ce numéro de téléphone. Recherchez-le pour le trouver.",
        "ar": "رقم الهاتف هذا مسجّل لزبون آخر. ابحث عنه للعثور عليه.",
    }


class CustomerEmailTaken(Refusal):
    """Staff gave a customer the e-mail of another one."""

    code = "customer_email_taken"
    text: ClassVar[Sentence] = {
        "en": "Another customer has this e-mail address. Search for it to find them.",
        "fr": "Un autre client a cette adresse e-mail. Recherchez-la pour le trouver.",
        "ar": "هذا البريد الإلكتروني مسجّل لزبون آخر. ابحث عنه للعثور عليه.",
    }


class CustomerNotFound(NotFound):
    code = "customer_not_found"


class CustomerGone(Refusal):
    """The person asked to be forgotten; only the pseudonymous id is left."""

    code = "customer_erased"
    status = 410
    text: ClassVar[Sentence] = {
        "en": "The data of this customer was erased and cannot be brought back.",
        "fr": "Les données de ce client ont été effacées et ne peuvent pas être rétablies.",
        "ar": "تم محو بيانات هذا الزبون ولا يمكن استعادتها.",
    }


class CustomerMerged(CustomerGone):
    """Two entries were of one person; everything is found under the other id."""

    code = "customer_merged"
    text: ClassVar[Sentence] = {
        "en": "This customer was merged with {customer}: everything is there.",
        "fr": "Ce client a été fusionné avec {customer} : tout s'y trouve.",
        "ar": "تم دمج هذا الزبون مع \u2066{customer}\u2069: كل شيء هناك.",
    }
