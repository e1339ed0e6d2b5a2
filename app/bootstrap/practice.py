"""The practice district, joined: an embedded centre, a workplace with its crew, the engine, drawn pages."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app import bootstrap, forms
from app.bootstrap import centre as central
from app.forms.wilayah import Region, load_region
from app.services import workplace
from app.services.status import Funnel
from app.services.workplace import Workplace
from app.training import district, story
from app.training.scenario import Paper
from scanner.intake import Intake
from scanner.practice_forms import practice_page
from sync.central.server import RunningCentre
from sync.switch import Switch

HEADLESS_LIMIT_S = 170.0  # `train --headless` of twelve forms must end within three minutes
FIRST_DESA = "3204052001"  # Cileunyi Kulon


@dataclass(frozen=True, slots=True)
class Practice:
    """What `train` was asked for."""

    forms: int = 12
    profile: str = "calm"
    folder: Path | None = None
    seed: int = 2019

    def papers(self) -> tuple[Paper, ...]:
        """The papers of this practice; the same seed gives the same."""
        return district.papers_for(self.region(), FIRST_DESA, self.forms, self.seed)

    def region(self) -> Region:
        """Where they come from."""
        return district.small(load_region(district.DISTRICT), self.forms)


@dataclass(frozen=True, slots=True)
class Result:
    """How the headless story ended; `site` is the public address while it ran."""

    funnel: Funnel
    site: str


@dataclass(frozen=True)
class Stage:
    """The practice district while it runs."""

    story: story.Story
    centre: RunningCentre
    line: Switch
    pages_in: Intake


def train_headless(plan: Practice, *, say: Callable[[str], None]) -> Result:
    """Play the whole story; ends when everything is public or the time is over."""
    with contextlib.ExitStack() as stack:
        folder = plan.folder or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="situng-latihan-"))
        )
        stage = stack.enter_context(staged(plan, folder, say))
        clock, papers = stage.story.clock, plan.papers()
        deadline = clock.monotonic() + HEADLESS_LIMIT_S * max(1.0, plan.forms / 12)
        story.scan(stage.story, papers, folder / "masuk")
        story.key_all(stage.story, papers)
        story.read_again(stage.story, papers, plan.seed)
        return Result(story.verify_until_public(stage.story, deadline), f"{stage.centre.url}/")


@contextlib.contextmanager
def staged(plan: Practice, folder: Path, say: Callable[[str], None]) -> Iterator[Stage]:
    """Everything open and started; all closed at the end."""
    settings = central.settings(folder / "pusat", realm=district.REALM, profile=plan.profile, seed=plan.seed)
    with contextlib.ExitStack() as stack:
        centre = stack.enter_context(central.running(settings))
        wp = stack.enter_context(contextlib.closing(_workplace(folder / "kerja", centre, plan)))
        pages_in = stack.enter_context(bootstrap.intake(wp))
        line = stack.enter_context(contextlib.closing(Switch(lambda: bootstrap.engine(wp))))
        line.start()
        played = story.Story(
            wp=wp,
            intake=pages_in,
            sync=line,
            clock=wp.clock,
            draw=_drawing(wp),
            say=say,
            crew=district.sign_in_all(wp),
        )
        yield Stage(played, centre, line, pages_in)


def _workplace(folder: Path, centre: RunningCentre, plan: Practice) -> Workplace:
    setup, code = centre.setup_for(district.DISTRICT)
    if bootstrap.has_workplace(folder):
        wp = bootstrap.open_workplace(folder)
        # The centre listens on another port at each start.
        workplace.connect_server(wp, server_url=centre.url, setup=msgspec.to_builtins(setup))
        return wp
    secrets = bootstrap.secrets_of(folder, district.REALM)
    wp = district.make(folder, plan.region(), clock=bootstrap.SystemClock(), secrets=secrets)
    bootstrap.connect(wp, setup, code)
    return wp


def _drawing(wp: Workplace) -> story.Draw:
    def draw(paper: Paper, page: int) -> bytes:
        form = forms.load(paper.key.form)
        header = district.header(wp, paper)
        return practice_page(form, page, paper.key, header, paper.cells, paper.seed + page)

    return draw
