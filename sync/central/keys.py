"""The centre's signing key: made once, kept in `keys/`, its public half travels in set-up files.

`centre.key` is the key that signs; `rotations.json` says how it came to be: each new key is signed by the one before.
A key stays *vouched for* as long as such a chain leads from it to the present one: its receipts stay good. A key that
was lost or stolen is replaced without a chain: districts need new set-up files, and its receipts are signed anew when
they are asked for. Thread: any (read at start).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from app.domain.attestation import key_id_of, new_private_key, public_key_of, sign
from sync.central.clock import iso
from sync.wire import KeyStatement


class Rotation(msgspec.Struct, frozen=True, kw_only=True):
    """One change of key: the public key before, and the statement it signed about the next."""

    earlier: str
    statement: KeyStatement


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`key_id` is the first 16 hex digits of the public key's SHA-256."""

    key_id: str
    public: str
    private: bytes = field(repr=False)
    rotations: tuple[Rotation, ...] = ()  # those that lead to this key, oldest first

    @property
    def vouched(self) -> Mapping[str, str]:
        """Keys whose receipts are good: this one and those that handed over to it. key_id -> public key."""
        return {self.key_id: self.public} | {one.statement.by: one.earlier for one in self.rotations}

    @property
    def statements(self) -> list[KeyStatement]:
        """What `GET /keys` answers."""
        return [one.statement for one in self.rotations]


def load_or_make(folder: Path) -> SigningKey:
    """Read `keys/centre.key`, or make it (readable by its owner alone)."""
    path = _key_file(folder)
    private = path.read_bytes() if path.exists() else write_secret(path, new_private_key())
    public = public_key_of(private)
    return SigningKey(key_id_of(public), public, private, _leading_to(key_id_of(public), _rotations(folder)))


def rotate(folder: Path, realm: str, now: float) -> SigningKey:
    """A new key, signed by the present one; a running centre takes it at its next start.

    A kill between the two writes leaves the present key in place and a statement that leads nowhere.
    """
    before, private = load_or_make(folder), new_private_key()
    public = public_key_of(private)
    body = {"key_id": key_id_of(public), "public_key": public, "by": before.key_id, "at": iso(now)}
    statement = KeyStatement(**body, signature=sign(before.private, "key", realm, body))
    kept = (*_rotations(folder), Rotation(earlier=before.public, statement=statement))
    write_secret(_key_file(folder).with_name("rotations.json"), msgspec.json.encode(kept))
    write_secret(_key_file(folder), private)
    return load_or_make(folder)


def replace(folder: Path) -> SigningKey:
    """A new key nobody vouches for: the present one is lost or stolen."""
    write_secret(_key_file(folder), new_private_key())
    return load_or_make(folder)


def _leading_to(key_id: str, rotations: tuple[Rotation, ...]) -> tuple[Rotation, ...]:
    found: list[Rotation] = []
    for one in reversed(rotations):
        if one.statement.key_id == key_id:
            found.append(one)
            key_id = one.statement.by
    return tuple(reversed(found))


def _rotations(folder: Path) -> tuple[Rotation, ...]:
    path = _key_file(folder).with_name("rotations.json")
    return msgspec.json.decode(path.read_bytes(), type=tuple[Rotation, ...]) if path.exists() else ()


def _key_file(folder: Path) -> Path:
    return folder / "keys" / "centre.key"


def write_secret(path: Path, content: bytes) -> bytes:
    """Create a file that only its owner may read; never half written. Returns `content`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return content
