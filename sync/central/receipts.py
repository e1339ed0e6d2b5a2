"""Signed receipts. Invariant: what was received once has one receipt, and every repeat gets that first one again;
under today's key when the key of then was lost, the same receipt otherwise.

Runs inside the transaction that stores what it is for: a receipt without its thing, or the other way round, cannot
exist.
"""

from __future__ import annotations

from app.domain.attestation import sign
from sync.central.centre import Centre
from sync.central.clock import iso
from sync.central.driver import Connection
from sync.wire import Receipt, as_body, decode, encode


def give(con: Connection, centre: Centre, kind: str, what: str, values_hash: str = "") -> Receipt:
    """Make, sign and store the next receipt."""
    cursor = con.execute("INSERT INTO receipt (kind, what, body) VALUES (?, ?, '')", (kind, what))
    plain = Receipt(
        kind=kind,
        what=what,
        values_hash=values_hash,
        sequence=int(cursor.lastrowid or 0),
        epoch=centre.db.epoch,
        time=iso(centre.clock()),
        key_id=centre.key.key_id,
        signature="",
    )
    receipt = _signed(centre, plain)
    con.execute(
        "UPDATE receipt SET body = ? WHERE sequence = ?", (encode(receipt).decode("utf-8"), receipt.sequence)
    )
    return receipt


def stored(con: Connection, centre: Centre, sequence: int) -> Receipt:
    """The receipt given then. What is kept stays as it was signed, also when its key is no longer vouched for."""
    (body,) = con.execute("SELECT body FROM receipt WHERE sequence = ?", (sequence,)).fetchone()
    receipt = decode(body.encode("utf-8"), Receipt)
    return receipt if receipt.key_id in centre.key.vouched else _signed(centre, receipt)


def _signed(centre: Centre, receipt: Receipt) -> Receipt:
    body = as_body(receipt) | {"key_id": centre.key.key_id}
    body["signature"] = sign(centre.key.private, "receipt", centre.realm, body)
    return Receipt(**body)
