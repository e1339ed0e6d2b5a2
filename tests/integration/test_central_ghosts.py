"""Uploads of the dead: a request whose PC says nothing any more neither keeps its upload nor writes into it later."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from sync.central.server import RunningCentre, listen
from tests.unit.sync.central.office import JPEG, PATCH, Office, metadata
from tests.unit.sync.central.running import joined, running

BIG = JPEG * 2000  # about 4 MB
HALF = 2_000_000
TUS = {"Tus-Resumable": "1.0.0"}
SOON_S = 5.0  # a safety net; the centre gives a silent body up after 30


def part_of(tmp_path: Path, location: str) -> Path:
    return tmp_path / "pusat" / "uploads" / f"{location.rpartition('/')[2]}.part"


@contextmanager
def ghost(
    office: Office, request: str, more: Mapping[str, str], part: Path | None = None
) -> Iterator[socket.socket]:
    """A request with half of its body, then silence on an open connection; the centre is at work on it."""
    assert office.client is not None
    url = urlsplit(str(office.client.base_url))
    headers = {
        **PATCH,
        "Host": url.netloc,
        "Content-Length": str(len(BIG)),
        "Authorization": office.client.headers["Authorization"],
    } | dict(more)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((url.hostname or "", url.port or 0), SOON_S) as line:
        line.sendall(f"{request} HTTP/1.1\r\n{lines}\r\n".encode() + BIG[:HALF])
        while part is not None and not part.stat().st_size:
            pass  # the first megabyte is not written yet
        yield line


def ghost_at(office: Office, location: str, part: Path) -> AbstractContextManager[socket.socket]:
    return ghost(office, f"PATCH {location}", {"Upload-Offset": "0"}, part)


def offset_of(office: Office, location: str) -> int:
    assert office.client is not None
    answer = office.client.head(location, headers=TUS, timeout=SOON_S)
    assert answer.status_code == 200
    return int(answer.headers["upload-offset"])


def held(office: Office, data: bytes) -> int:
    assert office.client is not None
    return office.client.head(f"/api/v1/scans/by-hash/{hashlib.sha256(data).hexdigest()}").status_code


def status_of(line: socket.socket) -> int:
    return int(line.recv(1000).split()[1])


def say_on(line: socket.socket) -> None:
    """What the network had kept comes after all."""
    with suppress(OSError):  # the centre has closed it
        line.sendall(BIG[HALF:])


def test_who_asks_on_another_connection_goes_on_from_there(
    office: Office, centre: RunningCentre, tmp_path: Path
) -> None:
    location = office.create_upload(BIG).headers["location"]
    part = part_of(tmp_path, location)
    with ghost_at(office, location, part) as line:
        offset = offset_of(office, location)
        assert 0 < offset <= HALF
        assert part.stat().st_size == offset
        assert status_of(line) == 423
        say_on(line)
        assert offset_of(office, location) == offset  # the ghost's late bytes are nobody's
        middle = offset + 1000
        assert office.patch(location, BIG[offset:middle], offset).headers["upload-offset"] == str(middle)
        assert office.patch(location, BIG[middle:], middle).status_code == 204
    assert held(office, BIG) == 200
    kept = centre.parts.scans.path(hashlib.sha256(BIG).hexdigest())
    assert kept.read_bytes() == BIG


def test_a_patch_alone_ends_the_ghost(office: Office, tmp_path: Path) -> None:
    """Who does not ask first is told the offset in the refusal, as tus says, and the way is free."""
    assert office.client is not None
    location = office.create_upload(BIG).headers["location"]
    with ghost_at(office, location, part_of(tmp_path, location)) as line:
        refused = office.patch(location, BIG[1000:], 1000)
        assert refused.status_code == 409
        offset = int(refused.headers["upload-offset"])
        assert office.patch(location, BIG[offset:], offset).status_code == 204
        say_on(line)
    assert held(office, BIG) == 200


def test_a_ghost_does_not_keep_an_upload_from_being_forgotten(office: Office, tmp_path: Path) -> None:
    assert office.client is not None
    location = office.create_upload(BIG).headers["location"]
    part = part_of(tmp_path, location)
    with ghost_at(office, location, part) as line:
        assert office.client.delete(location, headers=TUS).status_code == 204
        say_on(line)
        assert office.client.head(location, headers=TUS).status_code == 404
        assert not part.exists()


def test_another_device_disturbs_nobody(office: Office, centre: RunningCentre, tmp_path: Path) -> None:
    assert office.client is not None
    location = office.create_upload(BIG).headers["location"]
    with (
        ghost_at(office, location, part_of(tmp_path, location)) as line,
        joined(centre, beside=office, device="pc-2") as other,
    ):
        assert other.client is not None
        assert other.client.head(location, headers=TUS).status_code == 404
        assert other.patch(location, BIG, 0).status_code == 404
        assert other.client.delete(location, headers=TUS).status_code == 404
        line.sendall(BIG[HALF:])
        assert status_of(line) == 204
    assert held(office, BIG) == 200


def test_a_silent_body_is_given_up_with_nobody_asking(tmp_path: Path) -> None:
    with running(tmp_path / "pusat", body_idle_s=0.2) as centre, joined(centre) as office:
        location = office.create_upload(BIG).headers["location"]
        part = part_of(tmp_path, location)
        with ghost_at(office, location, part) as line:
            assert status_of(line) == 408
            assert part.stat().st_size == HALF  # what came is kept
            while line.recv(1000):
                pass  # the rest of the answer; then the connection is no more
        assert offset_of(office, location) == HALF
        assert office.patch(location, BIG[HALF:], HALF).status_code == 204
        assert held(office, BIG) == 200


def test_a_silent_creation_is_given_up_too(tmp_path: Path) -> None:
    about = {"Upload-Length": str(len(BIG)), "Upload-Metadata": metadata(hashlib.sha256(BIG).hexdigest())}
    with (
        running(tmp_path / "pusat", body_idle_s=0.2) as centre,
        joined(centre) as office,
        ghost(office, "POST /api/v1/scans/", about) as line,
    ):
        assert status_of(line) == 408


def test_the_kernel_asks_whether_a_silent_peer_still_lives() -> None:
    """What the listening socket is told holds for those it accepts."""
    with listen("127.0.0.1", 0) as sock:
        sock.listen()
        with socket.create_connection(sock.getsockname()), sock.accept()[0] as accepted:
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
