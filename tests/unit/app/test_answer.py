"""Answers as they may arrive: in any pieces, with or without a length, followed by what nobody asked for."""

from __future__ import annotations

import gzip
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.http.answer import HEAD_MOST, AnswerReader
from app.http.faults import Broken
from app.http.reply import LinkFault

PACKED = gzip.compress(b"Selamat pagi", mtime=0)
SIZED = b"HTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\nX-Late: 1\r\n\r\n"
)
EARLY = b"HTTP/1.1 103 Early\r\nLink: <a>\r\n\r\n"
UNPACKED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (
    len(PACKED),
    PACKED,
)
TO_THE_END = b"HTTP/1.1 200 OK\r\n\r\nhello"
NOTHING = b"HTTP/1.1 204 No Content\r\n\r\n"


def read(raw: bytes, *, method: str = "GET", cap: int = 100, at: tuple[int, ...] = ()) -> AnswerReader:
    """Fed in pieces that end at `at`."""
    reader = AnswerReader(method, cap)
    places = [0, *sorted(at), len(raw)]
    for start, end in itertools.pairwise(places):
        if end > start:
            reader.feed(raw[start:end])
    return reader


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (SIZED, b"hello"),
        (CHUNKED, b"hello"),
        (EARLY + SIZED, b"hello"),
        (UNPACKED, b"Selamat pagi"),
        (NOTHING, b""),
    ],
)
@given(at=st.lists(st.integers(0, 140), max_size=6))
def test_an_answer_in_any_pieces(raw: bytes, body: bytes, at: list[int]) -> None:
    reader = read(raw, at=tuple(place for place in at if place < len(raw)))
    assert reader.is_whole
    assert reader.may_keep
    assert bytes(reader.body) == body
    assert "link" not in reader.headers
    assert "x-late" not in reader.headers


def test_a_header_that_comes_twice_is_joined() -> None:
    assert read(SIZED).headers == {"x-a": "1, 2", "content-length": "5"}


def test_a_body_without_a_length_ends_with_its_connection() -> None:
    reader = read(TO_THE_END)
    states = [reader.is_whole]
    reader.end()
    states.append(reader.is_whole)
    assert states == [False, True]
    assert bytes(reader.body) == b"hello"


@pytest.mark.parametrize("raw", [b"", SIZED[:-1], CHUNKED[:-2], SIZED[:20], EARLY])
def test_an_answer_that_ends_too_early_is_cut(raw: bytes) -> None:
    reader = read(raw)
    with pytest.raises(Broken) as broken:
        reader.end()
    assert broken.value.fault is LinkFault.RESET


def test_a_packed_body_that_ends_too_early_is_none() -> None:
    reader = read(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + PACKED[:-4])
    with pytest.raises(Broken) as broken:
        reader.end()
    assert broken.value.fault is LinkFault.NOT_HTTP


@pytest.mark.parametrize("method", ["HEAD", "CONNECT"])
def test_some_answers_have_no_body_whatever_they_promise(method: str) -> None:
    reader = read(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", method=method)
    assert reader.is_whole
    assert reader.may_keep
    assert not reader.body


@pytest.mark.parametrize(
    ("method", "raw"),
    [
        ("GET", SIZED + NOTHING),
        ("GET", SIZED + b"junk"),
        ("GET", NOTHING + b"hello"),
        ("GET", b"HTTP/1.1 304 X\r\nContent-Length: 5\r\n\r\nhello"),
        ("HEAD", SIZED),
        ("HEAD", b"HTTP/1.1 200 OK\r\n\r\nX"),
        ("GET", b"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n"),
        ("GET", b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
    ],
)
@pytest.mark.parametrize("is_split", [False, True])
def test_after_some_answers_the_connection_is_not_used_again(method: str, raw: bytes, is_split: bool) -> None:
    cut = (len(raw) - 1,) if is_split else ()
    reader = read(raw, method=method, at=cut)
    assert reader.is_whole
    assert not reader.may_keep


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\xff junk \r\n\r\n",
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 101 X\r\nUpgrade: a\r\nConnection: Upgrade\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nX" + b"a" * HEAD_MOST,
        EARLY * (HEAD_MOST // len(EARLY) + 1),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + PACKED + b"more",
        CHUNKED[: CHUNKED.index(b"X-Late")] + b"X: " + b"a" * 2 * HEAD_MOST,  # a trailer without end
        b"HTTP/1.1 200 OK\r\n"
        + b"X: 1\r\n" * 20
        + b"".join(b"X%d: 1\r\n" % one for one in range(300))
        + b"\r\n",
    ],
)
def test_what_is_no_answer(raw: bytes) -> None:
    with pytest.raises(Broken) as broken:
        read(raw, at=tuple(range(16_384, len(raw), 16_384)))
    assert broken.value.fault is LinkFault.NOT_HTTP


@pytest.mark.parametrize("raw", [SIZED, CHUNKED, TO_THE_END])
def test_a_body_over_its_cap(raw: bytes) -> None:
    assert bytes(read(SIZED, cap=5).body) == b"hello"
    with pytest.raises(Broken) as broken:
        read(raw, cap=4)
    assert broken.value.fault is LinkFault.TOO_BIG
