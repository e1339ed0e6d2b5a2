"""The help page of one check, from the findings list: what it compares, when it is silent, what to do. Thread: UI.

It says nothing of the form in front: its numbers are the rule's own examples, so no value is left open in it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from app.domain.form import FormDefinition
from app.domain.rule_help import help_page
from ui import theme
from ui.widgets.key_hint import KeyHints
from ui.widgets.scrolled import fitted


class RuleHelpDialog(QDialog):
    """One sheet; Esc closes it and the findings list has the keys again."""

    def __init__(self, parent: QWidget | None, form: FormDefinition, code: str, language: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Penjelasan aturan"))
        self.resize(fitted(self, 680, 560))
        column = QVBoxLayout(self)
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(False)
        self.text.setAccessibleName(self.tr("Penjelasan aturan"))
        check = next(one for one in form.checks if one.code == code)
        self.text.setMarkdown(help_page(form, check, language))
        self.text.setStyleSheet(f"color: {theme.INK};")
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addWidget(KeyHints(("Esc", self.tr("tutup")), ("↑ ↓", self.tr("gulir"))), 1)
        close = QPushButton(self.tr("Tutup"))
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)
        self.text.setFocus()
