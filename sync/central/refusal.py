"""A call refused, as problem details (RFC 9457). Raised by the parts, turned into an answer in one place.

`code` is stable, `detail` an Indonesian sentence for the person, `retryable` says whether the same call may succeed
later.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from app.errors import ExpectedError
from sync.wire import Problem


class Refused(ExpectedError):
    """HTTP status, code and sentence of a refusal; nothing was changed."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        retryable: bool = False,
        retry_after_s: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail, code=code)
        self.status = status
        self.retryable = retryable
        self.retry_after_s = retry_after_s
        self.headers = dict(headers or {})

    def problem(self) -> Problem:
        """The body of the answer."""
        return Problem(
            title=_title(self.status),
            status=self.status,
            code=self.code,
            detail=str(self),
            retryable=self.retryable,
            retry_after_s=self.retry_after_s,
        )


def problem(status: int, code: str, detail: str, *, retryable: bool = False) -> Problem:
    """A problem inside a batch: one bad element never fails its neighbours."""
    return Problem(title=_title(status), status=status, code=code, detail=detail, retryable=retryable)


def malformed(detail: str) -> Refused:
    """The request is not what the protocol says; sending it again changes nothing."""
    return Refused(400, "malformed", f"Permintaan tidak dapat dibaca: {detail[:300]}")


def is_whole(text: str, digits: int = 15) -> bool:
    """True for plain ASCII digits that make a sane number; `str.isdigit` alone also takes `²`, which `int` does not."""
    return text.isascii() and text.isdigit() and len(text) <= digits


def _title(status: int) -> str:
    if status == 460:  # tus checksum extension; not an HTTP status of its own
        return "Checksum Mismatch"
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return str(status)
