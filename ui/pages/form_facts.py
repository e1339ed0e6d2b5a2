"""What a form definition says besides its boxes: its checks with their sentences, its profiles, or its faults.

Thread: UI.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QListWidget, QVBoxLayout, QWidget

from app.domain.form import Check, FormDefinition, Profile, Severity
from app.domain.rule_help import sentence_of
from ui import theme
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.theme import Tone
from ui.widgets.table import Table


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check, ready to show. `box` is where its finding stands, `sentence` what it says of its own example."""

    check: Check
    box: str
    sentence: str
    example: str


def check_rows(form: FormDefinition, language: str) -> tuple[CheckRow, ...]:
    """All checks in the order of the definition. Slow for long forms (0.1 s): off the UI thread."""
    return tuple(
        CheckRow(
            check,
            _boxes(form, check),
            sentence_of(form, check, language),
            _cells(form, check.examples_fail[0]),
        )
        for check in form.checks
    )


def _boxes(form: FormDefinition, check: Check) -> str:
    marked = [one for one in check.mark or (*check.right, *check.left) if one in form.by_id]
    return form.paper_codes[marked[0]]


def _cells(form: FormDefinition, example: Mapping[str, int | str]) -> str:
    """`IV.01 = 71, IV.02 = 110`; of a long sum only the first few."""
    shown = [f"{form.paper_codes.get(name, name)} = {_cell(value)}" for name, value in example.items()]
    return ", ".join(shown[:6]) + (", …" if len(shown) > 6 else "")


def _cell(value: int | str) -> str:
    words = {"blank": _tr("kosong"), "unreadable": _tr("tidak terbaca")}
    return words.get(str(value), str(value))


def severity_words(severity: Severity) -> str:
    """How a finding of this severity is taken."""
    return {
        Severity.PAPER: _tr("kertas"),
        Severity.WARNING: _tr("peringatan"),
        Severity.NOTE: _tr("catatan"),
    }[severity]


SEVERITY_TONES = {Severity.PAPER: Tone.BAD, Severity.WARNING: Tone.WAIT, Severity.NOTE: Tone.OFF}


class ChecksPart(QWidget):
    """The list, and below it the chosen check in full."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.lead = QLabel(
            _tr(
                "kertas: isi kertas saling bertentangan; peringatan: tidak biasa. Keduanya diterima dengan alasan. "
                "catatan: hanya diberitahukan."
            )
        )
        self.lead.setWordWrap(True)
        theme.set_role(self.lead, "lead")
        self.model = RowsModel[CheckRow](
            [
                Column(_tr("Kode"), lambda row: row.check.code, "SUM.V1.DPTB"),
                Column(
                    _tr("Tingkat"),
                    lambda row: severity_words(row.check.severity),
                    "peringatan",
                    tone=lambda row: SEVERITY_TONES[row.check.severity],
                ),
                Column(_tr("Kotak"), lambda row: row.box, "III.A.1 J", is_bold=True),
                Column(_tr("Kalimatnya, dengan contoh"), lambda row: row.sentence, is_stretched=True),
            ],
            lambda row: (row.check.code, row.sentence),
        )
        self.table: Table = Table(self.model, _tr("Pemeriksaan"), sortable=True)
        self.detail = QLabel()
        self.detail.setWordWrap(True)
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.detail.setMinimumHeight(4 * self.fontMetrics().lineSpacing())
        for widget, stretch in ((self.lead, 0), (self.table, 1), (self.detail, 0)):
            column.addWidget(widget, stretch)
        self.table.row_chosen.connect(self._on_chosen)

    def show_rows(self, rows: Sequence[CheckRow]) -> None:
        self.detail.clear()
        self.model.set_rows(rows)
        if rows:
            self.table.selectRow(0)
            self._on_chosen(0)

    def _on_chosen(self, place: int) -> None:
        row = self.model.row_at(place)
        if row is None:
            return
        lines = [row.sentence, _tr("Contoh: %1").replace("%1", row.example)]
        if row.check.silenced_by:
            lines.append(_tr("Diam selama %1 berbunyi.").replace("%1", ", ".join(row.check.silenced_by)))
        self.detail.setText("\n".join(lines))


class ProfilesPart(QWidget):
    """Facts about the form, then which boxes each profile asks for."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self.model = RowsModel[tuple[Profile, str]](
            [
                Column(_tr("Profil"), lambda row: row[0].name, "ringkas", is_bold=True),
                Column(_tr("Kotak"), lambda row: str(len(row[0].fields)), "229", is_number=True),
                Column(_tr("Yang dientri"), lambda row: row[1], is_stretched=True),
            ],
            lambda row: row[0].name,
        )
        self.table: Table = Table(self.model, _tr("Profil"))
        column.addWidget(self.facts)
        column.addWidget(self.table, 1)

    def show_form(self, form: FormDefinition, language: str) -> None:
        areas = _tr("semua TPS") if form.areas == ("",) else ", ".join(form.areas)
        readers = _tr("dua orang") if form.readings == 2 else _tr("satu orang")
        self.facts.setText(
            _tr("%1, versi %2. %3 halaman, %4 kotak, %5 pemeriksaan. Dibaca %6. Berlaku untuk: %7.")
            .replace("%1", form.id)
            .replace("%2", str(form.version))
            .replace("%3", str(len(form.pages)))
            .replace("%4", str(len(form.fields)))
            .replace("%5", str(len(form.checks)))
            .replace("%6", readers)
            .replace("%7", areas)
        )
        self.model.set_rows([(one, _which(form, one, language)) for one in form.profiles])


def _which(form: FormDefinition, profile: Profile, language: str) -> str:
    title = profile.title.in_language(language)
    if len(profile.fields) == len(form.fields):
        return title
    return f"{title}: {', '.join(form.paper_codes[one] for one in profile.fields)}"


class FaultsPart(QWidget):
    """Why a file is no form: every fault with file and line."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.lead = QLabel()
        self.lead.setWordWrap(True)
        theme.set_role(self.lead, "bad")
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setAccessibleName(_tr("Kesalahan"))
        column.addWidget(self.lead)
        column.addWidget(self.list, 1)

    def show_faults(self, name: str, faults: Sequence[str]) -> None:
        self.lead.setText(
            _tr("■ %1 tidak dapat dipakai: %2 kesalahan. Perbaiki berkasnya, lalu buka lagi.")
            .replace("%1", name)
            .replace("%2", str(len(faults)))
        )
        self.list.clear()
        self.list.addItems(list(faults))
        self.list.setCurrentRow(0)


def _tr(text: str) -> str:
    return QCoreApplication.translate("forms", text)
