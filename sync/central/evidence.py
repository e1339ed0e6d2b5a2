"""Proof by its clients that this centre was restored from a backup: a receipt that it signed and does not have.

A folder that came back whole (the snapshot of a virtual machine) has its witness with it and starts like any other.
Whoever says hello may show his newest receipt (header `Situng-Receipt`). Invariant: nothing counts but a good signature
by one of our keys, of the present epoch, on a receipt that is not among ours, so nobody can forge it; and what proved
one restoration proves no second one, because the epoch it speaks of is over. Thread: any.
"""

from __future__ import annotations

import logging

import msgspec

from app.domain.attestation import is_signed_by
from sync.central.centre import Centre
from sync.central.clock import iso
from sync.central.database import begin_epoch, one, set_fact
from sync.central.driver import Connection
from sync.wire import Receipt, as_body, decode

RESTORED = "restored_at"  # the fact: when the last restoration was proved
MAX_SHOWN = 2000  # characters; a receipt has 400
MAX_SEQUENCE = 2**62  # beyond it SQLite has no number

log = logging.getLogger(__name__)


def look_at(centre: Centre, shown: str) -> None:
    """Begin a new epoch when this is the proof."""
    receipt = _read(shown)
    if receipt is None or receipt.epoch != centre.db.epoch:
        return
    with centre.db.read() as con:
        if _is_kept(con, receipt) or not _is_ours(centre, receipt):
            return
    with centre.db.write() as con:
        if receipt.epoch != centre.db.epoch:  # others had the proof, too, and were quicker
            return
        epoch = begin_epoch(con)
        set_fact(con, RESTORED, iso(centre.clock()))
    log.warning(
        "This centre was restored from a backup: it signed receipt %d and does not have it. New epoch %s; every PC"
        " compares and sends again what is missing.",
        receipt.sequence,
        epoch,
    )


def _read(shown: str) -> Receipt | None:
    if len(shown) > MAX_SHOWN:
        return None
    try:
        receipt = decode(shown.encode("utf-8"), Receipt)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return receipt if 0 < receipt.sequence < MAX_SEQUENCE else None


def _is_kept(con: Connection, receipt: Receipt) -> bool:
    """Under its number; a receipt of a lost key may have been signed anew, and is the same."""
    row = one(con, "SELECT body FROM receipt WHERE sequence = ?", receipt.sequence)
    return row is not None and _unsigned(decode(row["body"].encode("utf-8"), Receipt)) == _unsigned(receipt)


def _unsigned(receipt: Receipt) -> Receipt:
    return msgspec.structs.replace(receipt, key_id="", signature="")


def _is_ours(centre: Centre, receipt: Receipt) -> bool:
    key = centre.key.vouched.get(receipt.key_id)
    return key is not None and is_signed_by(key, "receipt", centre.realm, as_body(receipt))
