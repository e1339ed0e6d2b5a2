"""Checks the centre's receipts against the pinned keys, and follows a change of key from one that is pinned.

Invariant: an answer without a good receipt is no success. A receipt must be signed by a pinned key and be for the very
thing that was sent. Thread: any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.attestation import is_signed_by, key_id_of
from app.ports import Json, Reason
from sync.wire import KeyStatement, Receipt, as_body

WRONG_KEY = Reason(
    "wrong_key",
    "Tanda terima tidak ditandatangani oleh KPU RI yang terdaftar. Data tidak dianggap terkirim."
    " Laporkan kepada KPU RI.",
)


def followed(keys: Mapping[str, str], statements: Sequence[KeyStatement], realm: str) -> dict[str, str]:
    """Keys not pinned yet that a pinned one vouches for, directly or through others. `statements`: oldest first."""
    known = dict(keys)
    for one in statements:
        signer = known.get(one.by)
        if one.key_id != key_id_of(one.public_key) or signer is None:
            continue
        if is_signed_by(signer, "key", realm, as_body(one)):
            known[one.key_id] = one.public_key
    return {key_id: key for key_id, key in known.items() if key_id not in keys}


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
