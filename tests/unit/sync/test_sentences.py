from __future__ import annotations

import dataclasses
import re

import pytest
from msgspec.structs import replace

from app.domain.sending import Left
from app.ports import ChannelState, Lane, LineState, Reason
from sync import gate
from sync.classify import PROXYS
from sync.sentences import Facts, Trouble, describe

OPEN = {lane: gate.fresh(lane) for lane in Lane}
NOW = 1_555_500_000.0
MET = Facts(NOW, OPEN, has_met=True, since=NOW)


def shut(lane: Lane, code: str, recent: str = "f") -> Facts:
    state = replace(OPEN[lane], gate_until=NOW + 60, reason=Reason(code, "Sebab."), recent=recent)
    return replace(MET, channels={**OPEN, lane: state})


def paused(*lanes: Lane) -> dict[Lane, ChannelState]:
    return {lane: replace(state, is_paused=lane in lanes) for lane, state in OPEN.items()}


@pytest.mark.parametrize(
    ("facts", "line", "words"),
    [
        (MET, LineState.OK, "Terhubung ke KPU RI."),
        (replace(MET, has_met=False), LineState.STARTING, "Menghubungi KPU RI. Pekerjaan dapat dilanjutkan."),
        (replace(MET, channels=paused(*Lane)), LineState.PAUSED_HERE, "Pengiriman dijeda di PC ini."),
        (replace(MET, channels=paused(Lane.SCANS)), LineState.OK, "Pengiriman gambar dijeda di sini."),
        (shut(Lane.SCANS, "reset", "sq|h"), LineState.DOWN, "KPU RI tidak menjawab sejak "),
        (shut(Lane.SCANS, "busy"), LineState.SLOW, "KPU RI lambat menjawab."),
        (shut(Lane.RECORDS, "paused_there"), LineState.PAUSED_THERE, "menghentikan penerimaan sementara"),
        (shut(Lane.RECORDS, "full"), LineState.FULL, "Sebab. Pekerjaan dapat dilanjutkan. Dicoba lagi "),
    ],
)
def test_states(facts: Facts, line: LineState, words: str) -> None:
    status = describe(facts)
    assert status.line is line
    assert words in status.sentence
    assert "  " not in status.sentence


@pytest.mark.parametrize("line", [LineState.PORTAL, LineState.WRONG_KEY, LineState.SIGN_IN, LineState.FORKED])
def test_trouble_says_its_reason_and_the_next_try(line: LineState) -> None:
    status = describe(replace(MET, trouble=Trouble(line, Reason("x", "Begini."), NOW + 60)))
    assert status.line is line
    assert status.sentence.startswith("Begini.")
    assert re.search(r"Dicoba lagi \d\d\.\d\d\.$", status.sentence)
    assert status.next_try_at == NOW + 60


@pytest.mark.parametrize("recent", ["sq|h", "x|"])
@pytest.mark.parametrize("code", sorted(PROXYS))
def test_a_proxys_trouble_is_told_and_not_that_the_centre_does_not_answer(code: str, recent: str) -> None:
    status = describe(shut(Lane.SCANS, code, recent))
    # A proxy that refuses PATCH stops images only; while it was silent, too, the line is down all the same.
    assert status.line in ((LineState.SLOW, LineState.DOWN) if code == "other_method" else (LineState.DOWN,))
    assert status.sentence.startswith("Sebab. Pekerjaan dapat dilanjutkan. Dicoba lagi ")
    whole = describe(replace(MET, trouble=Trouble(LineState.DOWN, Reason(code, "Begini."), NOW + 60)))
    assert whole.sentence.startswith("Begini. Pekerjaan dapat dilanjutkan. Dicoba lagi ")


def forbidden(recent: str) -> Facts:
    state = replace(OPEN[Lane.RECORDS], gate_until=NOW + 60, recent=recent)
    reason = Reason("forbidden", "KPU RI menolak izin PC ini.", 403)
    return replace(MET, channels={**OPEN, Lane.RECORDS: replace(state, reason=reason)})


@pytest.mark.parametrize("recent", ["x|", "x|f"])
def test_a_lane_that_waits_for_a_person_says_its_own_reason(recent: str) -> None:
    says = "KPU RI menolak izin PC ini. Pekerjaan dapat dilanjutkan. Dicoba lagi "
    facts = forbidden(recent)
    assert describe(facts).sentence.startswith(says)
    busy = shut(Lane.VERDICTS, "busy").channels[Lane.VERDICTS]
    both = replace(facts, channels={**facts.channels, Lane.VERDICTS: busy})
    assert describe(both).sentence.startswith(says), "the other one heals by itself"


