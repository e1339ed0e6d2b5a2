"""The filter above the list of all forms: what `app.services.forms_list.Wanted` can say, as choices. Thread: UI."""

from __future__ import annotations

from dataclasses import replace

from app.domain.people import Person
from app.services import forms_list, people
from app.services.forms_list import STOPS, Wanted
from app.services.workplace import Workplace
from ui.pages.place_filter import PlaceFilter
from ui.pages.steps import STEP_CODES, has_words, lacks_words, stop_words
from ui.widgets.filter_bar import Choice

AGES_H = (1, 3, 6, 12, 24, 48)
# What has come so far and no further: the gaps people ask about.
_GAPS = (
    ("received", "scanned"),
    ("received", "keyed"),
    ("keyed", "second_read"),
    ("keyed", "at_centre"),
    ("at_centre", "verified"),
    ("verified", "public"),
)

_SHORT = 10  # letters in sight: on a small screen these four stand in one row, and rows are left for the list


class FormsFilter(PlaceFilter):
    """`wanted` reads it, `show_wanted` sets it. Perlu saya and the order are the page's, and are handed through."""

    def __init__(self, wp: Workplace) -> None:
        super().__init__(wp)
        self._wp = wp
        self.add("step", self.tr("Langkah"), self._steps(), _SHORT)
        self.add("stop", self.tr("Mengapa menunggu"), self._stops(), _SHORT)
        self.add("age", self.tr("Umur"), self._ages(), _SHORT)
        self.add("person", self.tr("Siapa yang mengentri"), [], _SHORT)
        # Two in a line at least: as narrow as one of them, its least height would be seven lines.
        self.setMinimumWidth(self.search.minimumWidth() + self.choices["step"].sizeHint().width() + 12)

    def offer_people(self, person: Person | None) -> None:
        """The coordinator asks by anybody, others by themselves; nobody leaves no name behind."""
        if person is None:
            self.offer("person", [])
            return
        asked = people.people(self._wp) if forms_list.may_ask_by_person(person) else [person]
        names = [(one.id, self.tr("dientri %1").replace("%1", one.name)) for one in asked]
        self.offer("person", [("", self.tr("siapa saja")), *names])

    def wanted(self, before: Wanted) -> Wanted:
        """What is chosen; mine and order as they were."""
        has, _bar, lacks = self.value("step").partition("|")
        return replace(
            before,
            text=self.text,
            area=self.area,
            form=self.form,
            has=has,
            lacks=lacks,
            stop=self.value("stop"),
            person=self.value("person"),
            older_h=int(self.value("age") or 0),
        )

    def show_wanted(self, wanted: Wanted) -> None:
        """From the program: a saved filter, a number of Beranda."""
        self.show_place(wanted.text, wanted.area, wanted.form)
        step = f"{wanted.has}|{wanted.lacks}" if wanted.has or wanted.lacks else ""
        self.offer("step", self._steps(step))
        self.show_values(
            wanted.text,
            {
                "step": step,
                "stop": wanted.stop,
                "age": str(wanted.older_h or ""),
                "person": wanted.person,
            },
        )

    def _steps(self, shown: str = "") -> list[Choice]:
        """The gaps, then each fact alone; `shown` is among them even when it is another pair."""
        found = [("", self.tr("semua langkah"))]
        codes = [f"{has}|{lacks}" for has, lacks in _GAPS]
        codes += [f"|{code}" for code in STEP_CODES] + [f"{code}|" for code in STEP_CODES]
        codes += [shown] if shown and shown not in codes else []
        return [*found, *((code, _step_words(code)) for code in codes)]

    def _stops(self) -> list[Choice]:
        return [("", self.tr("alasan apa saja")), *((code, stop_words(code)) for code in STOPS)]

    def _ages(self) -> list[Choice]:
        older = [(str(hours), self.tr("lebih dari %1 jam").replace("%1", str(hours))) for hours in AGES_H]
        return [("", self.tr("umur berapa pun")), *older]


def _step_words(code: str) -> str:
    """`sudah dientri, belum entri kedua`."""
    has, _bar, lacks = code.partition("|")
    said = [has_words(has)] if has else []
    return ", ".join(said + ([lacks_words(lacks)] if lacks else []))
