"""What a key means in a box, and the way through the boxes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cell import Mark
from app.domain.readings import cut
from app.forms import load
from ui.entry.absent import Absent, absent, here_first, pages_of
from ui.entry.box_text import Hint, cell_of, paste, press, shown, text_of
from ui.entry.remarks import Remark, dpt_boxes, remarks
from ui.entry.rows import grid_rows, spoken_name
from ui.entry.walk import Stage, Step, Walk, accept_key, station_number
from ui.pages.keying_words import absent_words

FORM = load("c1-ppwp-2019")
FIELDS = tuple(one.id for one in FORM.fields)


def typed(keys: str, limit: int = 4) -> tuple[str, list[Hint]]:
    text, hints = "", []
    for key in keys:
        after = press(text, key, limit)
        text = after.text
        hints.append(after.hint)
    return text, hints


@pytest.mark.parametrize(
    ("keys", "cell"),
    [
        ("0", 0),
        ("007", 7),
        ("191", 191),
        ("-", Mark.BLANK),
        ("---", Mark.BLANK),
        ("*", Mark.UNREADABLE),
        ("/", Mark.UNREADABLE),
        ("X12", 12),
        ("xx2", 2),
        ("-12", 12),
        ("*7", 7),
        ("X", None),
        ("", None),
    ],
)
def test_keys_give_the_cell(keys: str, cell: int | Mark | None) -> None:
    assert cell_of(typed(keys)[0]) == cell


@pytest.mark.parametrize("keys", ["X12", "-12"])
def test_a_filler_is_dropped_with_a_hint(keys: str) -> None:
    text, hints = typed(keys)
    assert text == "12"
    assert hints[1] is Hint.FILLER_DROPPED


@pytest.mark.parametrize(
    ("keys", "hint"),
    [
        ("12345", Hint.FULL),
        ("12-", Hint.MARK_OVER_DIGITS),
        ("12*", Hint.MARK_OVER_DIGITS),
        ("a", Hint.NOT_A_KEY),
    ],
)
def test_a_key_that_does_not_fit_changes_nothing_and_says_why(keys: str, hint: Hint) -> None:
    before = typed(keys[:-1])[0]
    after = press(before, keys[-1], 4)
    assert (after.text, after.hint) == (before, hint)


@given(st.text(max_size=12))
def test_no_text_crashes_and_only_digits_become_numbers(keys: str) -> None:
    text, _hints = typed(keys)
    cell = cell_of(text)
    assert cell is None or isinstance(cell, Mark) or 0 <= cell <= 9999


@given(st.integers(0, 9999) | st.sampled_from(Mark))
def test_a_cell_survives_being_shown_for_editing(cell: int | Mark) -> None:
    assert cell_of(text_of(cell)) == cell


def test_thousands_are_for_reading_only() -> None:
    assert shown(1234) == "1.234"
    assert text_of(1234) == "1234"


@pytest.mark.parametrize(
    ("clip", "text"), [("12", "12"), (" 7 ", "7"), ("12a", ""), ("1.234", ""), ("٣", ""), ("12345", "")]
)
def test_only_plain_digits_are_pasted(clip: str, text: str) -> None:
    assert paste("", clip, 4).text == text


def boxes(*fields: str) -> Walk:
    walk = Walk(fields)
    walk.stage = Stage.BOXES
    return walk


def test_enter_alone_walks_to_the_end_and_asks_for_the_findings() -> None:
    walk = boxes("a", "b")
    assert walk.enter(1) is Step.MOVE
    assert walk.current == "b"
    assert walk.enter(2) is Step.REVIEW


@pytest.mark.parametrize(("cell", "is_repeat"), [(None, False), (5, True), (None, True)])
def test_an_empty_or_held_enter_changes_nothing(cell: int | None, is_repeat: bool) -> None:
    walk = boxes("a", "b")
    assert walk.enter(cell, is_repeat=is_repeat) is Step.STAY
    assert (walk.current, walk.cells) == ("a", {})


def test_down_never_passes_an_empty_box_and_up_goes_back() -> None:
    walk = boxes("a", "b")
    assert walk.down() is Step.STAY
    walk.enter(1)
    assert walk.up() is Step.MOVE
    assert walk.up() is Step.STAY
    assert walk.down() is Step.MOVE
    assert walk.current == "b"


def test_a_box_changed_and_left_by_an_arrow_must_be_entered_again() -> None:
    walk = boxes("a", "b", "c")
    for value in (1, 2):
        walk.enter(value)
    walk.up()
    walk.edited()  # b is half typed
    walk.up()
    assert walk.enter(1) is Step.MOVE
    assert walk.current == "b"
    walk.current = "c"
    assert walk.enter(3) is Step.MOVE
    assert walk.current == "b", "the last box leads back to what is still open"
    assert not walk.is_complete


def test_after_the_findings_enter_in_a_corrected_box_leads_back_to_them() -> None:
    walk = boxes("a", "b")
    walk.enter(1)
    walk.enter(2)
    walk.review()
    assert walk.jump("a") is Step.MOVE
    walk.edited()
    assert walk.enter(9) is Step.REVIEW
    assert walk.cells == {"a": 9, "b": 2}


def test_a_draft_resumes_where_it_was_left() -> None:
    assert Walk(("a", "b", "c"), {"a": 1}, "").current == "b"
    assert Walk(("a", "b", "c"), {"a": 1, "b": 2}, "a").current == "a"
    assert Walk(("a",), {"a": 1}, "").current == "a"


def test_jump_reaches_filled_boxes_and_the_first_open_one_only() -> None:
    walk = boxes("a", "b", "c")
    walk.enter(1)
    assert walk.jump("c") is Step.STAY
    assert walk.jump("a") is Step.MOVE
    assert walk.jump("b") is Step.MOVE


@pytest.mark.parametrize(
    ("text", "number"), [("001", 1), ("7", 7), ("000", None), ("", None), ("1000", None), ("*", None)]
)
def test_station_numbers(text: str, number: int | None) -> None:
    assert station_number(text) == number


@pytest.mark.parametrize(("text", "reason"), [("1", "a"), ("2", "b"), ("3", None), ("0", None), ("\r", None)])
def test_keys_of_the_reasons(text: str, reason: str | None) -> None:
    assert accept_key(text, ("a", "b")) == reason


def test_a_sum_stands_beside_a_total_only_once_something_is_typed_in_it() -> None:
    cells = {"P1": 71, "P2": 110}
    assert "V1" not in remarks(FORM, FIELDS, cells)
    assert remarks(FORM, FIELDS, cells, typing="V1")["V1"].kind is Remark.SUM
    kept = remarks(FORM, FIELDS, {**cells, "V1": 191})["V1"]
    assert (kept.kind, kept.value) == (Remark.SUM_DIFFERS, 181)
    assert remarks(FORM, FIELDS, {**cells, "V1": 181})["V1"].kind is Remark.SUM_AGREES


def test_marks_and_unfinished_boxes_have_their_own_remark() -> None:
    found = remarks(FORM, FIELDS, {"P1": Mark.BLANK, "P2": Mark.UNREADABLE}, unfinished=("V1",))
    assert [found[one].kind for one in ("P1", "P2", "V1")] == [
        Remark.BLANK,
        Remark.UNREADABLE,
        Remark.UNFINISHED,
    ]


def test_rows_hold_the_boxes_asked_for_and_their_paper_codes() -> None:
    rows = grid_rows(FORM, FIELDS)
    assert sum(len(row.fields) for row in rows) == 39
    assert rows[0].heading.startswith("I.A")
    assert [one.id for one in grid_rows(FORM, ("B4.J", "V1"))[0].fields] == ["B4.J"]
    assert spoken_name(FORM.by_id["A1.L"]) == "I.A.1 Pemilih dalam DPT, laki-laki"


def test_the_boxes_of_the_register_come_from_the_form() -> None:
    assert dpt_boxes(FORM) == ("A1.L", "A1.P")


PAGE_OF = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3}


@pytest.mark.parametrize(
    ("keyed", "scanned", "said"),
    [
        ("ab", {1}, Absent.ENDS),
        ("abe", {1, 3}, Absent.ENDS),
        ("ab", set(), Absent.ENDS),  # keyed from the paper alone
        ("", {1}, Absent.NOTHING_READ),
        ("a", {1}, Absent.PAGE_BEGUN),
        ("abc", {1}, Absent.PAGE_BEGUN),
        ("abcde", {1}, Absent.NOTHING_LEFT),
        ("ab", {1, 3}, Absent.SCANNED),
    ],
)
def test_a_form_is_left_with_whole_pages_while_the_others_are_not_here(
    keyed: str, scanned: set[int], said: Absent
) -> None:
    pages = cut(tuple("abcde"), PAGE_OF, set(keyed))
    assert absent(pages, PAGE_OF, scanned, is_whole=True, is_typing=False) is said
    assert absent(pages, PAGE_OF, scanned, is_whole=False, is_typing=False) is Absent.SINGLE_BOXES
    assert absent(pages, PAGE_OF, scanned, is_whole=True, is_typing=True) is Absent.PAGE_BEGUN
    assert bool(absent_words(said, pages_of(pages.untouched, PAGE_OF))) is (said is not Absent.ENDS)


def test_scanned_pages_are_keyed_before_those_that_may_not_be_here() -> None:
    assert here_first(tuple("abcde"), PAGE_OF, {1, 3}) == ("a", "b", "e", "c", "d")
    assert here_first(tuple("abcde"), PAGE_OF, ()) == tuple("abcde")
    walk = Walk(("a", "b", "e", "c", "d"), {"a": 1, "b": 2}, stage=Stage.BOXES)
    assert (walk.last_filled, walk.enter(3), walk.current) == ("b", Step.MOVE, "c")
    assert Walk(("a",)).last_filled is None
