"""Clients of others before our centre: tus-js-client and tuspy resume after a kill and are refused on a wrong hash."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.central.server import RunningCentre
from tests.fakes.peers import SCRIPTS, run_tus_js, tus_js
from tests.fakes.recorder import Recorder, Sent
from tests.unit.sync.central.office import Office, metadata

TUS = {"Tus-Resumable": "1.0.0"}
CHUNK = 100_000
SIZES = [1, 70_000, 100_000, 300_000, 450_000, 1_300_000]  # the last is more than the centre writes at once


@pytest.fixture
def line(centre: RunningCentre) -> Iterator[Recorder]:
    with Recorder(f"{centre.url}/api/v1/scans/") as recorder:
        yield recorder


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "pindaian é"
    folder.mkdir()
    made = [folder / f"halaman {number}.jpg" for number in range(len(SIZES))]
    for number, (path, size) in enumerate(zip(made, SIZES, strict=True)):
        path.write_bytes(random.Random(number).randbytes(size))
    return made


def authorization(office: Office) -> str:
    assert office.client is not None
    return office.client.headers["Authorization"]


def js_options(line: Recorder, office: Office, files: list[Path], *more: str) -> list[str]:
    token = f"Authorization: {authorization(office)}"
    return ["--endpoint", line.url, "--folder", str(files[0].parent), "--header", token, "--sha256", *more]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def held(office: Office, files: list[Path]) -> list[bytes]:
    """What the centre's disk holds of the files, beside what it says."""
    assert office.client is not None
    answers = [office.client.head(f"/api/v1/scans/by-hash/{digest(one)}").status_code for one in files]
    assert set(answers) <= {200, 404}
    return [one.read_bytes() for one, answer in zip(files, answers, strict=True) if answer == 200]


def assert_all_arrived(centre: RunningCentre, office: Office, files: list[Path]) -> None:
    assert len(held(office, files)) == len(files)
    for one in files:
        assert centre.parts.scans.path(digest(one)).read_bytes() == one.read_bytes()


def assert_nothing_kept(tmp_path: Path, office: Office, files: list[Path]) -> None:
    assert held(office, files) == []
    left = [path for name in ("uploads", "scans") for path in (tmp_path / "pusat" / name).rglob("*")]
    assert [path for path in left if path.is_file()] == []


def patched(requests: list[Sent]) -> int:
    return sum(one.body for one in requests)


@pytest.mark.peer("node")
@pytest.mark.parametrize(
    "options",
    [(), ("--with-creation",), ("--chunk", str(CHUNK)), ("--override", "--chunk", str(CHUNK))],
    ids=["whole", "with creation", "in chunks", "method override"],
)
def test_tus_js_uploads(
    centre: RunningCentre, office: Office, line: Recorder, files: list[Path], options: tuple[str, ...]
) -> None:
    account = run_tus_js(*js_options(line, office, files, "--retry", "", *options))
    assert account["failed"] == []
    assert_all_arrived(centre, office, files)
    assert line.body_bytes == sum(SIZES)
    methods = {one.method for one in line.seen}
    assert methods == ({"POST"} if {"--override", "--with-creation"} & set(options) else {"POST", "PATCH"})


@pytest.mark.peer("node")
def test_tus_js_killed_resumes_where_it_was(
    centre: RunningCentre, office: Office, line: Recorder, files: list[Path], tmp_path: Path
) -> None:
    """By its own store of URLs; the centre kept what came before each kill."""
    storage = ["--storage", str(tmp_path / "urls.json"), "--parallel", "1", "--chunk", str(CHUNK)]
    command = tus_js(*js_options(line, office, files, *storage))
    cut: list[Sent] = []
    for at in (50_000, 400_000, 1_500_000):
        with subprocess.Popen(command) as child:
            lost = line.kill_at(at, child)
            assert lost
            cut += lost
    assert run_tus_js(*js_options(line, office, files, *storage))["failed"] == []
    assert_all_arrived(centre, office, files)
    assert line.body_bytes <= sum(SIZES) + patched(cut)
    assert sum(one.method == "POST" for one in line.seen) == len(files), "resumed, not begun anew"


