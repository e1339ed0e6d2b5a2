"""The practice district, joined: an embedded centre, a workplace with its crew, the engine, drawn pages."""

from __future__ import annotations

import contextlib
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app import bootstrap, forms
from app.bootstrap import centre as central
from app.errors import Unavailable
from app.forms.wilayah import Station, load_region
from app.services import register, workplace
from app.services.status import Funnel
from app.services.workplace import Workplace
from app.training import district, story
from app.training.scenario import Paper
from scanner.intake import Intake
from scanner.practice_forms import practice_page
from sync.central.server import RunningCentre
from sync.switch import Switch

HEADLESS_LIMIT_S = 170.0  # `train --headless` of twelve forms must end within three minutes
ENROL_TRIES = 30
USUAL_FORMS = district.FORMS
ENROL_PAUSE_S = 1.0


Centre = Callable[[], RunningCentre]


@dataclass(frozen=True, slots=True)
class Practice:
    """What `train` was asked for."""

    forms: int = 12
    profile: str = "calm"
    folder: Path | None = None
    seed: int = 2019
    form_ids: tuple[str, ...] = USUAL_FORMS

    def papers(self) -> tuple[Paper, ...]:
        """The papers of this practice; the same seed gives the same. Raises NotFound, BadInput for its forms."""
        return district.papers_for(self.stations(), self.forms, self.seed, self.form_ids)

    def stations(self) -> tuple[Station, ...]:
        """The TPS whose forms are expected."""
        return district.stations_for(load_region(district.DISTRICT), self.forms)


@dataclass(frozen=True, slots=True)
class Result:
    """How the headless story ended; `site` is the public address while it ran."""

    funnel: Funnel
    site: str


class Stage:
    """The practice district while it is open. The window is there before its centre is: `begin` brings that up."""

    def __init__(self, played: story.Story, line: Switch, pages_in: Intake, centre: Centre) -> None:
        self.story, self.line, self.pages_in = played, line, pages_in
        self._centre = centre
        self.site = ""  # the public address, once the centre answers

    def begin(self, stop: threading.Event) -> None:
        """Start the centre, get the account, start the engine. Raises Unavailable; blocking."""
        try:
            centre = self._centre()
            self.site = f"{centre.url}/"
            _get_account(self.story.wp, centre, stop)
        finally:
            self.line.start()  # without an account it says so


def train_headless(plan: Practice, *, say: Callable[[str], None]) -> Result:
    """Play the whole story; ends when everything is public or the time is over."""
    with contextlib.ExitStack() as stack:
        folder = plan.folder or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="situng-latihan-"))
        )
        stage = stack.enter_context(staged(plan, folder, say))
        stage.begin(threading.Event())
        clock, papers = stage.story.clock, plan.papers()
        deadline = clock.monotonic() + HEADLESS_LIMIT_S * max(1.0, plan.forms / 12)
        story.scan(stage.story, papers, folder / "masuk")
        story.key_all(stage.story, papers)
        story.read_again(stage.story, papers, plan.seed)
        return Result(story.verify_until_public(stage.story, deadline), stage.site)


@contextlib.contextmanager
def staged(plan: Practice, folder: Path, say: Callable[[str], None]) -> Iterator[Stage]:
    """The workplace, its crew and its engine (not begun); all is closed at the end, the centre last."""
    settings = central.settings(
        folder / "pusat", realm=district.REALM, profile=plan.profile, seed=plan.seed, forms=plan.form_ids
    )
    with contextlib.ExitStack() as last, contextlib.ExitStack() as stack:
        wp = stack.enter_context(contextlib.closing(_workplace(folder / "kerja", plan)))
        pages_in = stack.enter_context(bootstrap.intake(wp))
        line = stack.enter_context(contextlib.closing(Switch(lambda: bootstrap.engine(wp))))
        played = story.Story(
            wp=wp,
            intake=pages_in,
            sync=line,
            clock=wp.clock,
            draw=_drawing(wp),
            say=say,
            crew=district.sign_in_all(wp),
        )
        yield Stage(played, line, pages_in, lambda: last.enter_context(central.running(settings)))


def _workplace(folder: Path, plan: Practice) -> Workplace:
    if bootstrap.has_workplace(folder):
        wp = bootstrap.open_workplace(folder)
        register.expect(wp, [one.tps for one in plan.stations()])
        return wp
    region, secrets = load_region(district.DISTRICT), bootstrap.secrets_of(folder, district.REALM)
    return district.make(
        folder,
        region,
        plan.stations(),
        clock=bootstrap.SystemClock(),
        secrets=secrets,
        form_ids=plan.form_ids,
    )


def _get_account(wp: Workplace, centre: RunningCentre, stop: threading.Event) -> None:
    """On election day the centre may be too busy for the first try; a one-time code is used up by each."""
    for left in reversed(range(ENROL_TRIES)):
        setup, code = centre.setup_for(district.DISTRICT)
        if (
            workplace.server_of(wp) is not None
        ):  # enrolled before; the centre listens on another port at each start
            workplace.connect_server(wp, server_url=centre.url, setup=msgspec.to_builtins(setup))
            return
        try:
            bootstrap.connect(wp, setup, code)
            return
        except Unavailable:
            if not left or stop.wait(ENROL_PAUSE_S):
                raise


def _drawing(wp: Workplace) -> story.Draw:
    def draw(paper: Paper, page: int) -> bytes:
        form = forms.load(paper.key.form)
        header = district.header(wp, paper)
        return practice_page(form, page, paper.key, header, paper.cells, paper.seed + page)

    return draw
