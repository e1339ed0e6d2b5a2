"""A form's history is told in words: no code of the program, no id where a name or a box is meant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services import drafts, keying, moving, pages, status, verify
from app.services.findings import REASONS
from tests.fakes.district import BROKEN, GOOD, Desk, back, key, make, own, settled


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make(tmp_path / "kerja")
    yield made
    made.wp.close()


def told(desk: Desk) -> dict[str, str]:
    """The last sentence of each kind, as Ani sees them."""
    return {one.kind: one.text for one in status.history(desk.wp, key(), desk["ani"].person)}


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


# ---- who may see values ------------------------------------------------------------------------------------------


def seen(desk: Desk, who: str) -> dict[str, tuple[str, ...]]:
    """Whose lines show values to this person, and of which kind; whatever is not shown is nowhere in the text."""
    lines = status.history(desk.wp, key(), desk[who].person)
    for line in lines:
        assert not (line.values and line.is_withheld)
        if not line.values:
            assert "Angka 191" not in line.text
    shown: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.values:
            shown[line.who] = (*shown.get(line.who, ()), line.kind)
    return shown


READERS_OF_ALL = ("ani", "budi", "citra", "vera", "koor")


def test_while_readings_are_open_each_sees_their_own_alone(desk: Desk) -> None:
    note = [{"check": keying.EVERY_CHECK, "reason": "lainnya", "note": "Angka 191 ditulis ulang."}]
    keying.key_whole(desk.wp, desk["ani"], key(), BROKEN, accept=note)
    for who in ("budi", "citra", "vera", "koor", "pindai"):
        assert seen(desk, who) == {}, f"{who} may still have to read it"
    assert set(seen(desk, "ani")) == {"Ani"}
    assert "Angka 191" in told(desk)["accepted"]
    withheld = [one.kind for one in status.history(desk.wp, key(), desk["budi"].person) if one.is_withheld]
    assert set(withheld) == {"accepted", "reading", "version"}
    assert [one.values for one in status.history(desk.wp, key())] == [()] * len(withheld)

    keying.key_whole(desk.wp, desk["budi"], key(), GOOD)
    assert set(seen(desk, "ani")) == {"Ani"}
    assert set(seen(desk, "budi")) == {"Budi"}
    for who in ("citra", "vera", "koor", "pindai"):
        assert seen(desk, who) == {}, f"{who} may have to be the third"


def test_a_form_read_to_the_end_shows_them_to_who_reads_or_verifies(desk: Desk) -> None:
    back(desk)
    for who in READERS_OF_ALL:
        assert {"Ani", "Budi", "KPU RI"} <= set(seen(desk, who))
    assert seen(desk, "pindai") == {}, "scans, and needs no number"
    line = next(one for one in status.history(desk.wp, key(), desk["vera"].person) if one.kind == "reading")
    rows = dict(line.values)
    assert [value for label, value in rows.items() if label.startswith("IV.01 ")] == ["71"]


def test_a_dispute_hides_them_again_and_a_correction_shows_what_changed_at_its_end(desk: Desk) -> None:
    back(desk)
    verify.give_verdict(desk.wp, desk["vera"], key(), "wrong", "Angka 191 di kertas")
    for who in ("citra", "vera", "koor"):
        assert seen(desk, who) == {}, f"{who} may have to read it again"
    cells = {"P1": 72, "V1": 182, "V3": 185, "B4.J": 185}
    verify.correct(desk.wp, desk["ani"], key(), cells, "salah baca")
    assert seen(desk, "budi") == {}, "his reading was of before; he may be the next second reader"
    assert set(seen(desk, "ani")) == {"Ani"}
    accept = [keying.ACCEPT_ALL]
    keying.key_whole(desk.wp, desk["citra"], key(), {**own(1), **cells}, accept=accept)
    line = next(one for one in status.history(desk.wp, key(), desk["koor"].person) if one.kind == "corrected")
    assert [value for label, value in line.values if label.startswith("IV.01 ")] == ["71 → 72"]
    assert len(line.values) == 4


def test_a_moved_page_says_from_where(desk: Desk) -> None:
    desk.scan(key(2), 1)
    (page,) = pages.pages_of(desk.wp, key(2))
    pages.assign(desk.wp, desk["pindai"], page.id, key(1), 1)
    assert told(desk)["page"] == "Halaman 1 dipindah ke sini dari TPS 002 (3204052001002)"


def test_a_paper_that_was_moved_away_is_hidden_until_it_is_read_to_the_end_where_it_lies_now(
    desk: Desk,
) -> None:
    for n in (1, 2):
        settled(desk, n)
    moving.swap(desk.wp, desk["citra"], key(1), key(2), "tertukar")
    accept = [keying.ACCEPT_ALL]
    keying.key_whole(desk.wp, desk["budi"], key(1), {"A1.J": 199}, accept=accept)
    lines = status.history(desk.wp, key(1), desk["vera"].person)
    shown = [dict(line.values)["I.A.1 Pemilih dalam DPT"] for line in lines if line.values]
    assert set(shown) == {"J 199"}, "198 stands at TPS 002 now, and Vera may be asked to read it there"
    assert [line.kind for line in lines if line.is_withheld].count("reading") == 2
    keying.key_whole(desk.wp, desk["budi"], key(2), {"A1.J": 198}, accept=accept)
    lines = status.history(desk.wp, key(1), desk["vera"].person)
    assert not [line for line in lines if line.is_withheld]


def test_of_a_paper_moved_on_and_back_its_last_place_counts(desk: Desk) -> None:
    settled(desk)
    for one, other in ((1, 2), (2, 3), (3, 1)):
        moving.move_form(desk.wp, desk["citra"], key(one), key(other), "salah TPS")
    keying.key_whole(desk.wp, desk["budi"], key(1), GOOD)
    assert {"Ani", "Budi", "Citra"} <= set(seen(desk, "vera"))


def test_why_somebody_corrected_or_moved_is_written_about_the_values_too(desk: Desk) -> None:
    """The dialog's own example of a note is "7 terbaca 1"."""
    settled(desk)
    verify.correct(desk.wp, desk["citra"], key(), {"P1": 77, "V1": 187}, "77 terbaca 71")
    verify.move_form(desk.wp, desk["citra"], key(), key(2), "77 ada di TPS 002")
    for n in (1, 2):
        told = " ".join(line.text for line in status.history(desk.wp, key(n), desk["budi"].person))
        assert "77" not in told
    keying.key_whole(desk.wp, desk["budi"], key(2), {**GOOD, "P1": 77, "V1": 187}, [keying.ACCEPT_ALL])
    told = " ".join(line.text for line in status.history(desk.wp, key(2), desk["vera"].person))
    assert "(77 ada di TPS 002)" in told
