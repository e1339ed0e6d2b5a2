"""What is left and how long it takes: from bytes the centre accepted, never from bytes that were merely sent.

Pure values and one small meter; no estimate without a rate that was really seen. Thread: the event loop.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace

from app.domain.sending import Left

WINDOW_S = 60.0  # the moving window of the rate: longer than one chunk (5-15 s) takes
SPAN_LEAST_S = 2.0  # before that nothing is known
RATE_LEAST = 100.0  # bytes/s; slower is standing still


class Meter:
    """The rate of accepted bytes."""

    def __init__(self) -> None:
        self._accepted: deque[tuple[float, int]] = deque()
        self.total = 0

    def accepted(self, size: int, now: float) -> None:
        """`size` bytes were confirmed at `now` (monotonic seconds)."""
        self.total += size
        self._accepted.append((now, size))

    def rate(self, now: float) -> float:
        """Bytes per second over the window; 0 = not known. The first bytes only start the clock."""
        while self._accepted and self._accepted[0][0] <= now - WINDOW_S:
            self._accepted.popleft()
        if not self._accepted:
            return 0.0
        first_at, first = self._accepted[0]
        span_s = now - first_at
        if span_s < SPAN_LEAST_S:
            return 0.0
        return (sum(size for _, size in self._accepted) - first) / span_s


def time_left_s(image_bytes: int, rate: float) -> float | None:
    """Seconds until the images are there; None when that cannot be said."""
    return image_bytes / rate if rate >= RATE_LEAST and image_bytes > 0 else None


def after_accepting(left: Left, size: int) -> Left:
    """What is left once the centre has `size` more bytes of images; counted anew every few seconds."""
    copies = max(0, left.thrifty_bytes - size)  # they go first
    return replace(left, image_bytes=max(0, left.image_bytes - size), thrifty_bytes=copies)


def size_words(size: int) -> str:
    """`312 MB`, `1,2 GB`."""
    if size >= 1_000_000_000:
        return f"{size / 1e9:.1f} GB".replace(".", ",")
    return f"{size / 1e6:.0f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1e3))} kB"


def duration_words(seconds: float) -> str:
    """`2 jam 10 menit`, `40 menit`, `kurang dari satu menit`."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "kurang dari satu menit"
    if minutes < 60:
        return f"{minutes} menit"
    hours, rest = divmod(minutes, 60)
    return f"{hours} jam {rest} menit" if rest and hours < 10 else f"{hours} jam"
