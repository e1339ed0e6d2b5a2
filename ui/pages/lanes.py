"""The three lanes as rows: how many wait, how they are sent, how the lane stands, what is left, how long it may take.

Pure but for translation; an estimate is only given from a rate that was really seen. Thread: any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.ports import Lane, SyncStatus
from app.services.status import ChannelView, LaneView
from ui import format as fmt
from ui.models.columns import Column
from ui.theme import Tone

ORDER = (Lane.RECORDS, Lane.VERDICTS, Lane.SCANS)
HOW = 2  # the column that says how a lane sends
_MIN_RATE_BYTES_S = 100.0


@dataclass(frozen=True, slots=True)
class LaneRow:
    """One lane as it is shown."""

    lane: Lane
    waiting: int
    how: str
    state: str
    tone: Tone
    bytes_left: int
    estimate: str
    is_paused: bool


def lane_name(lane: Lane) -> str:
    """The word on the screen."""
    return {Lane.RECORDS: _tr("Angka"), Lane.VERDICTS: _tr("Putusan"), Lane.SCANS: _tr("Gambar")}[lane]


def estimate(bytes_left: int, rate_bytes_s: float) -> str:
    """`± 2 mnt`, or nothing while no rate is known."""
    if bytes_left <= 0 or rate_bytes_s < _MIN_RATE_BYTES_S:
        return ""
    rate = fmt.decimal(rate_bytes_s * 8 / 1_000_000)
    return (
        _tr("± %1 pada %2 Mbit/s").replace("%1", fmt.duration(bytes_left / rate_bytes_s)).replace("%2", rate)
    )


def lane_rows(lanes: Sequence[LaneView], channels: Sequence[ChannelView], line: SyncStatus) -> list[LaneRow]:
    """What the table shows; a lane nothing was ever queued in is shown too."""
    by_lane = {one.lane: one for one in lanes}
    by_channel = {one.lane: one for one in channels}
    return [_row(lane, by_lane.get(lane), by_channel[lane], line) for lane in ORDER]


def _row(lane: Lane, view: LaneView | None, channel: ChannelView, line: SyncStatus) -> LaneRow:
    waiting = view.waiting if view else 0
    bytes_left = view.bytes_left if view else 0
    tone, state = _state(view, channel)
    return LaneRow(
        lane,
        waiting,
        _how(lane, channel),
        state,
        tone,
        bytes_left,
        _estimate(channel, bytes_left, line),
        channel.state == "paused",
    )


def _estimate(channel: ChannelView, bytes_left: int, line: SyncStatus) -> str:
    """How long, or when it goes on, or that nobody can say."""
    opening = fmt.from_iso(channel.gate_until) if channel.state == "scheduled" else None
    if not bytes_left or channel.state in ("paused", "no_server"):
        return ""
    if opening is not None:
        return _tr("mulai %1").replace("%1", fmt.clock(opening))
    if channel.lane is not Lane.SCANS:
        return ""  # the rate is that of images; numbers pass in a moment
    return estimate(bytes_left, line.rate_bytes_s) or _tr("belum diketahui")


def _how(lane: Lane, channel: ChannelView) -> str:
    words = {
        Lane.RECORDS: _tr("per paket · %1 sekaligus"),
        Lane.VERDICTS: _tr("dikirim lebih dulu"),
        Lane.SCANS: _tr("sesudah angka · %1 sekaligus"),
    }[lane]
    return words.replace("%1", str(channel.in_flight_limit))


def _state(view: LaneView | None, channel: ChannelView) -> tuple[Tone, str]:
    if channel.state in ("paused", "scheduled", "no_server"):
        return Tone.OFF, channel.reason
    if channel.state == "closed":
        until = fmt.from_iso(channel.gate_until)
        again = _tr("Coba lagi %1.").replace("%1", fmt.clock(until, with_seconds=True)) if until else ""
        return Tone.WAIT, f"{channel.reason} {again}".strip()
    if view is not None and view.is_line_poor and (view.in_flight or view.waiting):
        words = (
            _tr("Salinan hemat dulu: jalur lambat")
            if view.thrifty
            else _tr("Jalur lambat: salinan hemat terkirim, gambar lengkap menyusul")
        )
        return (Tone.BUSY if view.in_flight else Tone.PLAIN), words
    if view is not None and view.in_flight:
        return Tone.BUSY, _tr("Sedang dikirim: %1").replace("%1", fmt.number(view.in_flight))
    if view is not None and view.waiting:
        return Tone.PLAIN, _tr("Menunggu giliran")
    return Tone.GOOD, _tr("Tidak ada yang menunggu")


def lane_columns() -> list[Column[LaneRow]]:
    """The table's columns."""
    return [
        Column(_tr("Jalur"), lambda row: lane_name(row.lane), "Putusan", is_bold=True),
        Column(_tr("Menunggu"), lambda row: fmt.number(row.waiting), "16.802", is_number=True, is_bold=True),
        Column(_tr("Cara"), lambda row: row.how, "sesudah angka · 4 sekaligus"),
        Column(_tr("Keadaan"), lambda row: row.state, "", is_stretched=True, tone=lambda row: row.tone),
        Column(
            _tr("Sisa"),
            lambda row: fmt.size(row.bytes_left) if row.bytes_left else "",
            "999,9 MB",
            is_number=True,
        ),
        Column(_tr("Perkiraan"), lambda row: row.estimate, "± 3 jam 20 mnt"),
    ]


def _tr(text: str) -> str:
    return QCoreApplication.translate("lanes", text)
