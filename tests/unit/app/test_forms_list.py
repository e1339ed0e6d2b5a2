"""The list over all forms: what needs me by role, four eyes, the reason in the words of `status --waiting`, filters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlite_utils import Database as UtilsDatabase

from app.domain.people import Role
from app.domain.times import iso
from app.errors import BadInput, NotAllowed
from app.ports import ItemKind
from app.services import (
    drafts,
    forms_list,
    keying,
    people,
    public_watch,
    register,
    saved_filters,
    status,
    verify,
    workplace,
)
from app.services.forms_list import MINE, STOPS, Row, Wanted
from app.store import forms_list as store
from app.store import migrations
from app.store.driver import Row as SqlRow
from app.store.driver import connect
from tests.fakes.district import BROKEN, DESA, GOOD, PIN, Desk, back, key, make, own


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make(tmp_path, stations=6)
    yield made
    made.wp.close()


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """For reading only."""
    made = fill(make(tmp_path_factory.mktemp("malam"), stations=6))
    yield made
    made.wp.close()


def fill(desk: Desk) -> Desk:
    """1 returned, 2 keyed by Ani, 3 differs (Ani, Budi), 4 received, 5 in Citra's hands, 6 not received."""
    back(desk, 1)
    keying.key_whole(desk.wp, desk["ani"], key(2), own(2))
    desk.clock.forward(3_600)
    for who, cells in (("ani", GOOD), ("budi", BROKEN)):
        keying.key_whole(desk.wp, desk[who], key(3), cells, accept=[keying.ACCEPT_ALL])
    desk.clock.forward(3_600)
    register.receive(desk.wp, desk["pindai"], [key(4), key(5)])
    drafts.open_draft(desk.wp, desk["citra"], key(5))
    desk.clock.forward(3_601)
    return desk


def listed(desk: Desk, who: str, wanted: Wanted) -> list[Row]:
    found = forms_list.rows(desk.wp, desk[who].person, wanted, 100, 0)
    assert forms_list.count(desk.wp, desk[who].person, wanted) == len(found)
    return found


def numbers(desk: Desk, who: str, wanted: Wanted) -> list[int]:
    return [row.key.tps.number for row in listed(desk, who, wanted)]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("ani", [4]),  # 2 and 3 she keyed herself
        ("budi", [2, 4]),
        ("citra", [2, 3, 4, 5]),  # 5 is her own draft
        ("vera", [1, 2, 3]),
        ("pindai", [2, 3, 4, 5]),  # sheets are missing
        ("koor", [1, 2, 3, 4, 5]),
    ],
)
def test_what_needs_me_is_what_i_may_act_on(night: Desk, who: str, expected: list[int]) -> None:
    assert sorted(numbers(night, who, MINE)) == expected
    for row in listed(night, who, MINE):
        assert row.page, f"{who} can go on with {row.key.text()}"


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """For reading only. The night's forms; 7 disputed, 8 public and shown otherwise, 9 public and not to be seen."""
    made = fill(make(tmp_path_factory.mktemp("sesudah"), stations=9))
    back(made, 7)
    verify.give_verdict(made.wp, made["vera"], key(7), "wrong", "P1")
    for n in (8, 9):
        name = back(made, n)
        verify.give_verdict(made.wp, made["vera"], key(n), "ok")
        made.send(ItemKind.VERDICT)
        made.feed("published", key(n), values_hash=name)
    watch = public_watch.public_watch(made.wp)
    for _ in range(2):
        made.clock.forward(3 * 3_600)
        for look in watch.looks(900.0, 1e9, 9):
            votes = {"21": 17, "22": 110} if look.key == key(8) else None
            watch.seen(look, replace(look.ours, votes=votes), "", 3_600.0)
    people.add_person(made.wp, id="ika", name="Ika", roles={Role.KEY, Role.VERIFY}, pin=PIN, by=made["koor"])
    made.crew["ika"] = people.sign_in(made.wp, "ika", PIN)
    yield made
    made.wp.close()


