"""The window on the practice district: pages keep arriving while it is open. `train` and the first run start it.

Apart from `window`, so that a real workplace's window does not load the centre's server. Thread: main.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app import bootstrap, forms
from app.bootstrap import practice
from app.bootstrap.window import desk_of, told, watching
from app.errors import ExpectedError
from app.training import district, story
from app.training.guide import guide_for
from app.training.scenario import Paper, PaperKind
from ui.app import run_window
from ui.entry.box_text import text_of
from ui.opening import Opening

_log = logging.getLogger(__name__)
SUM = "V1"  # the box whose sum is wrong on a paper of that kind


@dataclass(frozen=True, slots=True)
class Show:
    """What the window shows by itself: a person's page, with a picture of it."""

    person: str = ""
    page: str = ""
    picture: Path | None = None


def train(plan: practice.Practice, show: Show | None = None) -> int:
    """Until the window is closed. A folder used before goes on where it was left."""
    with told() if show is None else contextlib.nullcontext():
        return _train(plan, show)


def _train(plan: practice.Practice, show: Show | None) -> int:
    folder = plan.folder or bootstrap.default_folder().parent / "latihan"
    stop = threading.Event()
    with (
        practice.staged(plan, folder, lambda _: None) as stage,
        watching(stage.story.wp, stage.pages_in) as watch,
    ):
        papers = plan.papers()
        arriving = threading.Thread(
            target=_arrive, args=(stage, papers, folder / "masuk", stop), name="latihan"
        )
        arriving.start()
        try:
            desk = desk_of(
                stage.story.wp,
                stage.line,
                stage.pages_in,
                watch,
                site=lambda: stage.site,
                sign_in_hint=district.sign_in_hint(),
                guide=guide_for(papers),
            )
            return run_window(desk, _opening(show, papers, lambda: not arriving.is_alive()) if show else None)
        finally:
            stop.set()
            arriving.join()


def _arrive(stage: practice.Stage, papers: Sequence[Paper], folder: Path, stop: threading.Event) -> None:
    """The centre comes up behind the window, then the pages. Without a centre work goes on, as in an office."""
    try:
        stage.begin(stop)
    except ExpectedError as error:
        _log.warning("no practice centre: %s", error.sentence())
    story.arrive(stage.story, papers, folder, stop)


def _opening(show: Show, papers: Sequence[Paper], is_ready: Callable[[], bool]) -> Opening:
    """The person signs in with the practice PIN. A picture of Entri gets a form whose sum is wrong, keyed up to it."""
    form, text = None, ""
    if show.page == "keying" and show.picture is not None:
        to_key = [one for place, one in enumerate(papers) if story.part_of(place) is story.Part.OPEN]
        paper = next((one for one in to_key or papers if one.kind is PaperKind.WRONG_SUM), papers[-1])
        fields = [one.id for one in forms.load(paper.key.form).fields]
        written = [text_of(paper.cells[field]) for field in fields[: fields.index(SUM) + 1]]
        form, text = (
            paper.key,
            "\n".join([f"{paper.key.tps.number:03d}", *written, "↑"]),
        )  # up again: the box, its picture and the finding together
    return Opening(
        person=show.person or ("rina" if show.page else ""),
        pin=district.PIN,
        page=show.page,
        form=form,
        text=text,
        picture=show.picture,
        is_ready=is_ready,
    )
