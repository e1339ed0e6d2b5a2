"""The sentences of the entry pages: hints, remarks beside boxes, findings. One place, so that they are translated once.

Thread: UI.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from app.domain.checks import Finding
from app.domain.form import FormDefinition, Severity
from app.domain.readings import Order
from ui.entry.absent import Absent
from ui.entry.box_text import Hint
from ui.entry.remarks import BoxRemark, Remark
from ui.format import number
from ui.theme import Tone
from ui.widgets.findings_panel import FindingRow
from ui.widgets.form_grid import Note


def _tr(text: str) -> str:
    return QCoreApplication.translate("keying", text)


def hint_words(hint: Hint) -> str:
    """What the person is told about the last key; empty for nothing."""
    words = {
        Hint.NONE: "",
        Hint.FILLER_DROPPED: _tr("X atau - di depan angka adalah pengisi kotak: yang dipakai angkanya saja."),
        Hint.FILLER_ALONE: _tr("X adalah pengisi kotak. Ketik angkanya; bila semua kotak kosong, ketik -."),
        Hint.FULL: _tr("Kotak ini tidak memuat lebih banyak angka. Hapus dulu dengan Backspace."),
        Hint.MARK_OVER_DIGITS: _tr(
            "Sudah ada angka. Hapus dulu untuk menandai kosong (-) atau tidak terbaca (*)."
        ),
        Hint.NOT_A_KEY: _tr("Angka saja. Kosong di kertas: -   Tidak terbaca: *   Nol: 0"),
        Hint.PASTE_REFUSED: _tr("Tempelan diabaikan: angka diketik dari kertas."),
        Hint.EMPTY_ENTER: _tr("Kotak belum diisi. Kosong di kertas: ketik -   Tidak terbaca: *   Nol: 0"),
        Hint.NUM_LOCK: _tr("Num Lock mati: tekan Num Lock agar papan angka mengetik angka."),
        Hint.NO_LIST: _tr(
            "+ mengosongkan sisa daftar partai atau calon; di sini tidak berlaku. Kosong di kertas: -"
        ),
    }
    return words[hint]


def absent_words(said: Absent, pages: Sequence[int]) -> str:
    """Why the form is not left with the pages that are here; empty when it is."""
    words = {
        Absent.ENDS: "",
        Absent.SINGLE_BOXES: _tr("Di sini hanya kotak yang berbeda: semua diisi."),
        Absent.NOTHING_READ: _tr("Belum ada halaman yang terisi semua."),
        Absent.PAGE_BEGUN: _tr("Isi dulu halaman yang sudah dimulai, sampai Enter di kotak terakhirnya."),
        Absent.NOTHING_LEFT: _tr("Semua halaman sudah diisi."),
        Absent.SCANNED: _tr("Halaman %1 sudah dipindai: entri juga."),
    }
    return words[said].replace("%1", page_numbers(pages))


def page_numbers(pages: Sequence[int]) -> str:
    """`2` or `2, 3`."""
    return ", ".join(str(page) for page in pages)


def partly_words(lacking: Mapping[int, int]) -> str:
    """What a reading that ended with some of its pages left for later; no value of it."""
    return (
        _tr("Tersimpan. Halaman %1 belum ada: %2 kotak dientri bila halamannya datang. F2: buka lagi.")
        .replace("%1", page_numbers(sorted(lacking)))
        .replace("%2", str(sum(lacking.values())))
    )


def note_of(remark: BoxRemark) -> Note:
    """Icon and words beside a box."""
    value = number(remark.value)
    match remark.kind:
        case Remark.SUM:
            return Note(_tr("= hitung %1").replace("%1", value), Tone.OFF)
        case Remark.SUM_AGREES:
            return Note(f"✓ {value}", Tone.GOOD)
        case Remark.SUM_DIFFERS:
            return Note(_tr("▲ hitung %1").replace("%1", value), Tone.WAIT)
        case Remark.BLANK:
            return Note(_tr("– kosong"), Tone.OFF)
        case Remark.UNREADABLE:
            return Note(_tr("∗ tak terbaca"), Tone.OFF)
        case Remark.UNFINISHED:
            return Note(_tr("… belum Enter"), Tone.WAIT)


def finding_row(
    form: FormDefinition,
    finding: Finding,
    language: str,
    accepted: str = "",
    note: str = "",
    keyed_here: Collection[str] = (),
    *,
    is_verifying: bool = False,
) -> FindingRow:
    """A finding for the panel, in the words for whoever keys or verifies.

    It jumps to the last box it lights up, which is the total in every sum: the last of those `keyed_here`, where only
    some pages are.
    """
    here = [one for one in finding.fields if one in keyed_here] or finding.fields
    field = form.by_id[here[-1]]
    label = field.label.in_language(language)
    return FindingRow(
        code=finding.code,
        field=field.id,
        title=f"{field.code} {label}",
        text=(finding.for_verifier if is_verifying else finding.message).in_language(language),
        needs_reason=finding.severity is not Severity.NOTE,
        accepted=accepted,
        note=note,
    )


def order_words(order: Order, *, is_whole: bool = True) -> str:
    """Which reading it is, for the line below the title."""
    if order is Order.SECOND and not is_whole:
        return _tr("Entri kedua: hanya yang berubah sejak Anda membacanya")
    words = {
        Order.FIRST: "",
        Order.SECOND: _tr("Entri kedua"),
        Order.THIRD: _tr("Pembaca ketiga: hanya kotak yang berbeda"),
        Order.COORDINATOR: _tr("Koordinator menentukan kotak yang masih berbeda"),
    }
    return words[order]