@pytest.mark.parametrize("who", ["koor", "ani", "budi", "citra", "vera", "pindai", "ika"])
def test_beranda_counts_what_needs_me_holds(after: Desk, who: str) -> None:
    person = after[who].person
    counted = {one.code: one.count for one in status.needs_me(after.wp, person)}
    counted["returned"] = counted.get("returned", 0) + counted.pop("differs_returned", 0)
    rows = listed(after, who, MINE)
    assert all(row.page for row in rows)
    held = {
        "drafts": sum(row.draft_by == person.name for row in rows),
        "first": sum(row.page == "keying" and not row.draft_by for row in rows),
        "second": sum(row.stop == "needs_second" and row.page == "second" for row in rows),
        "third": sum(row.stop == "needs_third" and row.page == "second" for row in rows),
        "returned": sum(row.stop == "returned" for row in rows),
        **{code: sum(row.stop == code for row in rows) for code in ("disputed", "public_differs", "rival")},
    }
    if person.has(Role.SCAN):
        held["missing_pages"] = sum(row.pages_in < row.page_count for row in rows)
    assert held == {code: counted.get(code, 0) for code in held}
    assert counted.keys() <= held.keys() | {"unseen", "inbox"}


def test_what_the_public_site_shows_otherwise_is_in_the_list_with_its_reason_and_age(after: Desk) -> None:
    told = {one.reason_code: one for one in status.waiting(after.wp) if one.step == "public"}
    (row,) = listed(after, "vera", Wanted(is_mine=True, stop="public_differs"))
    assert (row.key, row.page, row.needs_action) == (key(8), "verify", True)
    assert row.since is not None
    assert (row.reason, iso(row.since)) == (told["public_differs"].reason, told["public_differs"].since)
    assert numbers(after, "vera", MINE).index(8) < numbers(after, "vera", Wanted(is_by_age=True)).index(9)
    (unseen,) = listed(after, "vera", Wanted(stop="not_visible"))
    assert (unseen.key, unseen.page, unseen.needs_action) == (key(9), "", False)
    assert unseen.since is not None
    assert (unseen.reason, iso(unseen.since)) == (told["not_visible"].reason, told["not_visible"].since)
    assert 9 not in numbers(after, "vera", MINE)


def test_whoever_read_it_first_is_not_asked_what_the_site_shows(after: Desk) -> None:
    people.set_roles(after.wp, after["koor"], "ani", [Role.KEY, Role.VERIFY])
    ani = people.sign_in(after.wp, "ani", PIN).person
    assert 8 not in [row.key.tps.number for row in forms_list.rows(after.wp, ani, MINE, 100, 0)]
    assert "public_differs" not in {one.code for one in status.needs_me(after.wp, ani)}
    assert not public_watch.asks(after.wp, key(8), ani)
    assert public_watch.differences(after.wp, person="ani") == []
    assert public_watch.asks(after.wp, key(8), after["vera"].person)
    people.set_roles(after.wp, after["koor"], "ani", [Role.KEY])


def test_a_form_i_may_not_touch_offers_no_page(night: Desk) -> None:
    pages = {row.key.tps.number: row.page for row in listed(night, "ani", Wanted())}
    assert pages == {1: "", 2: "", 3: "", 4: "keying", 5: "keying", 6: ""}
    assert {row.key.tps.number: row.page for row in listed(night, "citra", Wanted())}[3] == "second"
    assert listed(night, "vera", Wanted())[0].page == "verify"


def test_four_eyes_by_role_and_by_takeover(desk: Desk) -> None:
    fill(desk)
    for who, roles in (("ani", [Role.KEY, Role.VERIFY]), ("budi", [Role.VERIFY])):
        people.set_roles(desk.wp, desk["koor"], who, roles)
        desk.crew[who] = people.sign_in(desk.wp, who, PIN)
    assert numbers(desk, "ani", MINE) == [4], "she keyed the returned one first"
    assert 1 in numbers(desk, "budi", MINE), "the second reader may verify"
    people.set_roles(desk.wp, desk["koor"], "budi", [Role.KEY])
    desk.crew["budi"] = people.sign_in(desk.wp, "budi", PIN)
    taken = drafts.take_over(desk.wp, desk["budi"], key(5)).reading_id
    for field, cell in own(5).items():
        keying.save_cell(desk.wp, taken, field, cell, field)
    keying.finish(desk.wp, desk["budi"], taken)
    assert 5 not in numbers(desk, "citra", MINE), "her draft was taken over"
    assert 5 not in numbers(desk, "budi", MINE)
    assert 5 in numbers(desk, "ani", MINE)


def test_reasons_and_ages_are_those_of_the_status(night: Desk) -> None:
    told = {(one.tps, one.reason, one.since) for one in status.waiting(night.wp)}
    for row in listed(night, "koor", Wanted()):
        if row.stop == "not_received":
            assert (row.reason, row.since) == ("Belum diterima.", None)
        else:
            assert row.since is not None
            assert (str(row.key.tps), row.reason, iso(row.since)) in told
    assert {row.draft_by for row in listed(night, "koor", Wanted())} == {"", "Citra"}


