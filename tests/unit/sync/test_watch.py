from __future__ import annotations

import json
import random
from typing import Any

import pytest
from msgspec.structs import replace

from app import forms
from app.domain.publication import Sight, shown_of
from app.http.reply import LinkError, LinkFault, Reply
from app.ports import Lane, PublicLook
from sync import gate, watch
from sync.policy import WatchPace
from tests.fakes.district import GOOD, key

FORM = forms.load("c1-ppwp-2019")
OURS = shown_of(FORM, GOOD)
LOOK = PublicLook(key(), 1, "hhcw/ppwp/1/2/3/4/5.json", OURS)
LEAF: dict[str, Any] = {
    **OURS.fields,
    "chart": dict(OURS.votes or {}),
    "images": ["a.jpg"],
    "ts": "2019-04-19 23:00:03",
}
PACE = WatchPace()
RNG = random.Random(1)


def body(**changes: Any) -> bytes:
    return json.dumps({**LEAF, **changes}).encode()


def reply(data: bytes, status: int = 200, **headers: str) -> Reply:
    return Reply(status, {name.replace("_", "-"): text for name, text in headers.items()}, data, 0.1, "")


def test_a_leaf_is_read() -> None:
    assert watch.read(LOOK, reply(body(), etag='"a"')) == watch.Seen(OURS, '"a"')
    other = watch.read_leaf(body(pengguna_j=None), OURS)
    assert other is not None
    assert other.fields["pengguna_j"] is None


@pytest.mark.parametrize(
    "leaf",
    [
        {**dict.fromkeys(OURS.fields), "chart": None, "images": [], "ts": "x"},
        {"chart": None},  # Situng's own, while nothing had come in
    ],
)
def test_a_leaf_with_nothing_in_it_is_empty(leaf: dict[str, Any]) -> None:
    shown = watch.read_leaf(json.dumps(leaf).encode(), OURS)
    assert shown is not None
    assert shown.votes is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>Silakan masuk ke jaringan</html>",
        b"[]",
        b"null",
        b"[" * 100_000,
        b"\xff\xfe",
        b"NaN",
        json.dumps({name: one for name, one in LEAF.items() if name != "chart"}).encode(),
        json.dumps({name: one for name, one in LEAF.items() if name != "suara_sah"}).encode(),
        body(extra=1),
        body(chart=None),  # numbers, and none
        json.dumps({"chart": None, "pesan": "masuk"}).encode(),
        body(chart={"21": 71}),
        body(chart={"21": 71, "22": 110, "23": 5}),
        body(chart={"21": 71, "22": True}),
        body(chart={"21": 71, "22": 110.0}),
        body(chart={"21": 71, "22": "110"}),
        body(chart={"21": 71, "22": -1}),
        body(chart=[71, 110]),
        body(suara_sah=10**12),
        body(suara_sah=False),
        body(images=None),
        body(images=[1]),
        body(ts=5),
    ],
)
def test_anything_else_says_nothing(data: bytes) -> None:
    assert watch.read_leaf(data, OURS) is None
    blind = watch.read(LOOK, reply(data))
    assert isinstance(blind, watch.Blind)
    assert blind.of_form


@pytest.mark.parametrize(
    "status", [201, 204, 206, 301, 302, 304, 401, 403, 404, 407, 410, 429, 500, 503, 511]
)
def test_only_a_plain_200_shows_anything(status: int) -> None:
    """A redirect, a login page, and "unchanged" of what was never seen."""
    blind = watch.read(LOOK, reply(body(suara_sah=1), status, retry_after="7"))
    assert isinstance(blind, watch.Blind)
    assert (blind.retry_after_s, blind.of_form) == (7.0, status in (404, 410))


@pytest.mark.parametrize("text", ["", "Wed, 21 Oct 2015 07:28:00 GMT", "-1", "9999999999", "1e9"])
def test_a_retry_after_that_is_no_plain_number_is_passed_over(text: str) -> None:
    blind = watch.read(LOOK, reply(b"", 503, retry_after=text))
    assert isinstance(blind, watch.Blind)
    assert blind.retry_after_s == 0.0


