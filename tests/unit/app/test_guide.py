"""The path through the first ten minutes: each step is done when the workplace says so, and never otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.ports import ChannelState, Lane
from app.services import keying
from app.services.engine_store import engine_store
from app.training import guide as path
from app.training.guide import Guide, Progress, Seen, Step, guide_for
from app.training.scenario import PaperKind
from tests.fakes.demo_desk import Demo, open_desk, read, small_region

BUDI = Seen("budi")


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    made = open_desk(tmp_path / "kerja", small_region(3, ("320405",)))
    yield made
    made.wp.close()


@pytest.fixture
def guide(demo: Demo) -> Guide:
    return guide_for(demo.papers[:12])


def look(demo: Demo, guide: Guide, seen: Seen = BUDI) -> Step | None:
    """One look, as the window takes it."""
    progress = path.advance(guide, path.load(demo.wp), path.facts(demo.wp, guide, seen))
    path.save(demo.wp, progress)
    return path.next_step(guide, progress)


def key(demo: Demo, guide: Guide, who: str, step: Step) -> None:
    paper = next(one for one in guide.papers if one.key == guide.forms[step])
    read(demo, who, [paper])


def pause(demo: Demo, *, is_paused: bool) -> None:
    for lane in Lane:
        engine_store(demo.wp).save_channel(ChannelState(lane, is_paused=is_paused))


def test_the_whole_path_by_facts_alone(demo: Demo, guide: Guide) -> None:
    assert guide.steps == tuple(Step)
    kinds = {
        step: next(one.kind for one in guide.papers if one.key == key) for step, key in guide.forms.items()
    }
    assert set(kinds.values()) == set(PaperKind) - {PaperKind.OTHER_VOTERS}, "one ballot a TPS"
    assert look(demo, guide) is Step.CLEAN
    key(demo, guide, "budi", Step.CLEAN)
    assert look(demo, guide) is Step.BLANK_ROWS
    key(demo, guide, "budi", Step.UNREADABLE)  # out of turn: counts when its turn comes
    assert look(demo, guide) is Step.BLANK_ROWS
    key(demo, guide, "budi", Step.BLANK_ROWS)
    assert look(demo, guide) is Step.WRONG_SUM
    key(demo, guide, "budi", Step.WRONG_SUM)
    assert look(demo, guide) is Step.PAUSE

    left = next(one.key for one in guide.papers if one.key not in guide.forms.values())
    draft = keying.open_draft(demo.wp, demo.sessions["budi"], left)
    assert look(demo, guide, Seen("budi", left)) is Step.PAUSE, "an untouched draft is nothing"
    keying.save_cell(demo.wp, draft.reading_id, "A1.L", 97, "A1.P").result()
    assert look(demo, guide, Seen("budi", left)) is Step.PAUSE, "it is on the screen still"
    assert look(demo, guide, Seen("budi")) is Step.CHANGE
    assert look(demo, guide, Seen("")) is Step.CHANGE
    assert look(demo, guide, Seen("dewi")) is Step.SECOND
    key(demo, guide, "dewi", Step.CLEAN)
    assert look(demo, guide, Seen("dewi")) is Step.HOLD
    pause(demo, is_paused=True)
    assert look(demo, guide, Seen("dewi")) is Step.GO_ON
    pause(demo, is_paused=False)
    assert look(demo, guide, Seen("dewi")) is None
    assert look(demo, guide, Seen("")) is None, "what was done stays done"


def test_own_slips_are_the_boxes_that_differ_from_the_practice_paper(demo: Demo, guide: Guide) -> None:
    paper = guide.papers[0]
    keying.key_whole(
        demo.wp, demo.sessions["budi"], paper.key, {**paper.cells, "P2": 7}, accept=[keying.ACCEPT_ALL]
    )
    count, found = path.slips(demo.wp, guide)
    assert count == 39
    (slip,) = found
    assert (slip.key, slip.field, slip.keyed, slip.written, slip.by) == (
        paper.key, "P2", 7, paper.cells["P2"], "Budi Hartono",
    )  # fmt: skip


def test_progress_is_kept_and_a_small_practice_has_fewer_steps(demo: Demo) -> None:
    few = guide_for(demo.papers[:4])
    assert few.steps == (Step.CLEAN, *[one for one in Step if one not in path.KINDS])
    path.save(demo.wp, Progress(("clean",), is_hidden=True))
    assert path.load(demo.wp) == Progress(("clean",), is_hidden=True)
