"""Proves the journal: walks the chain from its first line, looks at its end, and checks what the centre signed.

Each receipt is kept twice, in its table and in the journal; both must say the same, and a key of a set-up file (of
today or of before) must have signed it. The journal must reach as far as the line the centre has anchored.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.attestation import is_signed_by
from app.domain.c1form import canonical_json
from app.domain.journal import Fault, first_fault
from app.services import words
from app.services.workplace import Workplace, server_of
from app.store import exchange, meta
from app.store import journal as rows
from app.store.driver import Connection


@dataclass(frozen=True, slots=True)
class JournalReport:
    """`head` = hash of the newest line; `fault` is None when the chain is whole."""

    lines: int
    head: str
    fault: Fault | None
    sentence: str
    anchored: int = 0  # the newest line the centre is known to hold
    receipts: int = 0
    unproven: int = 0  # receipts without a good signature, or not in the journal


def verify(wp: Workplace) -> JournalReport:
    """Read every line once. Memory: one line at a time."""
    with wp.db.reading() as connection:
        fault = first_fault(rows.lines(connection))
        seq, head = rows.head(connection)
        highest = rows.highest_ever(connection)
        anchored = int(meta.get(connection, "anchored_seq", "0"))
        kept, unproven = _receipts(connection, wp)
    if fault is None and highest != seq:
        fault = Fault(seq + 1, f"baris {seq + 1} sampai {highest} hilang")
    if fault is None and anchored > seq:
        fault = Fault(seq + 1, f"KPU RI memegang baris {anchored}, di sini hanya sampai {seq}")
    if fault is None:
        sentence = f"Jurnal utuh: {words.number(seq)} baris, {words.number(anchored)} dipegang KPU RI."
        sentence += f" {words.number(kept)} tanda terima" + (
            " terbukti." if not unproven else f", {words.number(unproven)} tidak terbukti."
        )
    else:
        sentence = f"Jurnal rusak: {fault.reason}. Jangan dilanjutkan sebelum diperiksa teknisi."
    return JournalReport(seq, head, fault, sentence, anchored, kept, unproven)


def _receipts(connection: Connection, wp: Workplace) -> tuple[int, int]:
    """How many there are, and how many of them prove nothing."""
    server = server_of(wp)
    keys = {**server.retired, **server.keys} if server else {}
    told = {canonical_json(line.body.get("receipt", {})) for line in rows.lines_of(connection, "receipt")}
    count = unproven = 0
    for receipt in exchange.receipts(connection):
        count += 1
        key = keys.get(str(receipt["key_id"]), "")
        unproven += not (is_signed_by(key, "receipt", wp.realm, receipt) and canonical_json(receipt) in told)
    return count, unproven
