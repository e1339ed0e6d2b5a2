"""Checks the centre's receipts against the keys pinned by the set-up file.

Invariant: an answer without a good receipt is no success. A receipt must be signed by a pinned key and be for the very
thing that was sent. Thread: any.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.attestation import is_signed_by
from app.ports import Json, Reason
from sync.wire import Receipt, as_body

WRONG_KEY = Reason(
    "wrong_key",
    "Tanda terima tidak ditandatangani oleh KPU RI yang terdaftar. Data tidak dianggap terkirim."
    " Laporkan kepada KPU RI.",
)


def checked(
    receipt: Receipt | None,
    *,
    keys: Mapping[str, str],
    realm: str,
    kind: str,
    what: str,
    values_hash: str = "",
) -> Json | None:
    """The receipt as plain JSON when it is genuine and for this thing, else None."""
    if receipt is None:
        return None
    body = as_body(receipt)
    is_ours = (receipt.kind, receipt.what, receipt.values_hash) == (kind, what, values_hash)
    key = keys.get(receipt.key_id)
    if not is_ours or key is None or not is_signed_by(key, "receipt", realm, body):
        return None
    return body
