"""Verifikasi's lists beside what was returned: which forms wait for a decision, why, since when, and what to do next.

Reads only; any thread. The sentences of the next step stand here, once, for window and command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.c1form import C1Key
from app.domain.lifecycle import VersionState
from app.domain.times import iso
from app.services.workplace import Workplace
from app.store import attention, reports
from app.store.driver import Connection


class Matter(StrEnum):
    """What a form waits for; the words are those of `needs_me` and of the window's lists."""

    RETURNED = "returned"
    DISPUTED = "disputed"
    RIVAL = "rival"
    REJECTED = "rejected"
    UNSEEN = "unseen"


STATES = {
    Matter.RETURNED: VersionState.RETURNED,
    Matter.DISPUTED: VersionState.DISPUTED,
    Matter.RIVAL: VersionState.RIVAL,
    Matter.REJECTED: VersionState.REJECTED,
}
CORRECTABLE = {  # with what Beranda says of them
    Matter.DISPUTED: "Formulir tidak cocok dan perlu dikoreksi",
    Matter.RIVAL: "KPU RI menyimpan angka lain untuk formulir ini",
    Matter.REJECTED: "KPU RI menolak angka formulir ini",
}
NEXT_STEP = {
    Matter.DISPUTED: "Bandingkan dengan C1, lalu Koreksi. Bila lembarnya milik TPS lain: Pindahkan atau Tukar.",
    Matter.RIVAL: "Bandingkan keduanya dengan C1. Koreksi: pakai angka yang tertulis di kertas, ini atau itu.",
    Matter.REJECTED: "Perbaiki sebabnya, lalu Koreksi atau Tarik; kirim lagi dari Antrean.",
}


@dataclass(frozen=True, slots=True)
class Matters:
    """One form of a list. `since` as ISO text."""

    key: C1Key
    desa_name: str
    matter: Matter
    since: str
    why: str
    next_step: str


def matters(wp: Workplace, matter: Matter, limit: int = 200, offset: int = 0) -> list[Matters]:
    """A list, the longest wait first. What was returned has a list of its own: `verify.returned`."""
    with wp.db.reading() as connection:
        if matter is Matter.UNSEEN:
            return [_of_unseen(one) for one in attention.behind(connection, limit, offset)]
        found = attention.standing(connection, STATES[matter], limit, offset)
    return [
        Matters(one.key, one.desa_name.title(), matter, iso(one.since), one.reason, NEXT_STEP.get(matter, ""))
        for one in found
    ]


def counts(wp: Workplace) -> dict[Matter, int]:
    """How long each list is."""
    with wp.db.reading() as connection:
        return {one: count(connection, one) for one in Matter}


def count(connection: Connection, matter: Matter) -> int:
    """`counts`, of one list and inside a transaction."""
    if matter is Matter.UNSEEN:
        return attention.count_behind(connection)
    return reports.count_in_state(connection, STATES[matter])


def _of_unseen(one: attention.Behind) -> Matters:
    since = iso(one.since)
    place = "Publik masih" if one.is_public else "KPU RI masih"
    if one.ours == 0:
        why = f"{place} versi {one.theirs}; di sini sudah ditarik."
        return Matters(
            one.key,
            one.desa_name.title(),
            Matter.UNSEEN,
            since,
            why,
            "Penarikan menunggu terkirim: Antrean.",
        )
    why = f"{place} versi {one.theirs}; di sini versi {one.ours}."
    return Matters(one.key, one.desa_name.title(), Matter.UNSEEN, since, why, _step(one))


def _step(one: attention.Behind) -> str:
    """What keeps the newer values from being seen."""
    if one.second_at is None:
        return "Menunggu entri kedua."
    if one.at_centre_at is None:
        return "Menunggu diterima KPU RI: Antrean."
    return "Menunggu verifikasi." if one.verified_at is None else "Menunggu publikasi."
