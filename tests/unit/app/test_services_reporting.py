"""The reports: every number from one moment, every name harmless, slip rates for the coordinator alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.misreading import ENOUGH_BOXES, SlipKind
from app.domain.outages import CLOSED
from app.domain.people import Role
from app.domain.periods import Period
from app.errors import NotAllowed, Unavailable
from app.ports import LineState, LineTurn, Reason
from app.services import (
    corrections,
    drafts,
    export,
    keying,
    moving,
    people,
    register,
    reporting,
    status,
    verify,
)
from app.services.line_words import LINE_WORDS
from app.services.report_tables import NOT_YET, Report, Value, csv_bytes, flat
from app.services.slip_rates import SlipRate, as_table, slip_rates
from app.store import line_log
from tests.fakes.district import BROKEN, PIN, Desk, back, key, make, own, settled

FORMULA = '=HYPERLINK("http://x","klik")'
HOSTILE = f"{FORMULA}\n\u202eigdub\u202c {'Panjang' * 40}"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def rows(report: Report, table: str) -> tuple[tuple[Value, ...], ...]:
    return report.table(table).rows


def cells_of(report: Report) -> list[list[str]]:
    text = csv_bytes(report).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_funnel_is_that_of_status_at_the_same_moment(desk: Desk) -> None:
    settled(desk, 1)
    keying.key_whole(desk.wp, desk["ani"], key(2), own(2))
    report = reporting.daily(desk.wp)
    counts = status.facts_json(desk.wp)["funnel"]
    counts.pop("forms")
    assert [row[1] for row in rows(report, "funnel")] == list(counts.values())
    assert [row[3] for row in rows(report, "funnel")] == list(counts.values()), "all of it today"
    assert report.table("areas").total == ("Jumlah", *counts.values())
    before = reporting.daily(desk.wp, date(2019, 4, 1))
    assert [row[3] for row in rows(before, "funnel")] == [0] * 8
    assert before.table("funnel").rows[0][1] == 2, "the funnel itself is always as it stands now"


def test_who_did_what_in_the_time_and_nobody_else(desk: Desk) -> None:
    back(desk, 1)
    verify.confirm_identical(desk.wp, desk["vera"])
    start = desk.clock.now() + 60
    desk.clock.forward(3_600)
    desk.scan(key(2), 1)
    keying.key_whole(desk.wp, desk["ani"], key(2), own(2))
    whole = reporting.daily(desk.wp).table("people")
    assert whole.rows == (
        ("Ani", 2, 0, 0, 0, 0, 0),
        ("Budi", 0, 1, 0, 0, 0, 0),
        ("Pindai", 0, 0, 0, 0, 0, 3),
        ("Vera", 0, 0, 0, 0, 1, 0),
    )
    assert whole.total == ("Jumlah", 2, 1, 0, 0, 1, 3)
    later = reporting.shift(desk.wp, Period(start, start + 86_400))
    assert later.table("people").rows == (("Ani", 1, 0, 0, 0, 0, 0), ("Pindai", 0, 0, 0, 0, 0, 1))


def test_a_form_read_page_by_page_is_one_form_of_each_who_read_and_a_form_carried_elsewhere_none(
    desk: Desk,
) -> None:
    first = {one: cell for one, cell in own(1).items() if one in ("A1.J", "B4.J")}
    keying.key_whole(desk.wp, desk["ani"], key(1), first)
    stops = [row[:2] for row in rows(reporting.daily(desk.wp), "stops")]
    assert ("Dientri", "Halaman belum ada.") in stops
    keying.key_whole(desk.wp, desk["ani"], key(1), {one: own(1)[one] for one in own(1) if one not in first})
    settled(desk, 2)
    moving.move_form(desk.wp, desk["citra"], key(2), key(3), "salah TPS")
    read = [row[:5] for row in reporting.daily(desk.wp).table("people").rows]
    assert [row for row in read if any(row[1:])] == [("Ani", 2, 0, 0, 0), ("Budi", 0, 1, 0, 0)]
    moved = ["Ditarik", "Dipindah ke TPS 003 (3204052001)"]
    changes = [row[4:6] for row in rows(reporting.daily(desk.wp), "corrections")]
    assert changes == [(one, NOT_YET) for one in moved], (
        "the reason may name numbers of a paper that is read again"
    )
    keying.key_whole(desk.wp, desk["budi"], key(3), own(2))
    changes = [row[4:6] for row in rows(reporting.daily(desk.wp), "corrections")]
    assert changes == [(one, "salah TPS") for one in moved]


def test_drafts_and_take_overs_name_both(desk: Desk) -> None:
    drafts.open_draft(desk.wp, desk["ani"], key(3))
    taken = drafts.take_over(desk.wp, desk["budi"], key(3))
    drafts.save_cell(desk.wp, taken.reading_id, "P1", 71, "P2", "").result()
    report = reporting.shift(desk.wp)
    ((tps, desa, form, order, who, _since, keyed),) = rows(report, "drafts")
    assert (tps, desa, form, order, who) == ("TPS 003", "Cileunyi Kulon", "C1-PPWP", "Entri pertama", "Budi")
    assert keyed == "1 dari 7"
    ((_at, tps, _desa, _form, before, after),) = rows(report, "takeovers")
    assert (tps, before, after) == ("TPS 003", "Ani", "Budi")
    assert "Budi" not in str(rows(report, "stops")), "a reason is counted, whoever has the form open"


def test_stops_are_counted_by_reason(desk: Desk) -> None:
    register.receive(desk.wp, desk["pindai"], [key(1), key(2)])
    desk.scan(key(1), 1)
    drafts.open_draft(desk.wp, desk["ani"], key(2))
    counted = {row[:2]: row[2] for row in rows(reporting.daily(desk.wp), "stops")}
    assert counted["Dientri", "Sudah diterima, belum dientri."] == 2
    assert counted["Dipindai", "Halaman belum dipindai."] == 2
    assert sum(int(n) for n in counted.values()) == len(status.waiting(desk.wp))


def test_outages_with_their_length_and_those_of_seconds_together(desk: Desk) -> None:
    now = desk.clock.now()
    silence = Reason("silence", "Tidak ada jawaban.")
    turns = [
        LineTurn(now - 7_860, LineState.DOWN, silence),
        LineTurn(now - 600, LineState.OK),
        LineTurn(now - 500, LineState.SLOW),
        LineTurn(now - 470, LineState.OK),
        LineTurn(now - 120, LineState.PAUSED_THERE),
    ]
    desk.wp.db.write(lambda connection: line_log.add(connection, turns))
    table = reporting.daily(desk.wp).table("outages")
    assert [(row[2], row[3], row[4]) for row in table.rows] == [
        ("2 jam 1 mnt", "KPU RI tidak menjawab", "Tidak ada jawaban"),
        ("2 mnt", "KPU RI menghentikan penerimaan", "masih berlangsung"),
    ]
    assert table.rows[1][1] == "–"
    assert table.lead == "1 gangguan di bawah satu menit, jumlahnya 30 detik."


def test_every_state_of_the_line_has_its_words() -> None:
    assert set(LINE_WORDS) == {one.value for one in LineState} | {CLOSED}


def test_the_plenary_gets_each_wrong_sum_with_its_reason(desk: Desk) -> None:
    for person in ("ani", "budi"):
        keying.key_whole(desk.wp, desk[person], key(2), BROKEN, accept=[keying.ACCEPT_ALL])
    settled(desk, 1)
    (table,) = [one for one in reporting.daily(desk.wp).tables if one.group]
    assert (table.title, table.lead) == ("Kecamatan Cileunyi", "1 formulir, 2 jumlah.")
    assert (
        "TPS 002",
        "Cileunyi Kulon",
        "C1-PPWP",
        "Jumlah 01+02 = 181; tertulis 191.",
        "Tertulis demikian",
    ) in (table.rows)
    assert not any("?" in str(row[3]) or "Lihat" in str(row[3]) for row in table.rows)


def test_a_sum_that_third_reading_broke_is_on_the_list_too(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(1), own(1))
    keying.key_whole(desk.wp, desk["budi"], key(1), {**own(1), "P1": 70}, accept=[keying.ACCEPT_ALL])
    keying.key_whole(desk.wp, desk["citra"], key(1), {"P1": 70})
    (table,) = [one for one in reporting.daily(desk.wp).tables if one.group]
    assert [(row[0], row[3]) for row in table.rows] == [("TPS 001", "Jumlah 01+02 = 180; tertulis 181.")]


def test_corrections_say_what_changed_and_why(desk: Desk) -> None:
    settled(desk, 1)
    corrections.correct(desk.wp, desk["citra"], key(1), {"V2": 4, "V3": 185, "B4.J": 185}, "V2 di kertas 4")
    corrections.withdraw(desk.wp, desk["citra"], key(1), "salah TPS:\n=milik 002")
    for person in ("ani", "budi"):
        keying.key_whole(desk.wp, desk[person], key(1), own(1))
    first, second = rows(reporting.daily(desk.wp), "corrections")
    assert first[1:] == (
        *("TPS 001", "Cileunyi Kulon", "C1-PPWP"),
        *("B4.J 184 → 185, V2 3 → 4, V3 184 → 185", "V2 di kertas 4", "Citra"),
    )
    assert second[4:6] == ("Ditarik", "salah TPS: =milik 002")


def test_a_sum_that_a_correction_broke_is_on_the_list_before_it_is_verified(desk: Desk) -> None:
    settled(desk, 1)
    corrections.correct(desk.wp, desk["citra"], key(1), {"V1": 191}, "V1 di kertas 191")
    keying.key_whole(desk.wp, desk["budi"], key(1), {"V1": 191}, accept=[keying.ACCEPT_ALL])
    (table,) = [one for one in reporting.daily(desk.wp).tables if one.group]
    assert ("Jumlah 01+02 = 181; tertulis 191.", "belum diberi alasan") in [row[3:] for row in table.rows]


def test_of_a_form_that_is_still_read_blind_a_report_tells_no_number(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(2), BROKEN, accept=[keying.ACCEPT_ALL])
    settled(desk, 1)
    corrections.correct(desk.wp, desk["citra"], key(1), {"V1": 191}, "V1 di kertas 191")
    report = reporting.daily(desk.wp)
    (change,) = rows(report, "corrections")
    assert change[4:6] == ("Dikoreksi", NOT_YET)
    (table,) = [one for one in report.tables if one.group]
    assert (table.rows, table.lead) == ((), f"2 formulir {NOT_YET}.")
    written = [cell for row in cells_of(report) for cell in row]
    assert not [cell for cell in written if "191" in cell or "181" in cell]


def test_an_office_without_forms_has_a_report_for_excel_here(desk: Desk) -> None:
    report = reporting.daily(desk.wp)
    assert [row[1] for row in report.table("funnel").rows] == [0] * 8
    assert report.table("people").total is None
    assert csv_bytes(report).startswith(b"\xef\xbb\xbf")
    written = cells_of(report)
    assert written[0] == ["Laporan harian 17 April 2019", "Kab. Bandung · Latihan", "LATIHAN"]
    assert written[2][2] == "Bukan hasil resmi"
    assert ["Tidak ada."] in written


def test_names_stay_in_their_cell(desk: Desk) -> None:
    people.add_person(desk.wp, id="jahat", name=HOSTILE, roles=[Role.KEY], pin=PIN, by=desk["koor"])
    people.add_person(desk.wp, id="koma", name="Koma,=1+1", roles=[Role.KEY], pin=PIN, by=desk["koor"])
    keying.key_whole(desk.wp, people.sign_in(desk.wp, "koma", PIN), key(2), own(2))
    jahat = people.sign_in(desk.wp, "jahat", PIN)
    keying.key_whole(desk.wp, jahat, key(1), own(1))
    report = reporting.daily(desk.wp)
    name = str(report.table("people").rows[0][0])
    assert "\n" not in name
    assert "\u202e" not in name
    written = cells_of(report)
    assert [row for row in written if any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in row)] == []
    assert any(row and row[0].startswith("'=HYPERLINK") for row in written)
    elsewhere = csv.reader(io.StringIO(csv_bytes(report).decode("utf-8-sig")))
    assert [row for row in elsewhere if any(cell.startswith("=") for cell in row)] == [], (
        "commas separate there"
    )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\nb\tc", "a b c"),
        ("\u202eabc\u202c", "abc"),
        ("  \x00 x ", "x"),
        ("Ny. Ɛlok é", "Ny. Ɛlok é"),
        (None, "None"),
    ],
)
def test_one_line_without_marks_that_turn_it(given: object, kept: str) -> None:
    assert flat(given) == kept


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    out = tmp_path / "laporan.pdf"
    export.save(out, b"lama")
    out_of_reach = tmp_path / "folder"
    out_of_reach.mkdir()
    with pytest.raises(Unavailable, match="tidak dapat ditulis"):
        export.save(out_of_reach, b"baru")
    export.save(out, b"baru")
    assert out.read_bytes() == b"baru"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["folder", "laporan.pdf"]


# ---- slips ---------------------------------------------------------------------------------------------------------


def rate(desk: Desk, person: str) -> SlipRate:
    return next(one for one in slip_rates(desk.wp, desk["koor"]) if one.person == person)


def test_slips_are_counted_against_what_was_settled(desk: Desk) -> None:
    keying.key_whole(desk.wp, desk["ani"], key(1), {**own(1), "P2": 101, "V2": 0}, accept=[keying.ACCEPT_ALL])
    assert slip_rates(desk.wp, desk["koor"]) == [], "nobody slipped before two have read"
    keying.key_whole(desk.wp, desk["budi"], key(1), own(1))
    keying.key_whole(desk.wp, desk["citra"], key(1), {"P2": 110, "V2": 3})
    ani = rate(desk, "ani")
    assert (ani.name, ani.boxes, ani.slips) == ("Ani", 7, 2)
    assert ani.kinds == {SlipKind.SWAPPED: 1, SlipKind.UNITS: 1}
    assert (rate(desk, "budi").slips, rate(desk, "citra").slips) == (0, 0)
    assert (rate(desk, "budi").boxes, rate(desk, "citra").boxes) == (7, 2)
    for report in (reporting.daily(desk.wp), reporting.shift(desk.wp)):
        assert "salah ketik" not in csv_bytes(report).decode().lower(), "no rate leaves the room"


def test_pages_read_apart_and_boxes_asked_again_are_counted_each_once(desk: Desk) -> None:
    first = {one: cell for one, cell in own(1).items() if one in ("A1.J", "B4.J")}
    rest = {one: cell for one, cell in own(1).items() if one not in first}
    keying.key_whole(desk.wp, desk["ani"], key(1), {**first, "A1.J": 199}, accept=[keying.ACCEPT_ALL])
    keying.key_whole(desk.wp, desk["ani"], key(1), rest, accept=[keying.ACCEPT_ALL])
    keying.key_whole(desk.wp, desk["budi"], key(1), own(1))
    keying.key_whole(desk.wp, desk["citra"], key(1), {"A1.J": 198})
    assert (rate(desk, "ani").boxes, rate(desk, "ani").slips) == (7, 1)
    settled(desk, 2)
    corrections.correct(desk.wp, desk["ani"], key(2), {"V2": 4, "V3": 185, "B4.J": 185}, "V2 di kertas 4")
    assert (rate(desk, "ani").boxes, rate(desk, "budi").boxes) == (7, 7)
    keying.key_whole(desk.wp, desk["budi"], key(2), {"V2": 4, "V3": 185, "B4.J": 185})
    assert (rate(desk, "ani").boxes, rate(desk, "budi").boxes) == (7, 7 + 3)


def test_whoever_corrects_keyed_no_form_and_whoever_reads_another_paper_after_a_withdrawal_did(
    desk: Desk,
) -> None:
    settled(desk, 1)
    corrections.correct(desk.wp, desk["citra"], key(1), {"P1": 72, "P2": 109}, "P1 di kertas 72")
    read = [row[:5] for row in reporting.daily(desk.wp).table("people").rows]
    assert [row for row in read if any(row[1:])] == [("Ani", 1, 0, 0, 0), ("Budi", 0, 1, 0, 0)]
    corrections.withdraw(desk.wp, desk["citra"], key(1), "Salah TPS")
    settled(desk, 1)
    assert [(one.name, one.boxes) for one in slip_rates(desk.wp, desk["koor"])] == [("Ani", 7), ("Budi", 7)]
    read = [row[:5] for row in reporting.daily(desk.wp).table("people").rows]
    assert [row for row in read if any(row[1:])] == [("Ani", 2, 0, 0, 0), ("Budi", 0, 2, 0, 0)]


def test_no_rate_of_a_few_boxes(desk: Desk) -> None:
    settled(desk, 1)
    few = rate(desk, "ani")
    assert few.per_thousand is None
    table = as_table([few, replace(few, boxes=ENOUGH_BOXES, per_thousand=5.5)])
    assert [row[3] for row in table.rows] == ["–", "5,5"]
    assert "1.000 kotak" in table.lead


def test_nobody_else_is_given_a_rate(desk: Desk) -> None:
    settled(desk, 1)
    for who in ("ani", "vera", "pindai"):
        with pytest.raises(NotAllowed, match="hanya untuk koordinator"):
            slip_rates(desk.wp, desk[who])


def test_who_is_a_coordinator_no_more_is_given_none(desk: Desk) -> None:
    people.add_person(desk.wp, id="lain", name="Lain", roles=[Role.COORDINATE], pin=PIN, by=desk["koor"])
    lain = people.sign_in(desk.wp, "lain", PIN)
    assert slip_rates(desk.wp, lain) == []
    people.set_roles(desk.wp, desk["koor"], "lain", [Role.KEY])
    with pytest.raises(NotAllowed):
        slip_rates(desk.wp, lain)
    people.set_active(desk.wp, desk["koor"], "lain", False)
    with pytest.raises(NotAllowed):
        slip_rates(desk.wp, lain)
