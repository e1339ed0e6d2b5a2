"""The line's state in one word and one honest Indonesian sentence: what is wrong since when, what goes on, when next.

Pure: facts in, `SyncStatus` out. Times are shown in this PC's zone, as on the wall clock (13.13). Thread: any.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec import Struct, field

from app.domain.sending import Left
from app.ports import ChannelState, Lane, LineState, Reason, SyncStatus
from sync import gate
from sync.classify import PROXYS
from sync.policy import RECENT_KEPT
from sync.progress import duration_words, size_words, time_left_s

_FORBIDDEN = 403
GOES_ON = "Pekerjaan dapat dilanjutkan."
SLOW_FROM_S = 4.0  # median answer; below it nobody at the desk notices
SLOW_KNOWN = 5  # answers it is taken over, at least
FAILING_FROM = 3  # failed answers among the last ten of a lane that are worth a word
FAILING_FOR_S = 60.0  # a lane with nothing more to send has no better answers to show
LANE_WORDS = {Lane.VERDICTS: "verifikasi", Lane.RECORDS: "angka", Lane.SCANS: "gambar"}


# What stands in the way on this PC, by the store's code. `Unavailable` speaks to whoever just pressed a key; nobody
# pressed anything here, and nothing need be repeated.
_HERE = {
    "sqlite_full": "Disk PC ini penuh. Kosongkan ruang disk.",
    "sqlite_readonly": "Folder data di PC ini hanya dapat dibaca. Periksa izin folder data.",
    "sqlite_ioerr": "Disk PC ini gagal dibaca atau ditulis. Periksa disk dan kabelnya.",
    "sqlite_cantopen": "Basis data di PC ini tidak dapat dibuka. Periksa folder data dan izinnya.",
    "sqlite_busy": "Basis data di PC ini sedang dipakai program lain. Tutup program itu bila tidak selesai sendiri.",
    "sqlite_corrupt": "Basis data di PC ini rusak. Jangan dihapus; pakai cadangan terakhir dan hubungi teknisi.",
}
_HERE_SAFE = (
    "Pengiriman berhenti dulu, karena tanda terima tidak dapat dicatat; semua yang sudah tersimpan aman, dan"
    " pengiriman berlanjut sendiri setelah itu."
)
BUG = Reason("bug", "Kesalahan program saat mengirim. Data aman; dicoba lagi nanti.")


def trouble_here(code: str) -> Reason:
    """Why nothing can be written down on this PC; for a code nobody knows, a fault of the program."""
    what = _HERE.get(code)
    return Reason(code, f"{what} {_HERE_SAFE}") if what else BUG


class Trouble(Struct, frozen=True):
    """What stands in the way of the whole line, as the loop last learnt it."""

    line: LineState
    reason: Reason
    next_try_at: float | None = None


class Facts(Struct, frozen=True):
    """Everything a status is made of."""

    now: float
    channels: Mapping[Lane, ChannelState]
    trouble: Trouble | None = None
    has_met: bool = False  # a hello was answered since the start
    is_comparing: bool = (
        False  # after a new epoch or enrolment, until the last form and image was asked about
    )
    since: float = 0.0  # when the present state began
    in_flight: int = 0
    sent_bytes: int = 0
    rate_bytes_s: float = 0.0
    left: Left = field(default_factory=Left)
    images_open_at: float | None = None


def line_of(facts: Facts) -> tuple[LineState, Reason | None, float | None]:
    """State, its reason, and when it is tried again."""
    channels = list(facts.channels.values())
    if all(state.is_paused for state in channels):
        return LineState.PAUSED_HERE, None, None
    if facts.trouble is not None:
        return facts.trouble.line, facts.trouble.reason, facts.trouble.next_try_at
    if not facts.has_met:
        return LineState.STARTING, None, None
    # A pause that is over is open too: a lane with nothing to send has no success to show for it.
    shut = [
        (_shut_as(s), s)
        for s in channels
        if gate.phase(s, facts.now) is not gate.Phase.OPEN and not s.is_paused and s.reason is not None
    ]
    if shut:
        line, state = min(shut, key=lambda one: (_WORST_FIRST.index(one[0]), not _says_itself(one[1].reason)))
        return line, state.reason, state.gate_until
    is_slow = (
        any(gate.median_s(state, SLOW_KNOWN) > SLOW_FROM_S for state in channels)
        or _failing(facts) is not None
    )
    return (LineState.SLOW if is_slow else LineState.OK), None, None


def _failing(facts: Facts) -> tuple[int, int] | None:
    """Failed answers and answers of the lane that fares worst; None while failures are rare."""
    fresh = facts.now - FAILING_FOR_S
    lanes = [one for one in facts.channels.values() if not one.is_paused and one.updated_at >= fresh]
    answers = [[one for one in state.recent if one in "sf"][-RECENT_KEPT:] for state in lanes]
    counts = [(one.count("f"), len(one)) for one in answers]
    worst = max(counts, default=(0, 0))
    return worst if worst[0] >= FAILING_FROM else None


_WORST_FIRST = (LineState.FULL, LineState.PAUSED_THERE, LineState.DOWN, LineState.SLOW)


def _shut_as(state: ChannelState) -> LineState:
    """What a closed gate means for the line."""
    code = state.reason.code if state.reason is not None else ""
    if code in PROXYS - {"other_method"}:  # of images only: numbers go on
        return LineState.DOWN
    if code == "full":
        return LineState.FULL
    if code in {"paused", "paused_there"}:
        return LineState.PAUSED_THERE
    return LineState.DOWN if state.recent.rstrip("|h").endswith("q") else LineState.SLOW


def _says_itself(reason: Reason | None) -> bool:
    """Better told in its own words than as a slow or silent centre: a proxy's trouble, and what is forbidden."""
    return reason is not None and (reason.code in PROXYS or reason.status == _FORBIDDEN)


