"""A C1-DPR from the paper to the public page: 229 numbers on the real window, by two people, with a real centre."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app import bootstrap
from app.domain.c1form import C1Key
from app.domain.cell import Cell, Mark
from app.forms import load
from app.secrets import open_secrets
from app.services import people, status, verify, workplace
from app.services.workplace import Workplace
from app.training.scenario import papers
from scanner.practice_forms import practice_page
from tests.fakes.program import Centre, Program, make_account, start_centre
from tests.fakes.room import CREW, PIN, Room, key_of, press, type_text
from ui.entry.lists import rest_of_list
from ui.entry.quiet import QUIET_S
from ui.entry.walk import Stage, Walk
from ui.pages.keying import KeyingPage
from ui.pages.verification import VerificationPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window

DPR = load("c1-dpr-2019-jabar-2")
KEY: C1Key = key_of(1, DPR.id)
FIELDS = tuple(one.id for one in DPR.fields)
PAPER = papers([(KEY, 97, 101)] * 3)[2]  # the third KPPS of a series leaves out whoever got nothing
PATIENCE_MS = 60_000
# The sum of the first party that has votes.
TOTAL = next(f"T{n:02}" for n in range(1, 21) if PAPER.cells[f"T{n:02}"] not in (0, Mark.BLANK))


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    running = start_centre(Program(), tmp_path / "pusat", "--form", DPR.id)
    yield running
    running.stop()


@pytest.fixture
def room(centre: Centre, tmp_path: Path, qtbot: QtBot) -> Iterator[Room]:
    """An office with an account, its crew, and all pages of the form scanned."""
    program = Program()
    folder = make_account(program, centre, tmp_path, "lengkap", forms=(DPR.id,))
    secrets = open_secrets(folder, workplace.realm_of(folder), program.environment())
    wp = workplace.open_workplace(folder, clock=bootstrap.SystemClock(), secrets=secrets)
    for who, (name, role) in CREW.items():
        boss = None if who == "wulan" else people.sign_in(wp, "wulan", PIN)
        people.add_person(wp, id=who, name=name, roles=[role], pin=PIN, by=boss)
    scan(wp, tmp_path)
    made = Room.at(wp, qtbot)
    yield made
    made.leave()


def scan(wp: Workplace, folder: Path) -> None:
    with bootstrap.intake(wp) as pages_in:
        for page in DPR.pages:
            image = folder / f"{page.n}.jpg"
            image.write_bytes(practice_page(DPR, page.n, KEY, {"tps": "1"}, PAPER.cells, page.n))
            pages_in.take_in([image], key=KEY, page=page.n)


def open_form(room: Room, who: str, page_id: str) -> KeyingPage:
    page = room.sit_down(who, page_id)
    assert isinstance(page, KeyingPage)
    page.open_target(KEY)
    room.settle()
    type_text("001\n")
    return page


def walk_of(page: KeyingPage) -> Walk:
    assert page.view.walk is not None
    return page.view.walk


def key_all(page: KeyingPage, cells: Mapping[str, Cell]) -> int:
    """Box after box, `+` where the rest of a party is blank; how often that was."""
    rests = 0
    while page.view.walk is not None and walk_of(page).stage is Stage.BOXES:
        field = walk_of(page).current
        rest = rest_of_list(DPR, FIELDS, field, walk_of(page).cells)
        if len(rest) > 1 and all(cells[one] is Mark.BLANK for one in rest):
            rests += 1
            type_text("+")
        else:
            type_text(f"{'-' if cells[field] is Mark.BLANK else cells[field]}\n")
        if field == FIELDS[-1]:
            break
    return rests


@pytest.mark.whole
def test_a_dpr_form_comes_from_two_keyboards_to_the_public_page(room: Room, centre: Centre) -> None:
    qtbot, wp = room.qtbot, room.wp
    assert len(FIELDS) == 229
    total = PAPER.cells[TOTAL]
    assert isinstance(total, int)

    page = open_form(room, "rina", "keying")
    assert key_all(page, {**PAPER.cells, TOTAL: total + 10}) > 5
    room.settle()
    assert [row.field for row in page.view.findings.rows if row.is_open] == [TOTAL, "V1"]
    qtbot.wait(int(QUIET_S * 1000) + 50)  # a person reads the finding before he answers it
    press(Qt.Key.Key_Return)
    assert walk_of(page).current == TOTAL
    type_text(f"{total}\n")
    while page.view.entry is not None and page.view.entry.key == KEY and not page.view.findings.hasFocus():
        press(Qt.Key.Key_Return)
        room.settle()
    assert status.funnel(wp).keyed == 1

    key_all(open_form(room, "dedi", "second"), PAPER.cells)
    room.settle()
    assert status.funnel(wp).second_read == 1

    with contextlib.closing(bootstrap.engine(wp)) as engine:
        engine.start()
        qtbot.waitUntil(lambda: verify.returned_count(wp) == 1, timeout=PATIENCE_MS)
        detail = room.sit_down("sari", "verify")
        assert isinstance(detail, VerificationPage)
        press(Qt.Key.Key_Return)
        room.settle()
        press(Qt.Key.Key_F7)
        room.settle()
        assert status.funnel(wp).verified == 1
        qtbot.waitUntil(lambda: status.funnel(wp).public == 1, timeout=PATIENCE_MS)

    shown = httpx.get(f"{centre.url}/tps/{KEY.tps}").raise_for_status().text
    assert "terverifikasi" in shown
    tree = httpx.get(
        f"{centre.url}/static/json/hhcw/{DPR.publication.ballot}/26141/27407/27408/27409.json"
    ).raise_for_status()
    votes = {one.id: PAPER.cells[one.field] for one in DPR.publication.candidates}
    assert tree.json()["chart"] == {one: v if isinstance(v, int) else 0 for one, v in votes.items()}
