"""What can be wrong with a row, as sentences that say what to do. None repeats the cell: it is contact data."""

import dataclasses
from typing import Any, Final, Literal, get_args

from passerelle.kit.errors import Refusal
from passerelle.kit.i18n import LANGUAGES, Language, Sentence

FaultCode = Literal[
    "phone_invalid",
    "email_invalid",
    "first_name_invalid",
    "last_name_invalid",
    "birthday_invalid",
    "language_invalid",
    "attribute_invalid",
    "balance_invalid",
    "contact_missing",
    "unreadable_characters",
    "too_many_cells",
    "twice_in_file",
    "two_customers",
    "member_suspended",
    "member_left",
    "balance_differs",
]


@dataclasses.dataclass(frozen=True, slots=True)
class RowFault:
    """A fault of one cell, or of the row when ``field`` is empty; ``texts`` when the code is another domain's."""

    field: str
    code: str
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    texts: dict[str, str] | None = None

    @classmethod
    def of_refusal(cls, refusal: Refusal) -> "RowFault":
        """What another domain said no to."""
        return cls("", refusal.code, {}, {language: refusal.sentence(language) for language in LANGUAGES})

    def sentence(self, language: Language) -> str:
        """For a person, in their language."""
        if self.texts is not None:
            return self.texts[language]
        assert self.code in get_args(FaultCode)
        return _TEXTS[self.code][language].format(**self.params)  # type: ignore[index]  # asserted above


_TEXTS: Final[dict[FaultCode, Sentence]] = {
    "phone_invalid": {
        "en": "Not a phone number of {region}. Write it like {example}, or with + and the country code.",
        "fr": "Pas un numéro de téléphone ({region}). Écrivez {example}, ou avec + et l'indicatif du pays.",
        "ar": "ليس رقم هاتف ({region}). اكتبه مثل \u2066{example}\u2069 أو مع + ورمز البلد.",
    },
    "email_invalid": {
        "en": "Not an e-mail address. Write it like name@example.com.",
        "fr": "Pas une adresse e-mail. Écrivez-la comme nom@example.com.",
        "ar": "ليس بريدًا إلكترونيًا. اكتبه مثل \u2066name@example.com\u2069.",
    },
    "first_name_invalid": {
        "en": "A name has 1 to 100 characters.",
        "fr": "Un nom a de 1 à 100 caractères.",
        "ar": "يتكوّن الاسم من 1 إلى 100 حرف.",
    },
    "last_name_invalid": {
        "en": "A name has 1 to 100 characters.",
        "fr": "Un nom a de 1 à 100 caractères.",
        "ar": "يتكوّن الاسم من 1 إلى 100 حرف.",
    },
    "birthday_invalid": {
        "en": "Not a day of the past. Write {example}, or day and month without the year.",
        "fr": "Pas un jour passé. Écrivez {example}, ou le jour et le mois sans l'année.",
        "ar": "ليس يومًا ماضيًا. اكتب \u2066{example}\u2069 أو اليوم والشهر دون السنة.",
    },
    "language_invalid": {
        "en": "The language is en, fr or ar.",
        "fr": "La langue est en, fr ou ar.",
        "ar": "اللغة هي en أو fr أو ar.",
    },
    "attribute_invalid": {
        "en": "Not a {type}, or longer than 500 characters.",
        "fr": "Ce n'est pas une valeur de type {type}, ou elle dépasse 500 caractères.",
        "ar": "ليست قيمة من نوع {type} أو أطول من 500 حرف.",
    },
    "balance_invalid": {
        "en": "Not an amount from 0 to {limit} with at most {decimals} decimals.",
        "fr": "Pas un montant de 0 à {limit} avec au plus {decimals} décimales.",
        "ar": "ليس مقدارًا من 0 إلى {limit} بعدد {decimals} من الخانات العشرية كحد أقصى.",
    },
    "contact_missing": {
        "en": "Neither phone nor e-mail: nobody could be recognised by this row.",
        "fr": "Ni téléphone ni e-mail : personne ne serait reconnu par cette ligne.",
        "ar": "لا هاتف ولا بريد إلكتروني: لا يمكن التعرّف على أحد بهذا السطر.",
    },
    "unreadable_characters": {
        "en": "Some characters cannot be read. Save the file as UTF-8 and upload it again.",
        "fr": "Certains caractères sont illisibles. Enregistrez le fichier en UTF-8 et envoyez-le de nouveau.",
        "ar": "بعض الأحرف غير مقروءة. احفظ الملف بترميز UTF-8 وأرسله من جديد.",
    },
    "too_many_cells": {
        "en": "More cells than columns: a text with {delimiter} in it must stand between quotation marks.",
        "fr": "Plus de cellules que de colonnes : un texte contenant {delimiter} doit être entre guillemets.",
        "ar": "خلايا أكثر من الأعمدة: النص الذي يحتوي {delimiter} يجب أن يكون بين علامتي اقتباس.",
    },
    "twice_in_file": {
        "en": "The same phone or e-mail as row {first}: one row for each person.",
        "fr": "Même téléphone ou e-mail que la ligne {first} : une ligne par personne.",
        "ar": "الهاتف أو البريد نفسه في السطر {first}: سطر واحد لكل شخص.",
    },
    "two_customers": {
        "en": "The phone is of one customer and the e-mail of another. Merge the two, or correct the row.",
        "fr": "Le téléphone est d'un client et l'e-mail d'un autre. Fusionnez-les, ou corrigez la ligne.",
        "ar": "الهاتف لزبون والبريد لزبون آخر. ادمجهما أو صحّح السطر.",
    },
    "member_suspended": {
        "en": "This member is suspended. Make the membership active first.",
        "fr": "Ce membre est suspendu. Réactivez d'abord son adhésion.",
        "ar": "هذا العضو موقوف. فعّل عضويته أولًا.",
    },
    "member_left": {
        "en": "This person has left the program. They can join again themselves, or by hand.",
        "fr": "Cette personne a quitté le programme. Elle peut revenir d'elle-même, ou à la main.",
        "ar": "غادر هذا الشخص البرنامج. يمكنه الانضمام من جديد بنفسه أو يدويًا.",
    },
    "balance_differs": {
        "en": "An opening balance of {before} was imported before. Adjust it by hand if it is wrong.",
        "fr": "Un solde initial de {before} a déjà été importé. Corrigez-le à la main s'il est faux.",
        "ar": "سبق استيراد رصيد افتتاحي قدره {before}. صحّحه يدويًا إن كان خاطئًا.",
    },
}
