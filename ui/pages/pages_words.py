"""What the scanner's warning codes mean to a person: a few words for a badge, a sentence for the Pindai page.

The codes are the stable part of a scan's row (`scanner.quality`); the window never imports the scanner. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

UNCERTAIN = ("layout_unknown", "wrong_page")  # the row's place on the picture cannot be trusted


def short_words(code: str) -> str:
    """For a badge: `kurang tajam`."""
    words = {
        "blank_page": _tr("tampak kosong"),
        "blurred": _tr("kurang tajam"),
        "skewed": _tr("sangat miring"),
        "low_resolution": _tr("resolusi rendah"),
        "dark_page": _tr("terlalu gelap"),
        "layout_unknown": _tr("tata letak tidak dikenali"),
        "wrong_page": _tr("bukan halaman yang diharapkan"),
        "page_order": _tr("urutan tidak biasa"),
        "page_twice": _tr("halaman ini sudah ada"),
        "extra_page": _tr("lembar berlebih"),
        "duplicate": _tr("sudah pernah dimasukkan"),
    }
    return words.get(code, code)


def long_words(code: str) -> str:
    """What it is and what to do."""
    words = {
        "blank_page": _tr("Halaman tampak kosong. Periksa sisi sebaliknya."),
        "blurred": _tr("Gambar kurang tajam. Bila angka sulit dibaca, pindai ulang."),
        "skewed": _tr("Lembar sangat miring. Bila ada tepi yang terpotong, pindai ulang."),
        "low_resolution": _tr("Resolusi di bawah 150 dpi. Pindai ulang dengan 200 atau 300 dpi."),
        "dark_page": _tr("Halaman terlalu gelap. Bersihkan kaca pemindai atau kurangi kegelapan."),
        "layout_unknown": _tr("Tata letak halaman tidak dikenali. Tentukan TPS dan halamannya sendiri."),
        "wrong_page": _tr(
            "Tata letaknya bukan halaman yang diharapkan. Periksa apakah lembar ini salah tempat."
        ),
        "page_order": _tr("Urutan lembar tidak seperti biasanya."),
        "page_twice": _tr("Halaman dengan nomor ini sudah ada. Pilih mana yang benar."),
        "extra_page": _tr("Set ini sudah lengkap; halaman ini berlebih."),
    }
    return words.get(code, short_words(code))


def badge_words(warnings: Sequence[str], quality: Mapping[str, float | str]) -> str:
    """`Pindaian asli · 200 dpi · tajam`, or what is wrong with it."""
    parts = [_tr("Pindaian asli")]
    dpi = quality.get("source_dpi")
    if isinstance(dpi, int | float) and dpi > 0:
        parts.append(f"{round(dpi / 10) * 10} dpi")
    parts += [f"▲ {short_words(one)}" for one in warnings[:2]] or [_tr("tajam")]
    return " · ".join(parts)


def _tr(text: str) -> str:
    return QCoreApplication.translate("pages_in", text)
