"""`python -m sync.send` before tus servers of others: killed again and again, every byte there, nothing twice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sync import policy as p
from tests.fakes.peers import kept, serving
from tests.fakes.recorder import Recorder, Sent

ROOT = Path(__file__).parents[2]
SEED = 20190417
ODD_NAMES = [
    "C1 plano é.jpg",
    " depan dan belakang .jpg",
    "koma,titik;sama=dengan.jpg",
    "%20%2F..%2F.jpg",
    "#1 & 'dua' (salinan).jpg",
    "印尼 ᬩᬮᬶ 😀.jpg",
    ".tersembunyi",
    "tanpa-ekstensi",
    "p" * 180 + ".jpg",
]
ODD_SIZES = [0, 0, 1, 64 * 1024, 64 * 1024 + 1, 655_360, 1_000_000, 1_200_000]

server = pytest.mark.parametrize(
    "server", [pytest.param("@tus/server", marks=pytest.mark.peer("node")), "tuspyserver"]
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chosen = tmp_path / "pindaian"
    chosen.mkdir()
    return chosen


def fill(folder: Path, count: int) -> dict[str, bytes]:
    """Scans as they come: most 20-60 KB, some empty, some of a megabyte, names as people give them."""
    rng = random.Random(SEED)
    names = [*ODD_NAMES, *(f"c1-{number:04}.jpg" for number in range(count - len(ODD_NAMES)))]
    sizes = [*ODD_SIZES, *(rng.randint(20_000, 60_000) for _ in range(count - len(ODD_SIZES)))]
    rng.shuffle(names)
    files = {name: rng.randbytes(size) for name, size in zip(names, sizes, strict=True)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return files


def command(endpoint: str, folder: Path) -> list[str]:
    state = folder.with_name("state")
    return [sys.executable, "-m", "sync.send", endpoint, str(folder), "--state", str(state)]


def send(endpoint: str, folder: Path) -> None:
    run = command(endpoint, folder)
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def of_method(requests: list[Sent], method: str) -> list[Sent]:
    return [one for one in requests if one.method == method]


@server
@pytest.mark.sweep
def test_killed_and_restarted_everything_arrives_and_nothing_twice(
    server: str, folder: Path, tmp_path: Path, sweep_size: Callable[[int, int], int]
) -> None:
    """Killed inside a request at seeded points; what is sent again is at most what a kill cut off."""
    files = fill(folder, 200)
    payload = sum(map(len, files.values()))
    rng, kills = random.Random(SEED + 1), sweep_size(3, 12)
    with serving(server, tmp_path / "server") as behind, Recorder(behind) as line:
        cut: list[Sent] = []
        for _ in range(kills):
            more = rng.randrange(payload // (kills + 1))
            with subprocess.Popen(command(line.url, folder), cwd=ROOT) as child:
                begun = len(line.seen)
                lost = line.kill_at(line.body_bytes + more, child)
                assert lost, f"ended before the kill after {more} bytes"
                asked = {one.path for one in of_method(line.seen[begun:], "HEAD")}
                assert len(asked) <= p.IN_FLIGHT_MOST, "asked about finished files"
                cut += lost
        send(line.url, folder)
        sent = list(line.seen)
        send(line.url, folder)
        assert line.seen == sent, "a run after the last file asked for something"

    found = kept(tmp_path / "server")
    assert {name: contents[0] for name, contents in found.items()} == files
    again = line.body_bytes - payload
    cut_bytes = sum(one.body for one in cut)
    twice = sum(len(contents) - 1 for contents in found.values())
    print(
        f"{server}: {payload} bytes, {kills} kills cut {cut_bytes}, sent again {again}, whole twice {twice}"
    )
    assert again <= cut_bytes
    # A creation whose answer the kill ate leaves no URL: the one case in which plain tus cannot know.
    assert len(of_method(sent, "POST")) <= len(files) + len(of_method(cut, "POST"))
    assert twice <= len(of_method(cut, "POST"))


def expire(upload: Path) -> None:
    about = json.loads(upload.with_suffix(".json").read_text(encoding="utf-8"))
    upload.with_suffix(".json").write_text(json.dumps({**about, "creation_date": "2019-04-17T07:00:00.000Z"}))


def delete(upload: Path) -> None:
    upload.unlink()
    upload.with_suffix(".json").unlink()


def shorten(upload: Path) -> None:
    upload.write_bytes(upload.read_bytes()[:1000])


@pytest.mark.peer("node")
@pytest.mark.parametrize(
    ("spoil", "creations"), [(expire, 2), (delete, 2), (shorten, 1)], ids=["410", "404", "lower offset"]
)
def test_what_the_server_lost_meanwhile_is_sent_again(
    spoil: Callable[[Path], None], creations: int, folder: Path, tmp_path: Path
) -> None:
    """An upload that it no longer wants, no longer knows, or holds less of than it once said."""
    content = random.Random(SEED).randbytes(1_200_000)
    (folder / "besar.jpg").write_bytes(content)
    at_server = tmp_path / "server"
    with serving("@tus/server", at_server, "--expires-ms", "3600000") as behind, Recorder(behind) as line:
        with subprocess.Popen(command(line.url, folder), cwd=ROOT) as child:
            assert line.kill_at(900_000, child)  # in the second chunk
        (upload,) = [path for path in at_server.iterdir() if not path.suffix]
        asked = httpx.head(f"{behind}/{upload.name}", headers={"Tus-Resumable": "1.0.0"}, timeout=20)
        assert asked.status_code == 200  # the server has let go of what the killed one was sending
        spoil(upload)
        send(line.url, folder)
        assert len(of_method(line.seen, "POST")) == creations
    assert content in kept(at_server)["besar.jpg"]


@pytest.mark.peer("node")
def test_an_absolute_location_of_the_same_server_is_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "a.jpg").write_bytes(b"a" * 1000)
    with serving("@tus/server", tmp_path / "server", "--absolute") as endpoint:
        send(endpoint, folder)
    assert kept(tmp_path / "server") == {"a.jpg": [b"a" * 1000]}
