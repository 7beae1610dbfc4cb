"""The sentences of limit findings, for the person who edits a template."""

from collections.abc import Mapping
from typing import Final, Literal

from passerelle.kit.i18n import Sentence

Rule = Literal[
    "required", "identifier", "other_issuer", "list", "count", "length", "choice", "pattern", "range",
    "exactly_one", "no_effect", "unknown", "offsets",
]  # fmt: skip

SENTENCES: Final[Mapping[Rule, Sentence]] = {
    "required": {
        "en": "“{path}” is required by Google Wallet.",
        "fr": "« {path} » est exigé par Google Wallet.",
        "ar": "الحقل «{path}» مطلوب في Google Wallet.",
    },
    "identifier": {
        "en": "“{path}” must be issuerId.identifier with letters, digits, dots, underscores and hyphens only.",
        "fr": "« {path} » doit être de la forme issuerId.identifiant, avec lettres, chiffres, points, tirets et "
        "traits de soulignement uniquement.",
        "ar": "يجب أن يكون «{path}» بصيغة issuerId.identifier بأحرف وأرقام ونقاط وشرطات فقط.",
    },
    "other_issuer": {
        "en": "“{path}” belongs to another issuer; only objects of the same issuer can be linked.",
        "fr": "« {path} » appartient à un autre émetteur ; seuls les objets du même émetteur peuvent être liés.",
        "ar": "يخصّ «{path}» جهة مصدرة أخرى؛ لا يمكن ربط سوى عناصر الجهة نفسها.",
    },
    "list": {
        "en": "“{path}” must be a list.",
        "fr": "« {path} » doit être une liste.",
        "ar": "يجب أن يكون «{path}» قائمة.",
    },
    "count": {
        "en": "“{path}” has {actual} entries; Google Wallet takes or shows {limit}.",
        "fr": "« {path} » compte {actual} entrées ; Google Wallet en accepte ou en affiche {limit}.",
        "ar": "يحتوي «{path}» على {actual} عنصرًا؛ يقبل Google Wallet أو يعرض {limit}.",
    },
    "length": {
        "en": "“{path}” has {actual} characters; up to {limit} are shown whole.",
        "fr": "« {path} » compte {actual} caractères ; {limit} au plus s'affichent en entier.",
        "ar": "طول «{path}» هو {actual} حرفًا؛ يظهر {limit} حرفًا كحد أقصى كاملًا.",
    },
    "choice": {
        "en": "“{path}” must be one of: {choices}.",
        "fr": "« {path} » doit être l'une des valeurs : {choices}.",
        "ar": "يجب أن يكون «{path}» إحدى القيم: {choices}.",
    },
    "pattern": {
        "en": "“{path}” does not have the expected form, such as {example}.",
        "fr": "« {path} » n'a pas la forme attendue, par exemple {example}.",
        "ar": "صيغة «{path}» غير متوقعة؛ مثال صحيح: {example}.",
    },
    "range": {
        "en": "“{path}” must lie between -{limit} and {limit}.",
        "fr": "« {path} » doit être compris entre -{limit} et {limit}.",
        "ar": "يجب أن تكون قيمة «{path}» بين -{limit} و{limit}.",
    },
    "exactly_one": {
        "en": "“{path}” must have exactly one of: {choices}.",
        "fr": "« {path} » doit avoir exactement un élément parmi : {choices}.",
        "ar": "يجب أن يحتوي «{path}» على واحد فقط من: {choices}.",
    },
    "no_effect": {
        "en": "“{path}” has no effect in Google Wallet any more.",
        "fr": "« {path} » n'a plus d'effet dans Google Wallet.",
        "ar": "لم يعد للحقل «{path}» أي أثر في Google Wallet.",
    },
    "unknown": {
        "en": "Generic cards have no field “{path}”.",
        "fr": "Les cartes génériques n'ont pas de champ « {path} ».",
        "ar": "لا تحتوي البطاقات العامة على الحقل «{path}».",
    },
    "offsets": {
        "en": "Both ends of “{path}” must have a UTC offset, or neither.",
        "fr": "Les deux bornes de « {path} » doivent avoir un décalage UTC, ou aucune.",
        "ar": "يجب أن يحتوي طرفا «{path}» معًا على فرق التوقيت عن UTC أو ألا يحتوي أي منهما عليه.",
    },
}
