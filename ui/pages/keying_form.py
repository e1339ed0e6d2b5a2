"""What one person keys now: the form, its boxes and what is known beside them. Thread: any; frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Cells
from app.domain.checks import Beside, Dpt, Finding, about, evaluate
from app.domain.form import FormDefinition
from app.domain.readings import Order, PageCut, cut
from ui.pages.keying_pictures import PagePicture


@dataclass(frozen=True, slots=True)
class EntryForm:
    """`pages` holds the scanned pages only; `given` what this reading holds of the form's other pages already.
    `is_trial`: a definition being looked at: there is no reading, nothing is kept."""

    form: FormDefinition
    key: C1Key
    order: Order
    profile: str
    fields: tuple[str, ...]
    cells: Mapping[str, Cell]
    texts: Mapping[str, str]
    current: str
    place: str  # "Cileunyi Kulon"
    beside: Beside
    given: Cells = field(default_factory=dict)
    pages: Mapping[int, PagePicture] = field(default_factory=dict)
    is_trial: bool = False

    @property
    def dpt(self) -> Dpt | None:
        """The register's voters of the station."""
        return self.beside.dpt

    @property
    def is_whole(self) -> bool:
        """Pages of a first or second reading: not the differing boxes alone, nor those alone that a correction
        changed."""
        asked = len(self.fields) + len(self.given.keys() - set(self.fields))
        return self.order <= Order.SECOND and asked == len(self.form.profile(self.profile).fields)

    def findings(self, cells: Cells) -> list[Finding]:
        """What the rules say to these values; nothing of single boxes, and only what lies on the boxes keyed here."""
        if not self.is_whole:
            return []
        found = evaluate(self.form, {**self.given, **cells}, self.beside, self.profile)
        return about(found, self.fields)

    def cut(self, cells: Cells) -> PageCut:
        """How far the pages were keyed."""
        return cut(self.fields, self.form.page_of, cells.keys())
