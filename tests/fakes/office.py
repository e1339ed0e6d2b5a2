"""A workplace filled in one process (quicker than a process per command) for tests that look at what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app import bootstrap, forms
from app.domain.people import Role
from app.forms.wilayah import load_region
from app.services import keying, people
from app.services.workplace import Workplace
from app.training import district
from app.training.scenario import Paper
from scanner.practice_forms import practice_page
from tests.fakes.program import PIN

AS_WRITTEN = {"check": keying.EVERY_CHECK, "reason": "tertulis_demikian"}
FIRST_DESA = "3204052001"
CREW = {
    "wulan": Role.COORDINATE,
    "rina": Role.KEY,
    "dedi": Role.KEY,
    "asep": Role.KEY,
    "sari": Role.VERIFY,
}


def papers(count: int, seed: int = 2019) -> tuple[Paper, ...]:
    """The first papers of Cileunyi Kulon."""
    stations = [one for one in load_region("3204").stations if one.tps.startswith(FIRST_DESA)]
    return district.papers_for(stations, count, seed)


def hire(wp: Workplace) -> dict[str, people.Session]:
    """Everybody in CREW, signed by the coordinator."""
    boss = None
    sessions = {}
    for who, role in CREW.items():
        people.add_person(wp, id=who, name=who.title(), roles={role}, pin=PIN, by=boss)
        sessions[who] = people.sign_in(wp, who, PIN)
        boss = boss or sessions[who]
    return sessions


def sign_in(wp: Workplace, *crew: str) -> dict[str, people.Session]:
    """People of CREW who work here already."""
    return {who: people.sign_in(wp, who, PIN) for who in crew}


def key_twice(wp: Workplace, sessions: dict[str, people.Session], sheets: Sequence[Paper]) -> None:
    """First and second reading of each, agreeing, findings accepted as written."""
    for who in ("rina", "dedi"):
        for paper in sheets:
            keying.key_whole(wp, sessions[who], paper.key, paper.cells, accept=[AS_WRITTEN])


def scan_all(wp: Workplace, sheets: Sequence[Paper], folder: Path, *, dpi: int = 100) -> None:
    """Draw both pages of each and take them in."""
    folder.mkdir(parents=True, exist_ok=True)
    with bootstrap.intake(wp) as pages_in:
        for paper in sheets:
            form = forms.load(paper.key.form)
            header = district.header(wp, paper)
            for page in form.pages:
                path = folder / f"{paper.key.tps}-{page.n}.jpg"
                path.write_bytes(
                    practice_page(form, page.n, paper.key, header, paper.cells, page.n, dpi=dpi, rough=False)
                )
                pages_in.take_in([path], key=paper.key, page=page.n, by="rina")
