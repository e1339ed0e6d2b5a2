"""The eight facts of a form in their order and words (design promise 4), shared by the pages. Thread: any."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.services.status import FormRow, Need
from ui import format as fmt

STEP_CODES = ("received", "scanned", "keyed", "second_read", "sent", "at_centre", "verified", "public")


def step_label(code: str) -> str:
    """The word on the screen of a fact's code (the attribute names of `Funnel`)."""
    return {
        "received": _tr("Diterima"),
        "scanned": _tr("Dipindai"),
        "keyed": _tr("Dientri"),
        "second_read": _tr("Entri kedua"),
        "sent": _tr("Diunggah"),
        "at_centre": _tr("Diterima KPU RI"),
        "verified": _tr("Diverifikasi"),
        "public": _tr("Dipublikasikan"),
    }[code]


def need_words(need: Need) -> str:
    """What waits for a person, in the window's language; a need without words here keeps the service's own."""
    return {
        "disputed": _tr("Tidak cocok, perlu dikoreksi"),
        "rival": _tr("KPU RI menyimpan angka lain"),
        "rejected": _tr("KPU RI menolak angka formulir"),
        "differs_returned": _tr("Dikembalikan dengan angka yang berbeda"),
        "returned": _tr("Dikembalikan untuk diverifikasi"),
        "unseen": _tr("Koreksi yang belum terlihat di sana"),
        "coordinator": _tr("Tiga bacaan berbeda: koordinator"),
        "stopped": _tr("Kiriman berhenti dan perlu tindakan"),
        "third": _tr("Kotak berbeda untuk orang ketiga"),
        "second": _tr("Formulir menunggu entri kedua"),
        "drafts": _tr("Entri Anda yang belum selesai"),
        "first": _tr("Formulir siap dientri"),
        "inbox": _tr("Kotak masuk: halaman tanpa TPS"),
        "missing_pages": _tr("Halaman yang belum dipindai"),
    }.get(need.code, need.text)


def fact_of(form: FormRow, code: str) -> float | None:
    """When a fact came about (seconds since 1970), None while it has not."""
    at: float | str | None = getattr(form, f"{code}_at")
    return fmt.from_iso(at) if isinstance(at, str) else at


def _tr(text: str) -> str:
    return QCoreApplication.translate("steps", text)
