"""Mail to whom it is written to, handed to a real mail server on loopback."""

import pytest

from passerelle.kit import mail
from passerelle.kit.config import Settings
from passerelle.kit.mail import Letter, MailNotSent
from tests.factories.mailbox import mailbox


@pytest.mark.parametrize(
    ("recipient", "handed"),
    [
        ("ada@example.com", "ada@example.com"),
        ("ada@caf\N{LATIN SMALL LETTER E WITH ACUTE}.example", "ada@xn--caf-dma.example"),
        ("o'neil+news@example.com", "o'neil+news@example.com"),
        ("=?utf-8?q?omar?=@example.com", "=?utf-8?q?omar?=@example.com"),
    ],
)
async def test_a_letter_goes_to_its_address_and_no_other(settings: Settings, recipient: str, handed: str) -> None:
    async with mailbox() as box:
        await mail.send(settings.model_copy(update={"smtp_url": box.url}), Letter(recipient, "Hello", "How was it?"))
    assert box.recipients == [handed]
    assert box.letters[0]["Subject"] == "Hello"


async def test_an_address_that_the_server_cannot_write_is_not_sent_to(settings: Settings) -> None:
    recipient = "j\N{LATIN SMALL LETTER O WITH DIAERESIS}rg@example.com"
    async with mailbox() as box:
        with pytest.raises(MailNotSent, match="SMTPNotSupported"):
            await mail.send(settings.model_copy(update={"smtp_url": box.url}), Letter(recipient, "Hello", "x"))
    assert box.letters == []
