"""The HTTP parser with a limit on what a request may say before its body."""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEADER_BYTES: Final = 65_536
_REFUSAL: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class BoundedHttpProtocol(HttpToolsProtocol):
    """Ends a connection whose headers are too large; uvicorn itself would go on collecting them.

    Bytes are counted while headers are incomplete, and again as the parser tells them, for a whole request with its
    body may come in one piece.
    """

    _received_bytes = 0
    _header_bytes = 0
    _in_head = True
    _refused = False

    def data_received(self, data: bytes) -> None:
        """Give the parser no more once a request was refused."""
        if self._refused:
            return
        if self._in_head:
            self._received_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._received_bytes > MAX_HEADER_BYTES:
            self._refuse()

    def on_message_begin(self) -> None:
        """A request starts."""
        self._in_head, self._header_bytes = True, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header is whole."""
        self._header_bytes += len(name) + len(value) + len(b": \r\n")
        if self._header_bytes <= MAX_HEADER_BYTES:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The body follows, unless the headers were too large: then nothing of it reaches the application."""
        self._in_head = False
        if self._header_bytes > MAX_HEADER_BYTES:
            self._refuse()
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of the body."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The next request may follow."""
        if not self._refused:
            super().on_message_complete()
        self._in_head, self._received_bytes = True, 0

    def _refuse(self) -> None:
        if not self._refused and not self.transport.is_closing():
            self._refused = True
            self.transport.write(_REFUSAL)
            self.transport.close()
