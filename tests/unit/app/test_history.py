"""A form's history is told in words: no code of the program, no id where a name or a box is meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services import drafts, keying, status
from app.services.findings import REASONS
from tests.fakes.district import BROKEN, GOOD, Desk, back, key, make


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make(tmp_path / "kerja")
    yield made
    made.wp.close()


def told(desk: Desk) -> dict[str, str]:
    """The last sentence of each kind."""
    return {one.kind: one.text for one in status.history(desk.wp, key())}


def test_what_came_back_says_what_was_kept_and_why(desk: Desk) -> None:
    back(desk)
    said = told(desk)
    assert said["version"] == "Versi 1 disusun dari angka entri pertama"
    assert {
        one.text.split(" untuk ")[-1] for one in status.history(desk.wp, key()) if one.kind == "receipt"
    } == {
        "angka",
        "gambar",
    }


@pytest.mark.parametrize("reason", ["tertulis_demikian", "tidak_terbaca", "pindaian_buruk"])
def test_a_reason_names_the_box_on_the_paper(desk: Desk, reason: str) -> None:
    accept = [{"check": keying.EVERY_CHECK, "reason": reason}]
    keying.key_whole(desk.wp, desk["ani"], key(), BROKEN, accept=accept)
    accepted = told(desk)["accepted"]
    assert accepted.startswith("Temuan pada V.")
    assert accepted.endswith(f"diterima: {REASONS[reason].lower()}.")


def test_a_note_stands_for_itself(desk: Desk) -> None:
    accept = [{"check": keying.EVERY_CHECK, "reason": "lainnya", "note": "Ditulis ulang oleh KPPS."}]
    keying.key_whole(desk.wp, desk["ani"], key(), BROKEN, accept=accept)
    assert told(desk)["accepted"].endswith("diterima: Ditulis ulang oleh KPPS.")


def test_a_draft_that_was_taken_over_names_the_person(desk: Desk) -> None:
    drafts.open_draft(desk.wp, desk["ani"], key())
    drafts.take_over(desk.wp, desk["budi"], key())
    assert told(desk)["taken_over"] == f"Entri diambil alih dari {desk['ani'].person.name}"


def test_readings_are_named_by_their_turn(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(), GOOD)
    assert told(desk)["reading"] == "Entri pertama selesai"
