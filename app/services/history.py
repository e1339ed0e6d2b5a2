"""A form's history out of the journal, in sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app import forms
from app.domain.c1form import C1Key
from app.domain.checks import fields_used
from app.domain.times import iso
from app.errors import ExpectedError
from app.ports import Json
from app.services.findings import REASONS
from app.services.words import ORDERS
from app.services.workplace import Workplace
from app.store import exchange, journal, people


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened. `at` is ISO text, `who` a name."""

    at: str
    who: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class LastReceipt:
    """The newest proof from the centre; `at` is when it came here."""

    sequence: int
    kind: str
    what: str
    at: str
    body: Json


_CAUSES = {
    "first": "angka entri pertama",
    "settled": "bacaan yang sudah tuntas",
    "correction": "koreksi",
}
_WHATS = {"record": "angka", "scan": "gambar", "verdict": "putusan", "withdrawal": "penarikan"}


def _version(body: Mapping[str, Any]) -> str:
    cause = _CAUSES.get(str(body.get("cause")), "")
    return f"Versi {body.get('number')} disusun" + (f" dari {cause}" if cause else "")


def _accepted(body: Mapping[str, Any]) -> str:
    reason = REASONS.get(str(body.get("reason")), str(body.get("reason")))
    note = str(body.get("note") or "").strip()
    said = note if reason == REASONS["lainnya"] and note else f"{reason.lower()}. {note}".strip()
    return f"Temuan pada {_box(body)} diterima: {said}"


def _box(body: Mapping[str, Any]) -> str:
    """The box a check speaks about, as on the paper; the code itself when the form is not known here any more."""
    code = str(body.get("check"))
    try:
        form = forms.load(str(body.get("form")))
    except ExpectedError:
        return code
    check = next((one for one in form.checks if one.code == code), None)
    if check is None:
        return code
    field = form.by_id[max(check.mark or fields_used(check), key=form.order.__getitem__)]
    return f"{field.code} {field.label.id}"


def _receipt(body: Mapping[str, Any]) -> str:
    receipt = body.get("receipt") or {}
    what = _WHATS.get(str(receipt.get("kind")), "kiriman")
    return f"Tanda terima no. {receipt.get('sequence')} untuk {what}"


def _verdict(body: Mapping[str, Any]) -> str:
    if body.get("verdict") == "ok":
        return "Dicocokkan: sama dengan C1"
    return f"Tidak cocok dengan C1. {body.get('reason', '')}".strip()


_FEED: dict[str, str] = {
    "returned": "Dikembalikan KPU RI untuk diverifikasi",
    "published": "Dipublikasikan",
    "rival": "KPU RI menyimpan angka lain",
    "rejected": "Ditolak KPU RI",
    "withdrawn": "Penarikan tercatat di KPU RI",
}

_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "received": lambda _body: "Formulir diterima",
    "page": lambda body: f"Halaman {body.get('n')} dipindai",
    "page_set_aside": lambda _body: "Satu halaman disisihkan",
    "reading": lambda body: f"{ORDERS.get(int(body.get('order', 1)), 'Entri')} selesai",
    "taken_over": lambda body: f"Entri diambil alih dari {body.get('from')}",
    "reopened": lambda _body: "Entri dibuka lagi",
    "accepted": _accepted,
    "version": _version,
    "verdict": _verdict,
    "verdict_cancelled": lambda _body: "Putusan yang belum terkirim dibatalkan: angkanya berganti",
    "receipt": _receipt,
    "feed": lambda body: _FEED.get(str(body.get("event")), f"Kabar KPU RI: {body.get('event')}"),
    "stopped": lambda body: f"Pengiriman berhenti: {body.get('text')}",
    "corrected": lambda _body: "Angka dikoreksi; dibaca ulang oleh orang kedua",
    "withdrawn": lambda body: f"Ditarik: {body.get('reason')}",
    "moved": lambda body: f"Dipindah ke {body.get('to')}",
    "lost_at_centre": lambda _body: "KPU RI dipulihkan dari cadangan; dikirim ulang",
    "round": lambda _body: "Pemungutan ulang dibuka",
}


def history(wp: Workplace, key: C1Key) -> list[HistoryLine]:
    """Everything that happened to a form, oldest first."""
    with wp.db.reading() as connection:
        names = {**people.names(connection), "kpu-ri": "KPU RI"}
        return [
            HistoryLine(
                line.at,
                names.get(line.who, line.who),
                _words(line.kind, {**line.body, "form": key.form}, names),
                line.kind,
            )
            for line in journal.lines_about(connection, key.text())
        ]


def last_receipt(wp: Workplace) -> LastReceipt | None:
    """The newest receipt, for the status bar."""
    found = exchange.last_receipt(wp.db.reader)
    if found is None:
        return None
    body, at = found
    return LastReceipt(int(body["sequence"]), str(body["kind"]), str(body["what"]), iso(at), body)


def _words(kind: str, body: Mapping[str, object], names: Mapping[str, str]) -> str:
    write = _WORDS.get(kind)
    if write is None:
        return kind
    named = {**body, "from": names.get(str(body.get("from")), body.get("from"))}
    return write(named).strip()
