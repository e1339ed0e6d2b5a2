"""A form definition as the operator will see it: boxes as in Entri, checks, profiles; a faulty file's faults.

Invariants: nothing is changed or kept; a file from anywhere is read by a worker, within the limits of `app.forms`, and
its texts are shown as plain text. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import forms
from app.domain.form import FormDefinition
from ui import theme
from ui.pages.form_facts import CheckRow, ChecksPart, FaultsPart, ProfilesPart, check_rows
from ui.pages.form_trial import FormTrial
from ui.tasks import Tasks
from ui.widgets.page_images import PageImages
from ui.widgets.scrolled import Held, fitted

ENTRY, CHECKS, PROFILES, FAULTS = range(4)
_NAME_LETTERS = 60  # of a file's name in the list


@dataclass(frozen=True, slots=True)
class Definition:
    """What came of reading one definition."""

    name: str
    form: FormDefinition | None
    checks: tuple[CheckRow, ...] = ()
    faults: tuple[str, ...] = ()


def read_definition(path: Path, language: str) -> Definition:
    """Any file. Blocking; never raises."""
    form, faults = forms.read_file(path)
    if form is None:
        return Definition(path.name, None, faults=tuple(faults))
    return Definition(path.name, form, check_rows(form, language))


class FormViewer(QDialog):
    """Opened from Pengaturan; Esc closes it. `first`: the forms that stand before the other shipped ones."""

    def __init__(self, parent: QWidget, tasks: Tasks, language: str, first: Sequence[str] = ()) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Definisi formulir"))
        self.resize(fitted(self, 1240, 720))
        self.tasks, self._language = tasks, language
        self.shown: Definition | None = None
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Formulir"))
        for one in dict.fromkeys((*first, *forms.available())):
            form = forms.load(one)
            words = f"{form.title.in_language(language)} · {form.ballot.in_language(language)}"
            self.choice.addItem(words, str(forms.path_of(one)))
        self.profile = QComboBox()
        self.profile.setAccessibleName(self.tr("Profil"))
        self.open_file = QPushButton(self.tr("&Buka berkas…"))
        self.trial = FormTrial(PageImages(tasks, self), language)
        self.checks, self.profiles, self.faults = ChecksPart(), ProfilesPart(), FaultsPart()
        self.parts = QStackedWidget()
        self.tabs = QButtonGroup(self)
        self._build()
        self.choice.activated.connect(lambda place: self.show_file(Path(self.choice.itemData(place))))
        self.profile.activated.connect(lambda _place: self._show_trial())
        self.open_file.clicked.connect(lambda _checked=False: self._on_open_file())
        self.tabs.idClicked.connect(self._on_tab)
        self.trial.view.pause_wanted.connect(self.reject)
        self.show_file(Path(self.choice.currentData()))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(10)
        top = QHBoxLayout()
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.choice.setMinimumContentsLength(24)
        top.addWidget(self.choice, 1)
        top.addWidget(self.profile)
        top.addWidget(self.open_file)
        column.addLayout(top)
        row = QHBoxLayout()
        words = (  # with keys: Tab belongs to the boxes
            self.tr("&Seperti di Entri"),
            self.tr("&Pemeriksaan"),
            self.tr("Pro&fil"),
            self.tr("&Kesalahan"),
        )
        for place, (text, part) in enumerate(
            zip(words, (self.trial, self.checks, self.profiles, self.faults), strict=True)
        ):
            button = QPushButton(text)
            button.setCheckable(True)
            button.setAutoDefault(False)
            theme.set_role(button, "filter")
            self.tabs.addButton(button, place)
            row.addWidget(button)
            self.parts.addWidget(part)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(Held(self.parts), 1)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        close = QPushButton(self.tr("&Tutup"))
        close.clicked.connect(self.reject)
        for button in (close, self.open_file):
            button.setAutoDefault(False)  # Enter is for the boxes
        bottom.addWidget(close)
        column.addLayout(bottom)

    def show_file(self, path: Path) -> None:
        """Read and show a definition, shipped or anybody's."""
        language = self._language
        self.tasks.run(self, lambda: read_definition(path, language), self._on_read, slot="read")

    def _on_open_file(self) -> None:
        name, _filter = QFileDialog.getOpenFileName(self, self.tr("Definisi formulir"), "", "TOML (*.toml)")
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> None:
        """Anybody's file: it stands in the list from now on, so that it can be opened again after it was mended."""
        place = self.choice.findData(str(path))
        if place < 0:
            self.choice.addItem(path.name[:_NAME_LETTERS], str(path))
            place = self.choice.count() - 1
        self.choice.setCurrentIndex(place)
        self.show_file(path)

    def _on_read(self, found: Definition) -> None:
        self.shown = found
        self.profile.clear()
        form = found.form
        for place in (ENTRY, CHECKS, PROFILES):
            self.tabs.button(place).setVisible(form is not None)
        self.tabs.button(FAULTS).setVisible(form is None)
        self.profile.setVisible(form is not None)
        if form is None:
            self.trial.clear()
            self.faults.show_faults(found.name, found.faults)
            self._go(FAULTS)
            return
        for one in form.profiles:
            self.profile.addItem(one.title.in_language(self._language), one.name)
        self.profile.setCurrentIndex(max(0, self.profile.findData(form.default_profile)))
        self.tabs.button(CHECKS).setText(self.tr("&Pemeriksaan (%1)").replace("%1", str(len(found.checks))))
        self.checks.show_rows(found.checks)
        self.profiles.show_form(form, self._language)
        self._show_trial()
        self._go(self.parts.currentIndex() if self.parts.currentIndex() != FAULTS else ENTRY)

    def _show_trial(self) -> None:
        if self.shown is not None and self.shown.form is not None:
            self.trial.show_form(self.shown.form, str(self.profile.currentData()))

    def _go(self, part: int) -> None:
        self.tabs.button(part).setChecked(True)
        self._on_tab(part)

    def _on_tab(self, part: int) -> None:
        self.parts.setCurrentIndex(part)
        if part == ENTRY:
            self.trial.view.focus_work()
