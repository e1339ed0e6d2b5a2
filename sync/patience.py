"""Waiting for a slow answer as long as the centre lives: a `hello` beside the silent request decides.

The request is given up when such a hello is not answered, or when the longest deadline has passed. Thread: event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

from app.ports import Reason
from sync import policy as p
from sync import wire
from sync.classify import Action
from sync.outcome import Answer, Failed
from sync.policy import Policy

T = TypeVar("T")
HelloCall = Callable[[float], Awaitable[Answer[wire.Hello] | Failed]]

_SILENCE = Reason("silence", "KPU RI tidak menjawab.")
_DEADLINE = Reason("deadline", "KPU RI tidak menjawab sampai batas waktu.")


async def patiently(
    call: Awaitable[Answer[T] | Failed], hello: HelloCall, policy: Policy
) -> Answer[T] | Failed:
    """The call's outcome, or silence. Cancelling this cancels the call."""
    task = asyncio.ensure_future(call)
    waited_s = 0.0
    try:
        for ask_at_s in ask_times(policy):
            await asyncio.wait({task}, timeout=min(ask_at_s, policy.deadline_most_s) - waited_s)
            waited_s = ask_at_s
            if task.done() or waited_s >= policy.deadline_most_s:
                break
            beside = asyncio.ensure_future(hello(policy.hello_answer_s))
            try:
                await asyncio.wait({task, beside}, return_when=asyncio.FIRST_COMPLETED)
                if not task.done() and isinstance(beside.result(), Failed):
                    return Failed(Action.CLOSE_GATE, _SILENCE, fault="silent")
            finally:
                beside.cancel()
        if not task.done():
            return Failed(Action.CLOSE_GATE, _DEADLINE, fault="deadline")
        return task.result()
    finally:
        task.cancel()


def ask_times(policy: Policy) -> Iterator[float]:
    """Seconds after the start at which a hello is asked: 10, 30, 70, then every 60."""
    last = 0.0
    for last in policy.hello_beside_s:
        yield last
    while True:
        last += p.HELLO_BESIDE_EVERY_S
        yield last
