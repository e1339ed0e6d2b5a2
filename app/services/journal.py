"""Proves the journal: walks the chain from its first line and looks at its end."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.journal import Fault, first_fault
from app.services import words
from app.services.workplace import Workplace
from app.store import journal as rows


@dataclass(frozen=True, slots=True)
class JournalReport:
    """`head` = hash of the newest line; `fault` is None when the chain is whole."""

    lines: int
    head: str
    fault: Fault | None
    sentence: str


def verify(wp: Workplace) -> JournalReport:
    """Read every line once. Memory: one line at a time."""
    with wp.db.reading() as connection:
        fault = first_fault(rows.lines(connection))
        seq, head = rows.head(connection)
        highest = rows.highest_ever(connection)
    if fault is None and highest != seq:
        fault = Fault(seq + 1, f"baris {seq + 1} sampai {highest} hilang")
    if fault is None:
        sentence = f"Jurnal utuh: {words.number(seq)} baris."
    else:
        sentence = f"Jurnal rusak: {fault.reason}. Jangan dilanjutkan sebelum diperiksa teknisi."
    return JournalReport(seq, head, fault, sentence)
