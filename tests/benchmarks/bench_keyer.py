"""A trained keyer at all five ballots: `python -m tests.benchmarks.bench_keyer [STATIONS]`.

The real window, keys as pressed, all forms of 20 polling stations (100 forms, two to seven pages each) from practice
papers and scans, while the real engine sends the scans and what was keyed to `python -m app central` with the slow
profile in a process of its own. A key arrives every 20 ms whether the window is ready or not (`bench_keying`: the same
hands). Per kind of form it prints how long the person waits, over the limit of design section 8 (below 1 is reached),
how much of it was the window's own work (processor time of its thread: what a busy machine does not change), and how
many strokes a value takes: its digits and Enter, less where the rest of a party is blank at one key.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from app.bootstrap.beside import engine_beside
from app.domain.c1form import C1Key
from app.domain.cell import Cell, Mark
from app.domain.people import Role
from app.forms import load
from app.forms.wilayah import Region, load_region
from app.ports import IntakeState, NewScan, SyncControl
from app.secrets import MemorySecrets
from app.services import keying, pages, people, status, workplace
from app.services.workplace import Workplace
from app.training.scenario import Paper, papers
from scanner.practice_forms import practice_page
from tests.benchmarks.bench_keying import (
    FORM_TARGET_MS,
    GAP_S,
    KEY_TARGET_MS,
    TURN_S,
    Hands,
    connect,
    first_key,
    seated,
    turn,
)
from tests.fakes import district
from tests.fakes.clock import RealClock
from tests.fakes.program import Program, start_centre
from ui import theme
from ui.entry.lists import rest_of_list
from ui.entry.quiet import QUIET_S
from ui.entry.walk import Walk
from ui.pages.keying import KeyingPage

FIVE = (
    "c1-ppwp-2019",
    "c1-dpr-2019-jabar-2",
    "c1-dpd-2019-jabar",
    "c1-dprd-prov-2019-jabar-2",
    "c1-dprd-kab-2019-3204",
)
REALM = "latihan-3204"
BESIDE = 30  # stations whose forms were keyed before: something to send from the first key on


@dataclass
class Kind:
    """What was measured of one kind of form."""

    boxes_ms: list[float] = field(default_factory=list)
    work_ms: list[float] = field(default_factory=list)
    nexts_ms: list[float] = field(default_factory=list)
    forms: int = 0
    values: int = 0
    digits: int = 0
    strokes: int = 0


def main(stations: int) -> None:
    app = QApplication([])
    theme.apply(app)
    whole = load_region("3204")
    places = whole.stations[: stations + BESIDE]
    sheets = papers([(C1Key(one.tps, form), one.dpt_l, one.dpt_p) for one in places for form in FIVE])
    mine, others = sheets[: stations * len(FIVE)], sheets[stations * len(FIVE) :]
    with tempfile.TemporaryDirectory() as folder:
        wp = make(Path(folder) / "data", Region(whole.areas, places))
        options = [word for form in FIVE for word in ("--form", form)]
        centre = start_centre(
            Program(), Path(folder) / "pusat", "--realm", REALM, "--profile", "slow", *options
        )
        try:
            if hasattr(os, "setpriority"):
                os.setpriority(os.PRIO_PROCESS, centre.process.pid, 19)  # a real centre is another machine
            connect(wp, centre, Path(folder) / "setup.json")
            key_before(wp, others)
            scan(wp, mine)
            line = engine_beside(wp)
            line.start()
            try:
                measure(app, wp, line, {one.key: one.cells for one in mine})
            finally:
                line.close()
        finally:
            centre.stop()
            wp.close()


# ---- the office ------------------------------------------------------------------------------------------------------


def make(folder: Path, region: Region) -> Workplace:
    wp = workplace.create(
        folder, realm=REALM, district="3204", region=region, clock=RealClock(), secrets=MemorySecrets(),
        profile="lengkap", form_ids=FIVE, pin_cost=district.WEAK,
    )  # fmt: skip
    for name, role in (("koor", Role.COORDINATE), ("ani", Role.KEY), ("budi", Role.KEY)):
        by = people.sign_in(wp, "koor", district.PIN) if name != "koor" else None
        people.add_person(wp, id=name, name=name.title(), roles=[role], pin=district.PIN, by=by)
    return wp


def key_before(wp: Workplace, sheets: Sequence[Paper]) -> None:
    """By somebody else: what the engine sends meanwhile."""
    budi = people.sign_in(wp, "budi", district.PIN)
    for one in sheets:
        keying.key_whole(wp, budi, one.key, one.cells, accept=[keying.ACCEPT_ALL])


def scan(wp: Workplace, sheets: Sequence[Paper]) -> None:
    """Every page of every form. One picture per kind of page; bytes behind its end make each a file of its own."""
    pictures: dict[tuple[str, int], bytes] = {}
    rows = pages.page_rows(wp)
    for one in sheets:
        form = load(one.key.form)
        for page in form.pages:
            kind = (form.id, page.n)
            if kind not in pictures:
                pictures[kind] = practice_page(form, page.n, one.key, {}, one.cells, page.n, dpi=200)
            data = pictures[kind] + one.key.text().encode()
            sha = hashlib.sha256(data).hexdigest()
            path = pages.scan_path(wp, sha)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            quality = {"source_dpi": 200.0}
            new = NewScan(sha, len(data), sha, f"{page.n}.jpg", len(data), sha, 1654, 2339, quality)
            rows.add_page(new, one.key, page.n, IntakeState.ASSIGNED, "budi")


class Keyer(Hands):
    """The same hands; they also know what a key cost the window's own thread."""

    began = 0.0

    def press_box(self, character: str, kind: Kind) -> None:
        """A key that leads to the next field."""
        kind.boxes_ms.append(self.press(character))
        kind.work_ms.append((time.thread_time() - self.began) * 1000)

    def _wait_until(self, moment: float) -> None:
        super()._wait_until(moment)
        self.began = time.thread_time()


