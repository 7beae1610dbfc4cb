"""A mail server on loopback that takes every letter and keeps it (RFC 5321, as far as one client needs)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from pydantic import SecretStr


@dataclass(slots=True)
class Mailbox:
    """What came in."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuses: bool = False
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> SecretStr:
        return SecretStr(f"smtp://127.0.0.1:{self.port}")

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        writer.write(b"220 mailbox\r\n")
        while line := await reader.readline():
            match line[:4].upper().strip():
                case b"DATA":
                    writer.write(b"354 go on\r\n")
                    lines = []
                    while (text := await reader.readline()) != b".\r\n":
                        lines.append(text.removeprefix(b"."))
                    letter = message_from_bytes(b"".join(lines), policy=policy.default)
                    assert isinstance(letter, EmailMessage)
                    self.letters.append(letter)
                    self.arrived.set()
                    writer.write(b"250 kept\r\n")
                case b"QUIT":
                    writer.write(b"221 bye\r\n")
                    break
                case b"RCPT" if self.refuses:
                    writer.write(b"550 nobody here\r\n")
                case b"RCPT":
                    self.recipients.append(line.decode().partition("<")[2].partition(">")[0])
                    writer.write(b"250 fine\r\n")
                case _:
                    writer.write(b"250 fine\r\n")
            await writer.drain()
        writer.close()


@asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    """Listen for the length of the block."""
    box = Mailbox()
    server = await asyncio.start_server(box.take, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()
