"""The centre's signing key: made once, kept in `keys/`, its public half travels in set-up files.

Thread: any (read at start).
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.attestation import new_private_key, public_key_of


@dataclass(frozen=True, slots=True)
class SigningKey:
    """`key_id` is the first 16 hex digits of the public key's SHA-256."""

    key_id: str
    public: str
    private: bytes = field(repr=False)


def load_or_make(folder: Path) -> SigningKey:
    """Read `keys/centre.key`, or make it (readable by its owner alone)."""
    path = folder / "keys" / "centre.key"
    private = path.read_bytes() if path.exists() else write_secret(path, new_private_key())
    public = public_key_of(private)
    return SigningKey(hashlib.sha256(public.encode("ascii")).hexdigest()[:16], public, private)


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
