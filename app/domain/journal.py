"""The journal's hash chain: every line carries the hash of the line before, so a changed byte is found.

Line n: `hash = SHA-256(previous hash LF canonical JSON of {seq, at, kind, who, what, body})`. The values stand
in `body`, a person's PIN or a token never does. The chain is computed inside the transaction that writes the fact.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.c1form import canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Line:
    """One line as stored."""

    seq: int
    at: str
    kind: str
    who: str
    what: str
    body: Mapping[str, object]
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain breaks and how."""

    seq: int
    reason: str


def line_hash(
    previous: str, seq: int, at: str, kind: str, who: str, what: str, body: Mapping[str, object]
) -> str:
    """64 hex digits."""
    content = {"seq": seq, "at": at, "kind": kind, "who": who, "what": what, "body": body}
    return hashlib.sha256(previous.encode("ascii") + b"\n" + canonical_json(content)).hexdigest()


def first_fault(lines: Iterable[Line]) -> Fault | None:
    """Walk the chain from its first line; None when it is whole."""
    previous, expected_seq = GENESIS, 1
    for line in lines:
        if line.seq != expected_seq:
            return Fault(expected_seq, f"baris {expected_seq} hilang")
        if line.hash != line_hash(previous, line.seq, line.at, line.kind, line.who, line.what, line.body):
            return Fault(line.seq, f"baris {line.seq} tidak cocok dengan rantainya")
        previous, expected_seq = line.hash, expected_seq + 1
    return None
