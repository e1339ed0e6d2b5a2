"""F1: the keys of the page in front, then its help text from resources/help, in the language in use. Thread: UI."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from ui import theme
from ui.help_sheet import HelpSheet
from ui.page import KeyHelp, Page
from ui.theme import RESOURCES
from ui.widgets.key_hint import KeyHints
from ui.widgets.scrolled import fitted


class HelpDialog(QDialog):
    """One sheet; Esc closes it."""

    def __init__(
        self, parent: QWidget, page: Page | None, pages: Callable[[], Sequence[Page]] = tuple
    ) -> None:
        """`pages`: all that the person works with, for the printed sheet."""
        super().__init__(parent)
        self._pages = pages
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Bantuan"))
        self.resize(fitted(self, 720, 560))
        column = QVBoxLayout(self)
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(False)
        self.text.setAccessibleName(self.tr("Bantuan"))
        self.text.document().setDefaultStyleSheet(
            f"h1 {{ font-size: large; }} h2 {{ font-size: medium; color: {theme.NAVY}; }} "
            "td { padding: 2px 14px 2px 0; }"
        )
        topic = page.help_topic() if page is not None else "masuk"
        keys = (*(page.key_help() if page is not None else ()), *self._common_keys())
        self.text.setHtml(
            _keys_html(self.tr("Tombol"), keys) + _markdown_html(help_text(topic, self.tr("id")))
        )
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addWidget(KeyHints(("Esc", self.tr("tutup")), ("↑ ↓", self.tr("gulir"))), 1)
        self.sheet = QPushButton(self.tr("&Cetak satu lembar…"))
        self.sheet.clicked.connect(lambda _checked=False: self._on_sheet())
        row.addWidget(self.sheet)
        close = QPushButton(self.tr("Tutup"))
        close.clicked.connect(self.accept)
        row.addWidget(close)
        column.addLayout(row)
        QShortcut(QKeySequence("F1"), self).activated.connect(self.accept)
        self.text.setFocus()

    def _on_sheet(self) -> None:
        from ui.pages.print_dialog import PrintDialog  # noqa: PLC0415 - only when somebody prints

        PrintDialog(self, HelpSheet(self.sections())).open()

    def sections(self) -> list[str]:
        """The sheet's parts: the keys of every page, then what holds on it; the general rules last."""
        language = self.tr("id")
        parts = [
            _markdown_html(help_text(page.help_topic(), language)) + _keys_html("", page.key_help())
            for page in {one.help_topic(): one for one in self._pages()}.values()
        ]
        return [*parts, _markdown_html(help_text("umum", language)) + _keys_html("", self._common_keys())]

    def _common_keys(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("Ctrl+1 … 9", self.tr("pindah halaman")),
            KeyHelp("Ctrl+K", self.tr("cari TPS, lihat riwayatnya")),
            KeyHelp("F9", self.tr("ganti orang; angka disembunyikan seketika")),
            KeyHelp("Tab / Shift+Tab", self.tr("ke bagian berikutnya / sebelumnya")),
        )


def help_text(topic: str, language: str, folder: Path = RESOURCES / "help") -> str:
    """Markdown of a topic; Indonesian where the language has none, the general sheet where the topic has none."""
    for name in (f"{topic}.{language}.md", f"{topic}.id.md", f"umum.{language}.md", "umum.id.md"):
        path = folder / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return ""


def _keys_html(title: str, keys: tuple[KeyHelp, ...]) -> str:
    rows = "".join(f"<tr><td><b>{escape(one.keys)}</b></td><td>{escape(one.text)}</td></tr>" for one in keys)
    heading = f"<h2>{escape(title)}</h2>" if title else ""
    return f"{heading}<table>{rows}</table>"


def _markdown_html(text: str) -> str:
    from PySide6.QtGui import QTextDocument  # noqa: PLC0415 - only here, when help is opened

    document = QTextDocument()
    document.setMarkdown(text)
    return document.toHtml()
