"""People: roles and the four-eyes rules. Which person may do what to which form.

Whoever keyed a form first (or handed a draft over) can neither second-read nor verify it.
Source: design promise 6, domain notes 2.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Stored and sent as these words."""

    SCAN = "pindai"
    KEY = "entri"
    VERIFY = "verifikator"
    COORDINATE = "koordinator"
    WATCH = "penonton"


@dataclass(frozen=True, slots=True)
class Person:
    """An operator of this district. `id` is unique in the district and on the wire."""

    id: str
    name: str
    roles: frozenset[Role]
    public_key: str  # base64 Ed25519
    active: bool = True

    def has(self, *roles: Role) -> bool:
        """True when the person has one of the roles; a coordinator may do everything but break four eyes."""
        return Role.COORDINATE in self.roles or any(role in self.roles for role in roles)


OWN_FORM = "Formulir ini Anda entri sendiri. Entri kedua harus oleh orang lain."
OWN_VERIFY = "Formulir ini Anda entri sendiri. Verifikasi harus oleh orang lain."


def may_read_next(person: str, earlier_readers: Collection[str]) -> bool:
    """A later reading must be by somebody who had no part in an earlier one (takeovers included)."""
    return person not in earlier_readers


def may_verify(person: str, first_readers: Collection[str]) -> bool:
    """Not by the first reader, nor by anybody whose draft the first reader took over."""
    return person not in first_readers
