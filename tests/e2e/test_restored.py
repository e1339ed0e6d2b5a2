"""Backups that come back, disks that are copied, keys that are replaced: real processes on both ends.

In each story nothing is lost, the centre has one head a form and publishes it once, every receipt proves itself, and
the people are told in a sentence what happened and what to do.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.services import journal, status, workplace
from app.services.workplace import ServerAccount
from app.store.driver import connect
from app.training.scenario import Paper
from tests.fakes import office as staff
from tests.fakes.program import Centre, Done, Program, start_centre

FORKED = (
    "Catatan PC ini bukan lanjutan dari yang dikenal KPU RI (cadangan lama dipulihkan, atau disk disalin)."
)
REVOKED = "KPU RI mencabut pendaftaran PC ini; yang sudah diterima tetap berlaku."
DO_THIS = "Minta kode baru kepada KPU RI, lalu daftarkan ulang PC ini di Pengaturan"
RESTORED = "KPU RI memulihkan servernya dari cadangan. Data di PC ini aman;"
OTHER_KEY = "Server yang menjawab bukan server KPU RI pada pengaturan PC ini. Tidak ada yang dikirim;"
NEW_KEY = "KPU RI memakai kunci tanda terima baru, yang disahkan oleh kunci sebelumnya."
WAITS = 3
SEED = 1


@dataclass
class District:
    """A centre, and the PCs that speak to it, as processes; keying is done here (a process a command is slow)."""

    program: Program
    folder: Path
    centre: Centre
    sheets: tuple[Paper, ...] = field(default_factory=lambda: staff.papers(4))

    @property
    def desk(self) -> Path:
        return self.folder / "kerja"

    def setup(self, *options: str) -> str:
        """A set-up file and its code, as KPU RI's technician makes them."""
        out, url = self.folder / "setup.json", self.centre.url
        made = self.program.run(
            "central-setup",
            "--data",
            self.centre.folder,
            "--district",
            "3204",
            "--server",
            url,
            "--out",
            out,
            *options,
        )
        return made.out.strip()

    def open(self) -> None:
        """The first PC, with its people."""
        code = self.setup()
        self.program.run(
            "init", "--data", self.desk, "--district", "3204", "--profile", "lengkap",
            "--setup", self.folder / "setup.json", "--code", code,
        )  # fmt: skip
        with bootstrap.opened(self.desk) as wp:
            staff.hire(wp)

    def key(self, *numbers: int, desk: Path | None = None, papers: Mapping[int, Paper] | None = None) -> None:
        """Both readings and both pages of these forms."""
        with bootstrap.opened(desk or self.desk) as wp:
            sheets = [(papers or {}).get(number, self.sheets[number]) for number in numbers]
            staff.scan_all(wp, sheets, self.folder / "masuk", dpi=50)
            staff.key_twice(wp, staff.sign_in(wp, "rina", "dedi"), sheets)

    def sync(self, desk: Path | None = None, *, ends: int = 0) -> Done:
        return self.program.run("sync", "--data", desk or self.desk, "--until-idle", "--for", 60, ok=(ends,))

    def verify(self, desk: Path | None = None) -> None:
        self.program.run("verify", "--data", desk or self.desk, "--as", "sari", "--ok-identical")

    def enrol(self, desk: Path | None = None) -> str:
        """Anew, with a code."""
        done = self.program.run("account", "enrol", "--data", desk or self.desk, "--code", self.setup())
        return done.out

    def status(self, desk: Path | None = None) -> Any:
        with bootstrap.opened(desk or self.desk, read_only=True) as wp:
            return status.facts_json(wp)

    def account(self) -> ServerAccount:
        with bootstrap.opened(self.desk, read_only=True) as wp:
            server = workplace.server_of(wp)
        assert server is not None
        return server

    def device(self) -> str:
        with bootstrap.opened(self.desk, read_only=True) as wp:
            return workplace.device_name(wp)

    def restart(self, *options: object) -> None:
        """The same centre at the same address."""
        port = self.centre.url.rsplit(":", 1)[1]
        self.centre.stop()
        self.centre = start_centre(self.program, self.centre.folder, *options, port=int(port))

    # ---- what must be true in the end --------------------------------------------------------------------------------

    def assert_whole(self, forms: int, versions: int, *, desk: Path | None = None) -> None:
        """One head a form, published once; every receipt of this PC proves itself; its journal is whole."""
        heads = self.rows("SELECT key, count(*) FROM version WHERE state = 'head' GROUP BY key")
        assert [count for _, count in heads] == [1] * forms
        assert self.rows("SELECT count(*) FROM version") == [(versions,)]
        assert self.rows("SELECT count(*), count(DISTINCT key) FROM published") == [(forms, forms)]
        with bootstrap.opened(desk or self.desk, read_only=True) as wp:
            report = journal.verify(wp)
        assert report.fault is None
        assert report.unproven == 0
        assert min(report.receipts, report.anchored) > 0

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        db = connect(f"file:{self.centre.folder / 'central.db'}?mode=ro", uri=True)
        try:
            return [tuple(row) for row in db.execute(question)]
        finally:
            db.close()

    def public(self) -> dict[str, bytes]:
        """The published numbers, by file."""
        root = self.centre.folder / "public"
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in root.rglob("*.json")
            if b'"ts"' in path.read_bytes()
        }


