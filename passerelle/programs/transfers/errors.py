"""Refusals of transfers between members."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class MemberTransferNotFound(NotFound):
    code = "member_transfer_not_found"


class TransfersNotOffered(Refusal):
    """The program, or this unit of it, cannot be given away."""

    code = "transfers_not_offered"
    text: ClassVar[Sentence] = {
        "en": "“{unit}” of “{program}” cannot be given to other members. See “transfers” of the program.",
        "fr": "« {unit} » de « {program} » ne se donne pas à d'autres membres. Voir « transfers » du programme.",
        "ar": "لا يمكن إهداء «{unit}» من برنامج «{program}» لأعضاء آخرين. راجع «transfers» في البرنامج.",
    }


class ReceiverNotHere(Refusal):
    """Nobody in the giver's program has that id or code."""

    code = "receiver_not_here"
    status = 404
    text: ClassVar[Sentence] = {
        "en": "The receiver is no member of the giver's program. Check the id or the code.",
        "fr": "Le destinataire n'est pas membre du même programme. Vérifiez l'identifiant ou le code.",
        "ar": "المستلم ليس عضوًا في البرنامج نفسه. تحقّق من المعرّف أو الرمز.",
    }


class TransferToOneself(Refusal):
    """Giver and receiver are the same."""

    code = "transfer_to_oneself"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "Nobody gives to themselves. Name another member.",
        "fr": "On ne se donne rien à soi-même. Indiquez un autre membre.",
        "ar": "لا يمكن الإهداء للنفس. اختر عضوًا آخر.",
    }


class TransferOutOfBounds(Refusal):
    """Less than the least, or more than the most, that one transfer may move."""

    code = "transfer_out_of_bounds"
    status = 422
    text: ClassVar[Sentence] = {
        "en": "One transfer moves {minimum} to {maximum}. Choose another amount.",
        "fr": "Un transfert porte sur {minimum} à {maximum}. Choisissez un autre montant.",
        "ar": "يشمل التحويل الواحد من {minimum} إلى {maximum}. اختر مقدارًا آخر.",
    }


class TransferDayLimit(Refusal):
    """More than a member may give in one day."""

    code = "transfer_day_limit"
    text: ClassVar[Sentence] = {
        "en": "A member gives at most {limit} a day; {left} are left today.",
        "fr": "Un membre donne {limit} par jour au plus ; il reste {left} aujourd'hui.",
        "ar": "يهدي العضو {limit} في اليوم كحد أقصى؛ المتبقي اليوم {left}.",
    }
