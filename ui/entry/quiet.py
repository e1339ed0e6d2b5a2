"""Was a key meant for what is on the screen, or typed ahead for something else?

A trained keyer types ten keys a second and looks at the paper: when the findings appear, digits for the next box are
already on their way, and 1-4 would accept. Invariant: nothing counts before the list was painted, nor until the hands
rested for `QUIET_S`; each key in between starts the rest again, so that a stream of digits never decides anything.
The clock comes in; there is no timer. Pure, any thread.
"""

from __future__ import annotations

from collections.abc import Callable

QUIET_S = 0.3  # a typist's gap is 0.1-0.2 s; reading one finding and answering it takes a second at least


class Quiet:
    """One list that takes keys. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._since: float | None = None  # None until it was painted
        self._is_over = False

    def appeared(self) -> None:
        """A list stands there that nobody has seen yet."""
        self._since, self._is_over = None, False

    def painted(self) -> None:
        """It is on the screen now."""
        if self._since is None:
            self._since = self._clock()

    def is_meant(self) -> bool:
        """Ask once for every key that would decide something: it also notes the key."""
        if self._is_over or self._since is None:
            return self._is_over
        now = self._clock()
        self._is_over = now - self._since >= QUIET_S
        self._since = now
        return self._is_over
