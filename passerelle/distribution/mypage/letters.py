"""What mails about my page say, in the language of the page that asked for them."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_time

from passerelle.distribution.mypage.schemas import PageLinkOut
from passerelle.kit.i18n import Language, Sentence
from passerelle.kit.mail import Letter
from passerelle.organizations.schemas import OrganizationOut

_LINK_SUBJECT: Final = Sentence(
    en="Your page at {organization}", fr="Votre page chez {organization}", ar="صفحتك لدى {organization}"
)
_LINK: Final = Sentence(
    en="Hello,\n\nhere is the link to your page at {organization}: your cards, rewards, history and privacy."
    "\n\n{url}\n\nThe link opens once, until {until}. If you did not ask for it, ignore this mail: nobody can see"
    " anything without it.\n",
    fr="Bonjour,\n\nvoici le lien vers votre page chez {organization} : vos cartes, récompenses, historique et"
    " confidentialité.\n\n{url}\n\nLe lien s'ouvre une seule fois, jusqu'à {until}. Si vous ne l'avez pas demandé,"
    " ignorez ce message : personne ne voit rien sans lui.\n",
    ar="مرحبًا،\n\nإليك رابط صفحتك لدى {organization}: بطاقاتك ومكافآتك وسجلّك وخصوصيتك.\n\n{url}\n\nيُفتح الرابط"
    " مرة واحدة حتى الساعة {until}. إن لم تطلبه فتجاهل هذه الرسالة: لا أحد يرى شيئًا من دونه.\n",
)
_ADDRESS_SUBJECT: Final = Sentence(
    en="Confirm your e-mail for {organization}",
    fr="Confirmez votre e-mail pour {organization}",
    ar="أكّد بريدك الإلكتروني لدى {organization}",
)
_ADDRESS: Final = Sentence(
    en="Hello,\n\nthis address was given as a customer's new e-mail at {organization}. Confirm it here:\n\n{url}"
    "\n\nThe link opens once, until {until}. If it was not you, ignore this mail: nothing changes.\n",
    fr="Bonjour,\n\ncette adresse a été indiquée comme nouvel e-mail d'un client chez {organization}. Confirmez-la"
    " ici :\n\n{url}\n\nLe lien s'ouvre une seule fois, jusqu'à {until}. Si ce n'était pas vous, ignorez ce message :"
    " rien ne change.\n",
    ar="مرحبًا،\n\nذُكر هذا العنوان بريدًا جديدًا لزبون لدى {organization}. أكّده هنا:\n\n{url}\n\nيُفتح الرابط مرة"
    " واحدة حتى الساعة {until}. إن لم تكن أنت فتجاهل هذه الرسالة: لن يتغيّر شيء.\n",
)
_NUMBER_SUBJECT: Final = Sentence(
    en="Confirm your new number for {organization}",
    fr="Confirmez votre nouveau numéro pour {organization}",
    ar="أكّد رقمك الجديد لدى {organization}",
)
_NUMBER: Final = Sentence(
    en="Hello,\n\na new mobile number that ends in {digits} was given on your page at {organization}. It becomes"
    " yours when you confirm it here:\n\n{url}\n\nThe link opens once, until {until}. If it was not you, ignore this"
    " mail: nothing changes.\n",
    fr="Bonjour,\n\nun nouveau numéro de mobile qui finit par {digits} a été indiqué sur votre page chez"
    " {organization}. Il devient le vôtre quand vous le confirmez ici :\n\n{url}\n\nLe lien s'ouvre une seule fois,"
    " jusqu'à {until}. Si ce n'était pas vous, ignorez ce message : rien ne change.\n",
    ar="مرحبًا،\n\nذُكر في صفحتك لدى {organization} رقم جديد ينتهي بـ {digits}. يصبح رقمك عندما تؤكّده هنا:\n\n{url}"
    "\n\nيُفتح الرابط مرة واحدة حتى الساعة {until}. إن لم تكن أنت فتجاهل هذه الرسالة: لن يتغيّر شيء.\n",
)
_OLD_SUBJECT: Final = Sentence(
    en="Your e-mail at {organization} was changed",
    fr="Votre e-mail chez {organization} a été modifié",
    ar="تم تغيير بريدك الإلكتروني لدى {organization}",
)
_OLD: Final = Sentence(
    en="Hello,\n\nyour e-mail at {organization} is another one now; this address is not used any more. If it was not"
    " you, tell the team at once{contact}.\n",
    fr="Bonjour,\n\nvotre e-mail chez {organization} a changé ; cette adresse n'est plus utilisée. Si ce n'était pas"
    " vous, prévenez l'équipe tout de suite{contact}.\n",
    ar="مرحبًا،\n\nتغيّر بريدك الإلكتروني لدى {organization} ولم يعد هذا العنوان مستخدمًا. إن لم تكن أنت فأخبر الفريق"
    " فورًا{contact}.\n",
)


def page_link(organization: OrganizationOut, recipient: str, link: PageLinkOut, language: Language) -> Letter:
    """The mail with a link to my page."""
    return _with_link((_LINK_SUBJECT, _LINK), organization, recipient, link, language)


def new_address(organization: OrganizationOut, recipient: str, link: PageLinkOut, language: Language) -> Letter:
    """The mail that asks whether an address is the customer's."""
    return _with_link((_ADDRESS_SUBJECT, _ADDRESS), organization, recipient, link, language)


def new_number(
    organization: OrganizationOut, recipient: str, link: PageLinkOut, digits: str, language: Language
) -> Letter:
    """The mail that asks whether a new number is the customer's."""
    return _with_link((_NUMBER_SUBJECT, _NUMBER), organization, recipient, link, language, digits=digits)


def old_address(organization: OrganizationOut, recipient: str) -> Letter:
    """The mail to the address that was replaced, in the organization's language."""
    language, mailbox = organization.language, organization.legal.contact_email
    values = {"organization": organization.name, "contact": f" ({mailbox})" if mailbox else ""}
    return Letter(recipient, _OLD_SUBJECT[language].format(**values), _OLD[language].format(**values))


def _with_link(
    said: tuple[Sentence, Sentence],
    organization: OrganizationOut,
    recipient: str,
    link: PageLinkOut,
    language: Language,
    **more: str,
) -> Letter:
    subject, text = said
    values = more | {
        "organization": organization.name,
        "url": link.url,
        "until": _time(link.expires_at, organization.time_zone, language),
    }
    return Letter(recipient, subject[language].format(**values), text[language].format(**values))


def _time(instant: datetime, time_zone: str, language: Language) -> str:
    return format_time(instant, "short", ZoneInfo(time_zone), language)
