"""What comes of a request, and what may be sent: values without behaviour. Thread: any."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Mapping
from enum import StrEnum
from typing import Protocol

from msgspec import Struct


class LinkFault(StrEnum):
    """Why there was no reply."""

    NO_NAME = "no_name"
    REFUSED = "refused"
    RESET = "reset"
    SILENT = "silent"  # connecting, sending or reading stood still
    DEADLINE = "deadline"  # the total deadline passed
    CERTIFICATE = "certificate"
    NOT_HTTP = "not_http"
    TOO_BIG = "too_big"
    PROXY_LOGIN = "proxy_login"  # it asks for a name and a password, or for others than ours
    PROXY_REFUSED = "proxy_refused"  # it opens no tunnel: forbidden, or it reaches nobody itself
    PROXY_DOWN = "proxy_down"  # nothing could be connected to it
    PROXY_UNUSABLE = "proxy_unusable"  # what the settings name is none we can speak to


class Reply(Struct, frozen=True):
    """A whole answer. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    took_s: float
    url: str
    sent_s: float = math.inf  # until the kernel had the whole body; inf: nobody looked


class LinkError(Struct, frozen=True):
    """No whole answer came; whether the other end took the request is unknown unless nothing was connected."""

    fault: LinkFault
    text: str
    took_s: float


class SlowBody(Protocol):
    """A body that leaves in parts when it may; what it waits for on purpose is no time of the line's."""

    def __len__(self) -> int: ...

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    @property
    def held_s(self) -> float:
        """Seconds waited on purpose so far."""
        ...


Body = bytes | SlowBody


def held_s(body: Body) -> float:
    """Seconds a body was held back on purpose."""
    return 0.0 if isinstance(body, bytes) else body.held_s
