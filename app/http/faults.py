"""Which fault of the line hides behind a library's exception. Thread: any."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

import httpcore

from app.http.reply import LinkFault

EXPECTED = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    OSError,
    ValueError,  # an address or a header that is none
)


def fault_of(error: BaseException) -> LinkFault:
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return LinkFault.CERTIFICATE
        if isinstance(cause, socket.gaierror):
            return LinkFault.NO_NAME
    if isinstance(error, httpcore.TimeoutException) or _has_errno(chain, errno.ETIMEDOUT):
        return LinkFault.SILENT
    if any(isinstance(cause, ssl.SSLError) for cause in chain) and isinstance(error, httpcore.ConnectError):
        return LinkFault.NOT_HTTP  # plain text where TLS was expected: a portal, not our server
    if isinstance(error, httpcore.ConnectError):
        return LinkFault.REFUSED
    is_cut = "disconnected" in str(error) or "closed" in str(error)
    if isinstance(error, httpcore.RemoteProtocolError | ValueError) and not is_cut:
        return LinkFault.NOT_HTTP
    return LinkFault.RESET


def _has_errno(chain: list[BaseException], number: int) -> bool:
    return any(isinstance(cause, OSError) and cause.errno == number for cause in chain)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything behind it; the event loop hides the system's own error one or two levels down."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting.extend((one.__cause__, one.__context__))
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