def test_slow_answers_alone_are_slow() -> None:
    slow = replace(OPEN[Lane.RECORDS], latencies_s=(5.0,) * 6)
    assert describe(replace(MET, channels={**OPEN, Lane.RECORDS: slow})).line is LineState.SLOW


@pytest.mark.parametrize(
    ("recent", "line", "words"),
    [
        ("ssff", LineState.OK, "Terhubung ke KPU RI."),
        (
            "|fsssfhssfs",
            LineState.SLOW,
            "KPU RI lambat: 3 dari 9 jawaban gagal. Pekerjaan dapat dilanjutkan.",
        ),
        ("fff|ssssssssss", LineState.OK, "Terhubung ke KPU RI."),
    ],
)
def test_failing_answers_are_counted(recent: str, line: LineState, words: str) -> None:
    channels = {lane: ChannelState(lane, recent=recent, updated_at=NOW - 10) for lane in Lane}
    status = describe(Facts(NOW, channels, has_met=True, since=NOW))
    assert (status.line, status.sentence) == (line, words)
    later = describe(Facts(NOW + 60, channels, has_met=True, since=NOW))
    assert later.line is LineState.OK


def test_the_worst_lane_speaks() -> None:
    facts = shut(Lane.SCANS, "busy")
    full = shut(Lane.RECORDS, "full").channels[Lane.RECORDS]
    assert describe(replace(facts, channels={**facts.channels, Lane.RECORDS: full})).line is LineState.FULL
    no_server = replace(MET, trouble=Trouble(LineState.NO_SERVER, Reason("", "")))
    assert "Belum terhubung" in describe(no_server).sentence


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (
            replace(MET, left=Left(0, 900, 312_000_000), rate_bytes_s=40_000.0),
            "Sisa gambar 312 MB, kira-kira 2 jam 10 menit pada laju sekarang.",
        ),
        (
            replace(MET, left=Left(0, 900, 312_000_000)),
            "Sisa gambar 312 MB; lamanya belum dapat diperkirakan.",
        ),
        (replace(MET, left=Left(7)), "Terhubung ke KPU RI."),
    ],
)
def test_what_is_left_and_how_long_it_takes(facts: Facts, words: str) -> None:
    assert describe(facts).sentence.endswith(words)


def test_on_a_poor_line_it_says_that_small_copies_go_first_and_how_long_those_take() -> None:
    left = Left(0, 900, 312_000_000, 500, 48_000_000, is_line_poor=True)
    known = replace(MET, left=left, rate_bytes_s=20_000.0)
    first = "Salinan hemat dulu: jalur lambat (sisa 48 MB, kira-kira 40 menit). Sisa gambar 312 MB, kira-kira 4 jam"
    assert first in describe(known).sentence
    unknown = describe(replace(known, rate_bytes_s=0.0)).sentence
    assert "Salinan hemat dulu: jalur lambat (sisa 48 MB). Sisa gambar 312 MB; lamanya" in unknown
    there = describe(replace(known, left=dataclasses.replace(left, thrifty=0, thrifty_bytes=0))).sentence
    assert "Jalur lambat: salinan hemat sudah di KPU RI, gambar lengkap menyusul. Sisa gambar" in there


def test_a_closed_schedule_says_when_it_goes_on_instead_of_how_long() -> None:
    facts = replace(MET, left=Left(0, 9, 5_000_000), rate_bytes_s=40_000.0, images_open_at=NOW + 3600)
    status = describe(facts)
    assert status.time_left_s is None
    assert status.images_open_at == NOW + 3600
    assert re.search(r"Gambar \(sisa 5 MB\) dilanjutkan pukul \d\d\.\d\d menurut jadwal\.", status.sentence)
    assert describe(replace(facts, images_open_at=None)).time_left_s == 125.0


def test_paused_images_promise_nothing() -> None:
    facts = replace(MET, left=Left(0, 9, 5_000_000), rate_bytes_s=40_000.0, channels=paused(Lane.SCANS))
    assert "Sisa" not in describe(facts).sentence
