"""What is on screen while a form is keyed: the form, whose it is, its boxes, its pictures. Frozen; any thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.checks import Dpt, Others
from app.domain.form import FormDefinition
from app.domain.readings import Order
from ui.pages.keying_pictures import PagePicture


@dataclass(frozen=True, slots=True)
class EntryForm:
    """What one person keys now. `pages` holds the scanned pages only."""

    form: FormDefinition
    key: C1Key
    order: Order
    profile: str
    fields: tuple[str, ...]
    cells: Mapping[str, Cell]
    texts: Mapping[str, str]
    current: str
    place: str  # "Cileunyi Kulon"
    dpt: Dpt | None
    others: Others = field(default_factory=dict)
    pages: Mapping[int, PagePicture] = field(default_factory=dict)
    is_trial: bool = False  # a definition being looked at: there is no reading, nothing is kept

    @property
    def is_whole(self) -> bool:
        """A first or second reading; a later one holds only the boxes that differ."""
        return self.order in (Order.FIRST, Order.SECOND)
