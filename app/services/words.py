"""The words for states and stops, in Indonesian (design section 6). Never: sah, final, resmi, ditetapkan."""

from __future__ import annotations

from app.domain.lifecycle import OutboxState, VersionState
from app.domain.readings import Outcome
from app.domain.sending import Left
from app.ports import ItemKind
from app.store.forms_list import FormLine
from app.store.queue import Line
from app.store.reports import Counts

ORDERS = {1: "Entri pertama", 2: "Entri kedua", 3: "Bacaan ketiga", 4: "Keputusan koordinator"}
READING_WORDS = {
    Outcome.UNREAD: "Belum dientri",
    Outcome.PARTLY_READ: "Dientri sebagian",
    Outcome.NEEDS_SECOND: "Selesai dientri",
    Outcome.NEEDS_THIRD: "Berbeda",
    Outcome.NEEDS_COORDINATOR: "Berbeda",
    Outcome.SETTLED: "Tuntas dibaca",
}
STOPPED_WORDS = "Berhenti – perlu tindakan"
VERSION_WORDS = {
    VersionState.RETURNED: "Dikembalikan untuk diverifikasi",
    VersionState.DISPUTED: "Tidak cocok",
    VersionState.VERIFIED: "Diverifikasi",
    VersionState.VERDICT_AT_CENTRE: "Diverifikasi",
    VersionState.PUBLIC: "Dipublikasikan",
    VersionState.REJECTED: STOPPED_WORDS,
    VersionState.RIVAL: STOPPED_WORDS,
}
_REFUSED = (VersionState.REJECTED, VersionState.RIVAL)  # said also of what was read in part
# What somebody has to do something about, as it is told: red wherever a form's state is shown.
TROUBLE_WORDS = frozenset(
    {
        READING_WORDS[Outcome.NEEDS_THIRD],
        READING_WORDS[Outcome.NEEDS_COORDINATOR],
        VERSION_WORDS[VersionState.DISPUTED],
        VERSION_WORDS[VersionState.REJECTED],
        VERSION_WORDS[VersionState.RIVAL],
    }
)
UNCERTAIN_WORDS = "Belum pasti – ditanyakan ke KPU RI"
_STOPS = (
    ("received", "scanned", "belum dipindai"),
    ("received", "keyed", "belum dientri"),
    ("keyed", "second_read", "menunggu entri kedua"),
    ("keyed", "at_centre", "belum diterima KPU RI"),
    ("at_centre", "verified", "menunggu verifikasi"),
    ("verified", "public", "menunggu publikasi"),
)


def number(value: int) -> str:
    """`10.338`."""
    return f"{value:,}".replace(",", ".")


def gap(counts: Counts) -> str:
    """What the office has and the public has not, and where it stands."""
    if not counts.keyed:
        return f"Belum ada yang dientri dari {number(counts.expected)} formulir."
    left = counts.keyed - counts.public
    start = f"Di meja kita {number(counts.keyed)} sudah dientri; {number(counts.public)} dipublikasikan."
    if left <= 0:
        return f"{start} Tidak ada selisih."
    parts = [
        (counts.keyed - counts.at_centre, "belum diterima KPU RI"),
        (counts.at_centre - counts.verified, "menunggu verifikasi"),
        (counts.verified - counts.public, "menunggu publikasi"),
    ]
    told = ", ".join(f"{number(n)} {what}" for n, what in parts if n > 0)
    return f"{start} Selisih {number(left)}: {told}."


def stuck(counts: Counts) -> str:
    """Where most forms of an area stop; empty when nothing stops."""
    most = max(_STOPS, key=lambda stop: getattr(counts, stop[0]) - getattr(counts, stop[1]))
    n = getattr(counts, most[0]) - getattr(counts, most[1])
    return f"{number(n)} {most[2]}" if n > 0 else ""


def form_state(line: FormLine) -> str:
    """A form's state in the words of the screen."""
    if line.is_open:
        return "Belum selesai"
    state = VersionState(line.head_state) if line.head_state else None
    outcome = Outcome(line.outcome)
    waits_for_pages = outcome is Outcome.PARTLY_READ and state not in _REFUSED
    if state in VERSION_WORDS and not waits_for_pages:
        return VERSION_WORDS[state]
    if outcome is Outcome.SETTLED and state is VersionState.QUEUED:
        return "Menunggu diunggah"
    if outcome is Outcome.SETTLED and state is VersionState.READY:
        return "Siap diunggah"
    if outcome is Outcome.SETTLED and state is VersionState.AT_CENTRE:
        return "Diterima KPU RI"
    if outcome is Outcome.UNREAD and line.facts["received"] is None:
        return "Belum diterima"
    return READING_WORDS[outcome]


def queue_what(line: Line) -> str:
    """What a line of the queue carries."""
    if line.kind is ItemKind.RECORD:
        return f"Angka versi {line.number}" if line.number > 1 else "Angka"
    if line.kind is ItemKind.SCAN:
        return f"Gambar hal. {line.number}" if line.number else "Gambar"
    return "Putusan" if line.kind is ItemKind.VERDICT else "Penarikan"


def thrifty(left: Left, sent: int, sent_bytes: int) -> str:
    """That thrifty copies go first, and what they cost beside the images; empty while images go as they are."""
    if not left.is_line_poor:
        return ""
    cost = f"terkirim {number(sent)} salinan ({_kilobytes(sent_bytes)})"
    if not left.thrifty:
        return f"Jalur lambat: salinan hemat sudah di KPU RI, gambar lengkap menyusul; {cost}."
    rest = f"menunggu {number(left.thrifty)} ({_kilobytes(left.thrifty_bytes)})"
    return f"Salinan hemat dulu: jalur lambat; {rest}, {cost}. Gambar lengkap menyusul."


def _kilobytes(size: int) -> str:
    return f"{number(round(size / 1000))} kB"


def queue_reason(line: Line, lane: tuple[str, str, float | None]) -> tuple[str, str, float | None]:
    """Code, sentence and next try of a line: its own reason, else its lane's."""
    lane_code, lane_text, lane_next = lane
    if line.state is OutboxState.STOPPED:
        return line.reason_code or "stopped", line.reason_text or "Berhenti – perlu tindakan.", None
    if line.state is OutboxState.IN_FLIGHT:
        return "in_flight", "Sedang dikirim.", line.since
    if lane_code in ("no_server", "paused_here"):
        return lane_code, lane_text, None
    if lane_code == "schedule" and line.is_first:
        lane_code, lane_text, lane_next = "queued", "Menunggu giliran.", None
    next_at = max(line.next_at, lane_next or 0.0) or line.since
    if line.reason_code and line.next_at >= (lane_next or 0.0):  # the longest wait is the reason
        return line.reason_code, line.reason_text, next_at
    if lane_code == "queued" and line.is_behind:
        return "behind", "Menunggu kiriman sebelumnya dari formulir ini.", next_at
    if lane_code == "queued" and line.is_copy_there:
        lane_text = "Salinan hemat sudah di KPU RI; gambar lengkap menyusul."
    return lane_code, lane_text, next_at
