"""Long forms: where in the lists one is, what is said of each, where a leap leads, how long the rest takes."""

import pytest

from app.domain.cell import Cell, Mark
from app.forms import load
from tests.fakes.desk import FakeClock
from ui.entry.blocks import BlockState, block_at, blocks_of, leap, note_of
from ui.entry.pace import LEAST_BOXES, Pace
from ui.entry.walk import Stage, Step, Walk

DPR, DPD, PPWP = load("c1-dpr-2019-jabar-2"), load("c1-dpd-2019-jabar"), load("c1-ppwp-2019")
FIELDS = tuple(one.id for one in DPR.fields)
BLOCKS = blocks_of(DPR, FIELDS)
PKB = ("P01", *(f"P01C{n:02}" for n in range(1, 11)), "T01")


def test_every_party_is_a_block_of_its_boxes_with_its_total() -> None:
    assert len(BLOCKS) == 16
    assert (BLOCKS[0].name, BLOCKS[0].fields, BLOCKS[0].total) == ("PKB", PKB, "T01")
    assert block_at(BLOCKS, "A1.L") is None
    assert [one.place for one in BLOCKS] == list(range(1, 17))
    assert blocks_of(PPWP, tuple(one.id for one in PPWP.fields)) == ()
    (persons,) = blocks_of(DPD, tuple(one.id for one in DPD.fields))
    assert len(persons.sections) > 1, "a list that goes on in a second place is one block"
    quick = blocks_of(DPR, DPR.profile("ringkas").fields)
    assert [one.fields for one in quick[:2]] == [("T01",), ("T02",)]


@pytest.mark.parametrize(
    ("more", "state", "total"),
    [
        ({}, BlockState.HERE, 0),
        ({"T01": 12}, BlockState.HOLDS, 12),
        ({"T01": 13}, BlockState.DIFFERS, 12),
        ({"T01": Mark.UNREADABLE}, BlockState.DONE, 0),
        ({"T01": 12, "P01C03": Mark.UNREADABLE}, BlockState.DONE, 0),
        ({"T01": Mark.BLANK}, BlockState.DIFFERS, 12),
    ],
)
def test_a_sum_is_said_only_once_the_total_is_keyed(
    more: dict[str, Cell], state: BlockState, total: int
) -> None:
    cells: dict[str, Cell] = {**dict.fromkeys(PKB[:-1], Mark.BLANK), "P01": 7, "P01C01": 5, **more}
    note = note_of(DPR, BLOCKS[0], cells, BLOCKS[0])
    assert (note.state, note.total) == (state, total)
    assert (note.filled, note.count) == (12 if "T01" in more else 11, 12)


def test_what_was_left_behind_is_marked_and_what_comes_is_not() -> None:
    here = BLOCKS[1]
    assert note_of(DPR, BLOCKS[0], {}, here).state is BlockState.PASSED
    assert note_of(DPR, BLOCKS[2], {}, here).state is BlockState.UNTOUCHED
    assert note_of(DPR, BLOCKS[2], {"P03": 1}, here).state is BlockState.PASSED
    assert note_of(DPR, BLOCKS[2], {}, None).state is BlockState.PASSED, "behind the lists all of them are"


def test_a_leap_leads_to_the_next_list_s_first_open_box() -> None:
    keyed = {"P02"}
    assert leap(BLOCKS, "A1.L", +1, FIELDS, keyed) == "P01"
    assert leap(BLOCKS, "P01C03", +1, FIELDS, keyed) == "P02C01"
    assert leap(BLOCKS, "P03", -1, FIELDS, keyed) == "P02C01"
    assert leap(BLOCKS, "T02", -1, FIELDS, set(PKB)) == "P01"
    assert leap(BLOCKS, "V1", -1, FIELDS, keyed) == "P20"
    assert leap(BLOCKS, "A1.L", -1, FIELDS, keyed) is None
    assert leap(BLOCKS, "V1", +1, FIELDS, keyed) is None


def test_what_a_leap_passed_is_asked_for_at_the_end() -> None:
    walk = Walk(("P1", "P2", "V1"), stage=Stage.BOXES)
    assert walk.leap("V1") is Step.MOVE
    assert walk.enter(181) is Step.MOVE
    assert walk.current == "P1"
    assert walk.leap("X") is Step.STAY
    walk.review()
    assert walk.leap("P2") is Step.STAY, "the findings have keys of their own"


def test_the_rest_is_told_in_time_once_there_is_a_pace() -> None:
    clock = FakeClock()
    pace = Pace(clock.monotonic)
    for _ in range(LEAST_BOXES):
        assert pace.left_s(200) is None
        clock.at += 2.0
        pace.done()
    assert pace.left_s(200) == pytest.approx(400.0)
    assert pace.left_s(10) is None, "the end is in sight"
    clock.at += 3_600.0  # the telephone
    pace.done()
    assert pace.left_s(200) == pytest.approx(200 * (40 + 15) / 21)
    for _ in range(100):
        clock.at += 1.0
        pace.done(2)
    assert pace.left_s(200) == pytest.approx(100.0), "of the last boxes, and `+` counts as many"
    pace.begin()
    assert pace.left_s(200) is None
