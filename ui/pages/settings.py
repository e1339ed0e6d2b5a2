"""Pengaturan: a list of sections on the left, one section at a time on the right. Thread: UI."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QScrollArea, QStackedWidget, QVBoxLayout

from app.ports import SyncStatus
from app.services.people import Session
from ui.page import Context, KeyHelp, Page
from ui.pages.settings_forms import FormsSection
from ui.pages.settings_people import PeopleSection
from ui.pages.settings_sections import (
    JournalSection,
    LookSection,
    PagesSection,
    Section,
    ServerSection,
    WorkplaceSection,
    WorkSection,
)
from ui.pages.settings_stations import StationsSection
from ui.widgets.card import Card, PageTitle


class SettingsPage(Page):
    """Everything that is set once; what only a coordinator may change is said so."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.title = PageTitle(self.tr("Pengaturan"))
        self.title.lead.setText(self.tr("Semua berlaku untuk tempat kerja ini dan tersimpan seketika."))
        self.sections: tuple[Section, ...] = (
            WorkplaceSection(context),
            PeopleSection(context),
            ServerSection(context),
            WorkSection(context),
            FormsSection(context),
            StationsSection(context),
            PagesSection(context),
            LookSection(context),
            JournalSection(context),
        )
        self.names = QListWidget()
        self.names.setAccessibleName(self.tr("Bagian pengaturan"))
        self.stack = QStackedWidget()
        for section in self.sections:
            self.names.addItem(section.title())
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setWidget(section)
            scroll.setFrameShape(QScrollArea.Shape.NoFrame)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab leads to what can be done there
            self.stack.addWidget(scroll)
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        column.addWidget(self.title)
        row = QHBoxLayout()
        row.setSpacing(14)
        left, right = Card(), Card()
        left.body.setContentsMargins(0, 6, 0, 6)
        left.body.addWidget(self.names)
        left.setFixedWidth(max(200, self.names.sizeHintForColumn(0) + 40))
        right.body.addWidget(self.stack)
        row.addWidget(left)
        row.addWidget(right, 1)
        column.addLayout(row, 1)
        self.names.currentRowChanged.connect(self._on_row)
        self.names.setCurrentRow(0)

    def _on_row(self, row: int) -> None:
        self.stack.setCurrentIndex(row)
        self.sections[row].read()

    def on_shown(self) -> None:
        self.names.setFocus()
        self.sections[self.names.currentRow()].read()

    def on_store_changed(self) -> None:
        self.sections[self.names.currentRow()].read()

    def on_line_changed(self, status: SyncStatus) -> None:
        for section in self.sections:
            section.show_line(status)

    def open_part(self, part: str) -> None:
        for row, section in enumerate(self.sections):
            if section.part == part:
                self.names.setCurrentRow(row)
                section.take_focus()

    def on_person_changed(self, session: Session | None) -> None:
        for section in self.sections:
            section.set_session(session)

    def may_close(self) -> bool:
        return True

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (KeyHelp("↑ ↓", self.tr("pilih bagian")), KeyHelp("Tab", self.tr("ke isian bagian itu")))

    def help_topic(self) -> str:
        return "pengaturan"
