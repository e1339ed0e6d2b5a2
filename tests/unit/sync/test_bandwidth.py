"""The limiter on virtual time: never faster than asked, never standing still, and it lets go at once."""

from __future__ import annotations

import asyncio
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.sending import LIMIT_LEAST_KBIT_S, Sending
from sync.bandwidth import Limiter, PacedBody
from tests.fakes.virtual_loop import passes, run_virtually

LEAST = Sending(limit_kbit_s=LIMIT_LEAST_KBIT_S).limit_bytes_s
assert LEAST is not None
limits = st.floats(LEAST, 1e6)


def make(limit: float | None) -> Limiter:
    return Limiter(asyncio.get_running_loop().time, limit)


async def sent(limiter: Limiter, size: int, log: list[tuple[float, int]]) -> PacedBody:
    """Take a body's parts as a line would that is infinitely fast."""
    loop = asyncio.get_running_loop()
    body = PacedBody(bytes(size), limiter, loop.time)
    async for part in body:
        log += [(loop.time(), len(part))]  # as it comes: a cancelled body has sent what it has sent
    return body


@settings(max_examples=30, deadline=None)
@given(limits, st.integers(1, 8), st.floats(1, 30))
def test_the_rate_keeps_below_the_limit_and_the_line_always_moves(
    limit: float, bodies: int, seconds: float
) -> None:
    log: list[tuple[float, int]] = []
    size = int(limit * seconds / bodies)

    async def story() -> None:
        limiter = make(limit)
        await asyncio.gather(*(sent(limiter, size, log) for _ in range(bodies)))

    run_virtually(story())
    log.sort()
    assert sum(part for _, part in log) == size * bodies
    start = 0
    total = 0
    for at, part in log:
        total += part
        while log[start][0] <= at - 10:
            total -= log[start][1]
            start += 1
        assert total <= limit * 10 * 1.05
    times = [0.0] + [at for at, _ in log]
    assert max(later - earlier for earlier, later in itertools.pairwise(times)) <= 1.0
    assert times[-1] <= seconds + 1.0  # and the limit is used, not merely kept


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(0.05, 5), st.none() | limits), min_size=1, max_size=6), limits)
def test_a_changed_limit_holds_at_once_and_nobody_is_forgotten(
    changes: list[tuple[float, float | None]], first: float
) -> None:
    log: list[tuple[float, int]] = []

    async def story() -> list[tuple[float, float]]:
        """Returns (when, limit) of the last change to a limit."""
        limiter = make(first)
        tasks = [asyncio.create_task(sent(limiter, 2_000_000, log)) for _ in range(3)]
        marks = []
        for wait_s, limit in changes:
            await passes(wait_s)
            limiter.set_limit(limit)
            marks.append((asyncio.get_running_loop().time(), limit or 0.0))
        await passes(1.0)
        lifted = asyncio.get_running_loop().time()
        limiter.set_limit(None)
        await asyncio.gather(*tasks)
        assert asyncio.get_running_loop().time() == lifted, "a lifted limit frees everybody at once"
        return marks

    at, limit = run_virtually(story())[-1]
    if limit:
        within = sum(part for when, part in log if at < when < at + 0.99)
        # Each of three bodies may finish a slice it was given under the limit before.
        assert within <= limit * 1.2 + 3 * 256 * 1024


@settings(max_examples=30, deadline=None)
@given(limits, st.integers(1, 7))
def test_a_waiter_that_is_cancelled_holds_up_nobody(limit: float, cancelled: int) -> None:
    async def story() -> float:
        limiter = make(limit)
        others = [asyncio.create_task(sent(limiter, 4_000_000, [])) for _ in range(cancelled)]
        await passes(2)
        for one in others:
            one.cancel()
        began = asyncio.get_running_loop().time()
        await sent(limiter, int(limit), [])
        assert all(one.done() for one in others)
        return asyncio.get_running_loop().time() - began

    assert run_virtually(story()) <= 1.0 + (cancelled + 1) * 0.2


def test_what_a_body_waits_is_its_own_fact_while_it_waits_too() -> None:
    async def story() -> None:
        limiter = make(1000.0)
        loop = asyncio.get_running_loop()
        body = PacedBody(bytes(3_000), limiter, loop.time)
        parts = aiter(body)
        await anext(parts)
        assert body.held_s == 0.0
        waiting = asyncio.ensure_future(anext(parts))
        await passes(0.2)
        assert body.held_s == 0.2
        await waiting
        assert body.held_s == 0.256
        assert len(body) == 3_000

    run_virtually(story())


def test_without_a_limit_nothing_waits() -> None:
    async def story() -> None:
        limiter = make(None)
        assert (await sent(limiter, 1_000_000, [])).held_s == 0.0
        limiter.set_limit(None)

    run_virtually(story())
