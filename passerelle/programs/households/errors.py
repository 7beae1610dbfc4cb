"""Refusals of households."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class HouseholdNotFound(NotFound):
    code = "household_not_found"


class HouseholdCodeNotFound(NotFound):
    """No household of the member's program has the code."""

    code = "household_code_not_found"
    text: ClassVar[Sentence] = {
        "en": "No household of this program has this code. Ask its head for the present one.",
        "fr": "Aucun foyer de ce programme n'a ce code. Demandez le code actuel à son responsable.",
        "ar": "لا توجد أسرة في هذا البرنامج بهذا الرمز. اطلب الرمز الحالي من المسؤول عنها.",
    }


class HouseholdsNotOffered(Refusal):
    """The program has no shared balances."""

    code = "households_not_offered"
    text: ClassVar[Sentence] = {
        "en": "“{program}” has no shared balances. Somebody who manages programs can set “households”.",
        "fr": "« {program} » n'a pas de solde partagé. Un responsable peut régler « households ».",
        "ar": "لا يوفر برنامج «{program}» رصيدًا مشتركًا. يمكن لمدير البرامج ضبط «households».",
    }


class AlreadyInHousehold(Refusal):
    """One household at a time."""

    code = "already_in_household"
    text: ClassVar[Sentence] = {
        "en": "This member is in a household already. Leave it first.",
        "fr": "Ce membre fait déjà partie d'un foyer. Il doit d'abord le quitter.",
        "ar": "هذا العضو منضم إلى أسرة بالفعل. عليه مغادرتها أولًا.",
    }


class NotInHousehold(Refusal):
    """The member shares with nobody."""

    code = "not_in_household"
    text: ClassVar[Sentence] = {
        "en": "This member is not in that household.",
        "fr": "Ce membre ne fait pas partie de ce foyer.",
        "ar": "هذا العضو ليس ضمن هذه الأسرة.",
    }


class HouseholdFull(Refusal):
    """As many as the program allows."""

    code = "household_full"
    text: ClassVar[Sentence] = {
        "en": "A household has at most {limit} members. Somebody must leave before another can join.",
        "fr": "Un foyer a {limit} membres au plus. Quelqu'un doit partir avant qu'un autre n'entre.",
        "ar": "تضم الأسرة {limit} أعضاء كحد أقصى. يجب أن يغادر أحدهم قبل انضمام غيره.",
    }


class HeadMustBeAdult(Refusal):
    """A child answers for nobody."""

    code = "head_must_be_adult"
    text: ClassVar[Sentence] = {
        "en": "The head of a household is one of its adults. Name another head first.",
        "fr": "Le responsable d'un foyer est l'un de ses adultes. Désignez d'abord un autre responsable.",
        "ar": "المسؤول عن الأسرة هو أحد البالغين فيها. عيّن مسؤولًا آخر أولًا.",
    }
