"""The error tree. Expected errors carry what the person can do; anything else is a bug.

    SitungError
    +-- ExpectedError          the person or the world caused it; has a `hint`; never shown as a traceback
        +-- BadInput           a file, a number or an answer that cannot be used as it is
        +-- NotAllowed         the four-eyes rule, a role or a PIN forbids it
        +-- NotFound           an unknown TPS, form, operator or scan
        +-- Unavailable        disk full, database in use, keyring missing, server unreachable

Thread: any. Messages are Indonesian sentences: what happened, what is safe. `hint`: what to do next.
"""

from __future__ import annotations


class SitungError(Exception):
    """Base of everything this project raises on purpose."""


class ExpectedError(SitungError):
    """An error the person can act on: `str(error)` says what happened, `hint` what to do next."""

    def __init__(self, message: str, *, hint: str = "", code: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code or type(self).__name__

    def sentence(self) -> str:
        """Message and hint as one line for a terminal or a message box."""
        return f"{self} {self.hint}".strip()


class BadInput(ExpectedError):
    """Input that cannot be used as it is; nothing was changed."""


class NotAllowed(ExpectedError):
    """A rule about people (PIN, role, four eyes) forbids it; nothing was changed."""


class NotFound(ExpectedError):
    """What was named is not known here."""


class Unavailable(ExpectedError):
    """The disk, the keyring, another process or the network stands in the way; work is safe."""
