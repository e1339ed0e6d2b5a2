"""What the entry page is told after a reading, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services import keying
from tests.fakes.district import GOOD, Desk, key, make
from ui.pages import keying_jobs as jobs

PAGE_1 = ("A1.J", "B4.J")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make(tmp_path)
    yield made
    made.wp.close()


def test_of_a_page_that_was_scanned_meanwhile_nobody_hears_that_it_is_absent(desk: Desk) -> None:
    """Finished, opened again with F2, and its second page scanned before it was finished again."""
    keying.key_whole(desk.wp, desk["ani"], key(), {one: GOOD[one] for one in PAGE_1})
    assert dict(finished_again(desk).lacking) == {2: 5}
    ended = finished_again(desk, scanned=2)
    assert ended.lacking == {}
    assert ended.following is not None
    assert ended.following.entry.key == key(), "it is asked at once"


def finished_again(desk: Desk, scanned: int = 0) -> jobs.Ended:
    opened = jobs.opened(desk.wp, keying.reopen(desk.wp, desk["ani"], key()))
    if scanned:
        desk.scan(key(), scanned)
    return jobs.finish(jobs.Open(desk.wp, desk["ani"], opened.reading_id, opened.entry, "id", lambda: None))
