"""The part of a filter that every list of forms has: search, kecamatan, its desa, ballot. `area` and `form` are what
`app.services.forms_list.Wanted` and the work lists take.

Used by Formulir, Entri and Entri kedua; a list of its own kind adds its choices with `add`. Thread: UI.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.services import register
from app.services.workplace import Workplace
from ui.pages.form_column import ballot_title
from ui.places import proper
from ui.widgets.filter_bar import Choice, FilterBar


class PlaceFilter(FilterBar):
    """Choices with one possibility are not shown."""

    def __init__(self, wp: Workplace) -> None:
        super().__init__(
            QCoreApplication.translate("PlaceFilter", "cari: 1 cileunyi kulon, atau kode  (/)"),
            QCoreApplication.translate("PlaceFilter", "Cari TPS atau desa"),
        )
        areas = register.areas(wp)
        self._desa: dict[str, list[Choice]] = {}
        for one in areas:
            if len(one.code) >= 10:
                self._desa.setdefault(one.code[:6], []).append((one.code, proper(one.name)))
        kecamatan = [(one.code, proper(one.name)) for one in areas if len(one.code) == 6]
        everywhere = [("", self.tr("semua kecamatan"))]
        self.add("kecamatan", self.tr("Kecamatan"), [*everywhere, *(kecamatan if len(kecamatan) > 1 else [])])
        self.add("desa", self.tr("Desa/kelurahan"), [])
        ballots = [(one, ballot_title(one)) for one in wp.form_ids]
        every_ballot = [("", self.tr("semua surat suara"))]
        self.add("form", self.tr("Surat suara"), [*every_ballot, *(ballots if len(ballots) > 1 else [])])
        self.choices["kecamatan"].currentIndexChanged.connect(lambda _place: self._offer_desa())
        self._only = kecamatan[0][0] if len(kecamatan) == 1 else ""
        self._offer_desa()

    @property
    def area(self) -> str:
        """Code of the desa, else of the kecamatan; empty = everywhere."""
        return self.value("desa") or self.value("kecamatan")

    @property
    def form(self) -> str:
        """The ballot's form; empty = all."""
        return self.value("form")

    def show_place(self, text: str, area: str, form: str) -> None:
        """From the program."""
        self.show_values(text, {"kecamatan": area[:6], "form": form})
        self._offer_desa()
        self.show_values(text, {"desa": area if len(area) >= 10 else ""})

    def _offer_desa(self) -> None:
        inside = self._desa.get(self.value("kecamatan") or self._only, [])
        self.offer("desa", [("", self.tr("semua desa")), *inside] if inside else [])
