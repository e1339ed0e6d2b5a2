"""The lines above a form that is being keyed, and the box for the polling station's number. Thread: UI."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.entry.walk import Stage, Walk
from ui.pages.keying_form import EntryForm
from ui.pages.keying_words import order_words
from ui.widgets.cell_edit import CellEdit
from ui.widgets.elided import ElidedLabel
from ui.widgets.key_hint import KeyHints


class EntryHead(QWidget):
    """Title, progress, keys. The number is shown only once it was typed: it is to be read from the paper."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        top = QHBoxLayout()
        self.title = ElidedLabel()
        theme.set_role(self.title, "title")
        self.progress = ElidedLabel()
        theme.set_role(self.progress, "lead")
        self.keys = KeyHints(
            ("Enter", self.tr("berikutnya")),
            ("↑", self.tr("kembali")),
            ("-", self.tr("kosong")),
            ("*", self.tr("tidak terbaca")),
            ("F4", self.tr("seluruh halaman")),
            ("Esc", self.tr("jeda")),
        )
        self.keys.hide()  # until there is room: a hint must not keep the window from becoming small
        self.keys.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.list_keys = KeyHints(
            ("+", self.tr("sisa daftar kosong")),
            ("PgDn", self.tr("daftar berikutnya")),
            ("PgUp", self.tr("sebelumnya")),
        )
        self.list_keys.hide()
        self.list_keys.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._is_narrow = True
        top.addWidget(self.title)
        top.addStretch(1)
        top.addWidget(self.keys)
        column.addLayout(top)
        below = QHBoxLayout()
        below.addWidget(self.progress)
        below.addStretch(1)
        below.addWidget(self.list_keys)
        column.addLayout(below)

    def _kept_words(self, *, has_problem: bool) -> str:
        return self.tr("BELUM tersimpan") if has_problem else self.tr("tersimpan otomatis")

    def show_progress(
        self, entry: EntryForm, walk: Walk, places: tuple[str, str], *, has_problem: bool
    ) -> None:
        """`places`: where in the lists the focus is, and how long the rest takes; each may be empty."""
        is_asking = walk.stage is Stage.STATION and bool(entry.pages)
        title = entry.form.title.id
        station = "" if is_asking or entry.is_trial else f"{entry.key.tps.label} · "
        self.title.setText(f"{station}{entry.place} · {title}")
        form, current = entry.form, entry.form.by_id[walk.current]
        is_in_list = current.section in form.lists and walk.stage is Stage.BOXES and entry.is_whole
        self.list_keys.setVisible(is_in_list and not self._is_narrow)
        # Where pages are scanned, a line of its own says it.
        may_end = entry.is_whole and not entry.pages and entry.cut(walk.cells).may_end
        parts = [
            order_words(entry.order, is_whole=entry.is_whole),
            self.tr("Lanjutan") if entry.given else "",
            places[0],
            self.tr("kotak %1 dari %2").replace("%1", str(walk.filled)).replace("%2", str(len(walk.fields))),
            places[1],
            self.tr("halaman %1 dari %2")
            .replace("%1", str(current.page))
            .replace("%2", str(len(form.pages))),
            "" if entry.is_trial else self._kept_words(has_problem=has_problem),
            self.tr("F7: halaman lain belum ada") if may_end else "",
        ]
        self.progress.setText(" · ".join(one for one in parts if one))

    def set_narrow(self, *, is_narrow: bool) -> None:
        """On a small screen the scan needs the room more than the keys that F1 lists."""
        self._is_narrow = is_narrow
        self.keys.setVisible(not is_narrow)

    def clear(self) -> None:
        self.title.clear()
        self.progress.clear()


class StationRow(QWidget):
    """`Nomor TPS pada kertas [001]`: both readers key it, so that a wrong sheet is noticed first."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        self.label = QLabel(self.tr("Nomor TPS di kertas"))
        theme.set_role(self.label, "heading")
        self.edit = CellEdit(3)
        self.edit.setAccessibleName(self.tr("Nomor TPS yang tertulis di kertas"))
        self.edit.setObjectName("box-station")
        self.edit.setFixedSize(self.edit.sizeHint())
        row.addWidget(self.label, 1)
        row.addWidget(self.edit)

    def show_stage(self, *, is_asking: bool, number: int) -> None:
        self.setVisible(is_asking)
        if not is_asking:
            self.edit.set_cell(number)