def test_no_answer_says_nothing_of_the_form() -> None:
    blind = watch.read(LOOK, LinkError(LinkFault.TOO_BIG, "more than 65536 bytes", 0.1))
    assert isinstance(blind, watch.Blind)
    assert not blind.of_form


def test_unchanged_is_believed_of_what_was_seen() -> None:
    seen = replace(LOOK, sight=Sight.EQUAL, times=1, validator='"a"')
    assert watch.read(seen, reply(b"", 304)) == watch.Seen(None, '"a"')
    for odd in (replace(seen, validator=""), replace(seen, sight=None)):
        assert isinstance(watch.read(odd, reply(b"", 304)), watch.Blind)


def test_the_site_is_asked_whether_anything_changed() -> None:
    assert watch.asking('W/"a"')["If-None-Match"] == 'W/"a"'
    assert watch.asking("Wed, 21 Oct 2015 07:28:00 GMT")["If-Modified-Since"].startswith("Wed")
    assert set(watch.asking("")) == {"Accept", "Cache-Control"}
    date = "Wed, 21 Oct 2015 07:28:00 GMT"
    assert watch.read(LOOK, reply(body(), last_modified=date)) == watch.Seen(OURS, date)
    assert watch.read(LOOK, reply(body(), etag="x" * 300)) == watch.Seen(OURS, "")


def test_it_looks_only_when_nobody_is_kept_waiting() -> None:
    now = 1000.0
    channels = {lane: gate.fresh(lane) for lane in Lane}

    def may(**facts: bool) -> bool:
        usual = {"is_quiet": True, "is_settled": True, "is_troubled": False}
        return watch.may_look(channels, now, **{**usual, **facts})

    assert may()
    assert not may(is_quiet=False)
    assert not may(is_settled=False)
    assert not may(is_troubled=True)
    for lane in Lane:
        usual = channels[lane]
        channels[lane] = replace(usual, gate_until=now + 5)
        assert not may(), "a gate that is shut: the centre has trouble enough"
        channels[lane] = replace(usual, gate_until=now - 5)
        assert may(), "with nothing left to probe it by"
        channels[lane] = replace(usual, is_paused=True)
        assert may() is (lane is Lane.SCANS), "a pause of images is no pause of a leaf"
        channels[lane] = usual


def test_a_difference_is_looked_at_soon_again_and_an_equal_one_ever_less_often() -> None:
    def wait(sight: Sight, times: int) -> float:
        return watch.wait_s(sight, times, PACE, RNG)

    assert PACE.confirm_s <= wait(Sight.DIFFERS, 1) <= 1.25 * PACE.confirm_s
    assert PACE.again_s <= wait(Sight.DIFFERS, 2) <= 1.25 * PACE.again_s
    assert PACE.again_s <= wait(Sight.EMPTY, 1) <= 1.25 * PACE.again_s
    assert PACE.again_s <= wait(Sight.EQUAL, 1) <= 1.25 * PACE.again_s
    assert 4 * PACE.again_s <= wait(Sight.EQUAL, 2) <= 5 * PACE.again_s
    assert PACE.again_most_s <= wait(Sight.EQUAL, 1000) <= 1.25 * PACE.again_most_s


def test_a_site_that_says_nothing_is_left_alone_ever_longer() -> None:
    blind = watch.Blind(watch.read(LOOK, reply(b"", 503)).reason)  # type: ignore[union-attr]  # a 503 shows nothing
    least, most = PACE.blind_s
    assert least <= watch.rest_s(blind, 1, PACE, RNG) <= 1.25 * least
    assert most <= watch.rest_s(blind, 50, PACE, RNG) <= 1.25 * most
    asked = replace(blind, retry_after_s=900.0)
    assert watch.rest_s(asked, 1, PACE, RNG) == 900.0
    assert watch.rest_s(replace(blind, retry_after_s=10**7), 1, PACE, RNG) == PACE.retry_after_most_s
