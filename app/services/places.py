"""Names of places and elections as people read them: `Kab. Bandung`, `Pemilu 2019`. Thread: any."""

from __future__ import annotations

from app.domain.c1form import PRACTICE_PREFIX
from app.services import register
from app.services.workplace import Workplace


def proper(name: str) -> str:
    """KPU writes names in capitals; people read them more easily this way."""
    return name.title() if name.isupper() else name


def district_name(wp: Workplace) -> str:
    """`Kab. Bandung`; the code when the list has no name."""
    for area in register.areas(wp):
        if area.code == wp.district:
            name = proper(area.name)
            return name if name.startswith(("Kota ", "Kab")) else f"Kab. {name}"
    return wp.district


def realm_words(wp: Workplace) -> str:
    """`pemilu-2019` -> `Pemilu 2019`; a practice realm keeps the word that says so."""
    if wp.realm.startswith(PRACTICE_PREFIX):
        return "Latihan"
    return wp.realm.replace("-", " ").title()
