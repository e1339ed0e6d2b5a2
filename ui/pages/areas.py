"""Where each kecamatan is stuck, all ballots or one; down to its desa, down to its TPS; and one list with a filter.

Invariant: at most one page of the long list is read at a time, off the UI thread; sorting 31 kecamatan is done here,
sorting 75,000 forms in the store. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QWidget

from app.services import status
from app.services.status import AreaFunnel, FormRow
from app.services.words import TROUBLE_WORDS
from ui import format as fmt
from ui import theme
from ui.models.columns import Column
from ui.models.paged import PagedModel, Query
from ui.models.rows import RowsModel
from ui.page import Context
from ui.pages.form_column import form_column
from ui.pages.steps import fact_of, step_label
from ui.places import district_name, proper
from ui.theme import Tone, text_width
from ui.widgets.card import Card
from ui.widgets.empty_state import EmptyState
from ui.widgets.scrolled import bring_up
from ui.widgets.table import Table

_TYPING_PAUSE_MS = 60  # the list follows the typing, but not every key of a fast typist

_DESA_COLUMN, _KECAMATAN_COLUMN = 1, 2  # of the list of TPS; hidden where the path above it already says them


class AreaBrowser(Card):
    """Breadcrumb and filter above one of three faces: areas, TPS, nothing."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._path: list[tuple[str, str]] = []  # (code, name) below the district
        self._form = ""  # the ballot that is counted; empty = all
        self.areas = RowsModel(self._area_columns(), lambda area: area.code)
        self.areas_table = Table(self.areas, self.tr("Kecamatan dan desa"), sortable=True, least_letters=25)
        self.forms = PagedModel(self._form_columns(), context.tasks)
        self.forms_table = Table(self.forms, self.tr("Daftar TPS"))
        self.nothing = EmptyState("search")
        self._crumbs = QHBoxLayout()
        self.filter = QLineEdit()
        self.found = QLabel()
        self.faces = QStackedWidget()
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_PAUSE_MS)
        self._build()
        self._connect()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.addLayout(self._crumbs)
        row.addStretch(1)
        theme.set_role(self.found, "small")
        row.addWidget(self.found)
        self.filter.setPlaceholderText(self.tr("saring TPS: nomor, desa  (Ctrl+F)"))
        self.filter.setAccessibleName(self.tr("Saring TPS"))
        self.filter.setClearButtonEnabled(False)
        self.filter.setMinimumWidth(text_width(self.filter.placeholderText()))
        row.addWidget(self.filter)
        self.body.addLayout(row)
        for face in (self.areas_table, self.forms_table, self.nothing):
            self.faces.addWidget(face)
        self.body.addWidget(self.faces, 1)
        self._draw_crumbs()

    def _connect(self) -> None:
        self.areas_table.row_opened.connect(self._on_area)
        self.forms_table.row_opened.connect(self._on_form)
        self.forms.counted.connect(self._on_counted)
        self.filter.textChanged.connect(lambda _text: self._typing.start())
        self._typing.timeout.connect(self._show)
        self.filter.returnPressed.connect(self.forms_table.setFocus)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self._on_find)
        for table in (self.areas_table, self.forms_table):
            table.back_pressed.connect(self.go_up)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._on_escape)

    # ---- columns -------------------------------------------------------------------------------------------------

    def _area_columns(self) -> list[Column[AreaFunnel]]:
        def count(
            title: str, value: str, sample: str = "10.338", *, is_bold: bool = False
        ) -> Column[AreaFunnel]:
            return Column(
                title, lambda area: fmt.number(getattr(area, value)), sample, is_number=True, is_bold=is_bold,
                sort_key=lambda area: getattr(area, value),
            )  # fmt: skip

        return [
            Column(self.tr("Wilayah"), lambda area: area.name, "Margahayu Selatan", is_bold=True),
            count(self.tr("TPS"), "stations"),
            count(self.tr("Diterima"), "received"),
            count(self.tr("Dientri"), "keyed"),
            count(self.tr("Entri kedua"), "second_read"),
            count(self.tr("Di KPU RI"), "at_centre"),
            count(self.tr("Dipublikasikan"), "public", is_bold=True),
            Column(
                self.tr("Selisih"), lambda area: fmt.number(area.keyed - area.public), "10.338", is_number=True,
                sort_key=lambda area: area.keyed - area.public,
                tooltip=lambda _area: self.tr("Sudah dientri, belum dipublikasikan"),
            ),
            Column(
                self.tr("Terhenti karena"), lambda area: area.stuck, "", is_stretched=True,
                tone=lambda _area: Tone.WAIT,
            ),
        ]  # fmt: skip

    def _form_columns(self) -> list[Column[FormRow]]:
        def time(code: str) -> Column[FormRow]:
            return Column(
                step_label(code), lambda row: self._moment(fact_of(row, code)), "18/4 14.03", is_number=True
            )

        return [
            Column(self.tr("TPS"), lambda row: row.key.tps.label, "TPS 0140", is_bold=True),
            Column(self.tr("Desa/kelurahan"), lambda row: proper(row.desa_name), "Margahayu Selatan"),
            Column(self.tr("Kecamatan"), lambda row: proper(row.kecamatan_name), "Dayeuhkolot"),
            *form_column(self._context.desk.wp, lambda row: row.key),
            # before the times: what does not fit on a small screen is better a time than the state
            Column(self.tr("Keadaan"), lambda row: row.state, is_stretched=True, tone=_form_tone),
            Column(self.tr("Halaman"), lambda row: f"{row.pages_in}/{row.page_count}", "2/2", is_number=True),
            *(time(code) for code in ("keyed", "second_read", "at_centre", "public")),
        ]

    def _moment(self, at: float | None) -> str:
        return "–" if at is None else fmt.moment(at, self._context.desk.wp.now())

    # ---- what is shown -------------------------------------------------------------------------------------------

    @property
    def _code(self) -> str:
        return self._path[-1][0] if self._path else self._context.desk.wp.district

    @property
    def _is_list(self) -> bool:
        return bool(self.filter.text().strip()) or len(self._code) >= 10

    def refresh(self) -> None:
        """The store changed: read again what is on screen."""
        if self._is_list:
            if self.faces.currentWidget() is self.areas_table:
                self._show()
            else:
                self.forms.reload()
        else:
            self._read_areas()

    def hide_values(self) -> None:
        self.areas.set_rows([])

    def show_ballot(self, form: str) -> None:
        """Count this ballot alone, or all of them."""
        self._form = form
        self._show()

    def _on_find(self) -> None:
        self.filter.setFocus()
        bring_up(self)

    def go_up(self) -> None:
        if self.filter.text():
            self.filter.clear()
        elif self._path:
            self._path.pop()
        self._draw_crumbs()
        self._show()

    def _show(self) -> None:
        if self._is_list:
            self._show_forms()
        else:
            self.found.clear()
            self._turn_to(self.areas_table)
            self._read_areas()

    def _turn_to(self, face: QWidget) -> None:
        """Change the face; the focus goes along when it was on the old one (Qt would send it anywhere)."""
        before = self.faces.currentWidget()
        had_focus = before is not None and self.window().focusWidget() is before
        self.faces.setCurrentWidget(face)
        if had_focus:
            (self.filter if face is self.nothing else face).setFocus()

    def _read_areas(self) -> None:
        wp, code, form = self._context.desk.wp, self._code, self._form
        self._context.tasks.run(
            self,
            lambda: ((code, form), status.funnel_by_area(wp, code, form)),
            self._on_areas,
            slot="areas",
        )

    def _on_areas(self, result: tuple[tuple[str, str], Sequence[AreaFunnel]]) -> None:
        asked, rows = result
        if asked == (self._code, self._form) and self._context.shell.session is not None:
            self.areas.set_rows(rows)

    def _show_forms(self) -> None:
        wp, text, form = self._context.desk.wp, self.filter.text().strip(), self._form
        area = self._code if self._path else None
        for column, digits in ((_DESA_COLUMN, 10), (_KECAMATAN_COLUMN, 6)):
            self.forms_table.setColumnHidden(column, len(self._code) >= digits)
        self.forms_table.size_columns()
        self.forms.show(
            Query(
                lambda: status.form_count(wp, text, area, form=form),
                lambda limit, offset: status.form_rows(wp, text, area, form=form, limit=limit, offset=offset),
            )
        )
        self._turn_to(self.forms_table)

    def _on_counted(self, count: int) -> None:
        if not self._is_list:
            return
        self.found.setText(self.tr("%1 formulir").replace("%1", fmt.number(count)))
        if count:
            self._turn_to(self.forms_table)
            return
        self.nothing.say(
            self.tr("Tidak ada TPS yang cocok"),
            self.tr("Hapus saringan dengan Esc, atau naik satu tingkat dengan Backspace."),
        )
        self._turn_to(self.nothing)

    # ---- moving about --------------------------------------------------------------------------------------------

    def _on_area(self, row: int) -> None:
        area = self.areas.row_at(row)
        if area is not None:
            self._path.append((area.code, area.name))
            self._draw_crumbs()
            self._show()
            (self.forms_table if self._is_list else self.areas_table).setFocus()
            bring_up(self)

    def _on_form(self, row: int) -> None:
        form = self.forms.row_at(row)
        if form is not None:
            self._context.shell.open_form(form.key)

    def _on_escape(self) -> None:
        self.filter.clear()
        self._draw_crumbs()
        self._show()

    def _draw_crumbs(self) -> None:
        while (item := self._crumbs.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        names = [(0, district_name(self._context.desk.wp))]
        names += [(depth, name) for depth, (_code, name) in enumerate(self._path, start=1)]
        for depth, name in names:
            if depth:
                self._crumbs.addWidget(QLabel("›"))
            button = QPushButton(name)
            theme.set_role(button, "crumb")
            button.setEnabled(depth < len(self._path))
            button.clicked.connect(lambda _checked=False, depth=depth: self._go_to(depth))
            self._crumbs.addWidget(button)

    def _go_to(self, depth: int) -> None:
        self._path = self._path[:depth]
        self.filter.clear()
        self._draw_crumbs()
        self._show()
        self.areas_table.setFocus()


def _form_tone(row: FormRow) -> Tone:
    if row.state in TROUBLE_WORDS:
        return Tone.BAD
    return Tone.GOOD if row.public_at is not None else Tone.PLAIN
