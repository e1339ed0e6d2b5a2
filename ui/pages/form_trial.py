"""Entri with a form nobody reads: what is typed stays in this view and goes with it. Shows a definition as it will be.

Invariant: nothing is kept, signed or sent; there is no reading behind it. Thread: UI.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.c1form import C1Key
from app.domain.checks import ALONE
from app.domain.form import FormDefinition
from app.domain.readings import Order
from app.domain.wilayah import TpsId
from ui.pages.keying_entry import EntryView
from ui.pages.keying_form import EntryForm
from ui.pages.keying_words import finding_row
from ui.widgets.page_images import PageImages

NO_STATION = TpsId("0000000000001")


class FormTrial(QWidget):
    """The real entry view; what its page would ask the store is answered here, from the boxes alone."""

    def __init__(self, images: PageImages, language: str, clock: Callable[[], float] = monotonic) -> None:
        super().__init__()
        self._language = language
        self._accepted: dict[str, tuple[str, str]] = {}  # check -> reason and note
        self.view = EntryView(images, clock, language)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.view.review_wanted.connect(self._review)
        self.view.finish_wanted.connect(self._begin_again)
        self.view.accept_wanted.connect(self._on_accept)
        self.view.cell_changed.connect(lambda *_change: self._accepted.clear())

    def show_form(self, form: FormDefinition, profile: str) -> None:
        """Empty boxes; the first has the focus."""
        fields = tuple(one.id for one in form.fields_of(profile))
        self._accepted.clear()
        self.view.open_form(
            EntryForm(
                form=form,
                key=C1Key(NO_STATION, form.id),
                order=Order.FIRST,
                profile=profile,
                fields=fields,
                cells={},
                texts={fields[0]: ""},  # begun already: no polling station's number is asked for
                current=fields[0],
                place=_tr("Contoh, tidak disimpan"),
                beside=ALONE,
                is_trial=True,
            )
        )

    def clear(self) -> None:
        self.view.close_form()

    def _review(self) -> None:
        entry, walk = self.view.entry, self.view.walk
        if entry is None or walk is None:
            return
        found = entry.findings(walk.cells)
        rows = [
            finding_row(entry.form, one, self._language, *self._accepted.get(one.code, ("", "")))
            for one in found
        ]
        self.view.show_review(rows)

    def _on_accept(self, code: str, reason: str, note: str) -> None:
        self._accepted[code] = (reason, note)
        self._review()

    def _begin_again(self) -> None:
        """Where the next polling station's form would open."""
        entry = self.view.entry
        if entry is not None:
            self.show_form(entry.form, entry.profile)


def _tr(text: str) -> str:
    return QCoreApplication.translate("forms", text)
