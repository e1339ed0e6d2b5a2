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


def lacks_words(code: str) -> str:
    """`belum entri kedua`."""
    return {
        "received": _tr("belum diterima"),
        "scanned": _tr("belum dipindai"),
        "keyed": _tr("belum dientri"),
        "second_read": _tr("belum entri kedua"),
        "sent": _tr("belum diunggah"),
        "at_centre": _tr("belum diterima KPU RI"),
        "verified": _tr("belum diverifikasi"),
        "public": _tr("belum dipublikasikan"),
    }[code]


def has_words(code: str) -> str:
    """`sudah entri kedua`."""
    return {
        "received": _tr("sudah diterima"),
        "scanned": _tr("sudah dipindai"),
        "keyed": _tr("sudah dientri"),
        "second_read": _tr("sudah entri kedua"),
        "sent": _tr("sudah diunggah"),
        "at_centre": _tr("sudah diterima KPU RI"),
        "verified": _tr("sudah diverifikasi"),
        "public": _tr("sudah dipublikasikan"),
    }[code]


def stop_words(code: str) -> str:
    """Why a form waits, short: what one filters by (`app.services.forms_list.STOPS`)."""
    return {
        "not_received": _tr("kertas belum diterima"),
        "unread": _tr("menunggu entri"),
        "partly_read": _tr("ada halaman belum dientri"),
        "needs_second": _tr("menunggu entri kedua"),
        "needs_third": _tr("menunggu orang ketiga"),
        "needs_coordinator": _tr("menunggu koordinator"),
        "missing_pages": _tr("ada halaman belum dipindai"),
        "ready": _tr("siap diunggah"),
        "queued": _tr("menunggu diunggah"),
        "at_centre": _tr("menunggu dikembalikan KPU RI"),
        "returned": _tr("menunggu putusan verifikator"),
        "disputed": _tr("tidak cocok dengan C1"),
        "verified": _tr("putusan menunggu dikirim"),
        "verdict_at_centre": _tr("menunggu publikasi"),
        "rival": _tr("KPU RI menyimpan angka lain"),
        "rejected": _tr("ditolak KPU RI"),
        "public_differs": _tr("situs publik menampilkan angka lain"),
        "not_visible": _tr("belum terlihat di situs publik"),
    }.get(code, code)


def page_title(page: str) -> str:
    """Where work goes on, as the list on the left names it."""
    return {
        "keying": _tr("Entri"),
        "second": _tr("Entri kedua"),
        "verify": _tr("Verifikasi"),
        "pages": _tr("Pindai"),
        "queue": _tr("Antrean"),
    }.get(page, "")


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
