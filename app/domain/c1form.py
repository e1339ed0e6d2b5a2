"""What identifies a C1 form and one version of what was read from it.

Identity is `(realm, tps, form, round)`; there are no random ids, so two PCs that key the same form mean the same form.
A version's name is its `values_hash`; it changes only when cells change. Source: design section 4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import rfc8785

from app.domain.cell import Cells, cells_to_json
from app.domain.wilayah import TpsId

SCHEMA = 1  # of the hashed object; a new election never changes it, a new meaning of cells would
PRACTICE_PREFIX = "latihan-"


@dataclass(frozen=True, slots=True, order=True)
class C1Key:
    """One paper form within one realm (the realm is the workplace's)."""

    tps: TpsId
    form: str
    round: int = 1

    def text(self) -> str:
        """Stable text for logs and idempotency keys: `3204052001001/c1-ppwp-2019/1`."""
        return f"{self.tps}/{self.form}/{self.round}"

    @classmethod
    def of_text(cls, text: str) -> C1Key:
        """The way back from `text`. Raises ValueError."""
        tps, form, number = text.split("/")
        return cls(TpsId.parse(tps), form, int(number))


def is_practice(realm: str) -> bool:
    """Practice data can never enter a real centre: the realm's name says which it is."""
    return realm.startswith(PRACTICE_PREFIX)


def canonical_json(value: object) -> bytes:
    """RFC 8785 bytes of plain JSON data."""
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # rfc8785 types its input more narrowly than JSON data


def values_hash(realm: str, key: C1Key, cells: Cells) -> str:
    """SHA-256 (64 hex digits) of the canonical JSON of `{schema, realm, tps, form, round, cells}`."""
    body = {
        "schema": SCHEMA,
        "realm": realm,
        "tps": str(key.tps),
        "form": key.form,
        "round": key.round,
        "cells": cells_to_json(cells),
    }
    return hashlib.sha256(canonical_json(body)).hexdigest()


def body_digest(body: Mapping[str, object]) -> str:
    """Names what was sent of something that may grow on its way: SHA-256 of its canonical JSON, apart from when it
    was read and sent."""
    return hashlib.sha256(
        canonical_json({name: value for name, value in body.items() if name not in {"sent_at", "as_of"}})
    ).hexdigest()
