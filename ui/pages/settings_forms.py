"""Pengaturan, section Formulir: which forms this workplace reads, and a look at any form definition. Thread: UI."""

from __future__ import annotations

from app.services import workplace
from ui.pages.form_viewer import FormViewer
from ui.pages.settings_sections import Section


class FormsSection(Section):
    """A definition is looked at in a window of its own: it needs the room Entri has."""

    def title(self) -> str:
        return self.tr("Formulir")

    def build(self) -> None:
        self.look = self.button(self.tr("&Lihat formulir…"), self.on_look)
        self.add_left(self.look)

    def on_look(self) -> None:
        """The viewer, with the first form of this workplace."""
        wp = self.context.desk.wp
        language = workplace.preference(wp, "language", "id")
        FormViewer(self.window(), self.context.tasks, language, wp.form_ids).open()
