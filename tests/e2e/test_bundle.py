"""A district without a line: everything by USB, with the commands a technician types, killed on the way as well."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import bootstrap
from app.store.driver import connect
from tests.fakes import office as staff
from tests.fakes.program import Centre, Program, make_account, start_centre


def _rows(database: Path, question: str) -> list[tuple[object, ...]]:
    db = connect(f"file:{database}?mode=ro", uri=True)
    try:
        return [tuple(row) for row in db.execute(question)]
    finally:
        db.close()


@dataclass
class Island:
    """A PC that was enrolled once and has had no line since, a centre, and a stick that travels between them."""

    program: Program
    work: Path
    centre: Path
    stick: Path
    url: str

    def export(self, *options: object) -> list[Path]:
        done = self.program.run("bundle", "export", "--data", self.work, self.stick, "--json", *options)
        return [Path(one) for one in done.json["files"]]

    def carry(self, bundle: Path) -> Path:
        """To the centre and back; returns the answer."""
        answer = self.stick / f"{bundle.stem}-jawaban.zip"
        self.program.run("bundle", "import", "--central", self.centre, bundle, "--answer", answer)
        return answer

    def take_in(self, answer: Path) -> dict[str, int]:
        found: dict[str, int] = self.program.run(
            "bundle", "import", "--data", self.work, answer, "--json"
        ).json
        return found

    def funnel(self) -> dict[str, int]:
        found: dict[str, int] = self.program.run("status", "--data", self.work, "--json").json["funnel"]
        return found

    def at_centre(self, table: str) -> int:
        ((count,),) = _rows(self.centre / "central.db", f"SELECT count(*) FROM {table}")  # noqa: S608 - fixed names
        return int(str(count))

    def online(self) -> Centre:
        port = self.url.rsplit(":", 1)[1]
        return start_centre(self.program, self.centre, "--port", port)


@pytest.fixture
def island(program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Island:
    for name, value in program.environment().items():
        monkeypatch.setenv(name, value)
    centre = start_centre(program, tmp_path / "pusat")
    try:
        work = make_account(program, centre, tmp_path)
    finally:
        centre.stop()
    stick = tmp_path / "usb"
    stick.mkdir()
    return Island(program, work, centre.folder, stick, centre.url)


def _fill(island: Island, count: int, tmp_path: Path) -> None:
    with bootstrap.opened(island.work) as wp:
        sessions = staff.hire(wp)
        sheets = staff.papers(count)
        staff.scan_all(wp, sheets, tmp_path / "masuk")
        staff.key_twice(wp, sessions, sheets)


@pytest.mark.sweep
@pytest.mark.whole
def test_all_by_usb_and_then_the_line_comes_up(
    island: Island, tmp_path: Path, sweep_size: Callable[[int, int], int]
) -> None:
    count = sweep_size(3, 30)
    _fill(island, count, tmp_path)
    (bundle,) = island.export()
    seen = island.program.run("bundle", "preview", bundle, "--data", island.work, "--json").json
    assert seen["problems"] == []
    assert seen["signature"] == "good"
    assert seen["counts"] == {"operators": 1, "record": count, "scan": 2 * count}

    answer = island.carry(bundle)
    first = island.take_in(answer)
    assert (first["settled"], first["open"], first["refused"]) == (3 * count + 1, 0, 0)
    assert island.funnel()["at_centre"] == count
    again = island.take_in(answer)
    assert (again["settled"], again["known"], again["events"]) == (0, 3 * count + 1, 0)
    island.carry(bundle)  # the centre, too, may be given it twice
    assert island.at_centre("receipt") == 3 * count

    island.program.run("verify", "--data", island.work, "--as", "sari", "--ok-identical")
    (verdicts,) = island.export("--only", "verdicts")
    island.take_in(island.carry(verdicts))
    assert island.at_centre("verdict") == count
    receipts = island.at_centre("receipt")

    centre = island.online()
    try:
        for _ in range(40):  # the publisher begins when the centre does; nothing sent here waits for it
            island.program.run("sync", "--data", island.work, "--until-idle", "--for", 60)
            if island.funnel()["public"] == count:
                break
        assert island.funnel()["public"] == island.funnel()["forms"] == count
    finally:
        centre.stop()
    assert island.at_centre("receipt") == receipts, "something was sent twice"
    assert island.at_centre("version") == count
    assert island.at_centre("scan") == 2 * count
    assert len(list((island.centre / "public").rglob("*.json"))) > count


def test_a_pc_that_never_had_a_line(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set up with a file and a code, no server anywhere; enrolled by its first bundle; signs in when a line comes."""
    for name, value in program.environment().items():
        monkeypatch.setenv(name, value)
    centre, work, stick, setup = (tmp_path / name for name in ("pusat", "kerja", "usb", "setup.json"))
    stick.mkdir()
    served = start_centre(program, centre)
    served.stop()
    url = served.url
    realm = ("--realm", "pemilu-2019")
    told = ("--district", "3204", "--server", url, *realm, "--out", setup)
    code = program.run("central-setup", "--data", centre, *told).out.strip()
    init = (
        "init",
        "--data",
        work,
        "--district",
        "3204",
        "--profile",
        "ringkas",
        "--setup",
        setup,
        "--code",
        code,
    )
    refused = program.run(*init, ok=(1,))
    assert "--usb" in refused.err
    program.run(*init, "--usb")
    island = Island(program, work, centre, stick, url)
    _fill(island, 1, tmp_path)
    (bundle,) = island.export()
    assert code.encode() not in bundle.read_bytes()
    report = island.take_in(island.carry(bundle))
    assert (report["settled"], report["open"], report["refused"]) == (4, 0, 0)
    _again_and_mistyped(island, init)
    program.run("verify", "--data", work, "--as", "sari", "--ok-identical")
    online = island.online()
    try:
        program.run("sync", "--data", work, "--until-idle", "--for", 60)
    finally:
        online.stop()
    assert island.at_centre("verdict") == 1


