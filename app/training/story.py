"""The whole story by itself: scan, key, second-read, third-read, send, return, verify, publish (`train --headless`).

It uses the same services, engine and centre as the window; nothing is taken for granted but the clock it waits by.
Thread: the caller's; it blocks until everything is public or the time is over.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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


def arrive(story: Story, papers: Sequence[Paper], folder: Path, stop: threading.Event) -> None:
    """Practice with the window: pages keep coming, and the others have done a part: work of every kind is there.

    A workplace that already holds forms is left as it is: practice goes on where it was left.
    """
    if status.funnel(story.wp).forms:
        return
    half, quarter = len(papers) // 2, len(papers) // 4
    for place, paper in enumerate(papers):
        if stop.is_set():
            return
        scan(story, [paper], folder)
        if place < half:
            key_all(story, [paper])
        if place < quarter:
            read_again(story, [paper], seed=place)
        story.sync.wake()
