"""What mails about feedback say, in the customer's language."""

from typing import Final

from passerelle.feedback.schemas import VisitAsked
from passerelle.kit.i18n import Language, Sentence
from passerelle.kit.mail import Letter

_ASK_SUBJECT: Final = Sentence(
    en="How was it at {place}?", fr="Comment s'est passée votre visite ({place}) ?", ar="كيف كانت زيارتك لدى {place}؟"
)
_ASK: Final = Sentence(
    en="Hello,\n\nthank you for your visit at {place}. How was it? One to five stars, and words if you like:\n\n{url}"
    "\n\nYou get this mail because you agreed to mails. You can stop them on your page: {page}\n",
    fr="Bonjour,\n\nmerci de votre visite chez {place}. Comment était-ce ? Une à cinq étoiles, et quelques mots si"
    " vous voulez :\n\n{url}\n\nVous recevez ce message car vous avez accepté les e-mails. Vous pouvez les arrêter"
    " sur votre page : {page}\n",
    ar="مرحبًا،\n\nنشكرك على زيارتك لدى {place}. كيف كانت؟ من نجمة إلى خمس نجوم، وكلمات إن شئت:\n\n{url}\n\nتصلك هذه"
    " الرسالة لأنك وافقت على الرسائل. يمكنك إيقافها من صفحتك: {page}\n",
)
_REPLY_SUBJECT: Final = Sentence(
    en="{organization}: about your visit", fr="{organization} : votre visite", ar="{organization}: بشأن زيارتك"
)


def question(
    recipient: str, asked: VisitAsked, organization: str, urls: tuple[str, str], language: Language
) -> Letter:
    """The mail that asks; ``urls`` are that of the question and that of the customer's page."""
    place = asked.location or organization
    text = _ASK[language].format(place=place, url=urls[0], page=urls[1])
    return Letter(recipient, _ASK_SUBJECT[language].format(place=place), text)


def reply(recipient: str, text: str, organization: str, language: Language) -> Letter:
    """The mail with what staff wrote."""
    subject = _REPLY_SUBJECT[language].format(organization=organization)
    return Letter(recipient, subject, f"{text}\n\n-- \n{organization}\n")