def _again_and_mistyped(island: Island, init: tuple[object, ...]) -> None:
    """A script repeats `init` after its success, and a technician mistypes a new code: the stick goes on."""
    program, at = island.program, ("--data", island.work)
    before = program.run("account", "show", *at, "--json").json
    assert (before["enrolled"], before["code_kept_for"]) == (True, "")
    assert "sudah terdaftar" in program.run(*init, "--usb").out
    assert program.run("account", "show", *at, "--json").json == before
    program.run("account", "enrol", *at, "--code", "ABCD-EFGH-JKLM", "--usb")
    kept_for = program.run("account", "show", *at, "--json").json["code_kept_for"]
    assert kept_for not in {"", before["device"]}
    for wrong in (("--drop",), ("--drop", "--usb", "--code", "ABCD-EFGH-JKLM")):
        program.run("account", "enrol", *at, *wrong, ok=(2,))
    assert kept_for in program.run("account", "enrol", *at, "--usb", "--drop").out
    assert "Tidak ada" in program.run("account", "enrol", *at, "--usb", "--drop").out
    assert program.run("account", "show", *at, "--json").json == before


@pytest.mark.sweep
@pytest.mark.whole
def test_the_line_comes_up_between_export_and_answer(island: Island, tmp_path: Path) -> None:
    """The first receipt wins: online first, the bundle after it, and an old answer at the end change nothing."""
    _fill(island, 2, tmp_path)
    (bundle,) = island.export()
    centre = island.online()
    try:
        island.program.run("sync", "--data", island.work, "--until-idle", "--for", 60)
        before = island.funnel(), island.at_centre("receipt")
        answer = island.carry(bundle)  # beside the serving centre
    finally:
        centre.stop()
    report = island.take_in(answer)
    assert (report["settled"], report["refused"], report["events"]) == (0, 0, 0)
    assert (island.funnel(), island.at_centre("receipt")) == before


@pytest.mark.sweep
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX; Windows' TerminateProcess is the same here")
def test_kills_during_export_and_both_imports(
    island: Island, tmp_path: Path, sweep_size: Callable[[int, int], int]
) -> None:
    count, kills = 2, sweep_size(2, 40)
    _fill(island, count, tmp_path)
    rng = random.Random(20190418)
    cut = 0

    def killed(*args: object) -> int:
        process = island.program.start(*args)
        try:
            process.wait(rng.uniform(0.4, 1.6))
            return 0
        except subprocess.TimeoutExpired:
            return 1
        finally:
            process.kill()
            process.communicate()

    for _ in range(kills):
        cut += killed("bundle", "export", "--data", island.work, island.stick)
    (bundle,) = island.export()
    answer = island.stick / f"{bundle.stem}-jawaban.zip"
    for _ in range(kills):
        cut += killed("bundle", "import", "--central", island.centre, bundle, "--answer", answer)
    answer = island.carry(bundle)
    for _ in range(kills):
        cut += killed("bundle", "import", "--data", island.work, answer)
    report = island.take_in(answer)
    assert (report["open"], report["refused"]) == (0, 0)
    assert island.funnel()["at_centre"] == count
    assert (island.at_centre("version"), island.at_centre("scan"), island.at_centre("receipt")) == (
        count,
        2 * count,
        3 * count,
    )
    assert [path for path in island.stick.iterdir() if path.suffix != ".zip"] == []
    assert cut, "no run was cut: the sweep shows nothing"
    print(f"{cut} of {3 * kills} runs were killed while they worked")


@pytest.mark.sweep
def test_another_pc_of_the_district_forwards_it(island: Island, tmp_path: Path) -> None:
    """Unchanged, over its own line; the sender's journal is anchored, and the answer goes home on the stick."""
    _fill(island, 1, tmp_path)
    (bundle,) = island.export()
    other = tmp_path / "pc-lain"
    centre = island.online()
    try:
        setup = tmp_path / "setup-lain.json"
        code = island.program.run(
            "central-setup",
            "--data",
            centre.folder,
            "--district",
            "3204",
            "--server",
            centre.url,
            "--out",
            setup,
        ).out.strip()
        island.program.run("init", "--data", other, "--district", "3204", "--setup", setup, "--code", code)
        sent, again = (
            island.program.run("bundle", "import", "--data", other, bundle, "--json").json for _ in range(2)
        )
    finally:
        centre.stop()
    assert sent == again
    assert _rows(other / "situng.db", "SELECT count(*) FROM outbox") == [(0,)], "it needs no rows of its own"
    report = island.take_in(Path(sent["answer"]))
    assert (report["settled"], report["open"], report["refused"]) == (4, 0, 0)
    assert island.at_centre("receipt") == 3
    ((device,),) = _rows(island.work / "situng.db", "SELECT value FROM meta WHERE name = 'device_id'")
    assert (device,) in _rows(centre.folder / "central.db", "SELECT DISTINCT device FROM anchor")
    refused = island.program.run("bundle", "import", "--data", other, bundle, ok=(1,))
    assert "belum diterima KPU RI" in refused.err
