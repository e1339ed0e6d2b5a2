"""A form's history out of the journal, in sentences; with the values, for whoever may see them.

Invariant: nobody who may still have to read the form without seeing what others read gets a value, nor a text somebody
wrote about one. While readings are open, or a dispute may reopen them, that is everybody but the reader of that very
reading; once the form is read to the end, everybody who reads or verifies sees them. Of a paper that was moved away it
is the form at its new place that must be read to the end. What is withheld is said to be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app import forms
from app.domain.c1form import C1Key
from app.domain.cell import Mark
from app.domain.checks import fields_used
from app.domain.journal import Line
from app.domain.people import Person, Role
from app.domain.publication import Shown
from app.domain.times import iso
from app.errors import ExpectedError
from app.ports import Json
from app.services.findings import REASONS
from app.services.public_watch import box_of, site_numbers
from app.services.rereading import MOVED_HERE
from app.services.sight import is_read, place_now
from app.services.words import ORDERS
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import exchange, journal, people, readings
from app.store.driver import Connection


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened. `at` is ISO text, `who` a name. `values` = rows of the paper with what stood there;
    `is_withheld`: there are some, and this viewer may not see them."""

    at: str
    who: str
    text: str
    kind: str
    values: tuple[tuple[str, str], ...] = ()
    is_withheld: bool = False


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
    "moved": "formulir yang dipindah",
}
_WHATS = {"record": "angka", "scan": "gambar", "verdict": "putusan", "withdrawal": "penarikan"}


def _version(body: Mapping[str, Any]) -> str:
    cause = _CAUSES.get(str(body.get("cause")), "")
    return f"Versi {body.get('number')} disusun" + (f" dari {cause}" if cause else "")


def _reading(body: Mapping[str, Any]) -> str:
    what = ORDERS.get(int(body.get("order", 1)), "Entri")
    pages = ", ".join(str(page) for page in body.get("pages") or ())
    return f"{what} halaman {pages} selesai" if pages else f"{what} selesai"


def _accepted(body: Mapping[str, Any]) -> str:
    reason = REASONS.get(str(body.get("reason")), str(body.get("reason")))
    note = str(body.get("note") or "").strip()
    said = note if reason == REASONS["lainnya"] and note else f"{reason.lower()}. {note}".strip()
    return f"Temuan pada {_box(body)} diterima: {said}"


def _page(body: Mapping[str, Any]) -> str:
    source = body.get("from")
    return f"Halaman {body.get('n')} " + (f"dipindah ke sini dari {_place(source)}" if source else "dipindai")


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


def _why(body: Mapping[str, Any]) -> str:
    return f" ({body['reason']})" if body.get("reason") else ""


def _place(text: object) -> str:
    """`TPS 001 (3204052001001)` out of a form's key."""
    try:
        tps = C1Key.of_text(str(text)).tps
    except ValueError:
        return str(text)
    return f"{tps.label} ({tps})"


_FEED: dict[str, str] = {
    "returned": "Dikembalikan KPU RI untuk diverifikasi",
    "published": "Dipublikasikan",
    "rival": "KPU RI menyimpan angka lain",
    "rejected": "Ditolak KPU RI",
    "withdrawn": "Penarikan tercatat di KPU RI",
}


def _public_differs(body: Mapping[str, Any]) -> str:
    """Both values of each box that differs; the site's own names where the form is not known here any more."""
    told = "Angka di situs publik berbeda dari yang diverifikasi."
    if not body["ours"]:  # withheld
        return told
    ours, shown = Shown(**body["ours"]), Shown(**body["shown"])
    here, there = site_numbers(ours), site_numbers(shown)
    try:
        form = forms.load(str(body.get("form")))
        names = {name: form.paper_codes[box] for name, box in box_of(form).items()}
    except ExpectedError:
        names = {}
    said = [
        f"{names.get(name, name)}: {_number(here[name])} di sini, {_number(there.get(name))} di situs"
        for name in here
        if here[name] != there.get(name)
    ]
    return f"{told} {'; '.join(said)}"


def _number(value: int | None) -> str:
    return "kosong" if value is None else str(value)


