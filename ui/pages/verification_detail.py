"""One returned form: the scan on the left, both sides on the right, the verdict below. Thread: UI."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.pages.keying_pictures import Pictures
from ui.pages.verification_jobs import Compared
from ui.theme import Tone
from ui.widgets.badge import StateLabel
from ui.widgets.card import Card, PageTitle
from ui.widgets.crop_view import CropView
from ui.widgets.key_hint import KeyHints
from ui.widgets.page_images import PageImages
from ui.widgets.side_by_side import SideBySide

STACK_BELOW_PX = 880


class VerdictView(QWidget):
    """Emits the verdict; what it means is the store's business."""

    verdict_given = Signal(str, str)  # "ok" | "wrong", reason
    left = Signal()

    def __init__(self, images: PageImages, language: str) -> None:
        super().__init__()
        self.compared: Compared | None = None
        self.title = PageTitle()
        self.crop = CropView()
        self.pictures = Pictures(images, self.crop, language)
        self.sides = SideBySide()
        self.sides.chosen.connect(self._on_chosen)
        self.sides.table.row_opened.connect(lambda _row: self.sides.to_next_difference())
        self.state = StateLabel()
        self.notes = QLabel()
        self.notes.setWordWrap(True)
        theme.set_role(self.notes, "wait")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        theme.set_role(self.problem, "bad")
        self.right = QPushButton(self.tr("Sesuai dengan C1"))
        self.wrong = QPushButton(self.tr("Tidak sesuai…"))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.tr("Apa yang tidak sesuai dengan C1? Lalu Enter"))
        self.reason.setAccessibleName(self.tr("Alasan tidak sesuai"))
        self.reason.setMaxLength(200)
        self.right.clicked.connect(self._on_right)
        self.wrong.clicked.connect(self._on_wrong)
        self.reason.returnPressed.connect(self._on_reason)
        self._build()

    def _build(self) -> None:
        theme.set_role(self.right, "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.keys = KeyHints(
            ("Enter", self.tr("beda berikutnya")),
            ("F7", self.tr("sesuai")),
            ("F8", self.tr("tidak sesuai")),
            ("F4", self.tr("seluruh halaman")),
            ("Esc", self.tr("daftar")),
        )
        self.keys.hide()
        self.title.side.addWidget(self.keys)
        column.addWidget(self.title)
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._body.setSpacing(14)
        self._body.addWidget(self.crop, 45)
        card = Card()
        state = QHBoxLayout()
        state.addWidget(self.state)
        state.addStretch(1)
        card.body.addLayout(state)
        card.body.addWidget(self.sides, 1)
        card.body.addWidget(self.notes)
        card.body.addWidget(self.problem)
        card.body.addWidget(self.reason)
        buttons = QHBoxLayout()
        buttons.addWidget(self.right)
        buttons.addWidget(self.wrong)
        buttons.addStretch(1)
        card.body.addLayout(buttons)
        self._body.addWidget(card, 55)
        column.addLayout(self._body, 1)
        self.reason.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen the scan stands above the numbers, and F1 lists the keys."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < STACK_BELOW_PX
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._body.setDirection(way)
        self._body.setStretch(0, 30 if is_narrow else 45)
        self._body.setStretch(1, 70 if is_narrow else 55)
        self.keys.setVisible(not is_narrow)

    # ---- what it shows -------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self.compared is not None

    def open_form(self, compared: Compared) -> None:
        self.compared = compared
        self.title.title.setText(f"{compared.key.tps.label} · {compared.place} · {compared.form.title.id}")
        differing = sum(1 for row in compared.rows if not row.is_same)
        if differing:
            self.state.say(
                Tone.BAD, self.tr("%1 kotak berbeda antara di sini dan KPU RI").replace("%1", str(differing))
            )
        else:
            self.state.say(Tone.GOOD, self.tr("Semua kotak sama. Bandingkan dengan C1."))
        lines = list(compared.why_not)
        lines += [f"{row.title}: {row.text}" for row in compared.findings]
        theme.set_role(self.right, "" if differing else "primary")
        theme.set_role(self.wrong, "primary" if differing else "")
        self.notes.setText("\n".join(f"▲ {line}" for line in lines))
        self.notes.setVisible(bool(lines))
        self.say_problem("")
        self.reason.clear()
        self.reason.hide()
        self.pictures.open(compared.form, compared.pages)
        self.sides.set_sides(compared.rows)
        self.sides.table.setFocus()

    def close_form(self) -> None:
        """No value stays in the widget tree."""
        self.compared = None
        self.sides.clear()
        self.pictures.clear()
        self.reason.clear()
        self.reason.hide()
        self.title.title.clear()
        self.notes.clear()
        self.say_problem("")
        self.state.say(Tone.PLAIN, "")

    def say_problem(self, text: str) -> None:
        self.problem.setText(f"■ {text}" if text else "")
        self.problem.setVisible(bool(text))

    # ---- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if event.isAutoRepeat():
            event.accept()
        elif key == Qt.Key.Key_F7:
            self._on_right()
        elif key == Qt.Key.Key_F8:
            self._on_wrong()
        elif key == Qt.Key.Key_F4:
            self.crop.set_whole(is_whole=not self.crop.is_whole)
        elif key == Qt.Key.Key_Escape:
            self._on_escape()
        else:
            event.ignore()

    def _on_escape(self) -> None:
        if self.reason.isVisible():
            self.reason.hide()
            self.sides.table.setFocus()
        else:
            self.left.emit()

    def _on_right(self) -> None:
        if self.compared is not None:
            self.verdict_given.emit("ok", "")

    def _on_wrong(self) -> None:
        """A reason is asked for: KPU RI's operator has to know what to look at."""
        if self.compared is None:
            return
        if not self.reason.text():
            names = self.compared.form.paper_codes
            codes = [names[row.field] for row in self.compared.rows if not row.is_same]
            self.reason.setText(self.tr("Beda di %1").replace("%1", ", ".join(codes)) if codes else "")
        self.reason.show()
        self.reason.setFocus()
        self.reason.selectAll()

    def _on_reason(self) -> None:
        text = self.reason.text().strip()
        if text:
            self.verdict_given.emit("wrong", text)

    def _on_chosen(self, field_id: str) -> None:
        if self.compared is not None:
            self.pictures.show_field(self.compared.form.by_id[field_id])
