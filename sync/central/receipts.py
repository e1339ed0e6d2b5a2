"""Signed receipts. Invariant: what was received once has one receipt, and every repeat gets that first one again.

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
    receipt = Receipt(
        kind=kind,
        what=what,
        values_hash=values_hash,
        sequence=int(cursor.lastrowid or 0),
        epoch=centre.db.epoch,
        time=iso(centre.clock()),
        key_id=centre.key.key_id,
        signature="",
    )
    signed = as_body(receipt)
    signed["signature"] = sign(centre.key.private, "receipt", centre.realm, signed)
    final = Receipt(**signed)
    con.execute(
        "UPDATE receipt SET body = ? WHERE sequence = ?", (encode(final).decode("utf-8"), final.sequence)
    )
    return final


def stored(con: Connection, sequence: int) -> Receipt:
    """The receipt given then."""
    (body,) = con.execute("SELECT body FROM receipt WHERE sequence = ?", (sequence,)).fetchone()
    return decode(body.encode("utf-8"), Receipt)