def describe(facts: Facts) -> SyncStatus:
    """The status as window and command line show it."""
    line, reason, next_try = line_of(facts)
    return SyncStatus(
        line,
        _sentence(line, reason, facts, next_try),
        facts.since,
        next_try,
        facts.in_flight,
        facts.sent_bytes,
        facts.rate_bytes_s,
        facts.left,
        None if facts.images_open_at is not None else time_left_s(facts.left.image_bytes, facts.rate_bytes_s),
        facts.images_open_at,
    )


def describe_here(reason: Reason, since: float, next_try: float) -> SyncStatus:
    """The status while no engine can work because of this PC."""
    sentence = f"{reason.text} {_again(next_try)}"
    return SyncStatus(LineState.HERE, sentence, since, next_try)


def at(seconds: float) -> str:
    """`13.13`, this PC's zone."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().strftime("%H.%M")


def _sentence(line: LineState, reason: Reason | None, facts: Facts, next_try: float | None) -> str:
    since, again = at(facts.since), _again(next_try)
    why = reason.text if reason is not None else ""
    if line in {LineState.DOWN, LineState.SLOW} and _says_itself(reason):
        return " ".join(f"{why} {GOES_ON} {again}".split())
    texts = {
        LineState.NO_SERVER: "Belum terhubung ke server KPU RI. Semua pekerjaan tersimpan di PC ini.",
        LineState.STARTING: f"Menghubungi KPU RI. {GOES_ON}",
        LineState.OK: f"Terhubung ke KPU RI. {_comparing(facts)} {_paused(facts)} {_progress(facts)}",
        LineState.SLOW: f"{_slow(facts)} {GOES_ON} {again} {_progress(facts)}",
        LineState.PAUSED_HERE: f"Pengiriman dijeda di PC ini. {GOES_ON} Tekan Lanjutkan untuk mengirim lagi.",
        LineState.PAUSED_THERE: f"KPU RI menghentikan penerimaan sementara sejak {since}. {GOES_ON} {again}",
        LineState.DOWN: f"KPU RI tidak menjawab sejak {since}. {GOES_ON} {again}",
        LineState.FORKED: f"{why} {again}",  # these two say themselves what goes on
        LineState.REVOKED: f"{why} {again}",
    }
    return " ".join(texts.get(line, f"{why} {GOES_ON} {again}").split())


def _slow(facts: Facts) -> str:
    failing = _failing(facts)
    return (
        f"KPU RI lambat: {failing[0]} dari {failing[1]} jawaban gagal."
        if failing
        else "KPU RI lambat menjawab."
    )


def _comparing(facts: Facts) -> str:
    return "Semua yang pernah dikirim sedang dibandingkan lagi." if facts.is_comparing else ""


def _paused(facts: Facts) -> str:
    lanes = [LANE_WORDS[state.lane] for state in facts.channels.values() if state.is_paused]
    return f"Pengiriman {' dan '.join(lanes)} dijeda di sini." if lanes else ""


def _progress(facts: Facts) -> str:
    """What is left of the images; nothing while none is, or while a person paused them."""
    if facts.left.image_bytes <= 0 or facts.channels[Lane.SCANS].is_paused:
        return ""
    size = size_words(facts.left.image_bytes)
    if facts.images_open_at is not None:
        return f"Gambar (sisa {size}) dilanjutkan pukul {at(facts.images_open_at)} menurut jadwal."
    first = _thrifty(facts)
    seconds = time_left_s(facts.left.image_bytes, facts.rate_bytes_s)
    if seconds is None:
        return f"{first} Sisa gambar {size}; lamanya belum dapat diperkirakan."
    return f"{first} Sisa gambar {size}, kira-kira {duration_words(seconds)} pada laju sekarang."


def _thrifty(facts: Facts) -> str:
    """That small copies go first, and how long those alone take; nothing while images go as they are."""
    left = facts.left
    if not left.is_line_poor:
        return ""
    if not left.thrifty:
        return "Jalur lambat: salinan hemat sudah di KPU RI, gambar lengkap menyusul."
    seconds = time_left_s(left.thrifty_bytes, facts.rate_bytes_s)
    time = "" if seconds is None else f", kira-kira {duration_words(seconds)}"
    return f"Salinan hemat dulu: jalur lambat (sisa {size_words(left.thrifty_bytes)}{time})."


def _again(next_try: float | None) -> str:
    return "" if next_try is None else f"Dicoba lagi {at(next_try)}."
