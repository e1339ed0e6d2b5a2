"""Third readings and decisions, one box after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.cell import Cell, Mark
from app.domain.people import Role
from app.domain.readings import Order, Outcome
from app.errors import NotAllowed
from app.services import boxes, keying, people
from tests.fakes.district import PIN, Desk, key, make, own


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def differ(desk: Desk, n: int, **second: Cell) -> None:
    """Ani and Budi read station n and disagree."""
    keying.key_whole(desk.wp, desk["ani"], key(n), own(n))
    keying.key_whole(desk.wp, desk["budi"], key(n), {**own(n), **second}, accept=[keying.Accept("*")])


def three_ways(desk: Desk) -> None:
    """P1: 71, 17 and 77."""
    differ(desk, 1, P1=17)
    read(desk, "citra", 77)


def read(desk: Desk, who: str, *cells: Cell) -> list[tuple[int, str, Outcome | None]]:
    """Answer the next boxes; (station, box, outcome) of each."""
    done = []
    for cell in cells:
        box = boxes.next_box(desk.wp, desk[who])
        assert box is not None
        answered = boxes.answer(desk.wp, desk[who], box, cell)
        done.append((box.key.tps.number, box.field, answered.outcome))
    return done


def outcome(desk: Desk, n: int) -> Order | None:
    return keying.next_order(desk.wp, key(n))


def test_boxes_come_one_after_the_other_across_forms_and_each_form_is_signed_when_its_last_is_read(
    desk: Desk,
) -> None:
    differ(desk, 1, P1=17, P2=11)
    differ(desk, 3, V2=8)
    assert boxes.count(desk.wp, desk["citra"]) == 2
    done = read(desk, "citra", 71, 110, 3)
    assert done == [(1, "P1", None), (1, "P2", Outcome.SETTLED), (3, "V2", Outcome.SETTLED)]
    assert boxes.next_box(desk.wp, desk["citra"]) is None
    assert boxes.count(desk.wp, desk["citra"]) == 0
    assert (outcome(desk, 1), outcome(desk, 3)) == (None, None)


def test_a_box_says_where_it_stands_and_nothing_of_what_was_read(desk: Desk) -> None:
    differ(desk, 1, P1=17, P2=Mark.UNREADABLE)
    box = boxes.next_box(desk.wp, desk["citra"])
    assert box is not None
    assert (box.field, box.place, box.total, box.order) == ("P1", 1, 2, Order.THIRD)
    assert not {"71", "17", "110"} & set(repr(box).replace(",", " ").replace("=", " ").split())


def test_whoever_read_the_form_gets_none_of_its_boxes(desk: Desk) -> None:
    differ(desk, 1, P1=17)
    for who in ("ani", "budi", "pindai"):
        assert boxes.next_box(desk.wp, desk[who]) is None
        assert boxes.count(desk.wp, desk[who]) == 0


def test_a_form_begun_is_gone_on_with_and_reserved_and_one_not_begun_is_free_again(desk: Desk) -> None:
    differ(desk, 1, P1=17, P2=11)
    differ(desk, 2, P1=17)
    read(desk, "citra", 71)
    other = boxes.next_box(desk.wp, desk["vera"])
    assert other is not None
    assert other.key == key(2)
    boxes.leave(desk.wp, desk["vera"], other)
    for _ in range(2):
        mine = boxes.next_box(desk.wp, desk["citra"])
        assert mine is not None
        assert (mine.key, mine.field) == (key(1), "P2")
        boxes.leave(desk.wp, desk["citra"], mine)
    assert read(desk, "citra", 110, 71)[-1] == (2, "P1", Outcome.SETTLED)


def test_a_reading_whose_last_answer_was_kept_before_the_power_went_is_signed_afterwards(desk: Desk) -> None:
    differ(desk, 1, P1=17)
    box = boxes.next_box(desk.wp, desk["citra"])
    assert box is not None
    keying.save_cell(desk.wp, box.reading_id, box.field, 71, box.field).result()
    assert boxes.next_box(desk.wp, desk["citra"]) is None
    assert outcome(desk, 1) is None


def test_a_third_reader_is_told_nobodys_value(desk: Desk) -> None:
    differ(desk, 1, P1=17)
    box = boxes.next_box(desk.wp, desk["citra"])
    assert box is not None
    answered = boxes.answer(desk.wp, desk["citra"], box, 99)
    assert (answered.others, answered.outcome) == ((), Outcome.NEEDS_COORDINATOR)


def test_a_coordinator_decides_from_the_paper_and_then_sees_who_read_what(desk: Desk) -> None:
    three_ways(desk)
    box = boxes.next_box(desk.wp, desk["koor"])
    assert box is not None
    assert box.order is Order.COORDINATOR
    answered = boxes.answer(desk.wp, desk["koor"], box, 71)
    assert answered.outcome is Outcome.SETTLED
    assert [(one.order, one.name, one.cell) for one in answered.others] == [
        (Order.FIRST, "Ani", 71),
        (Order.SECOND, "Budi", 17),
        (Order.THIRD, "Citra", 77),
    ]


def test_of_a_reading_in_parts_the_one_who_read_the_box_is_named(desk: Desk) -> None:
    pages = [
        {one: own(1)[one] for one in own(1) if (one in ("A1.J", "B4.J")) is is_first}
        for is_first in (True, False)
    ]
    keying.key_whole(desk.wp, desk["ani"], key(), pages[0])
    keying.key_whole(desk.wp, desk["citra"], key(), pages[1])
    keying.key_whole(desk.wp, desk["budi"], key(), {**own(1), "P1": 17}, accept=[keying.Accept("*")])
    for who in ("ani", "citra"):
        assert boxes.next_box(desk.wp, desk[who]) is None, "a page read first is a hand in the first reading"
    read(desk, "vera", 77)
    box = boxes.next_box(desk.wp, desk["koor"])
    assert box is not None
    told = boxes.answer(desk.wp, desk["koor"], box, 71).others
    assert [(one.name, one.cell) for one in told] == [("Citra", 71), ("Budi", 17), ("Vera", 77)]


def test_a_fourth_value_is_typed_twice_before_it_counts_and_until_then_nothing_is_told(desk: Desk) -> None:
    three_ways(desk)
    box = boxes.next_box(desk.wp, desk["koor"])
    assert box is not None
    koor = desk["koor"]
    assert boxes.answer(desk.wp, koor, box, 74) == boxes.Answered(asks_again=True)
    assert boxes.answer(desk.wp, koor, box, 75, typed_before=74) == boxes.Answered(asks_again=True)
    assert outcome(desk, 1) is Order.COORDINATOR
    answered = boxes.answer(desk.wp, koor, box, 75, typed_before=75)
    assert answered.outcome is Outcome.SETTLED
    assert 75 not in [one.cell for one in answered.others]
    assert len(answered.others) == 3


def test_a_coordinator_who_may_not_key_gets_the_decisions_alone(desk: Desk) -> None:
    three_ways(desk)
    differ(desk, 2, P1=17)
    box = boxes.next_box(desk.wp, desk["koor"])
    assert box is not None
    assert box.key == key(1), "decisions come before third readings"


def test_the_others_are_told_only_behind_ones_own_decision(desk: Desk) -> None:
    """Asked about a box one has not decided, the service knows nothing to tell."""
    three_ways(desk)
    box = boxes.next_box(desk.wp, desk["koor"])
    assert box is not None
    assert boxes._others(desk.wp, desk["koor"], box) == ()  # noqa: SLF001 - the guard itself
    boxes.answer(desk.wp, desk["koor"], box, 71)
    people.set_roles(desk.wp, desk["koor"], "vera", [Role.COORDINATE])
    assert boxes._others(desk.wp, people.sign_in(desk.wp, "vera", PIN), box) == ()  # noqa: SLF001 - as above
    with pytest.raises(NotAllowed):
        boxes.answer(desk.wp, desk["koor"], box, 17)
