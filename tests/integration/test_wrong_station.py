"""001's sheet keyed as 002 despite the warning, sent, verified, public: then *Pindahkan*, at the real window, with the
real engine before the real centre.

In the end 002 is withdrawn at the centre, 001 is held once, public 002 is empty, and nothing was keyed twice.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtCore import QBuffer, QByteArray, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app import bootstrap
from app.domain.readings import Outcome
from app.ports import IntakeState, NewScan
from app.services import keying, pages, verify
from sync.central.server import RunningCentre
from sync.central.settings import CentralSettings
from sync.engine import run_until_idle
from tests.fakes.clock import RealClock
from tests.fakes.desk import FakeClock
from tests.fakes.line_office import quick_engine
from tests.fakes.room import CELLS, FORM, Room, everything_readable, key_of, press, region_of, type_text
from ui.entry.quiet import QUIET_S
from ui.pages.form_card import FormCard
from ui.pages.keying import KeyingPage
from ui.pages.moving_dialog import MoveDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window

PATIENCE_S = 30.0
TREE = "/static/json/hhcw/ppwp/26141/27407/27408/27409"


class StoryClock(FakeClock):
    """The wall's time, as signatures need it; the hands rest when the story says so."""

    def now(self) -> float:
        return time.time()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    running = RunningCentre(
        CentralSettings(tmp_path / "pusat", realm="latihan-3204", register=(region_of(3),), seed=1)
    )
    running.start()
    yield running
    running.stop()


@pytest.fixture
def room(centre: RunningCentre, workplace_dir: Path, qtbot: QtBot) -> Iterator[Room]:
    made = Room(workplace_dir, qtbot, clock=StoryClock())
    made.session("wulan")  # a coordinator's signature stands behind everybody's key
    bootstrap.connect(made.wp, *centre.setup_for("3204"))
    yield made
    made.leave()


def sheet(page: int) -> bytes:
    """A picture of its own for each page."""
    image, data, buffer = QImage(60, 85, QImage.Format.Format_Grayscale8), QByteArray(), QBuffer()
    image.fill(200 + page)
    buffer.setBuffer(data)
    assert image.save(buffer, "JPEG")  # type: ignore[call-overload]  # the stubs name the format as bytes
    return bytes(data.data())


def scan(room: Room, n: int, page: int) -> None:
    """A sheet with 001's numbers, filed at station n."""
    data = sheet(page)
    sha = hashlib.sha256(data).hexdigest()
    path = pages.scan_path(room.wp, sha)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    row = NewScan(sha, len(data), sha, "scan.jpg", len(data), sha, 1654, 2339, {}, (), "", 0)
    pages.page_rows(room.wp).add_page(row, key_of(n), page, IntakeState.ASSIGNED, "rina")


def send(room: Room, centre: RunningCentre) -> None:
    """Everything goes, and what the centre says of it comes back; the public tree is written."""
    report = run_until_idle(quick_engine(room.wp), RealClock(), seconds=PATIENCE_S)
    assert report.is_idle, report
    centre.parts.publication.drain()


def heads(centre: RunningCentre) -> dict[str, str]:
    """Station -> states of the versions that the centre holds of it."""
    with centre.parts.centre.db.read() as con:
        rows = con.execute("SELECT key, group_concat(state) FROM version GROUP BY key").fetchall()
    return {str(row[0])[10:13]: str(row[1]) for row in rows}


def public(centre: RunningCentre, n: int) -> Any:
    """The votes of station n on the public site."""
    stations = httpx.get(f"{centre.url}{TREE.replace('hhcw/ppwp', 'wilayah')}.json").json()
    place = sorted(stations, key=lambda one: int(stations[one]["nama"].split()[-1]))[n - 1]
    return httpx.get(f"{centre.url}{TREE}/{place}.json").json()["chart"]


def key_as_002_despite_the_warning(room: Room) -> None:
    page = room.sit_down("rina", "keying")
    assert isinstance(page, KeyingPage)
    page.open_target(key_of(2))
    room.settle()
    type_text("002\n97\n101\n")
    room.settle()
    assert "DPT 97/101 milik TPS 001" in everything_readable(page.view)
    assert "Salah berkas?" in everything_readable(page.view)
    for field in FORM.fields[2:]:
        type_text(f"{CELLS[field.id]}\n")
    panel = page.view.findings
    while panel.open_count:
        room.settle()
        room.clock.at += 2 * QUIET_S
        type_text("1")
    room.settle()
    room.clock.at += 2 * QUIET_S
    type_text("\n")
    room.settle()
    assert keying.next_order(room.wp, key_of(2)) is not None


def test_pindahkan_after_it_was_public(room: Room, centre: RunningCentre) -> None:
    for n in (1, 2):
        scan(room, 2, n)
    key_as_002_despite_the_warning(room)
    keying.key_whole(room.wp, room.session("dedi"), key_of(2), CELLS, [keying.ACCEPT_ALL])
    send(room, centre)
    assert verify.confirm_identical(room.wp, room.session("sari")).done == 1
    send(room, centre)
    assert (public(centre, 1), list(public(centre, 2).values())) == (None, [71, 110])

    room.sit_down("asep")
    assert room.window is not None
    room.window.open_form(key_of(2))
    room.settle()
    card = room.window.findChild(FormCard)
    assert card is not None
    card.mend.menu().actions()[1].trigger()
    dialog = card.findChild(MoveDialog)
    assert dialog is not None
    with room.qtbot.waitActive(dialog):
        dialog.activateWindow()
    room.settle()
    type_text("1 cileunyi kulon")
    room.qtbot.waitUntil(lambda: dialog.target is not None)
    assert "KPU RI: angka di TPS 002 ditarik, lalu dikirim untuk TPS 001." in dialog.what.text()
    press(Qt.Key.Key_Return)
    type_text("lembar TPS 001\n")
    room.settle()
    send(room, centre)
    assert heads(centre) == {"001": "head", "002": "withdrawn"}
    assert (public(centre, 1), public(centre, 2)) == (None, None)

    again = keying.open_draft(room.wp, room.session("dedi"), key_of(1))
    assert again.fields == ("A1.L", "A1.P", "A1.J"), "whose paper it is, and nothing else"
    done = keying.key_whole(room.wp, room.session("dedi"), key_of(1), CELLS)
    assert done.outcome is Outcome.SETTLED
    send(room, centre)
    assert verify.confirm_identical(room.wp, room.session("sari")).refused == ()
    send(room, centre)
    assert heads(centre) == {"001": "head", "002": "withdrawn"}
    assert (list(public(centre, 1).values()), public(centre, 2)) == ([71, 110], None)
