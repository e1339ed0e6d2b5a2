from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.cell import Cell, Mark
from app.domain.readings import Order, Outcome, Reading, cut, differing, settle, united

CELL: st.SearchStrategy[Cell] = st.one_of(st.integers(0, 3), st.sampled_from(Mark))
CELLS = st.fixed_dictionaries({"a": CELL, "b": CELL})
F, S, T, C = Order.FIRST, Order.SECOND, Order.THIRD, Order.COORDINATOR


def _read(order: Order, by: str, **cells: Cell) -> Reading:
    return Reading(order, by, cells)


def test_people_of_a_reading_include_who_handed_it_over() -> None:
    assert Reading(F, "b", {}, ("a",)).people == {"a", "b"}


def test_differing_is_in_paper_order_and_counts_what_one_side_lacks() -> None:
    assert differing({"a": 1, "b": 2, "c": 3}, {"c": 4, "b": 2, "d": 5}) == ("a", "c", "d")


def test_the_way_to_settled() -> None:
    assert settle([]).outcome is Outcome.UNREAD
    first = _read(F, "a", a=1, b=2)
    assert settle([first]).outcome is Outcome.NEEDS_SECOND
    assert settle([first], needed=1).is_settled
    assert settle([first, _read(S, "b", a=1, b=2)]).is_settled
    differ = settle([first, _read(S, "b", a=1, b=3)])
    assert (differ.outcome, differ.open, differ.cells) == (Outcome.NEEDS_THIRD, ("b",), {"a": 1, "b": 2})
    third = settle([first, _read(S, "b", a=1, b=3), _read(T, "c", b=3)])
    assert (third.outcome, third.cells) == (Outcome.SETTLED, {"a": 1, "b": 3})


def test_three_different_go_to_the_coordinator_box_by_box() -> None:
    readings = [_read(F, "a", a=1, b=1), _read(S, "b", a=2, b=2), _read(T, "c", a=1, b=3)]
    open_ones = settle(readings)
    assert (open_ones.outcome, open_ones.open, open_ones.cells["a"]) == (Outcome.NEEDS_COORDINATOR, ("b",), 1)
    assert settle([*readings, _read(C, "k", b=9)]).cells == {"a": 1, "b": 9}


def test_a_box_the_third_reader_has_not_read_stays_with_the_third() -> None:
    readings = [_read(F, "a", a=1, b=1), _read(S, "b", a=2, b=2), _read(T, "c", a=3)]
    assert settle(readings).open == ("b",)


def test_parts_of_a_reading_are_one_reading_of_all_who_had_a_hand_in_it() -> None:
    parts = [Reading(F, "a", {"a": 1}, ("x",)), _read(S, "c", a=1, b=2), Reading(F, "b", {"b": 2}, ("a",))]
    whole = united(parts)
    assert (whole[F].by, whole[F].people) == ("b", frozenset("abx"))
    assert whole[F].cells == {"a": 1, "b": 2}
    assert whole[S] == parts[1]


def test_a_part_that_adds_no_box_leaves_with_its_people() -> None:
    assert united([_read(F, "a", a=1), _read(F, "b", a=2, b=2)])[F] == _read(F, "b", a=2, b=2)
    mixed = united([_read(F, "a", a=1, b=1), _read(F, "b", a=2)])[F]
    assert mixed.cells == {"a": 2, "b": 1}
    assert mixed.people == {"a", "b"}


def test_a_reading_that_lacks_pages_asks_for_them_alone() -> None:
    fields = ("a", "b", "c")
    partly = settle([_read(F, "a", a=1)], 2, fields)
    assert (partly.outcome, partly.cells, partly.open) == (Outcome.PARTLY_READ, {"a": 1}, ("b", "c"))
    first = [_read(F, "a", a=1), _read(F, "b", b=2, c=3)]
    assert settle(first, 1, fields).is_settled
    assert (settle(first, 2, fields).outcome, settle(first, 2, fields).open) == (Outcome.NEEDS_SECOND, fields)
    second = settle([*first, _read(S, "c", b=2)], 2, fields)
    assert (second.outcome, second.open) == (Outcome.NEEDS_SECOND, ("a", "c"))
    whole = [*first, _read(S, "c", b=2), _read(S, "d", a=1, c=4)]
    assert (settle(whole, 2, fields).outcome, settle(whole, 2, fields).open) == (Outcome.NEEDS_THIRD, ("c",))


def test_pages_are_keyed_to_the_end_begun_or_untouched() -> None:
    page_of = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3}
    pages = cut(tuple("abcde"), page_of, {"a", "b", "c"})
    assert (pages.read, pages.missing, pages.untouched, pages.is_clean) == (("a", "b"), ("d",), ("e",), False)
    assert cut(tuple("abcde"), page_of, {"a", "b"}).may_end
    whole = cut(tuple("abcde"), page_of, set("abcde"))
    assert (whole.is_clean, whole.may_end) == (True, False)
    assert not cut(tuple("abcde"), page_of, ()).is_clean


@given(CELLS, CELLS, CELLS)
def test_a_settled_value_was_read_by_two_people(
    one: dict[str, Cell], two: dict[str, Cell], three: dict[str, Cell]
) -> None:
    readings = [Reading(F, "a", one), Reading(S, "b", two), Reading(T, "c", three)]
    result = settle(readings)
    for box, value in result.cells.items():
        if box not in result.open:
            assert sum(reading.cells[box] == value for reading in readings) >= 2
    assert settle(list(reversed(readings))) == result, "the order of arrival does not matter"