# ---- the keyer -------------------------------------------------------------------------------------------------------


def measure(
    app: QApplication, wp: Workplace, line: SyncControl, sheets: Mapping[C1Key, Mapping[str, Cell]]
) -> None:
    window, tasks, page = seated(app, wp, line)
    before = status.funnel(wp).at_centre
    kinds: dict[str, Kind] = defaultdict(Kind)
    hands = Keyer(app)
    page.open_target(first_key(page))
    turn(app, lambda: page.view.entry is not None and tasks.is_idle)
    try:
        for place in range(len(sheets)):
            entry = page.view.entry
            assert entry is not None
            key_form(hands, page, sheets[entry.key], kinds[entry.key.form])
            finish(app, hands, page, kinds, is_last=place == len(sheets) - 1)
    finally:
        tasks.close()
        window.close()
    sent = status.funnel(wp).at_centre - before
    print(f"{len(sheets)} forms keyed while {sent} records were sent; load {os.getloadavg()[0]:.1f}")
    for form, kind in kinds.items():
        tell(form, kind)


def key_form(hands: Keyer, page: KeyingPage, cells: Mapping[str, Cell], kind: Kind) -> None:
    """The station's number and all boxes; the last Enter is `finish`'s."""
    entry = page.view.entry
    assert entry is not None
    walk = walk_of(page)
    hands.rest()
    for character in f"{entry.key.tps.number:03d}\n":
        hands.press(character)
    kind.forms += 1
    kind.values += len(walk.fields)
    kind.digits += sum(len(str(cell)) if isinstance(cell, int) else 1 for cell in cells.values())
    while True:
        current = walk.current
        rest = rest_of_list(entry.form, walk.fields, current, walk.cells)
        if len(rest) > 1 and all(cells[one] is Mark.BLANK for one in rest):
            hands.press_box("+", kind)
            kind.strokes += 1
            continue
        text = typed(cells[current])
        for character in text:
            hands.press(character)
        kind.strokes += len(text) + 1
        if current == walk.fields[-1]:
            return
        hands.press_box("\n", kind)


def finish(
    app: QApplication, hands: Hands, page: KeyingPage, kinds: Mapping[str, Kind], *, is_last: bool
) -> None:
    """The last Enter until the next form stands there with its picture; findings are accepted as written first.

    Where there are findings the person reads them, and the time runs from the Enter behind them.
    """
    entry = page.view.entry
    assert entry is not None
    pressed = time.perf_counter() + GAP_S
    hands.rest()
    hands.press("\n")
    began = looked = time.perf_counter()
    while page.view.entry is not None and (
        page.view.entry.key == entry.key or not page.view.crop.has_picture
    ):
        if page.view.findings.hasFocus() and time.perf_counter() - looked > 2 * QUIET_S:
            pressed = time.perf_counter()
            hands.rest()
            hands.press("1" if page.view.findings.open_count else "\n")
        app.processEvents()
        assert time.perf_counter() - began < TURN_S, page.list.message_text.text()
    if page.view.entry is not None:
        kinds[page.view.entry.key.form].nexts_ms.append((time.perf_counter() - pressed) * 1000)
    assert is_last or page.view.entry is not None, "the list ended early"


def walk_of(page: KeyingPage) -> Walk:
    assert page.view.walk is not None
    return page.view.walk


def typed(cell: Cell) -> str:
    return {Mark.BLANK: "-", Mark.UNREADABLE: "*"}[cell] if isinstance(cell, Mark) else str(cell)


# ---- figures ---------------------------------------------------------------------------------------------------------


def tell(form: str, kind: Kind) -> None:
    print(
        f"{form:<26} {kind.values / kind.forms:5.0f} values   "
        f"next field p99 {high(kind.boxes_ms):5.1f} ms = {high(kind.boxes_ms) / KEY_TARGET_MS:4.2f} of the limit, "
        f"own work {high(kind.work_ms):4.1f} ms = {high(kind.work_ms) / KEY_TARGET_MS:4.2f}   "
        f"next form p99 {high(kind.nexts_ms):5.1f} ms = {high(kind.nexts_ms) / FORM_TARGET_MS:4.2f}   "
        f"strokes a value {kind.strokes / kind.values:4.2f}, digits + 1 = {kind.digits / kind.values + 1:4.2f}"
    )


def high(times_ms: Sequence[float]) -> float:
    """p99."""
    ordered = sorted(times_ms) or [0.0]
    return ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
