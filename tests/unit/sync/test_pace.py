from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sync import pace
from sync import policy as p
from sync.pace import Pace


def fast(size: int = 1_000_000) -> Pace:
    return pace.after_body(Pace(), size, 1.0)


def test_chunks_are_ten_seconds_of_the_line_within_bounds() -> None:
    assert pace.chunk_bytes(Pace()) == 10 * 64 * 1024
    assert pace.chunk_bytes(pace.after_body(Pace(), 30_000, 1.0)) == 300_000
    assert pace.chunk_bytes(pace.after_body(Pace(), 8192, 100.0)) == p.CHUNK_LEAST
    assert pace.chunk_bytes(fast(100_000_000)) == p.CHUNK_MOST


def test_no_chunk_is_larger_than_the_server_welcomes() -> None:
    assert pace.chunk_bytes(replace(fast(), welcome=100_000)) == 100_000
    assert pace.chunk_bytes(replace(fast(), welcome=1)) == p.CHUNK_LEAST
    assert not pace.may_send_with_creation(replace(fast(), welcome=100_000), 100_001)


def test_no_chunk_is_larger_than_a_proxy_lets_through() -> None:
    told = pace.at_most(fast(), 500_000)
    assert pace.chunk_bytes(told) == 500_000
    assert pace.chunk_bytes(pace.at_most(told, 900_000)) == 500_000, "the smallest holds"
    assert not pace.is_one_chunk(told, 500_001)
    assert pace.chunk_bytes(pace.after_body(told, 500_000, 0.1)) == 500_000, "however fast the line"


def test_a_cut_halves_and_success_grows_back() -> None:
    cut = pace.after_cut(fast(), 1_000_000)
    assert pace.chunk_bytes(cut) == 500_000
    assert pace.chunk_bytes(pace.after_cut(cut, 500_000)) == 250_000
    assert pace.chunk_bytes(pace.after_body(cut, 500_000, 0.5)) == 750_000
    assert pace.chunk_bytes(pace.after_cut(cut, 1000)) == p.CHUNK_LEAST


def test_small_bodies_do_not_measure_the_line() -> None:
    assert pace.after_body(Pace(), 100, 5.0).rates == ()


def test_the_servers_slowness_does_not_look_like_the_lines() -> None:
    measured = pace.after_body(pace.after_body(Pace(), 300_000, 5.0), 300_000, 0.5)
    assert measured.rate == 600_000


def test_creation_with_body_only_on_a_clean_line_and_for_short_files() -> None:
    assert pace.may_send_with_creation(Pace(), 100_000)
    assert not pace.may_send_with_creation(Pace(), 200_000)  # nobody knows the line yet
    assert pace.is_one_chunk(Pace(), 200_000)
    assert not pace.is_one_chunk(pace.after_cut(Pace(), 200_000), 50_000)
    assert pace.may_send_with_creation(fast(), 300_000)
    assert not pace.may_send_with_creation(fast(), 3_000_000)
    cut = pace.after_cut(fast(), 5_000_000)
    for _ in range(p.CLEAN_TRANSFERS):
        assert not pace.may_send_with_creation(cut, 1000)
        cut = pace.after_transfer(cut)
    assert pace.may_send_with_creation(cut, 1000)


def test_the_floor_rate() -> None:
    assert pace.body_time_s(p.FLOOR_RATE * 3) == 3


@given(st.lists(st.tuples(st.integers(0, 5_000_000), st.floats(0, 100), st.booleans())))
def test_chunks_stay_within_bounds(story: list[tuple[int, float, bool]]) -> None:
    state = Pace()
    for size, took_s, is_cut in story:
        state = pace.after_cut(state, size) if is_cut else pace.after_body(state, size, took_s)
        assert p.CHUNK_LEAST <= pace.chunk_bytes(state) <= p.CHUNK_MOST


def test_a_slow_server_makes_no_thin_line() -> None:
    thin = pace.after_body(Pace(), 60_000, 5.0)
    assert not pace.may_send_with_creation(thin, 60_000)
    assert pace.may_send_with_creation(pace.after_body(Pace(), 60_000, 5.0, is_servers=True), 60_000)
    assert pace.after_body(Pace(), 600_000, 1.0, is_servers=True).rate == 600_000