def test_what_is_on_its_way_says_why_it_is_not_there(desk: Desk) -> None:
    for n in (1, 2):
        for page in (1, 2):
            desk.scan(key(n), page)
        keying.key_whole(desk.wp, desk["ani"], key(n), own(n))
        keying.key_whole(desk.wp, desk["budi"], key(n), own(n))
    first = listed(desk, "koor", Wanted(stop="queued"))
    assert {row.reason for row in first} == {"Angka: Belum ada server. Semua tersimpan di sini."}
    item = next(one for one in desk.store.due(ItemKind.RECORD, desk.clock.now(), 9) if one.key == key(1))
    desk.store.claim([item.id])
    desk.store.record_result(item, "rejected", None, None)
    rows = {row.key.tps.number: row for row in listed(desk, "koor", Wanted())}
    assert (rows[1].needs_action, rows[2].needs_action) == (True, False)
    assert rows[1].page == "queue"
    assert numbers(desk, "koor", MINE) == [1]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), [1, 2, 3, 4, 5, 6]),
        (Wanted(is_by_age=True), [1, 2, 3, 4, 5, 6]),
        (Wanted(has="keyed", lacks="second_read"), [2]),
        (Wanted(lacks="keyed"), [4, 5, 6]),
        (Wanted(stop="needs_third"), [3]),
        (Wanted(text="4 cileunyi"), [4]),
        (Wanted(area="320405"), [1, 2, 3, 4, 5, 6]),
        (Wanted(area=DESA, has="received"), [1, 2, 3, 4, 5]),
        (Wanted(area="320406"), []),
        (Wanted(form="c1-dpr-2019"), []),
        (Wanted(older_h=2), [1, 2, 3]),
        (Wanted(older_h=3), [1, 2]),
        (Wanted(person="ani"), [1, 2, 3]),
        (Wanted(person="citra", lacks="keyed"), [5]),
    ],
)
def test_filters(night: Desk, wanted: Wanted, expected: list[int]) -> None:
    assert numbers(night, "koor", wanted) == expected


def test_only_the_coordinator_asks_by_another_person(night: Desk) -> None:
    assert numbers(night, "ani", Wanted(person="ani")) == [1, 2, 3]
    with pytest.raises(NotAllowed, match="koordinator"):
        forms_list.count(night.wp, night["ani"].person, Wanted(person="budi"))


