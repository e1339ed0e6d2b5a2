"""The whole story by itself: scan, key, second-read, third-read, send, return, verify, publish (`train --headless`).

It uses the same services, engine and centre as the window; nothing is taken for granted but the clock it waits by.
Thread: the caller's; it blocks until everything is public or the time is over.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.domain.cell import Cell
from app.domain.readings import Outcome
from app.forms import load
from app.ports import Clock, PageIntake, SyncControl
from app.services import drafts, keying, status, verify
from app.services.keying import Finished
from app.services.people import Session
from app.services.status import Funnel
from app.services.workplace import Workplace
from app.training.scenario import Paper, slip

AS_WRITTEN = {"check": keying.EVERY_CHECK, "reason": "tertulis_demikian"}
POLL_S = 0.5  # between looks at the store while waiting for the centre
RETURN_LIMIT_S = 120.0  # a practice centre on election day gives a form back within two minutes
Draw = Callable[[Paper, int], bytes]  # a paper and a page number -> image bytes
Say = Callable[[str], None]


@dataclass(frozen=True)
class Story:
    """Everything the story needs, already open."""

    wp: Workplace
    intake: PageIntake
    sync: SyncControl
    clock: Clock
    draw: Draw
    say: Say
    crew: Mapping[str, Session]


def scan(story: Story, papers: Sequence[Paper], folder: Path) -> None:
    """Draw every page, put it into `folder` as a scanner would, take it in."""
    folder.mkdir(parents=True, exist_ok=True)
    for paper in papers:
        for page in load(paper.key.form).pages:
            path = folder / f"{paper.key.tps}-{page.n}.jpg"
            path.write_bytes(story.draw(paper, page.n))
            story.intake.take_in([path], key=paper.key, page=page.n, by="rina")
    story.say(f"Dipindai: {len(papers)} formulir.")


def key_all(story: Story, papers: Sequence[Paper]) -> None:
    """Rina keys what stands on the paper; what the paper adds wrongly is accepted as written."""
    for paper in papers:
        _read(story, "rina", paper, paper.cells)
    story.say(f"Dientri: {len(papers)} formulir oleh Rina S.")


def read_again(story: Story, papers: Sequence[Paper], seed: int) -> None:
    """Dedi reads blind. On the second form he slips, so one box goes to Asep."""
    rng = random.Random(seed)
    for place, paper in enumerate(papers):
        cells = dict(paper.cells)
        if place == 1:
            field, wrong = slip(cells, [one.id for one in load(paper.key.form).fields], rng)
            cells[field] = wrong
        if _read(story, "dedi", paper, cells).outcome is Outcome.NEEDS_THIRD:
            _read_third(story, paper)
    story.say(f"Entri kedua: {len(papers)} formulir oleh Dedi K.")


def verify_until_public(story: Story, deadline: float) -> Funnel:
    """Sari confirms what comes back, until all is public or `deadline` (monotonic seconds) has passed."""
    news = threading.Event()
    unsubscribe = story.sync.subscribe(lambda _: news.set())
    last = ""
    try:
        while True:
            verify.confirm_identical(story.wp, story.crew["sari"])
            story.sync.wake()
            now = status.funnel(story.wp)
            line = f"Di KPU RI {now.at_centre}, diverifikasi {now.verified}, dipublikasikan {now.public}. "
            line += story.sync.status().sentence
            if line != last:
                story.say(line)
                last = line
            if now.public == now.forms or story.clock.monotonic() >= deadline:
                return now
            news.wait(POLL_S)
            news.clear()
    finally:
        unsubscribe()


def _read(story: Story, who: str, paper: Paper, cells: Mapping[str, Cell]) -> Finished:
    return keying.key_whole(story.wp, story.crew[who], paper.key, cells, accept=[AS_WRITTEN])


def _read_third(story: Story, paper: Paper) -> None:
    draft = drafts.open_draft(story.wp, story.crew["asep"], paper.key)
    boxes = {field: paper.cells[field] for field in draft.fields}
    keying.key_whole(story.wp, story.crew["asep"], paper.key, boxes)
    story.say(f"Berbeda pada {paper.key.tps.label}: kotak {', '.join(boxes)} dibaca orang ketiga, Asep M.")


class Part(StrEnum):
    """How far the others are with a paper when somebody begins to practise."""

    OPEN = "open"  # for Rina
    KEYED = "keyed"  # for Dedi
    DIFFERS = "differs"  # one box for Asep
    AGREED = "agreed"  # on its way to KPU RI and back, for Sari


_O, _K, _D, _A = Part.OPEN, Part.KEYED, Part.DIFFERS, Part.AGREED
_PARTS = (_A, _D, _A, _O, _O, _K, _A, _O, _O, _K, _O, _O)


def part_of(place: int) -> Part:
    """What has happened to the paper at this place of the list."""
    return _PARTS[place % len(_PARTS)]


def arrive(story: Story, papers: Sequence[Paper], folder: Path, stop: threading.Event) -> None:
    """Practice with the window: pages keep coming, and the others have done a part: work of every kind is there.

    The first page in is one to key. A workplace that already holds forms is left as it is: practice goes on.
    """
    if status.funnel(story.wp).forms:
        return
    by_turn = sorted(
        enumerate(papers), key=lambda one: (part_of(one[0]) is not Part.OPEN or one[0] > 3, one[0])
    )
    for place, paper in by_turn:
        if stop.is_set():
            return
        scan(story, [paper], folder)
        _do_part(story, paper, part_of(place), place)
        story.sync.wake()
    _publish_first(story, stop)


def _do_part(story: Story, paper: Paper, part: Part, place: int) -> None:
    if part is Part.OPEN:
        return
    _read(story, "rina", paper, paper.cells)
    if part is Part.AGREED:
        _read(story, "dedi", paper, paper.cells)
    elif part is Part.DIFFERS:
        field, wrong = slip(
            paper.cells, [one.id for one in load(paper.key.form).fields], random.Random(place)
        )
        _read(story, "dedi", paper, {**paper.cells, field: wrong})


def _publish_first(story: Story, stop: threading.Event) -> None:
    """Sari confirms the first form that comes back, so that the public page shows one; the others are left to do."""
    deadline = story.clock.monotonic() + RETURN_LIMIT_S
    while story.clock.monotonic() < deadline and not stop.is_set():
        back = verify.returned(story.wp, story.crew["sari"], identical=True, limit=1)
        if back:
            verify.confirm_identical(story.wp, story.crew["sari"], [back[0].key])
            story.sync.wake()
            return
        stop.wait(POLL_S)
