"""Requests in, answers out: size caps, gzip both ways, strict JSON, problem details. Never HTML, never a traceback.

Nothing here logs a body, a token or a value.
"""

from __future__ import annotations

import gzip
import logging
import math
import zlib
from collections.abc import Mapping
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from sync.central.refusal import Refused, is_whole, malformed
from sync.wire import MAX_BODY, Message, decode, encode

GZIP_FROM_BYTES = 600  # below that a network packet is a packet
GZIP_LEVEL = 5
M = TypeVar("M", bound=Message)

log = logging.getLogger(__name__)


async def read_body(request: Request, cap: int = MAX_BODY) -> bytes:
    """The body, at most `cap` bytes on the wire and at most `cap` bytes unpacked. Raises Refused."""
    length = request.headers.get("content-length", "0")
    if not is_whole(length) or int(length) > cap:
        raise Refused(413, "too_large", "Permintaan terlalu besar.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > cap:
            raise Refused(413, "too_large", "Permintaan terlalu besar.")
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding == "identity":
        return bytes(body)
    if encoding != "gzip":
        raise Refused(415, "encoding", "Hanya gzip yang dimengerti.")
    return gunzip(bytes(body), cap)


def gunzip(packed: bytes, cap: int) -> bytes:
    """Unpack one gzip stream of at most `cap` bytes; a bomb is noticed at `cap`, not after unpacking it."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(packed, cap + 1)
    except zlib.error:
        raise malformed("gzip rusak") from None
    if len(plain) > cap or unpacker.unconsumed_tail:
        raise Refused(413, "too_large", "Permintaan terlalu besar setelah dibuka.")
    if not unpacker.eof or unpacker.unused_data:
        raise malformed("gzip tidak lengkap")
    return plain


def parse(body: bytes, shape: type[M]) -> M:
    """Strict decoding; raises Refused (400) naming the field."""
    try:
        return decode(body, shape)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise malformed(str(error)) from None


def answer(
    request: Request, message: Message, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """JSON, packed when the client takes it."""
    body = encode(message)
    sent = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})}
    if len(body) >= GZIP_FROM_BYTES and "gzip" in request.headers.get("accept-encoding", ""):
        body = gzip.compress(body, GZIP_LEVEL)
        sent |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    media = "application/problem+json" if status >= 400 else "application/json"
    return Response(body, status, sent, media)


def refusal(request: Request, refused: Refused, headers: Mapping[str, str] | None = None) -> Response:
    """A problem; 429 and 503 always say when to come back."""
    sent = {**(headers or {}), **refused.headers}
    after = refused.retry_after_s
    if after is None and refused.status in (429, 503):
        after = 1.0
    if after is not None:
        sent["Retry-After"] = str(max(1, math.ceil(after)))
    return answer(request, refused.problem(), status=refused.status, headers=sent)


def bug(request: Request, error: Exception, headers: Mapping[str, str] | None = None) -> Response:
    """A fault of ours: logged by its kind and place, answered as a plain 500."""
    log.error("bug in %s %s", request.method, request.url.path, exc_info=error)
    refused = Refused(500, "bug", "Kesalahan di server pusat. Data di perangkat aman.", retryable=True)
    return refusal(request, refused, headers)


GONE = Response(status_code=499)  # the client has left; nobody reads this
__all__ = [
    "GONE",
    "ClientDisconnect",
    "answer",
    "bug",
    "gunzip",
    "parse",
    "read_body",
    "refusal",
]
