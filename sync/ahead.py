"""What people asked to be tried now: each item that waits counts as due once, then its own wait holds again.

Without the *once* an item answered "not yet" (a verdict before its version, a signer the centre does not know) was
asked about again as fast as the line went, ten times a second. Thread: the engine's event loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.ports import ChannelState, Item, ItemKind, Lane
from sync import policy as p


class Ahead:
    """One per engine run; *Coba sekarang*, a wake from sleep and a clock that was set begin it anew."""

    def __init__(self) -> None:
        self._until: dict[Lane, float] = {}
        self._tried: set[int] = set()  # deferred since

    def ask(self, lanes: Mapping[Lane, ChannelState], now: float) -> None:
        """From now on whatever waits, behind a closed gate as well, counts as due."""
        latest = now + p.NEXT_AT_MOST_S
        self._until = {lane: max(state.gate_until, latest) for lane, state in lanes.items()}
        self._tried.clear()

    def deferred(self, items: Iterable[Item]) -> None:
        """They were tried, and wait their own time."""
        if self._until:
            self._tried |= {item.id for item in items}

    def end(self, lane: Lane) -> None:
        """Tried, and no: from here on everybody's own wait counts again."""
        self._until.pop(lane, None)

    def until(self, lane: Lane, now: float) -> float:
        """Items whose next try is up to then are asked of the store."""
        return max(now, self._until.get(lane, 0.0))

    def still(self, due: Mapping[ItemKind, Sequence[Item]], now: float) -> dict[ItemKind, Sequence[Item]]:
        """Of what the store found, that which has not had its try yet."""
        return {
            kind: [item for item in items if item.next_at <= now or item.id not in self._tried]
            for kind, items in due.items()
        }
