"""How fast the line carries bodies, and so how large a chunk may be. Pure values.

The rate is the best of the last samples: a server's own slowness only ever makes one look lower. Thread: any.
"""

from __future__ import annotations

import math

from msgspec import Struct
from msgspec.structs import replace

from sync import policy as p

_SAMPLES = 16
_ASSUMED_RATE = 64 * 1024.0  # bytes/s before anything was measured
_SAMPLE_LEAST = 8 * 1024  # smaller bodies measure the round trip, not the line
_HELD_MOST = 0.1  # of its time: a body held back longer measures the limiter
_GROWTH = 1.5  # of the ceiling after a chunk that passed


class Pace(Struct, frozen=True):
    """What this lane has learnt about its line."""

    rates: tuple[float, ...] = ()  # bytes/s, newest last
    ceiling: int = p.CHUNK_MOST  # halved on a cut, grows back
    since_cut: int = p.CLEAN_TRANSFERS  # whole transfers since the last cut; a fresh start counts as clean
    limit: float = math.inf  # bytes/s a person allows one connection
    welcome: int = p.CHUNK_MOST  # what the server said it takes at once
    passes: int = p.CHUNK_MOST  # what a proxy on the way lets through, learnt from its 413

    @property
    def rate(self) -> float:
        """Bytes per second one connection carries."""
        return max(self.rates, default=_ASSUMED_RATE)


def chunk_bytes(pace: Pace) -> int:
    """About ten seconds of this line, 64 KiB to 4 MiB, below what was last cut, at most what server and proxy take."""
    wanted = int(min(pace.rate, pace.limit) * p.CHUNK_TARGET_S)
    return max(p.CHUNK_LEAST, min(wanted, pace.ceiling, pace.welcome, pace.passes))


def may_send_with_creation(pace: Pace, size: int) -> bool:
    """One chunk, short, and no cut lately: an interrupted creation leaves no URL to resume from.

    A line nobody has measured yet is taken for a thin one.
    """
    is_short = size <= min(pace.rate, pace.limit) * p.SMALL_TRANSFER_S
    return is_short and is_one_chunk(pace, size)


def is_one_chunk(pace: Pace, size: int) -> bool:
    """It would leave at once, on a line that was not cut lately."""
    return size <= chunk_bytes(pace) and pace.since_cut >= p.CLEAN_TRANSFERS


def after_body(
    pace: Pace, size: int, took_s: float, waited_s: float = 0.0, *, is_servers: bool = False
) -> Pace:
    """A body of `size` bytes was accepted; held back for `waited_s` by a limit, it says nothing of the line.

    `is_servers`: it left at once and the answer came late. That makes no line thinner than an unknown one.
    """
    ceiling = min(p.CHUNK_MOST, int(pace.ceiling * _GROWTH))
    if size < _SAMPLE_LEAST or waited_s > _HELD_MOST * took_s:
        return replace(pace, ceiling=ceiling)
    sample = max(size / max(took_s, 0.001), _ASSUMED_RATE if is_servers else 0.0)
    return replace(pace, ceiling=ceiling, rates=(*pace.rates, sample)[-_SAMPLES:])


def after_transfer(pace: Pace) -> Pace:
    """One whole file more since the last cut."""
    if pace.since_cut >= p.CLEAN_TRANSFERS:
        return pace
    return replace(pace, since_cut=min(p.CLEAN_TRANSFERS, pace.since_cut + 1))


def after_cut(pace: Pace, size: int) -> Pace:
    """A body of `size` bytes was cut: halve, and do without creation-with-upload for a while."""
    smaller = max(p.CHUNK_LEAST, min(pace.ceiling, size) // 2)
    return replace(pace, ceiling=smaller, since_cut=0)


def at_most(pace: Pace, size: int) -> Pace:
    """No body of more than `size` bytes passes: a proxy's setting, which no later success takes back."""
    return pace if size >= pace.passes else replace(pace, passes=max(p.CHUNK_LEAST, size))


def body_time_s(size: int) -> float:
    """A body slower than the floor rate is dead."""
    return size / p.FLOOR_RATE