@pytest.fixture
def district(
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    sweep_size: Callable[[int, int], int],
) -> Iterator[District]:
    """Ready to work. By default a seeded sample of the stories is told, the others with `test --all`."""
    stories = sorted(name for name in vars(request.module) if name.startswith("test_"))
    told = random.Random(SEED).sample(stories, sweep_size(1, len(stories)))
    if request.function.__name__ not in told:
        pytest.skip(f"not in the sample of seed {SEED}; told with --all")
    for name, value in program.environment().items():
        monkeypatch.setenv(name, value)
    made = District(program, tmp_path, start_centre(program, tmp_path / "pusat"))
    try:
        made.open()
        yield made
    finally:
        made.centre.stop()


def notices(facts: Any) -> str:
    return " ".join(one["text"] for one in facts["notices"])


def test_a_restored_workplace_is_told_and_goes_on_where_the_centre_is(district: District) -> None:
    district.key(0)
    district.sync()
    shutil.copytree(district.desk, district.folder / "cadangan")
    district.key(1)
    district.sync()
    shutil.rmtree(district.desk)
    shutil.copytree(district.folder / "cadangan", district.desk)
    district.key(2)

    refused = district.sync(ends=WAITS)
    assert "kode baru" in refused.err
    facts = district.status()
    assert facts["line"]["code"] == "forked"
    assert FORKED in facts["line"]["text"]
    assert DO_THIS in facts["line"]["text"]
    assert len(district.rows("SELECT key FROM version")) == 2, (
        "nothing was taken from a journal that went back"
    )

    assert "terdaftar ulang" in district.enrol()
    district.sync()
    facts = district.status()
    assert facts["line"] is None
    assert "tidak ada yang kurang di sana" in notices(facts)
    district.key(1)  # its paper is here, its entry was lost with the disk: keyed again it merges
    district.sync()
    district.verify()
    district.sync()
    assert district.status()["funnel"]["public"] == 3
    district.assert_whole(forms=3, versions=3)


def test_a_restored_workplace_with_nothing_to_send_is_told_all_the_same(district: District) -> None:
    shutil.copytree(district.desk, district.folder / "cadangan")
    district.key(0)
    district.sync()
    shutil.rmtree(district.desk)
    shutil.copytree(district.folder / "cadangan", district.desk)
    told = district.sync(ends=WAITS)
    assert FORKED in told.err
    assert DO_THIS in told.err


def test_a_cloned_disk_becomes_a_device_of_its_own(district: District) -> None:
    clone = district.folder / "salinan"
    district.key(0)
    district.sync()
    shutil.copytree(district.desk, clone)
    other = district.sheets[2]
    cells = {**other.cells, "V2": 9}
    district.key(1, 2)
    district.sync()
    district.key(1, 2, 3, desk=clone, papers={2: replace(other, cells=cells)})

    refused = district.sync(clone, ends=WAITS)
    assert "kode baru" in refused.err
    assert FORKED in district.status(clone)["line"]["text"]

    district.enrol(clone)
    district.sync(clone)
    # One form waits for people: both PCs keyed it, and not the same.
    rivals = [one for one in district.status(clone)["waiting"] if one["reason_code"] == "rival"]
    assert [one["tps"] for one in rivals] == [str(other.key.tps)]
    assert "KPU RI menyimpan angka lain" in rivals[0]["reason"]
    district.sync()
    for desk in (district.desk, clone):
        district.verify(desk)
        district.sync(desk)
    assert {state for (state,) in district.rows("SELECT state FROM version")} == {"head", "rival"}
    district.assert_whole(forms=4, versions=5)
    district.assert_whole(forms=4, versions=5, desk=clone)
    assert len(district.rows("SELECT id FROM device")) == 2


