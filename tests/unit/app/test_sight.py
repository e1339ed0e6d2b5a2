"""Whoever may still read a form blind is shown nothing of it in Verifikasi and Koreksi: least of all in mid-reading."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.cell import Cell
from app.domain.lifecycle import VersionState
from app.domain.readings import Order
from app.errors import NotAllowed
from app.services import corrections, keying, verify
from tests.fakes.district import GOOD, Desk, head_state, key, make

PAGE_1: dict[str, Cell] = {one: GOOD[one] for one in ("A1.J", "B4.J")}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Station 1, first reading by Ani, returned."""
    made = make(tmp_path)
    name = keying.key_whole(made.wp, made["ani"], key(), GOOD).version or ""
    for page in (1, 2):
        made.scan(key(), page)
    made.give_back(key(), name, GOOD)
    yield made
    made.wp.close()


def lay_aside(desk: Desk, who: str, box: str) -> Order:
    draft = keying.open_draft(desk.wp, desk[who], key())
    keying.save_cell(desk.wp, draft.reading_id, box, GOOD[box], box).result()
    return draft.order


def refused(desk: Desk, who: str) -> bool:
    try:
        verify.returned_one(desk.wp, desk[who], key())
    except NotAllowed:
        return True
    return False


def rival(desk: Desk) -> None:
    name = verify.returned_one(desk.wp, desk["ani"], key()).values_hash
    desk.feed("rival", key(), values_hash=name)
    desk.feed("returned", key(), values_hash="a" * 64, cells={**GOOD, "P1": 70})
    assert head_state(desk) is VersionState.RIVAL


def test_a_second_reading_laid_aside_is_not_over(desk: Desk) -> None:
    lay_aside(desk, "budi", "A1.J")
    assert (refused(desk, "budi"), refused(desk, "vera"), refused(desk, "ani")) == (True, True, False)


def test_a_page_of_the_second_reading_is_no_second_reading(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["budi"], key(), PAGE_1)
    assert (refused(desk, "budi"), refused(desk, "ani")) == (True, False)


def test_the_third_reader_sees_neither_of_the_two(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["budi"], key(), {**GOOD, "P1": 70, "P2": 111})
    assert lay_aside(desk, "vera", "P1") is Order.THIRD
    assert (refused(desk, "vera"), refused(desk, "budi"), refused(desk, "ani")) == (True, False, False)


def test_a_rival_is_looked_at_by_anybody_but_who_is_reading_the_form(desk: Desk) -> None:
    rival(desk)
    keying.key_whole(desk.wp, desk["budi"], key(), PAGE_1)
    assert (refused(desk, "budi"), refused(desk, "vera")) == (True, False)
    with pytest.raises(NotAllowed, match="belum tuntas"):
        corrections.before(desk.wp, desk["budi"], key())
    assert corrections.before(desk.wp, desk["citra"], key()).cells == GOOD


def test_who_read_the_first_pages_may_look_at_them(desk: Desk) -> None:
    page = {**PAGE_1, "A1.J": 199}
    done = keying.key_whole(desk.wp, desk["ani"], key(2), page)
    desk.give_back(key(2), done.version or "", page)
    assert verify.returned_one(desk.wp, desk["ani"], key(2)).local_cells == page
    with pytest.raises(NotAllowed):
        verify.returned_one(desk.wp, desk["budi"], key(2))
