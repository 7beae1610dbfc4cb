"""Refusals of invitations."""

from typing import ClassVar

from passerelle.kit.errors import NotFound, Refusal
from passerelle.kit.i18n import Sentence


class InvitationNotFound(NotFound):
    code = "invitation_not_found"


class TooManyInvitations(Refusal):
    """More open ones than any team needs."""

    code = "too_many_invitations"
    text: ClassVar[Sentence] = {
        "en": "{limit} invitations are open already. Withdraw those that nobody needs any more.",
        "fr": "{limit} invitations sont déjà en attente. Retirez celles qui ne servent plus.",
        "ar": "هناك {limit} دعوة مفتوحة بالفعل. اسحب ما لم يعد لازمًا.",
    }