@pytest.mark.peer("node")
def test_tus_js_is_refused_on_a_wrong_hash_and_then_welcome(
    centre: RunningCentre, office: Office, line: Recorder, files: list[Path], tmp_path: Path
) -> None:
    storage = ("--storage", str(tmp_path / "urls.json"), "--parallel", "1")
    account = run_tus_js(*js_options(line, office, files, *storage, "--false-sha256"))
    assert [one["status"] for one in account["failed"]] == [460] * len(files)
    assert all('"checksum"' in one["answer"] for one in account["failed"])
    assert_nothing_kept(tmp_path, office, files)
    account = run_tus_js(*js_options(line, office, files, *storage))  # it knows the URLs of the refused ones
    assert account["failed"] == []
    assert_all_arrived(centre, office, files)


@pytest.mark.peer("node")
def test_tus_js_without_a_token_gets_nowhere(line: Recorder, files: list[Path]) -> None:
    account = run_tus_js("--endpoint", line.url, "--folder", str(files[0].parent), "--sha256")
    assert [one["status"] for one in account["failed"]] == [401] * len(files)
    assert "PATCH" not in {one.method for one in line.seen}


def tuspy(line: Recorder, office: Office, path: Path, *sha256: str) -> list[str]:
    script, storage = str(SCRIPTS / "tuspy_client.py"), str(path.parents[1] / "urls.json")
    return [sys.executable, script, line.url, str(path), authorization(office), storage, *sha256]


def test_tuspy_killed_resumes_where_it_was(
    centre: RunningCentre, office: Office, line: Recorder, files: list[Path]
) -> None:
    big = files[-1]
    cut: list[Sent] = []
    for at in (250_000, 900_000):
        with subprocess.Popen(tuspy(line, office, big)) as child:
            lost = line.kill_at(at, child)
            assert lost
            cut += lost
    subprocess.run(tuspy(line, office, big), check=True, timeout=60)
    assert_all_arrived(centre, office, [big])
    assert line.body_bytes <= SIZES[-1] + patched(cut)
    assert [one.method for one in line.seen].count("POST") == 1


def test_tuspy_is_refused_on_a_wrong_hash_and_then_welcome(
    centre: RunningCentre, office: Office, line: Recorder, files: list[Path], tmp_path: Path
) -> None:
    refused = subprocess.run(
        tuspy(line, office, files[-1], "0" * 64), capture_output=True, text=True, timeout=60, check=False
    )
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "460\n", "")
    assert_nothing_kept(tmp_path, office, files)
    (tmp_path / "urls.json").unlink()  # tuspy gives up at a URL that is gone; tus-js-client begins anew
    subprocess.run(tuspy(line, office, files[-1]), check=True, timeout=60)
    assert_all_arrived(centre, office, files[-1:])


def test_what_the_protocol_asks_of_every_answer(office: Office) -> None:
    """tus 1.0: what a client may rely on, whichever one it is."""
    assert office.client is not None
    client, content = office.client, random.Random(9).randbytes(1000)
    options = client.options("/api/v1/scans/")
    assert (options.headers["tus-version"], options.headers["tus-resumable"]) == ("1.0.0", "1.0.0")
    made = office.create_upload(content)
    location = made.headers["location"]
    head = client.head(location, headers=TUS)
    assert head.headers["cache-control"] == "no-store"
    assert (head.headers["upload-offset"], head.headers["upload-length"]) == ("0", "1000")
    assert head.headers["upload-expires"] == made.headers["upload-expires"]
    assert head.headers["upload-metadata"] == metadata(hashlib.sha256(content).hexdigest())
    old = client.head(location, headers={"Tus-Resumable": "0.2.2"})
    assert (old.status_code, old.headers["tus-version"]) == (412, "1.0.0")
    wrong = office.patch(location, content[500:], 500)
    assert (wrong.status_code, wrong.headers["upload-offset"]) == (409, "0")
    typed = client.patch(location, content=content, headers={**TUS, "Upload-Offset": "0"})
    assert typed.status_code == 415
    assert all("tus-resumable" in answer.headers for answer in (made, head, old, wrong, typed))
    gone = client.head("/api/v1/scans/" + "0" * 32, headers=TUS)
    assert (gone.status_code, "upload-offset" in gone.headers) == (404, False)
