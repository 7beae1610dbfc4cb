"""Mail to operators, and links to customers who asked for one, when the server has a way to send any.

``PASSERELLE_SMTP_URL`` is ``smtp://user:password@host:587`` (STARTTLS when the server offers it) or ``smtps://…``.
"""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from passerelle.kit import clock
from passerelle.kit.config import Settings

_TIMEOUT_SECONDS: Final = 20
_PORTS: Final = {"smtp": 587, "smtps": 465}


class MailNotSent(RuntimeError):
    """The mail server could not be reached, or did not take the letter; a job tries again."""


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """One plain-text mail to one person."""

    recipient: str
    subject: str
    text: str


def is_configured(settings: Settings) -> bool:
    """Whether mail can be sent."""
    return settings.smtp_url is not None


async def send(settings: Settings, letter: Letter) -> None:
    """Hand a letter to the mail server; raises MailNotSent, which names neither person nor password."""
    import aiosmtplib  # noqa: PLC0415  only the worker of a server that mails needs it

    assert settings.smtp_url is not None
    url = urlsplit(settings.smtp_url.get_secret_value())
    host = url.hostname or "localhost"
    recipient = _written_for_all(letter.recipient)
    message = EmailMessage()
    message["From"] = settings.smtp_from or f"passerelle@{settings.base_url.host}"
    message["To"] = recipient
    message["Subject"] = " ".join(letter.subject.split())  # a shop's name may be of two lines, a header may not
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = make_msgid(domain=settings.base_url.host)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    try:
        await aiosmtplib.send(
            message,
            recipients=[recipient],  # as it is, not as a header would be read
            hostname=host,
            port=url.port or _PORTS[url.scheme],
            username=_decoded(url, "username"),
            password=_decoded(url, "password"),
            use_tls=url.scheme == "smtps",
            timeout=_TIMEOUT_SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError) as fault:
        raise MailNotSent(f"{host} did not take the mail: {type(fault).__name__}.") from None


def _written_for_all(address: str) -> str:
    """The address with its domain in ASCII, which every mail server takes, not only those with SMTPUTF8."""
    domain = address.rpartition("@")[2]
    if domain.isascii():
        return address
    from email_validator import validate_email  # noqa: PLC0415  as above

    found = validate_email(address, check_deliverability=False)
    return f"{found.local_part}@{found.ascii_domain}"


def _decoded(url: SplitResult, part: str) -> str | None:
    value = getattr(url, part)
    return unquote(value) if value else None
