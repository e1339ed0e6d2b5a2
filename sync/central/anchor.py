"""The anchor of each device's journal: the centre remembers heads it was shown, and a device must extend the newest.

A restored backup or a cloned disk shows a head that does not: 409 `forked`, and the device is enrolled anew. Two
honest cases look alike and are let through without moving the anchor: requests that overtook one another (a lower
number; never the first of a run, which says so), and a device that missed the answer naming the newest anchor (it
proves an older one). No clock decides: a fixed number of such requests in a row is no accident any more. Every answer
names the anchor (header `Situng-Anchor`), so an honest device finds out by itself whether its journal has that line.
"""

from __future__ import annotations

from app.domain.journal import GENESIS
from sync.central.accounts import Caller
from sync.central.centre import Centre
from sync.central.database import one
from sync.central.driver import Connection
from sync.central.refusal import Refused, is_whole
from sync.wire import JournalHead

# Consecutive requests that do not prove the newest anchor: 8 in flight and a bad line stay far below.
MAX_UNPROVEN = 50
MAX_SHOWN = 100  # lines of one request that are looked up; a client shows one or two


def hold(con: Connection, centre: Centre, who: Caller, head: JournalHead, *, may_be_old: bool = False) -> int:
    """Check the journal head and move the anchor; returns the number of the line now anchored. Raises Refused (409).

    `may_be_old`: it came on a stick, days later perhaps; then being behind or unproven says nothing.
    """
    device = one(con, "SELECT * FROM device WHERE id = ?", who.device)
    assert device is not None  # noqa: S101 - the caller's token references the device
    anchor: int = device["anchor_seq"]
    if _contradicts(con, who.device, head):
        raise forked()
    if head.seq == anchor:
        return anchor
    if head.seq < anchor or (anchor and str(anchor) not in head.earlier):
        if may_be_old:
            return anchor
        if device["unproven"] >= MAX_UNPROVEN or (head.seq < anchor and head.fresh):
            raise forked()
        con.execute("UPDATE device SET unproven = unproven + 1 WHERE id = ?", (who.device,))
        return anchor
    con.execute("INSERT OR REPLACE INTO anchor VALUES (?, ?, ?)", (who.device, head.seq, head.hash))
    con.execute(
        "UPDATE device SET anchor_seq = ?, anchor_at = ?, unproven = 0 WHERE id = ?",
        (head.seq, centre.clock(), who.device),
    )
    return head.seq


def told(con: Connection, device: str) -> str:
    """The anchored line as the header says it, "SEQ HASH"; empty while there is none."""
    row = one(
        con,
        "SELECT seq, hash FROM anchor JOIN device ON device.id = device AND seq = anchor_seq WHERE device = ?",
        device,
    )
    return f"{row['seq']} {row['hash']}" if row else ""


def _contradicts(con: Connection, device: str, head: JournalHead) -> bool:
    """True when any line the device shows differs from the same line shown before."""
    shown = [(str(head.seq), head.hash), *head.earlier.items()]
    for seq, line_hash in shown[:MAX_SHOWN]:
        if not is_whole(seq):
            continue
        if int(seq) == 0:
            known: str | None = GENESIS
        else:
            row = one(con, "SELECT hash FROM anchor WHERE device = ? AND seq = ?", device, int(seq))
            known = row["hash"] if row else None
        if known is not None and known != line_hash:
            return True
    return False


def forked() -> Refused:
    return Refused(
        409,
        "forked",
        "Jurnal perangkat ini bukan lanjutan dari yang dikenal server (cadangan lama atau disk salinan)."
        " Data aman di perangkat; daftarkan perangkat kembali dengan kode baru.",
    )
