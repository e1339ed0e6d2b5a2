"""One answer of HTTP/1.1, read as its bytes arrive: httptools parses, here is what counts and what is refused.

Invariants: the head and the unpacked body are bounded; informational answers (1xx) are passed over; a body that ends
with its connection counts only where no length was named. Pure: no sockets, no clock. Thread: any, one at a time.
"""

from __future__ import annotations

import zlib

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from app.http.faults import Broken
from app.http.reply import LinkFault

HEAD_MOST = (
    64 * 1024
)  # bytes until the body begins, informational answers included; between its parts; after it
HEADERS_MOST = 256
_WITHOUT_BODY = frozenset({"HEAD", "CONNECT"})  # whatever their heads promise
_EMPTY = frozenset({204, 304})


class AnswerReader:
    """For the answer to one request of `method`; `cap` bounds the unpacked body. `on_*` is httptools' side."""

    def __init__(self, method: str, cap: int) -> None:
        self.status = 0
        # Names in lower case; what came twice is joined, as RFC 9110 allows.
        self.headers: dict[str, str] = {}
        self.body = bytearray()
        self.is_final = False  # the head that counts has come
        self.is_whole = False
        self.may_keep = False  # the connection is fit for another request
        self._cap = cap
        self._is_bodiless = method in _WITHOUT_BODY
        self._bare_size, self._tail = 0, b""  # bytes since anything of a body came
        self._unpacker: zlib._Decompress | None = None
        self._error: Broken | None = None
        self._parser = HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        """The next bytes. Raises Broken when this is no answer we take."""
        if self.is_whole:
            self.may_keep = False  # nobody asked
            return
        was_head = not self.is_final
        self._bare_size += len(data)
        self._parse(data)
        self._raise()
        if was_head:
            self._tail = (self._tail + data[-4:])[-4:]
            if self._is_bodiless and self._tail != b"\r\n\r\n":
                self.may_keep = False  # the parser would take what follows for a body

    def end(self) -> None:
        """The connection ended. Raises Broken when the answer is not whole by that."""
        names_no_length = "content-length" not in self.headers and "transfer-encoding" not in self.headers
        if not self.is_whole and self.is_final and names_no_length:
            self._close()
        self._raise()
        if not self.is_whole:
            raise Broken(LinkFault.RESET, "the connection ended before its answer")

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            if not self.is_whole:
                raise Broken(LinkFault.NOT_HTTP, str(error) or "it wants another protocol") from error
            self.may_keep = False  # what follows a whole answer is its connection's trouble
        if self._error is None and not self.is_whole and self._bare_size > HEAD_MOST:
            self._error = Broken(LinkFault.NOT_HTTP, f"more than {HEAD_MOST} bytes that say nothing")

    def _raise(self) -> None:
        """What was found while httptools called."""
        if self._error is not None:
            raise self._error

    # ---- httptools' side: an exception here would come out as another one ----

    def on_message_begin(self) -> None:
        if self.is_whole:
            self.may_keep = False  # an answer nobody asked for follows

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.is_final or self._error is not None:
            return  # trailers
        if len(self.headers) >= HEADERS_MOST:
            self._error = Broken(LinkFault.NOT_HTTP, f"more than {HEADERS_MOST} headers")
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        self.headers[key] = f"{self.headers[key]}, {text}" if key in self.headers else text

    def on_headers_complete(self) -> None:
        if self.is_whole:
            return
        self.status = self._parser.get_status_code()
        if self.status < 200:
            self.headers.clear()
            return
        self.is_final, self._bare_size = True, 0
        if self.headers.get("content-encoding", "").lower() == "gzip":  # nothing else was asked for
            self._unpacker = zlib.decompressobj(wbits=31)
        self._is_bodiless = self._is_bodiless or self.status in _EMPTY
        if self._is_bodiless:
            self._finish()

    def on_body(self, data: bytes) -> None:
        if self.is_whole or self._error is not None:
            return
        self._bare_size = 0
        try:
            self.body += data if self._unpacker is None else self._unpacker.decompress(data, self._room)
        except zlib.error as error:
            self._error = Broken(LinkFault.NOT_HTTP, str(error))
        if self._unpacker is not None and self._unpacker.unused_data:
            self._error = Broken(LinkFault.NOT_HTTP, "bytes after the packed body")
        if len(self.body) > self._cap:
            self._error = Broken(LinkFault.TOO_BIG, f"more than {self._cap} bytes")

    def on_message_complete(self) -> None:
        if self.is_final and not self.is_whole:
            self._close()

    @property
    def _room(self) -> int:
        """Bytes that may still come, and one that may not."""
        return self._cap + 1 - len(self.body)

    def _close(self) -> None:
        """The body has ended."""
        if self._error is None and self._unpacker is not None and self.body and not self._unpacker.eof:
            self._error = Broken(LinkFault.NOT_HTTP, "the packed body ends too early")
        if self._error is None:
            self._finish()

    def _finish(self) -> None:
        asked = self.headers.get("connection", "").lower()
        self.may_keep = self._parser.get_http_version() == "1.1" and "close" not in asked
        self.is_whole = True