@pytest.mark.parametrize("said", ["--restored", ""])
def test_a_restored_centre_gets_back_what_it_lost(district: District, said: str) -> None:
    """Also when its whole folder came back and nobody says so: the PC shows what it signed."""
    district.key(0)
    district.sync()
    backup = district.folder / "cadangan-pusat"
    district.restart()
    shutil.copytree(district.centre.folder, backup)
    district.key(1, 2)
    district.sync()
    district.verify()
    district.sync()
    published = district.public()
    assert district.status()["funnel"]["public"] == 3

    district.centre.stop()
    shutil.rmtree(district.centre.folder)
    shutil.copytree(backup, district.centre.folder)
    port = int(district.centre.url.rsplit(":", 1)[1])
    district.centre = start_centre(district.program, district.centre.folder, *said.split(), port=port)
    district.sync()
    facts = district.status()
    assert RESTORED in notices(facts)
    assert (
        "3 formulir dan 6 gambar sudah dibandingkan dengan KPU RI; 3 formulir dan 4 gambar dikirim ulang."
        in notices(facts)
    )
    assert facts["funnel"]["public"] == 3
    assert numbers(district.public()) == numbers(published)
    district.assert_whole(forms=3, versions=3)
    assert len(list((district.centre.folder / "scans").rglob("*"))) >= 6


def test_a_key_that_is_handed_over_is_followed_and_a_lost_one_is_replaced_by_file(district: District) -> None:
    district.key(0)
    district.sync()
    district.program.run("central-rotate-key", "--data", district.centre.folder)
    district.restart()
    district.key(1)
    district.sync()
    assert NEW_KEY in notices(district.status())
    assert len(district.account().keys) == 2

    district.program.run("central-rotate-key", "--data", district.centre.folder, "--lost")
    district.restart()
    district.key(2)
    refused = district.sync(ends=WAITS)
    assert OTHER_KEY in refused.err
    assert len(district.rows("SELECT key FROM version")) == 2, "nothing goes to a key that is not pinned"

    district.setup()
    district.program.run(
        "account", "enrol", "--data", district.desk, "--setup", district.folder / "setup.json"
    )
    district.sync()
    district.verify()
    district.sync()
    known = district.account()
    assert (len(known.keys), len(known.retired)) == (1, 2)
    assert district.status()["funnel"]["public"] == 3
    district.assert_whole(forms=3, versions=3)
    with bootstrap.opened(district.desk, read_only=True) as wp:
        rows = wp.db.reader.execute(
            "SELECT kind, what, values_hash, group_concat(key_id) FROM receipt GROUP BY 1, 2, 3"
        )
        signed = {tuple(row)[:3]: str(row[3]).split(",") for row in rows}
    assert all(known.keys.keys() <= set(by) for by in signed.values()), (
        "everything is proved by the key of today"
    )
    assert any(len(by) == 2 for by in signed.values()), "and what was signed before is kept"


def test_a_pc_that_is_locked_out_is_told_and_comes_back_under_a_new_name(district: District) -> None:
    district.key(0)
    district.sync()
    device = district.device()
    district.program.run("central-revoke", "--data", district.centre.folder, "--device", device)
    district.key(1)
    told = district.sync(ends=WAITS)
    assert "KPU RI mencabut pendaftaran PC ini" in told.err
    facts = district.status()
    assert facts["line"]["code"] == "revoked"
    assert REVOKED in facts["line"]["text"]
    assert DO_THIS in facts["line"]["text"]
    assert len(district.rows("SELECT key FROM version")) == 1
    district.enrol()
    assert district.device() != device
    district.sync()
    district.verify()
    district.sync()
    assert district.status()["funnel"]["public"] == 2
    district.assert_whole(forms=2, versions=2)


def numbers(tree: Mapping[str, bytes]) -> dict[str, Any]:
    """Published figures without the moment of publication."""
    return {name: {**json.loads(data), "ts": None} for name, data in tree.items()}
