"""One form of Verifikasi: the scan on the left, both sides on the right, findings, what would repair them, and what may
be done: a verdict, a correction, another TPS. Thread: UI."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.lifecycle import VersionState
from ui import theme
from ui.pages.keying_pictures import Pictures
from ui.pages.mending import CORRECT, MOVE, Mending, mending_menu
from ui.pages.verification_jobs import Compared
from ui.theme import Tone
from ui.widgets.badge import StateLabel
from ui.widgets.banner import Banner
from ui.widgets.card import Card, PageTitle
from ui.widgets.crop_view import CropView
from ui.widgets.findings_panel import FindingsPanel
from ui.widgets.key_hint import KeyHints
from ui.widgets.page_images import PageImages
from ui.widgets.side_by_side import SideBySide

STACK_BELOW_PX = 880
SHORT_PX = 520
CARDS = 2
NOTES, NOTES_NARROW = 8, 2  # lines
UNJUDGED = (VersionState.RIVAL, VersionState.REJECTED)  # a verdict is about values the centre goes by


class VerdictView(QWidget):
    """Emits the verdict; what it means is the store's business."""

    verdict_given = Signal(str, str)  # "ok" | "wrong", reason
    finding_accepted = Signal(str, str, str)  # check, reason, note
    mend_wanted = Signal(object)  # one of ui.pages.mending's ways
    left = Signal()

    def __init__(self, images: PageImages, language: str, clock: Callable[[], float]) -> None:
        super().__init__()
        self.compared: Compared | None = None
        self._language = language
        self._is_narrow = self._is_short = self._is_keyer = False
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
        self.repair = Banner("note-wait", "◆")
        self.findings = FindingsPanel(clock=clock)
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        theme.set_role(self.hint, "small")
        self.right = QPushButton(self.tr("Sesuai dengan C1"))
        self.wrong = QPushButton(self.tr("Tidak sesuai…"))
        self.mend = QPushButton(self.tr("Per&baiki"))
        self.mend.setMenu(mending_menu(self, self.mend_wanted.emit, with_keys=True))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.tr("Apa yang tidak sesuai dengan C1? Lalu Enter"))
        self.reason.setAccessibleName(self.tr("Alasan tidak sesuai"))
        self.reason.setMaxLength(200)
        self.right.clicked.connect(self._on_right)
        self.wrong.clicked.connect(self._on_wrong)
        self.reason.returnPressed.connect(self._on_reason)
        self.findings.accept_wanted.connect(self.finding_accepted)
        self.findings.jump_wanted.connect(self._to_box)
        self.findings.went_back.connect(self.sides.table.setFocus)
        self.findings.finish_wanted.connect(self.sides.table.setFocus)
        self.findings.hint.connect(self.hint.setText)
        self.findings.help_wanted.connect(self._on_rule_help)
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
            ("F5", self.tr("koreksi")),
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
        card.body.addWidget(self.repair)
        card.body.addWidget(self.findings)
        card.body.addWidget(self.hint)
        self.more = QScrollArea()
        self.more.setWidgetResizable(True)
        self.more.setFrameShape(QFrame.Shape.NoFrame)
        self.more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.more.setWidget(self.notes)
        card.body.addWidget(self.more)
        card.body.addWidget(self.problem)
        card.body.addWidget(self.reason)
        buttons = QHBoxLayout()
        buttons.addWidget(self.right)
        buttons.addWidget(self.wrong)
        buttons.addStretch(1)
        buttons.addWidget(self.mend)
        card.body.addLayout(buttons)
        self._body.addWidget(card, 55)
        column.addLayout(self._body, 1)
        for widget in (self.reason, self.findings, self.hint, self.more, self.title.lead):
            widget.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a small screen the scan stands above the numbers, and F1 lists the keys."""
        super().resizeEvent(event)
        self._is_short = event.size().height() < SHORT_PX
        is_narrow = self._is_narrow = event.size().width() < STACK_BELOW_PX
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        self._body.setDirection(way)
        self._body.setStretch(0, 30 if is_narrow else 45)
        self._body.setStretch(1, 70 if is_narrow else 55)
        # Beside the title, where they leave it half of the row; F1 lists them, too.
        self.keys.setVisible(not is_narrow and self.keys.sizeHint().width() <= event.size().width() // 2)
        self.findings.set_limit(1 if is_narrow else CARDS)
        self._fit_notes()

    # ---- what it shows -------------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self.compared is not None

    def open_form(self, compared: Compared) -> None:
        self.compared = compared
        self.title.title.setText(f"{compared.key.tps.label} · {compared.place} · {compared.form.title.id}")
        differing = sum(1 for row in compared.rows if not row.is_same)
        self.state.say(*self._state_words(compared.state, differing))
        theme.set_role(self.right, "" if differing else "primary")
        theme.set_role(self.wrong, "primary" if differing else "")
        for button in (self.right, self.wrong):
            button.setVisible(compared.state not in UNJUDGED)
        self._show_words(compared)
        self.say_problem("")
        self.reason.clear()
        self.reason.hide()
        self.pictures.open(compared.form, compared.pages)
        self.sides.set_sides(compared.rows)
        self.sides.table.setFocus()

    def show_accepted(self, compared: Compared) -> None:
        """A finding got its reason: the next one, or back to the boxes."""
        self.compared = compared
        self._show_words(compared)
        (self.findings if self.findings.open_count else self.sides.table).setFocus()

    def _show_words(self, compared: Compared) -> None:
        is_judged = compared.state not in UNJUDGED
        still_open = [row for row in compared.findings if row.is_open] if is_judged else []
        self.findings.set_findings(
            still_open, is_review=bool(still_open), limit=1 if self._is_narrow else CARDS
        )
        self.hint.setText(
            self.tr("F2: ke temuan; 1-4 memberi alasan bila kertas memang demikian.") if still_open else ""
        )
        self.findings.setVisible(bool(still_open))
        self.repair.say(compared.repair)
        lines = list(compared.why_not) if is_judged else []
        lines += [f"{row.title}: {row.text}" for row in compared.findings if row not in still_open]
        self.notes.setText("\n".join(f"▲ {line}" for line in lines))
        self._fit_notes()

    def _fit_notes(self) -> None:
        """As high as its lines, but on a small screen no more than two of them: the rest scrolls."""
        is_full = self._is_short and self.findings.open_count > 0  # the findings say more than the notes do
        self.more.setVisible(bool(self.notes.text()) and not is_full)
        self.hint.setVisible(self.findings.open_count > 0 and not self._is_short)
        self.state.setVisible(not is_full)
        lines = max(1, self.notes.heightForWidth(max(200, self.more.viewport().width())))
        line = self.notes.fontMetrics().lineSpacing()
        self.more.setFixedHeight(min(lines, (NOTES_NARROW if self._is_narrow else NOTES) * line) + 2)

    def _state_words(self, state: VersionState, differing: int) -> tuple[Tone, str]:
        if state is VersionState.REJECTED:
            return Tone.BAD, self.tr(
                "KPU RI menolak angka ini. Koreksi, tarik, atau kirim lagi dari Antrean."
            )
        if state is VersionState.RIVAL:
            words = self.tr(
                "KPU RI memegang angka lain (%1 kotak). Bandingkan keduanya dengan C1, lalu Koreksi."
            )
            return Tone.BAD, words.replace("%1", str(differing))
        if differing:
            words = self.tr("%1 kotak berbeda antara di sini dan KPU RI")
            return Tone.BAD, words.replace("%1", str(differing))
        return Tone.GOOD, self.tr("Semua kotak sama. Bandingkan dengan C1.")

    def close_form(self) -> None:
        """No value stays in the widget tree."""
        self.compared = None
        self.sides.clear()
        self.pictures.clear()
        self.reason.clear()
        self.reason.hide()
        self.title.title.clear()
        self.notes.clear()
        self.findings.clear()
        self.repair.say("")
        self.hint.clear()
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
        elif key in (Qt.Key.Key_F5, Qt.Key.Key_F6):
            self._on_mend(CORRECT if key == Qt.Key.Key_F5 else MOVE)
        elif key == Qt.Key.Key_F2 and self.findings.open_count:
            self.findings.setFocus()
        elif key == Qt.Key.Key_F3:
            self.sides.toggle_whole()
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

    def _to_box(self, code: str) -> None:
        if self.compared is not None:
            field = next((row.field for row in self.compared.findings if row.code == code), "")
            self.sides.choose(field)
            self.sides.table.setFocus()

    def _on_rule_help(self, code: str) -> None:
        from ui.pages.rule_help import RuleHelpDialog  # noqa: PLC0415 - imported when first opened

        if self.compared is not None:
            RuleHelpDialog(self, self.compared.form, code, self._language).open()

    def may_change(self, *, is_keyer: bool) -> None:
        """A verifier does not alter the form; who keys does."""
        self._is_keyer = is_keyer
        self.mend.setEnabled(is_keyer)
        self.mend.setToolTip(
            "" if is_keyer else self.tr("Koreksi dikerjakan operator entri atau koordinator.")
        )

    def _on_mend(self, way: Mending) -> None:
        if not self._is_keyer:
            self.say_problem(self.tr("Koreksi dikerjakan operator entri atau koordinator."))
        elif self.compared is not None:
            self.mend_wanted.emit(way)

    def _on_right(self) -> None:
        if self.compared is not None and self.compared.state not in UNJUDGED:
            self.verdict_given.emit("ok", "")

    def _on_wrong(self) -> None:
        """A reason is asked for: KPU RI's operator has to know what to look at."""
        if self.compared is None or self.compared.state in UNJUDGED:
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
