"""The link simulator keeps what it promises: figures measured on it stand beside its limit."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.benchmarks.link import Line, Link, Outage


class Sink:
    """Counts what arrives on each connection; answers each whole line of one byte 'n' at once with one byte."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.received: list[int] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.received.append(0)
            number = len(self.received) - 1
            threading.Thread(target=self._read, args=(connection, number), daemon=True).start()

    def _read(self, connection: socket.socket, number: int) -> None:
        with connection:
            try:
                while data := connection.recv(65536):
                    self.received[number] += len(data)
                    if b"n" in data:
                        connection.sendall(b".")
            except OSError:
                return


@pytest.fixture
def sink() -> Iterator[Sink]:
    one = Sink()
    yield one
    one.listener.close()


def send(port: int, size: int) -> float:
    """Seconds until `size` bytes are acknowledged by the far side."""
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.settimeout(20)
        connection.sendall(b"x" * (size - 1) + b"n")
        assert connection.recv(1) == b"."
    return time.monotonic() - started


def test_keeps_rate_and_delay(sink: Sink) -> None:
    line = Line(rate=1_000_000, delay_s=0.05)
    with Link(line, sink.port) as link:
        took_s = send(link.port, 1_000_000)
        assert link.bytes_up == 1_000_000
    ideal_s = line.limit_s(1_000_000) + 4 * 0.05  # handshake, there, and back
    assert 0.98 < took_s / ideal_s < 1.25


def test_connections_share_the_line(sink: Sink) -> None:
    line = Line(rate=1_000_000)
    with Link(line, sink.port) as link:
        started = time.monotonic()
        threads = [threading.Thread(target=send, args=(link.port, 200_000)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took_s = time.monotonic() - started
    assert 0.98 < took_s / line.limit_s(800_000) < 1.3


def test_the_kernel_hides_little(sink: Sink) -> None:
    """A slow line is felt: soon after the start the sender's kernel takes no more."""
    with (
        Link(Line(rate=10_000), sink.port) as link,
        socket.create_connection(("127.0.0.1", link.port)) as connection,
    ):
        connection.settimeout(0.2)
        taken = 0
        with contextlib.suppress(TimeoutError):
            while taken < 2_000_000:
                taken += connection.send(b"x" * 4096)
    assert taken < 300_000


def test_resets_after_so_many_bytes(sink: Sink) -> None:
    with Link(Line(rate=10_000_000, reset_every=300_000), sink.port) as link:
        with pytest.raises(OSError):  # noqa: PT011 - reset or broken pipe, as the kernel likes
            send(link.port, 1_000_000)
        assert link.resets == 1
        # What the sink had not read yet when the reset came is lost to it: on a busy machine that is some of it.
        assert 100_000 <= sink.received[0] <= 310_000
        send(link.port, 100_000)


def test_thaws_after_an_outage(sink: Sink) -> None:
    line = Line(rate=1_000_000, outage=Outage(up_s=0.2, down_s=0.6, times=1))
    with Link(line, sink.port) as link:
        took_s = send(link.port, 400_000)
    assert line.limit_s(400_000) == pytest.approx(1.0)
    assert 0.98 < took_s < 1.3


def test_a_dead_connection_is_never_told(sink: Sink) -> None:
    line = Line(rate=1_000_000, outage=Outage(up_s=0.2, down_s=0.3, is_deadly=True, times=1))
    with Link(line, sink.port) as link, socket.create_connection(("127.0.0.1", link.port)) as old:
        old.settimeout(0.8)
        with pytest.raises(TimeoutError):
            old.sendall(b"x" * 5_000_000)
        assert send(link.port, 10_000) < 0.2
    assert sink.received[0] <= 210_000


@pytest.mark.parametrize(
    ("start", "work_s", "end"),
    [(0, 20, 20), (0, 20.5, 30.5), (25, 0, 30), (25, 1, 31), (30, 20, 50), (0, 45, 65), (55, 25, 95)],
)
def test_working_time(start: float, work_s: float, end: float) -> None:
    line = Line(rate=1.0, outage=Outage(up_s=20, down_s=10))
    assert line.after(start, work_s) == end


def test_deadly_outages_are_counted_at_their_beginning() -> None:
    line = Line(rate=1.0, outage=Outage(up_s=20, down_s=10, is_deadly=True, times=2))
    assert [line.outages_until(at) for at in (0, 19.9, 20, 49, 50, 1000)] == [0, 0, 1, 1, 2, 2]
