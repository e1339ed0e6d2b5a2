from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.journal import GENESIS
from sync.central import anchor
from sync.central.accounts import Caller
from sync.central.anchor import MAX_UNPROVEN
from sync.central.centre import Centre
from sync.central.refusal import Refused
from sync.central.server import open_centre
from sync.wire import JournalHead
from tests.unit.sync.central.running import settings

WHO = Caller("pc-1", "3204")


def line(letter: str) -> str:
    return letter * 64


class Journal:
    """A device's journal heads shown to a centre whose clock we turn."""

    def __init__(self, centre: Centre, now: list[float]) -> None:
        self.centre, self.now = centre, now
        with centre.db.write() as con:
            con.execute(
                "INSERT INTO device (id, district, public_key, enrolled_at) VALUES ('pc-1', '3204', '', 0)"
            )

    def show(self, seq: int, hash_: str, fresh: bool = False, /, **earlier: str) -> int:
        head = JournalHead(seq=seq, hash=hash_, earlier=earlier, fresh=fresh)
        with self.centre.db.write() as con:
            return anchor.hold(con, self.centre, WHO, head)

    def told(self) -> str:
        with self.centre.db.read() as con:
            return anchor.told(con, WHO.device)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    now = [1_000.0]
    centre = open_centre(settings(tmp_path), clock=lambda: now[0])
    yield Journal(centre, now)
    centre.db.close()


def test_an_empty_journal_has_no_anchor(journal: Journal) -> None:
    assert journal.show(0, GENESIS) == 0


def test_an_old_backup_is_forked_with_the_first_request_of_its_run(journal: Journal) -> None:
    assert journal.show(10, line("a"), True) == 10
    with pytest.raises(Refused, match="bukan lanjutan") as caught:
        journal.show(4, line("b"), True)
    assert (caught.value.status, caught.value.code, caught.value.retryable) == (409, "forked", False)


def test_requests_that_were_overtaken_pass_whatever_the_clock_says(journal: Journal) -> None:
    assert journal.show(10, line("a"), True) == 10
    for _ in range(MAX_UNPROVEN):
        journal.now[0] += 86_400.0
        assert journal.show(4, line("b")) == 10
    with pytest.raises(Refused):
        journal.show(4, line("b"))


def test_a_restarted_client_goes_on_from_the_line_it_showed_last(journal: Journal) -> None:
    journal.show(10, line("a"), True)
    assert journal.show(10, line("a"), True) == 10
    assert journal.show(12, line("b"), True, **{"10": line("a")}) == 12


def test_the_device_is_told_its_anchor(journal: Journal) -> None:
    assert journal.told() == ""
    journal.show(10, line("a"))
    assert journal.told() == f"10 {line('a')}"


def test_never_proving_the_newest_is_forked_in_the_end(journal: Journal) -> None:
    journal.show(5, line("a"))
    journal.show(10, line("b"), **{"5": line("a")})
    for turn in range(MAX_UNPROVEN):
        assert journal.show(11 + turn, line("c"), **{"5": line("a")}) == 10
    with pytest.raises(Refused):
        journal.show(99, line("c"), **{"5": line("a")})


def test_proof_resets_the_patience(journal: Journal) -> None:
    journal.show(5, line("a"))
    for turn in range(MAX_UNPROVEN):
        journal.show(6 + turn, line("c"))
    assert journal.show(60, line("d"), **{"5": line("a")}) == 60
    assert journal.show(61, line("e")) == 60


def test_odd_names_of_lines_prove_nothing_and_break_nothing(journal: Journal) -> None:
    journal.show(5, line("a"))
    assert journal.show(6, line("b"), **{"-5": "x", "²": "x", "5" * 40: "x", "": "x"}) == 5


def test_another_beginning_is_forked(journal: Journal) -> None:
    with pytest.raises(Refused):
        journal.show(5, line("a"), **{"0": line("f")})