def test_the_list_is_cut_in_sql_and_a_wide_search_walks_it(
    night: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = night["koor"].person
    assert [row.key.tps.number for row in forms_list.rows(night.wp, person, Wanted(), 2, 3)] == [4, 5]
    monkeypatch.setattr(store, "MANY_STATIONS", 3)
    assert numbers(night, "koor", Wanted(text="cileunyi", is_by_age=True)) == [1, 2, 3, 4, 5, 6]


def test_a_disputed_form_and_a_public_one(desk: Desk) -> None:
    name = back(desk, 1)
    verify.give_verdict(desk.wp, desk["vera"], key(1), "wrong", "P1")
    (row,) = listed(desk, "koor", Wanted(stop="disputed"))
    assert row.needs_action
    assert row.reason == "Tidak cocok dengan C1: perlu dikoreksi."
    other = back(desk, 2)
    verify.give_verdict(desk.wp, desk["vera"], key(2), "ok")
    desk.send(ItemKind.VERDICT)
    desk.feed("published", key(2), values_hash=other)
    (row,) = listed(desk, "koor", Wanted(has="public"))
    assert (row.stop, row.reason, row.since, row.page) == ("", "", None, "")
    assert name != other


def test_a_form_that_wants_a_correction_needs_whoever_keys_as_beranda_says(desk: Desk) -> None:
    back(desk, 1)
    verify.give_verdict(desk.wp, desk["vera"], key(1), "wrong", "P1")
    for who in ("ani", "citra", "vera", "koor"):
        assert any(one.code == "disputed" for one in status.needs_me(desk.wp, desk[who].person))
        assert [(row.key, row.page) for row in listed(desk, who, MINE)] == [(key(1), "verify")], who


def test_what_was_read_in_part_needs_no_verifier(desk: Desk) -> None:
    page = {"A1.J": 198, "B4.J": 184}
    done = keying.key_whole(desk.wp, desk["ani"], key(1), page)
    desk.send(ItemKind.RECORD)
    desk.give_back(key(1), done.version or "", page)
    assert status.needs_me(desk.wp, desk["vera"].person) == []
    assert numbers(desk, "vera", MINE) == []


def test_every_stop_of_the_column_is_in_the_list_of_stops(night: Desk) -> None:
    stops = {row[0] for row in night.wp.db.reader.execute("SELECT DISTINCT stop FROM c1")}
    assert stops <= set(STOPS)
    assert len(stops) > 4


def test_a_kept_filter_of_another_version_is_read_as_far_as_it_is_known() -> None:
    assert Wanted.parse({"form": "c1-dpr-2019", "older_h": "six", "colour": "red"}) == Wanted(
        form="c1-dpr-2019"
    )
    assert Wanted.parse(MINE.as_json()) == MINE
    assert Wanted().as_json() == {}


# ---- saved filters -----------------------------------------------------------------------------------------------


def test_filters_are_kept_by_person_over_a_restart(desk: Desk) -> None:
    ani, budi = desk["ani"].person, desk["budi"].person
    assert saved_filters.last(desk.wp, ani) == MINE
    mine = Wanted(area="320405", stop="needs_second")
    saved_filters.save(desk.wp, ani, "  entri   kedua Cileunyi ", mine)
    saved_filters.keep_last(desk.wp, ani, Wanted(text="soreang", older_h=6))
    folder, secrets = desk.wp.folder, desk.secrets
    desk.wp.close()
    desk.wp = workplace.open_workplace(folder, clock=desk.clock, secrets=secrets)
    assert saved_filters.saved(desk.wp, ani) == (saved_filters.Saved("entri kedua Cileunyi", mine),)
    assert saved_filters.saved(desk.wp, budi) == ()
    assert saved_filters.last(desk.wp, ani) == Wanted(older_h=6), "a search forgotten does not hide the rest"


def test_a_name_stands_once_and_a_removed_filter_comes_back(desk: Desk) -> None:
    ani = desk["ani"].person
    saved_filters.save(desk.wp, ani, "Lama", Wanted(older_h=6))
    saved_filters.save(desk.wp, ani, "DPR", Wanted(form="c1-dpr-2019"))
    saved_filters.save(desk.wp, ani, "lama", Wanted(older_h=12))
    before = saved_filters.saved(desk.wp, ani)
    assert [(one.name, one.wanted.older_h) for one in before] == [("lama", 12), ("DPR", 0)]
    assert [one.name for one in saved_filters.remove(desk.wp, ani, "lama")] == ["DPR"]
    assert saved_filters.put_back(desk.wp, ani, before) == saved_filters.saved(desk.wp, ani) == before


def test_a_filter_without_a_name_and_a_tenth_one_are_refused(desk: Desk) -> None:
    ani = desk["ani"].person
    with pytest.raises(BadInput, match="perlu nama"):
        saved_filters.save(desk.wp, ani, "  ", Wanted())
    for n in range(saved_filters.MOST):
        saved_filters.save(desk.wp, ani, f"saringan {n}", Wanted())
    with pytest.raises(BadInput, match="Sudah ada 9"):
        saved_filters.save(desk.wp, ani, "satu lagi", Wanted())


def test_a_file_of_before_learns_since_when_its_heads_stand() -> None:
    connection = connect(":memory:", isolation_level=None)
    connection.row_factory = SqlRow
    database = UtilsDatabase(connection, execute_plugins=False)
    migrations.steps.apply(database, stop_before="0009_standing")
    connection.execute(
        "INSERT INTO station (id, tps, desa, kecamatan, desa_name, kecamatan_name) "
        "VALUES (1, '3204052001001', '3204052001', '320405', 'A', 'B')"
    )
    connection.execute(
        "INSERT INTO c1 (id, tps, form, round, station, kecamatan, desa, page_count, readings_needed, profile, head, "
        "head_state, received_at, scanned_at, outcome) VALUES (1, '3204052001001', 'c1-ppwp-2019', 1, 1, '320405', "
        "'3204052001', 2, 2, 'ringkas', 1, 'at_centre', 1.0, 2.0, 'settled')"
    )
    connection.execute(
        "INSERT INTO version (id, c1, generation, values_hash, cause, cells, state, number, created_at, state_at) "
        "VALUES (1, 1, 1, 'x', 'first', '{}', 'at_centre', 1, 3.0, 4.0)"
    )
    migrations.apply(connection)
    assert tuple(connection.execute("SELECT stop, stop_since FROM c1").fetchone()) == ("at_centre", 4.0)
