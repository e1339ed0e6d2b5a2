"""What the engine saw on the public site, kept; and what people do about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.domain.lifecycle import VersionState
from app.domain.people import Person, Role
from app.domain.publication import Shown
from app.domain.times import iso
from app.errors import BadInput, NotAllowed, NotFound
from app.ports import ItemKind, Json, PublicLook, PublicWatch, Reason
from app.services import keying, pages, people, public_watch, register, status, verify, workplace
from app.services.waits import VISIBLE_S
from tests.fakes.district import PIN, Desk, back, head_state, key, make, own, record_name

HOUR = 3600.0


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


def public(desk: Desk, n: int = 1) -> str:
    """Verified by Vera and published by the centre."""
    name = back(desk, n)
    verify.give_verdict(desk.wp, desk["vera"], key(n), "ok")
    desk.send(ItemKind.VERDICT)
    desk.feed("published", key(n), values_hash=name)
    return name


def watch_of(desk: Desk) -> PublicWatch:
    return public_watch.public_watch(desk.wp)


def due(desk: Desk) -> list[PublicLook]:
    return list(watch_of(desk).looks(900.0, 6 * HOUR, 10))


def look(desk: Desk, n: int = 1) -> PublicLook:
    desk.clock.forward(2 * HOUR)
    return next(one for one in due(desk) if one.key == key(n))


def with_votes(one: PublicLook, p1: int, p2: int = 110) -> Shown:
    return replace(one.ours, votes={"21": p1, "22": p2})


def seen(desk: Desk, shown: Shown | None, n: int = 1, times: int = 1) -> None:
    for _ in range(times):
        watch_of(desk).seen(look(desk, n), shown, '"e"', HOUR)


def tampered(desk: Desk, n: int = 1) -> None:
    """17 instead of 71, seen twice."""
    seen(desk, with_votes(look(desk, n), 17), n, times=2)


def waiting(desk: Desk) -> list[tuple[str, str]]:
    return [(one.reason_code, one.reason) for one in status.waiting(desk.wp) if one.step == "public"]


def needs(desk: Desk, who: str) -> dict[str, int]:
    return {one.code: one.count for one in status.needs_me(desk.wp, desk[who].person)}


def kinds(desk: Desk) -> list[str]:
    return [one.kind for one in status.history(desk.wp, key()) if one.kind.startswith("public_")]


# ---- what is looked for ----------------------------------------------------------------------------------------------


def test_a_published_form_is_looked_for_under_its_kpu_ids_after_a_while(desk: Desk) -> None:
    public(desk)
    assert due(desk) == []
    desk.clock.forward(901.0)
    (one,) = due(desk)
    assert one.path == "hhcw/ppwp/26141/27407/27408/27409/91.json"
    assert (one.ours.votes, one.ours.fields["pemilih_j"]) == ({"21": 71, "22": 110}, 198)
    assert (one.sight, one.times, one.validator) == (None, 0, "")


def test_a_verified_form_is_looked_for_after_hours_and_one_that_is_not_never(desk: Desk) -> None:
    back(desk)
    desk.clock.forward(48 * HOUR)
    assert due(desk) == []
    verify.give_verdict(desk.wp, desk["vera"], key(), "ok")
    desk.clock.forward(5 * HOUR)
    assert due(desk) == []
    desk.clock.forward(HOUR)
    assert [one.key for one in due(desk)] == [key()]


def test_what_was_seen_is_looked_for_when_it_is_due_again_the_longest_due_first(desk: Desk) -> None:
    for n in (1, 2):
        public(desk, n)
    seen(desk, look(desk).ours)
    assert [one.key for one in due(desk)] == [key(2)]
    desk.clock.forward(HOUR)
    assert [one.key for one in due(desk)] == [key(2), key(1)]
    (_, again) = due(desk)
    assert (again.sight, again.times, again.validator) == ("equal", 1, '"e"')
    watch_of(desk).put_off(again, HOUR)
    assert [one.key for one in due(desk)] == [key(2)]
    watch_of(desk).put_off(due(desk)[0], HOUR)
    assert due(desk) == []


def test_of_a_repeated_vote_only_the_newest_is_looked_for(desk: Desk) -> None:
    public(desk)
    again = register.add_round(desk.wp, desk["koor"], key().tps)
    desk.clock.forward(24 * HOUR)
    assert again.round == 2
    assert due(desk) == []


# ---- what comes of it ------------------------------------------------------------------------------------------------


def test_equal_numbers_are_noted_and_nobody_is_told(desk: Desk) -> None:
    public(desk)
    seen(desk, look(desk).ours)
    assert waiting(desk) == []
    assert kinds(desk) == []
    assert public_watch.differences(desk.wp, only_open=False) == []


def test_a_difference_seen_twice_is_reopened_for_the_verifier_with_both_values(desk: Desk) -> None:
    public(desk)
    seen(desk, with_votes(look(desk), 17))
    assert waiting(desk) == [], "once may be a file between two publications"
    seen(desk, with_votes(look(desk), 17))
    (code, text), since = waiting(desk)[0], public_watch.differences(desk.wp)[0].since
    assert code == "public_differs"
    assert text == "Angka di situs publik berbeda dari yang diverifikasi (IV.01)."
    assert needs(desk, "vera")["public_differs"] == 1
    assert "public_differs" not in needs(desk, "ani")
    (one,) = public_watch.differences(desk.wp)
    assert (one.boxes, one.ours["P1"], one.shown["P1"]) == (("IV.01",), 71, 17)
    assert one.seen_at - since == 4 * HOUR, "its age counts from the first look"
    last = status.history(desk.wp, key(), desk["vera"].person)[-1]
    assert last.text.endswith("IV.01: 71 di sini, 17 di situs")
    assert head_state(desk) is VersionState.PUBLIC, "an unsigned page changes no signed state"
    assert status.funnel(desk.wp).public == 1
    assert status.facts_json(desk.wp)["waiting"][0]["reason_code"] == "public_differs"


def test_a_difference_that_ended_is_over_and_says_so(desk: Desk) -> None:
    public(desk)
    tampered(desk)
    assert kinds(desk) == ["public_differs"]
    seen(desk, look(desk).ours)
    assert kinds(desk) == ["public_differs", "public_equal"]
    assert waiting(desk) == []
    assert "public_differs" not in needs(desk, "vera")


@pytest.mark.parametrize("votes", [None, {"21": 18, "22": 110}], ids=["nothing", "another number once"])
def test_a_difference_that_ended_by_way_of_something_else_says_so_too(
    desk: Desk, votes: dict[str, int | None] | None
) -> None:
    public(desk)
    tampered(desk)
    seen(desk, replace(look(desk).ours, votes=votes))
    assert kinds(desk) == ["public_differs"]
    seen(desk, look(desk).ours, times=2)
    assert kinds(desk) == ["public_differs", "public_equal"]


def test_another_wrong_number_is_another_difference(desk: Desk) -> None:
    public(desk)
    tampered(desk)
    public_watch.check_again(desk.wp, desk["vera"], key())
    seen(desk, with_votes(look(desk), 18))
    assert waiting(desk) == []
    seen(desk, with_votes(look(desk), 18))
    assert needs(desk, "vera")["public_differs"] == 1
    assert kinds(desk) == ["public_differs", "public_checked", "public_differs"]


def test_unchanged_goes_on_with_what_was_seen(desk: Desk) -> None:
    public(desk)
    seen(desk, None)
    assert [one.sight for one in due(desk)] == [None], "unchanged from nothing says nothing"
    seen(desk, with_votes(look(desk), 17))
    seen(desk, None)
    assert needs(desk, "vera")["public_differs"] == 1


def test_nothing_to_see_hours_after_the_publication_is_a_reason_with_its_age(desk: Desk) -> None:
    public(desk)
    at = desk.clock.now()
    seen(desk, replace(look(desk).ours, votes=None))
    ((code, _),) = waiting(desk)
    (one,) = status.waiting(desk.wp)
    assert code == "not_visible"
    assert one.since.startswith(iso(at)[:19])
    assert one.next_try is not None
    assert "public_differs" not in needs(desk, "vera"), "nobody here can do anything about it"
    assert kinds(desk) == []


def test_nothing_to_see_before_that_is_none(desk: Desk) -> None:
    public(desk)
    desk.clock.forward(VISIBLE_S - 60)
    (one,) = due(desk)
    watch_of(desk).seen(one, replace(one.ours, votes=None), "", HOUR)
    assert waiting(desk) == []
    desk.clock.forward(61)
    assert [code for code, _ in waiting(desk)] == ["not_visible"]


def test_after_a_correction_the_earlier_numbers_are_no_difference(desk: Desk) -> None:
    """The tree leaves the old, verified ones standing until the new ones are verified; and caches are slow."""
    public(desk)
    old = look(desk).ours
    corrected = {**own(1), "P2": 101, "V1": 172, "V3": 175, "B4.J": 175}
    verify.correct(desk.wp, desk["citra"], key(), corrected, "Salah ketik")
    keying.key_whole(desk.wp, desk["budi"], key(), corrected)
    desk.clock.forward(24 * HOUR)
    assert due(desk) == [], "not verified yet"
    desk.send(ItemKind.RECORD)
    name = record_name(desk)
    held = [(one.n, one.scan_sha256) for one in pages.pages_of(desk.wp, key())]
    desk.give_back(key(), name, corrected, held)
    verify.give_verdict(desk.wp, desk["vera"], key(), "ok")
    desk.send(ItemKind.VERDICT)
    desk.feed("published", key(), values_hash=name)
    seen(desk, old, times=2)
    ((code, text),) = waiting(desk)
    assert code == "not_visible"
    assert "angka sebelumnya" in text
    assert public_watch.differences(desk.wp) == []


def test_after_a_correction_a_site_without_the_tps_does_not_ask_for_it_over_and_over(desk: Desk) -> None:
    public(desk)
    seen(desk, look(desk).ours)
    corrected = {**own(1), "P2": 101, "V1": 172, "V3": 175, "B4.J": 175}
    verify.correct(desk.wp, desk["citra"], key(), corrected, "Salah ketik")
    keying.key_whole(desk.wp, desk["budi"], key(), corrected)
    desk.send(ItemKind.RECORD)
    held = [(one.n, one.scan_sha256) for one in pages.pages_of(desk.wp, key())]
    desk.give_back(key(), record_name(desk), corrected, held)
    verify.give_verdict(desk.wp, desk["vera"], key(), "ok")
    desk.clock.forward(24 * HOUR)
    (again,) = due(desk)
    assert (again.sight, again.times) == (None, 0)
    watch_of(desk).put_off(again, HOUR)
    assert due(desk) == []
    desk.clock.forward(HOUR)
    (again,) = due(desk)
    assert (again.sight, again.times, again.validator) == (None, 0, "")


def test_a_form_that_has_another_head_meanwhile_is_passed_over(desk: Desk) -> None:
    public(desk)
    tampered(desk)
    before = look(desk)
    verify.correct(desk.wp, desk["citra"], key(), {"P2": 101}, "Salah ketik")
    watch_of(desk).seen(before, with_votes(before, 17), "", HOUR)
    watch_of(desk).put_off(before, HOUR)
    assert waiting(desk) == []
    assert public_watch.differences(desk.wp, only_open=False) == []


def test_whoever_reads_the_form_blind_again_is_not_told_what_the_site_showed(desk: Desk) -> None:
    public(desk)
    tampered(desk)

    def told(person: Person | None) -> list[str]:
        lines = status.history(desk.wp, key(), person)
        return [one.text for one in lines if one.kind == "public_differs"]

    assert told(desk["citra"].person) == [
        "Angka di situs publik berbeda dari yang diverifikasi. IV.01: 71 di sini, 17 di situs"
    ]
    assert told(None) == ["Angka di situs publik berbeda dari yang diverifikasi."]
    verify.correct(desk.wp, desk["ani"], key(), {"P2": 101}, "Salah ketik")
    assert told(desk["citra"].person) == told(None)


# ---- what people do --------------------------------------------------------------------------------------------------


def test_a_verifier_looks_at_the_paper_again_and_the_rest_is_for_the_centre(desk: Desk) -> None:
    public(desk)
    tampered(desk)
    public_watch.check_again(desk.wp, desk["vera"], key())
    assert "public_differs" not in needs(desk, "vera")
    ((code, text),) = waiting(desk)
    assert code == "public_differs"
    assert "Diperiksa Vera" in text
    assert public_watch.differences(desk.wp) == []
    assert not public_watch.asks(desk.wp, key(), desk["vera"].person)
    assert public_watch.differences(desk.wp, only_open=False)[0].checked_by == "Vera"
    last = status.history(desk.wp, key())[-1]
    assert (last.who, last.kind) == ("Vera", "public_checked")
    with pytest.raises(NotFound, match="tidak lagi"):
        public_watch.check_again(desk.wp, desk["vera"], key())
    seen(desk, None)
    assert "Diperiksa Vera" in waiting(desk)[0][1], "seen again as it was: nobody is asked twice"


def test_a_verifier_who_finds_our_numbers_wrong_disputes_them(desk: Desk) -> None:
    public(desk)
    tampered(desk)
    verify.give_verdict(desk.wp, desk["vera"], key(), "wrong", "P1 tertulis 17")
    assert head_state(desk) is VersionState.DISPUTED
    assert "public_differs" not in needs(desk, "vera")
    assert needs(desk, "vera")["disputed"] == 1


def test_only_a_verifier_without_a_hand_in_it_may_say_so(desk: Desk) -> None:
    public(desk)
    tampered(desk)
    with pytest.raises(NotAllowed, match="peran verifikator"):
        public_watch.check_again(desk.wp, desk["budi"], key())
    people.set_roles(desk.wp, desk["koor"], "ani", [Role.KEY, Role.VERIFY])
    ani = people.sign_in(desk.wp, "ani", PIN)
    with pytest.raises(NotAllowed, match="sendiri"):
        public_watch.check_again(desk.wp, ani, key())
    with pytest.raises(NotFound):
        public_watch.check_again(desk.wp, desk["vera"], key(2))


# ---- where the site is -----------------------------------------------------------------------------------------------


def test_the_site_is_the_centres_own_until_another_is_chosen(desk: Desk) -> None:
    assert watch_of(desk).site() == ""
    server: Json = {"realm": desk.wp.realm, "district": desk.wp.district, "keys": {"k": "v"}}
    workplace.connect_server(desk.wp, server_url="https://kpu.example/", setup=server)
    assert watch_of(desk).site() == "https://kpu.example/static/json"
    for text in (
        "https://pemilu.example",
        "https://pemilu.example/static/json/",
        " https://pemilu.example/ ",
    ):
        assert public_watch.choose_site(desk.wp, text) == "https://pemilu.example/static/json"
    for text in ("http://pemilu.example", "ftp://x", "pemilu", "https://a:b@pemilu.example"):
        with pytest.raises(BadInput, match="Alamat situs publik tidak dapat dipakai"):
            public_watch.choose_site(desk.wp, text)
    with pytest.raises(NotAllowed):
        public_watch.choose_site(desk.wp, "https://lain.example", by=desk["ani"])
    assert public_watch.choose_site(desk.wp, "https://pemilu.example", by=desk["koor"])
    assert public_watch.choose_site(desk.wp, "off") == ""
    assert public_watch.choose_site(desk.wp, "") == "https://kpu.example/static/json"


def test_another_site_is_not_asked_whether_it_changed_since_the_first_was_seen(desk: Desk) -> None:
    public(desk)
    seen(desk, look(desk).ours)
    assert look(desk).validator == '"e"'
    public_watch.choose_site(desk.wp, "https://situs.example")
    assert look(desk).validator == ""


def test_since_when_nothing_is_seen_there_is_told(desk: Desk) -> None:
    assert status.facts_json(desk.wp)["public_site"] == {"site": "", "blind": None}
    since = desk.clock.now()
    watch_of(desk).blind(Reason("site_silent", "Situs publik tidak menjawab."))
    desk.clock.forward(60)
    watch_of(desk).blind(Reason("site_refuses", "Situs publik menjawab dengan kode 503.", 503))
    blind = status.facts_json(desk.wp)["public_site"]["blind"]
    assert (blind["code"], blind["since"]) == ("site_refuses", iso(since))
    watch_of(desk).blind(None)
    assert status.facts_json(desk.wp)["public_site"]["blind"] is None
