"""What mails to operators say, in the organization's language."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from passerelle.kit.i18n import Sentence
from passerelle.kit.mail import Letter
from passerelle.organizations.schemas import OrganizationOut

_INVITATION_SUBJECT: Final = Sentence(
    en="{organization} invites you to their team",
    fr="{organization} vous invite dans son équipe",
    ar="دعوة للانضمام إلى فريق {organization}",
)
_INVITATION: Final = Sentence(
    en="Hello,\n\n{organization} invites you to work with their loyalty cards. Open this link, give your name"
    " and choose a password:\n\n{url}\n\nThe link works once, until {until}. If you did not expect it,"
    " ignore this mail.\n",
    fr="Bonjour,\n\n{organization} vous invite à travailler avec ses cartes de fidélité. Ouvrez ce lien, indiquez"
    " votre nom et choisissez un mot de passe :\n\n{url}\n\nLe lien sert une seule fois, jusqu'au {until}. Si vous ne"
    " l'attendiez pas, ignorez ce message.\n",
    ar="مرحبًا،\n\nتدعوك {organization} للعمل على بطاقات الولاء الخاصة بها. افتح هذا الرابط واكتب اسمك واختر كلمة"
    " مرور:\n\n{url}\n\nيعمل الرابط مرة واحدة حتى {until}. إن لم تكن تنتظره فتجاهل هذه الرسالة.\n",
)
_RESET_SUBJECT: Final = Sentence(
    en="A new password for {organization}",
    fr="Un nouveau mot de passe pour {organization}",
    ar="كلمة مرور جديدة لدى {organization}",
)
_RESET: Final = Sentence(
    en="Hello,\n\nsomebody asked for a new password for your account with {organization}. Choose one here:\n\n{url}"
    "\n\nThe link works once, until {until}. If it was not you, ignore this mail: nothing has changed.\n",
    fr="Bonjour,\n\nun nouveau mot de passe a été demandé pour votre compte chez {organization}. Choisissez-le ici :"
    "\n\n{url}\n\nLe lien sert une seule fois, jusqu'au {until}. Si ce n'était pas vous, ignorez ce message : rien"
    " n'a changé.\n",
    ar="مرحبًا،\n\nطُلبت كلمة مرور جديدة لحسابك لدى {organization}. اخترها هنا:\n\n{url}\n\nيعمل الرابط مرة واحدة حتى"
    " {until}. إن لم تكن أنت من طلبها فتجاهل هذه الرسالة: لم يتغيّر شيء.\n",
)


def invitation(organization: OrganizationOut, recipient: str, url: str, until: datetime) -> Letter:
    """The mail with an invitation."""
    return _letter((_INVITATION_SUBJECT, _INVITATION), organization, recipient, url, until)


def new_password(organization: OrganizationOut, recipient: str, url: str, until: datetime) -> Letter:
    """The mail with a link to choose a new password."""
    return _letter((_RESET_SUBJECT, _RESET), organization, recipient, url, until)


def _letter(
    said: tuple[Sentence, Sentence], organization: OrganizationOut, recipient: str, url: str, until: datetime
) -> Letter:
    subject, text = said
    language = organization.language
    day = format_datetime(until, "long", ZoneInfo(organization.time_zone), language)
    values = {"organization": organization.name, "url": url, "until": day}
    return Letter(recipient, subject[language].format(**values), text[language].format(**values))
