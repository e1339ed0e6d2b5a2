"""Laporan: choose a report and its time, see its tables, save it as PDF and CSV. The coordinator's page.

Invariants: what is saved is what is seen, of the same moment; slip rates are seen here and saved nowhere; nothing stays
on screen after a change of person. Reading, drawing and writing happen off the UI thread. Thread: UI.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.people import Role
from app.domain.periods import (
    Period,
    day_at,
    day_period,
    moment_of,
    shift_before,
    shift_period,
    typed_words,
)
from app.errors import BadInput, ExpectedError
from app.services import export, reporting, slip_rates
from app.services.people import Session
from app.services.report_tables import Report, Table, Value, csv_bytes
from app.services.workplace import Workplace
from ui import format as fmt
from ui import theme
from ui.models.columns import Column
from ui.models.rows import RowsModel
from ui.page import Context, KeyHelp, Page
from ui.report_layout import shown
from ui.widgets.card import Card, PageTitle
from ui.widgets.flow import FlowRow
from ui.widgets.key_hint import KeyHints
from ui.widgets.table import Table as TableView

_LETTERS = 40  # a column shows so much of a sentence; the whole stands in its tooltip
_DAY_S = 86_400.0
_KEYS_FROM_PX = 420
Row = tuple[Value, ...]
Make = Callable[[], Report]


class ReportsPage(Page):
    """What to report of above, the report's parts on the left, the chosen one on the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._session: Session | None = None
        self.report: Report | None = None
        self._slips: Table | None = None
        self.title = PageTitle(self.tr("Laporan"))
        self.what = QComboBox()
        self.start, self.end = QLineEdit(), QLineEdit()
        self.save = QPushButton(self.tr("Simpan PDF dan CSV"))
        self.folder = QPushButton(self.tr("Buka folder"))
        self.message = QLabel()
        self.parts = QListWidget()
        self.right, self.area = Card(), QScrollArea()
        self.heading, self.lead = QLabel(), QLabel()
        self.table: TableView | None = None
        self._saved: Path | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        wall = QPushButton(self.tr("Proyektor"))
        wall.setToolTip("F11")
        wall.clicked.connect(self._on_projector)
        self.title.side.addWidget(wall)
        self.title.lead.hide()
        self._fill_choice()
        theme.set_role(self.save, "primary")
        theme.set_role(self.heading, "heading")
        self.message.setWordWrap(True)
        self.parts.setAccessibleName(self.tr("Bagian laporan"))
        self.parts.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.save.setEnabled(False)
        self.folder.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self._choice())
        lower = QHBoxLayout()
        lower.setSpacing(14)
        left = Card()
        left.body.setContentsMargins(0, 6, 0, 6)
        left.body.addWidget(self.parts)
        left.setFixedWidth(self.fontMetrics().averageCharWidth() * 32)
        self.right.body.addWidget(self.heading)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.right.body.addWidget(self.area, 1)
        lower.addWidget(left)
        lower.addWidget(self.right, 1)
        column.addLayout(lower, 1)
        self.keys = KeyHints(
            ("F5", self.tr("baca ulang")), ("Ctrl+S", self.tr("simpan")), ("F11", self.tr("proyektor"))
        )
        column.addWidget(self.keys)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen F1 lists the keys."""
        super().resizeEvent(event)
        self.keys.setVisible(event.size().height() >= _KEYS_FROM_PX)

    def _choice(self) -> Card:
        choice = Card()
        row = FlowRow()
        for widget in (self.what, self.start, QLabel("–"), self.end, self.save, self.folder):
            row.add(widget)
        choice.body.addWidget(row)
        choice.body.addWidget(self.message)
        return choice

    def _fill_choice(self) -> None:
        for words in (
            self.tr("Harian: hari ini"),
            self.tr("Harian: kemarin"),
            self.tr("Giliran kerja ini"),
            self.tr("Giliran kerja sebelumnya"),
            self.tr("Waktu pilihan sendiri"),
        ):
            self.what.addItem(words)
        self.what.setAccessibleName(self.tr("Laporan dan masanya"))
        for field, name in ((self.start, self.tr("Mulai")), (self.end, self.tr("Sampai"))):
            field.setFixedWidth(theme.text_width("30/12/2019 00.00"))
            field.setAccessibleName(name)
            field.setEnabled(False)

    def _connect(self) -> None:
        self.what.currentIndexChanged.connect(self._on_what)
        for field in (self.start, self.end):
            field.returnPressed.connect(self.read)
        self.parts.currentRowChanged.connect(self._on_part)
        self.save.clicked.connect(self.on_save)
        self.folder.clicked.connect(self._on_folder)
        for keys, action in (("F5", self.read), ("Ctrl+S", self.on_save)):
            QShortcut(QKeySequence(keys), self).activated.connect(action)

    # ---- page ----------------------------------------------------------------------------------------------------

    def on_shown(self) -> None:
        self.what.setFocus()
        self._on_what()

    def on_person_changed(self, session: Session | None) -> None:
        """The report of the one before is no longer there, whoever comes."""
        is_coordinator = session is not None and Role.COORDINATE in session.person.roles
        self._session, self.report, self._slips = session if is_coordinator else None, None, None
        self.parts.clear()
        self._show(None)
        self.message.clear()
        self.save.setEnabled(False)
        self.folder.hide()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("F5", self.tr("baca ulang: angka berubah terus, laporan tidak")),
            KeyHelp("Ctrl+S", self.tr("simpan laporan yang terlihat sebagai PDF dan CSV")),
            KeyHelp("F11", self.tr("proyektor di layar lain; Esc menutupnya")),
        )

    def help_topic(self) -> str:
        return "laporan"

    def _on_projector(self) -> None:
        self.context.shell.show_projector()

    # ---- reading -------------------------------------------------------------------------------------------------

    def _on_what(self) -> None:
        """The fields show the time that is meant; they are typed into only where the person chooses it."""
        now, is_own = self.context.desk.wp.now(), self.what.currentIndex() == 4
        period = (
            day_period(day_at(now)),
            day_period(day_at(now - _DAY_S)),
            shift_period(now),
            shift_before(now),
            shift_period(now),
        )[self.what.currentIndex()]
        for field, at in ((self.start, period.start), (self.end, period.until(now).end)):
            field.setEnabled(is_own)
            field.setText(typed_words(at))
        self.read()

    def _make(self) -> Make:
        """The report that is chosen. Raises BadInput."""
        wp, choice = self.context.desk.wp, self.what.currentIndex()
        if choice < 2:
            day = day_at(wp.now() - choice * _DAY_S)
            return lambda: reporting.daily(wp, day)
        if choice == 2:
            return lambda: reporting.shift(wp)
        if choice == 3:
            return lambda: reporting.shift(wp, shift_before(wp.now()))
        try:
            period = Period(moment_of(self.start.text()), moment_of(self.end.text()))
        except ValueError:
            raise BadInput(self.tr("Tulis waktu seperti 18/4/2019 07.00, lalu tekan Enter.")) from None
        if period.end <= period.start:
            raise BadInput(self.tr("Waktu mulai harus sebelum waktu sampai."))
        return lambda: reporting.shift(wp, period)

    def read(self) -> None:
        """Everything anew, of this moment."""
        session, wp = self._session, self.context.desk.wp
        if session is None:
            return
        try:
            make = self._make()
        except BadInput as error:
            self._say(str(error), "bad")
            return
        self._say(self.tr("Membaca data"))
        self.context.tasks.run(
            self,
            lambda: _read(wp, session, make),
            lambda result: self._on_read(session, result),
            self._on_problem,
            slot="report",
        )

    def _on_read(self, asked: Session, result: tuple[Report, Table]) -> None:
        if asked is not self._session:  # somebody else sits there by now
            return
        self.report, self._slips = result
        place = max(0, self.parts.currentRow())
        self.parts.blockSignals(True)  # filling it is no choice
        self.parts.clear()
        for table in self._tables():
            name = f"{self.tr('Pleno')}: {table.title.split(' ', 1)[-1]}" if table.group else table.title
            self.parts.addItem(f"{name} ({fmt.number(len(table.rows))})" if table.rows else name)
        self.parts.blockSignals(False)
        self.parts.setCurrentRow(min(place, self.parts.count() - 1))
        self._on_part(self.parts.currentRow())
        self.save.setEnabled(True)
        self._say(
            self.tr("%1, keadaan pada %2.")
            .replace("%1", self.report.period)
            .replace("%2", self.report.made_words)
        )

    def _tables(self) -> tuple[Table, ...]:
        """The slips before the plenary's, which are as many as there are kecamatan."""
        if self.report is None or self._slips is None:
            return ()
        tables = self.report.tables
        return (
            *(one for one in tables if not one.group),
            self._slips,
            *(one for one in tables if one.group),
        )

    def _on_problem(self, error: ExpectedError) -> None:
        self._say(error.sentence(), "bad")

    # ---- what is seen --------------------------------------------------------------------------------------------

    def _on_part(self, row: int) -> None:
        tables = self._tables()
        self._show(tables[row] if 0 <= row < len(tables) else None)

    def _show(self, table: Table | None) -> None:
        self.table = None
        self.heading.setText(table.title if table else "")
        inner = QWidget()  # the one before goes with its table
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        self.lead = QLabel(table.lead if table else "")
        self.lead.setWordWrap(True)
        theme.set_role(self.lead, "lead")
        column.addWidget(self.lead)
        self.lead.setVisible(bool(table and table.lead))
        if table is not None and table.rows:
            self.table = table_view(table)
            self.table.row_chosen.connect(self._on_row)
            column.addWidget(self.table)
        column.addStretch(1)
        self.area.setWidget(inner)
        if self.table is not None:
            self.table.selectRow(0)
            self.table.fit_rows()

    def _on_row(self, row: int) -> None:
        if self.table is not None:
            below = self.table.rowViewportPosition(row) + self.table.rowHeight(row)
            self.area.ensureVisible(
                0, below + (self.table.y() if row else 0)
            )  # what is said above the first stays

    def _say(self, words: str, role: str = "lead") -> None:
        theme.set_role(self.message, role)
        self.message.setText(words)

    # ---- saving --------------------------------------------------------------------------------------------------

    def on_save(self) -> None:
        """Ask where; the PDF and, beside it under the same name, the CSV."""
        if self.report is None:
            return
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposed = Path(self._saved.parent if self._saved else documents) / file_name(self.report)
        name, _filter = QFileDialog.getSaveFileName(
            self, self.tr("Simpan laporan"), str(proposed), "PDF (*.pdf)"
        )
        if name:
            self.save_as(Path(name))

    def save_as(self, path: Path) -> None:
        report = self.report
        if report is None:
            return
        path = path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf")
        self.save.setEnabled(False)
        self._say(self.tr("Menyimpan %1").replace("%1", path.name))
        self.context.tasks.run(
            self, lambda: _save(report, path), self._on_saved, self._on_not_saved, slot="save"
        )

    def _on_saved(self, path: Path) -> None:
        if self._session is None:
            return
        self._saved = path
        self.save.setEnabled(True)
        self.folder.show()
        words = self.tr("Tersimpan: %1 dan %2 di %3.")
        for mark, name in (
            ("%1", path.name),
            ("%2", path.with_suffix(".csv").name),
            ("%3", str(path.parent)),
        ):
            words = words.replace(mark, name)
        self._say(words, "good")

    def _on_not_saved(self, error: ExpectedError) -> None:
        self.save.setEnabled(self.report is not None)
        self._say(error.sentence(), "bad")

    def _on_folder(self) -> None:
        if self._saved is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._saved.parent)))


