"""What the lanes learnt: each one's manners, in memory and what of them is to be kept for the next run.

Beside `sync.line.LineBook`, which knows what is the whole line's. Invariant: a gate that opened or closed, and what a
person chose, is due to be kept at once; the rest every few seconds. Thread: the engine's event loop.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable

from msgspec.structs import replace

from app.ports import ChannelState, Clock, ItemKind, Lane
from sync import gate
from sync.ahead import Ahead
from sync.plan import LANE_OF
from sync.policy import Policy

SAVE_EVERY_S = 5.0  # of what a lane merely learnt


class LaneBook:
    """Mutable; one per engine run."""

    def __init__(self, clock: Clock, rng: random.Random, policy: Policy) -> None:
        self._clock, self._rng, self._policy = clock, rng, policy
        self.channels: dict[Lane, ChannelState] = {}
        self.ahead = Ahead()
        self._unsaved: set[Lane] = set()
        self._saved_at = 0.0  # monotonic

    def load(self, states: Iterable[ChannelState]) -> float:
        """As an earlier run left them; returns when that wrote last (wall seconds)."""
        self.channels = {state.lane: state for state in states}
        return max(state.updated_at for state in self.channels.values())

    def react(self, lane: Lane, event: gate.Event) -> bool:
        """True when its gate moved."""
        before = self.channels[lane]
        after = gate.react(before, event, self._clock.now(), self._rng, self._policy)
        self.channels[lane] = after
        if after.gate_until > before.gate_until or isinstance(event, gate.Failed | gate.Silent):
            self.ahead.end(lane)
        self._unsaved.add(lane)
        if after.gate_until == before.gate_until:
            return False
        self._saved_at = 0.0
        return True

    def retry(self) -> None:
        """Every gate gets its one probe now; what was deferred behind it counts as due."""
        self.ahead.ask(self.channels, self._clock.now())
        self._all(gate.Retried())

    def rebase(self) -> None:
        """Whether a clock of an earlier run, or of a moment ago, was ahead of this one shows in what it wrote."""
        self._all(gate.ClockJumped())

    def _all(self, event: gate.Event) -> None:
        for lane in self.channels:
            self.react(lane, event)

    def pause(self, lanes: Collection[Lane], is_paused: bool) -> None:
        """By the person here."""
        for lane in lanes:
            self.channels[lane] = replace(self.channels[lane], is_paused=is_paused)
        self._unsaved |= set(lanes)
        self._saved_at = 0.0

    def unpaused(self) -> list[ItemKind]:
        """The kinds nobody holds back."""
        return [kind for kind in ItemKind if not self.channels[LANE_OF[kind]].is_paused]

    def to_save(self, *, is_last: bool = False) -> list[ChannelState]:
        """What is to be written now; it counts as written. `is_last`: all there is."""
        now = self._clock.monotonic()
        lanes = set(self.channels) if is_last else self._unsaved
        if not is_last and now - self._saved_at < SAVE_EVERY_S:
            return []
        self._unsaved, self._saved_at = set(), now
        return [self.channels[lane] for lane in lanes]
