"""Why no whole answer came, and which fault of the line hides behind a system's error. Thread: any."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

from app.http.reply import LinkFault


class Broken(Exception):
    """No whole answer will come."""

    def __init__(self, fault: LinkFault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


def connect_fault(error: BaseException) -> LinkFault:
    """Of an error before the first byte of a request."""
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return LinkFault.CERTIFICATE
        if isinstance(cause, socket.gaierror):
            return LinkFault.NO_NAME
    if _timed_out(chain):
        return LinkFault.SILENT
    if any(isinstance(cause, ssl.SSLError) for cause in chain):
        return LinkFault.NOT_HTTP  # plain text where TLS was expected: a portal, not our server
    return LinkFault.REFUSED


def line_fault(error: BaseException | None) -> LinkFault:
    """Of what a connection died from; None: the other end closed it."""
    is_silent = error is not None and _timed_out(list(_causes(error)))
    return LinkFault.SILENT if is_silent else LinkFault.RESET


def _timed_out(chain: list[BaseException]) -> bool:
    return any(
        isinstance(cause, OSError) and (cause.errno == errno.ETIMEDOUT or isinstance(cause, TimeoutError))
        for cause in chain
    )


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