def table_view(table: Table) -> TableView:
    """Any of a report's tables; a total is its last row."""
    texts = [column for column in range(len(table.heads)) if not table.is_number(column)]
    widest = max(texts, key=lambda column: max(len(str(row[column])) for row in table.all_rows), default=-1)
    columns = [_column_of(table, column, is_stretched=column == widest) for column in range(len(table.heads))]
    model: RowsModel[Row] = RowsModel(columns, lambda row: row)
    model.set_rows(table.all_rows)
    view = TableView(model, table.title, least_letters=24)
    view.show_whole()  # what is written on a C1 is read whole
    return view


def file_name(report: Report) -> str:
    """`laporan-harian-18-april-2019.pdf`."""
    words = report.title if report.kind == "daily" else f"{report.title} {report.period}"
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") + ".pdf"


def _column_of(table: Table, place: int, *, is_stretched: bool) -> Column[Row]:
    sample = max((shown(row[place]) for row in table.all_rows), key=len)
    return Column(
        table.heads[place],
        lambda row: shown(row[place]),
        sample[:_LETTERS],
        is_number=table.is_number(place),
        is_stretched=is_stretched,
        tooltip=lambda row: shown(row[place]),
    )


def _read(wp: Workplace, session: Session, make: Make) -> tuple[Report, Table]:
    return make(), slip_rates.as_table(slip_rates.slip_rates(wp, session))


def _save(report: Report, path: Path) -> Path:
    from ui.report_pdf import pdf_bytes  # noqa: PLC0415 - imported when first saved

    export.save(path, pdf_bytes(report))
    export.save(path.with_suffix(".csv"), csv_bytes(report))
    return path