_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "received": lambda _body: "Formulir diterima",
    "page": _page,
    "page_set_aside": lambda _body: "Satu halaman disisihkan",
    "reading": _reading,
    "taken_over": lambda body: f"Entri diambil alih dari {body.get('from')}",
    "reopened": lambda _body: "Entri dibuka lagi",
    "accepted": _accepted,
    "version": _version,
    "verdict": _verdict,
    "verdict_cancelled": lambda _body: "Putusan yang belum terkirim dibatalkan: angkanya berganti",
    "receipt": _receipt,
    "feed": lambda body: _FEED.get(str(body.get("event")), f"Kabar KPU RI: {body.get('event')}"),
    "public_differs": _public_differs,
    "public_equal": lambda _body: "Situs publik menampilkan angka yang diverifikasi",
    "public_checked": lambda _body: (
        "Diperiksa lagi dengan C1: angka di sini benar, situs publik yang berbeda"
    ),
    "stopped": lambda body: f"Pengiriman berhenti: {body.get('text')}",
    "corrected": lambda body: f"Angka dikoreksi{_why(body)}; yang berubah dibaca ulang oleh orang kedua",
    "withdrawn": lambda body: f"Ditarik: {body.get('reason')}",
    "moved": lambda body: f"Dipindah ke {_place(body.get('to'))}",
    "moved_here": lambda body: f"Dipindah ke sini dari {_place(body.get('from'))}{_why(body)}",
    "lost_at_centre": lambda _body: "KPU RI dipulihkan dari cadangan; dikirim ulang",
    "round": lambda _body: "Pemungutan ulang dibuka",
}


_WRITTEN = {
    "accepted": "note",
    "public_differs": "ours",
    **dict.fromkeys(("verdict", "withdrawn", "corrected", "moved", MOVED_HERE), "reason"),
}
"""Where a line's words name values: whoever may not see those does not see these."""


@dataclass(frozen=True, slots=True)
class _View:
    """What one viewer may see: all, or the lines of their own reading, from when it was begun."""

    sees_all: bool = False
    who: str = ""
    since: str = ""

    def sees(self, line: Line) -> bool:
        return self.sees_all or bool(self.since and line.who == self.who and line.at >= self.since)


def history(wp: Workplace, key: C1Key, viewer: Person | None = None) -> list[HistoryLine]:
    """Everything that happened to a form, oldest first; without a viewer no value at all."""
    with wp.db.reading() as connection:
        names = {**people.names(connection), "kpu-ri": "KPU RI"}
        lines = journal.lines_about(connection, key.text())
        view = _view_of(connection, key, viewer)
        hidden_to = _hidden_to(connection, lines, viewer) if view.sees_all else 0
        return [_line(line, key, names, may_see=line.seq > hidden_to and view.sees(line)) for line in lines]


def _hidden_to(connection: Connection, lines: list[Line], viewer: Person | None) -> int:
    """The last line about a paper that was moved away and may still have to be read blind where it lies now."""
    for line in reversed(lines):
        if line.kind == "moved" and not _view_of(connection, place_now(connection, line), viewer).sees_all:
            return line.seq
    return 0


def _view_of(connection: Connection, key: C1Key, viewer: Person | None) -> _View:
    form = c1_rows.find(connection, key)
    if form is None or viewer is None:
        return _View()
    if is_read(form) and viewer.has(Role.KEY, Role.VERIFY):
        return _View(sees_all=True)
    own = [
        row.started for row in readings.of_form(connection, form.id, form.generation) if row.by == viewer.id
    ]
    return _View(who=viewer.id, since=min(own, default=""))


def _line(line: Line, key: C1Key, names: Mapping[str, str], *, may_see: bool) -> HistoryLine:
    body: dict[str, object] = {**line.body, "form": key.form}
    written = _WRITTEN.get(line.kind, "")
    is_withheld = not may_see and bool(body.get(written) or _cells_of(line.kind, body))
    if written and not may_see:
        body[written] = ""
    return HistoryLine(
        line.at,
        names.get(line.who, line.who),
        _words(line.kind, body, names),
        line.kind,
        paper_rows(key.form, *_cells_of(line.kind, body)) if may_see else (),
        is_withheld,
    )


def _cells_of(kind: str, body: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    """The cells a line holds; of a correction what stood there and what stands there now."""
    if kind == "corrected":
        before, after = body.get("before"), body.get("after")
        return (before, after) if isinstance(before, dict) and isinstance(after, dict) else ()
    cells = body.get("values" if kind == "accepted" else "cells")
    return (cells,) if isinstance(cells, dict) and cells else ()


def paper_rows(form_id: str, *cells: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Row by row in paper order: (`I.A.1 Pemilih dalam DPT`, `L 97 · P 101 · J 198`). Of two sets only the boxes that
    differ, with both: `110 → 101`."""
    try:
        form = forms.load(form_id)
    except ExpectedError:
        return ()
    found: dict[str, tuple[str, list[str]]] = {}
    for field in form.fields:
        said = [_cell_words(one[field.id]) for one in cells if field.id in one]
        if not said or (len(cells) > 1 and len(set(said)) == 1):
            continue
        label = field.row_label.id or field.label.id
        _label, row = found.setdefault(field.row, (f"{field.code} {label}", []))
        row.append(f"{field.column} {' → '.join(said)}".strip())
    return tuple((label, " · ".join(row)) for label, row in found.values())


def _cell_words(value: object) -> str:
    return {Mark.BLANK.value: "kosong", Mark.UNREADABLE.value: "tidak terbaca"}.get(str(value), str(value))


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
