"""Bad input at the command line: one clear line that names the fault, its exit code, nothing lost or half made."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from app import bootstrap
from app.domain.c1form import C1Key
from app.domain.wilayah import TpsId
from app.services import journal, keying, people, workplace
from app.services.workplace import PinCost
from app.store.driver import connect
from scanner.practice_forms import practice_page
from sync.central.server import RunningCentre
from sync.central.settings import CentralSettings
from tests.fakes.program import PIN, ROOT, Done, Program
from tests.fakes.room import CELLS, CREW, DESA, FORM, key_of, region_of

REALM = "latihan-3204"
HEADER = "kode_desa,desa,kode_kecamatan,kecamatan,nomor_tps,dpt_l,dpt_p"
STATION = f"{DESA},Cileunyi Kulon,320405,Cileunyi"
RINGKAS = {"A1.J": 198, "B4.J": 184, "P1": 71, "P2": 110, "V1": 181, "V2": 3, "V3": 184}
UNKNOWN = f"{DESA}999"
SETUP = {"realm": REALM, "server": "http://127.0.0.1:9", "district": "3204", "keys": {"k-1": "A" * 43 + "="}}


@pytest.fixture
def program() -> Program:
    return Program({"SITUNG_SECRETS_PASSPHRASE": ""})  # a practice folder has its own


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workplace with five people and one form keyed by rina; closed."""
    folder = tmp_path_factory.mktemp("contoh") / "kerja"
    wp = workplace.create(
        folder,
        realm=REALM,
        district="3204",
        region=region_of(3),
        clock=bootstrap.SystemClock(),
        secrets=bootstrap.secrets_of(folder, REALM),
        profile="ringkas",
        pin_cost=PinCost(1, 64),
    )
    with contextlib.closing(wp):
        boss = None
        for name, (words, role) in CREW.items():
            people.add_person(wp, id=name, name=words, roles=[role], pin=PIN, by=boss)
            boss = boss or people.sign_in(wp, name, PIN)
        accept = [{"check": keying.EVERY_CHECK, "reason": "tertulis_demikian"}]
        assert keying.key_whole(
            wp, people.sign_in(wp, "rina", PIN), key_of(1), RINGKAS, accept=accept
        ).is_finished
    return folder


@pytest.fixture
def folder(template: Path, workplace_dir: Path) -> Path:
    return Path(shutil.copytree(template, workplace_dir / "kerja"))


# ---- what every refusal must be --------------------------------------------------------------------------------


def one_line(done: Done) -> str:
    """The one line on standard error."""
    (line,) = done.err.splitlines()
    assert line.startswith("situng-luring: "), line
    assert line.endswith((".", "?", "!")), line
    return line


def refused(program: Program, *args: object, stdin: str = "") -> str:
    """Run what must be refused; the line it says."""
    done = program.run(*args, stdin=stdin, ok=(1,))
    assert done.out == ""
    return one_line(done)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file with its content, but for SQLite's shared memory and the lock's own."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(("situng.db-", "situng.lock"))
    }


def facts_of(folder: Path) -> tuple[int, dict[str, int], list[str]]:
    """What must not change: the journal's length, how many rows each table has, the stored files."""
    with bootstrap.opened(folder, read_only=True) as wp:
        report = journal.verify(wp)
        assert report.fault is None
        wp.db.quick_check()
        tables = [
            str(row[0])
            for row in wp.db.reader.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")
        ]
        counts = {
            name: int(wp.db.reader.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - names SQLite gave us
            for name in tables
        }
    stored = [path.name for path in (folder / "scans").rglob("*") if path.is_file()]
    assert not [name for name in os.listdir(folder) if name.endswith((".new", ".tmp", ".part"))]  # noqa: PTH208 - names, not paths
    return report.lines, counts, sorted(stored)


@contextlib.contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    before = facts_of(folder)
    yield
    assert facts_of(folder) == before


# ---- files that make or describe something ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (f"{STATION},2,sembilan,101", ("baris 3", "dpt_l", "sembilan")),
        (f"{STATION},1,97,101", ("baris 3", "001")),
        ("32040520,Cileunyi Kulon,320405,Cileunyi,2,97,101", ("baris 3", "kode_desa")),
        (f"{STATION},2,97", ("baris 3",)),
    ],
    ids=["no number", "twice", "short code", "short row"],
)
def test_a_tps_list_with_a_fault(program: Program, tmp_path: Path, row: str, says: tuple[str, ...]) -> None:
    listed, place = tmp_path / "daftar.csv", tmp_path / "kerja"
    listed.write_text(f"{HEADER}\n{STATION},1,97,101\n{row}\n", encoding="utf-8")
    line = refused(program, "init", "--data", place, "--district", "3204", "--tps-list", listed)
    for word in ("daftar.csv", *says):
        assert word in line
    assert not place.exists()


def test_a_form_definition_with_a_fault(program: Program, tmp_path: Path) -> None:
    source = (ROOT / "resources" / "forms" / "c1-ppwp-2019.toml").read_text(encoding="utf-8")
    place = source.index('"P1"')  # the first place that names the box
    path = tmp_path / "c1-ppwp-2019.toml"
    for text, says in (
        (source.replace('suara_sah = "V1"', 'suara_sah = "V9"', 1), "`V9` tidak dikenal"),
        (source[:place] + "[[[" + source[place:], "bukan TOML yang benar"),
    ):
        path.write_text(text, encoding="utf-8")
        done = program.run("forms", "check", path, ok=(1,))
        (fault,) = done.err.splitlines()
        assert fault.startswith("c1-ppwp-2019.toml, baris ")
        assert says in fault
        assert done.out == "1 kesalahan.\n"
    assert program.run("forms", "check").out == "Definisi formulir baik.\n"
    told = program.run("forms", "check", "--explain", "SUM.V1").out
    assert told.startswith("# SUM.V1\n")
    assert "Juga pada: C1-DPD, C1-DPR" in told
    assert "Aturan 'SUM.V9' tidak ada" in program.run("forms", "check", "--explain", "SUM.V9", ok=(1,)).err


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"realm":', "bukan berkas pengaturan"),
        ("", "bukan berkas pengaturan"),
        (json.dumps({**SETUP, "district": "3273"}), "untuk 3273, bukan 3204"),
        (json.dumps({**SETUP, "realm": "pemilu-2019"}), "untuk pemilu-2019; tempat kerja ini latihan-3204"),
        (json.dumps({**SETUP, "keys": {}}), "tidak memuat kunci"),
        (json.dumps({**SETUP, "server": "http://kpu.example"}), "Alamat server tidak dapat dipakai"),
    ],
    ids=["broken", "empty", "other district", "other election", "no key", "not https"],
)
def test_a_set_up_file_that_is_not_ours(program: Program, folder: Path, text: str, says: str) -> None:
    setup, other = folder.parent / "setup.json", folder.parent / "lain"
    setup.write_text(text, encoding="utf-8")
    with unchanged(folder):
        assert says in refused(program, "init", "--data", folder, "--district", "3204", "--setup", setup)
    fresh = ("init", "--data", other, "--district", "3204", "--realm", REALM, "--setup", setup, "--code", "x")
    assert says.split(";", maxsplit=1)[0] in refused(program, *fresh)
    assert not other.exists()


def test_a_code_serves_once(program: Program, folder: Path, tmp_path: Path) -> None:
    settings = CentralSettings(tmp_path / "pusat", realm=REALM, register=(region_of(3),))
    centre = RunningCentre(settings)
    centre.start()
    try:
        setup, code = centre.setup_for("3204")
        path = tmp_path / "setup.json"
        path.write_bytes(msgspec.json.encode(setup))
        arguments = ("--district", "3204", "--setup", path, "--code", code)
        second = Path(shutil.copytree(folder, tmp_path / "kedua"))
        _new_device(second)
        program.run("init", "--data", folder, *arguments)
        with unchanged(second):
            line = refused(program, "init", "--data", second, *arguments)
        assert "sudah dipakai. Mintalah kode baru" in line
        assert "Akun belum tersimpan." in line
        assert "kode yang sama" not in line
    finally:
        centre.stop()


def _new_device(folder: Path) -> None:
    """Another PC: a name and a key of its own."""
    with connect(folder / "situng.db") as db:
        db.execute("UPDATE meta SET value = 'pc-lain' WHERE name = 'device_id'")
    db.close()


# ---- people, keys, lines -------------------------------------------------------------------------------------------


def line_of(tps: str, cells: Mapping[str, object] = RINGKAS, **more: object) -> str:
    return json.dumps({"tps": tps, "form": FORM.id, "round": 1, "cells": cells, "accept": ["*"], **more})


def test_a_wrong_pin(folder: Path) -> None:
    program = Program({"SITUNG_SECRETS_PASSPHRASE": "", "SITUNG_PIN": "000000"})
    line = refused(program, "key", "--data", folder, "--as", "dedi", "-", stdin=line_of(key_of(1).tps))
    assert line.startswith("situng-luring: PIN salah.")
    line = refused(program, "verify", "--data", folder, "--as", "sari", "--ok-identical")
    assert line.startswith("situng-luring: PIN salah.")
    assert facts_of(folder)[1]["reading"] == 1


def test_data_is_never_read_as_a_pin(folder: Path) -> None:
    program = _WithoutPin({"SITUNG_SECRETS_PASSPHRASE": ""})
    with unchanged(folder):
        done = program.run(
            "key", "--data", folder, "--as", "dedi", "-", stdin=line_of(key_of(1).tps), ok=(2,)
        )
    assert done.err.splitlines()[-1].endswith("beri PIN lewat SITUNG_PIN.")


class _WithoutPin(Program):
    def environment(self) -> dict[str, str]:
        return {name: value for name, value in super().environment().items() if name != "SITUNG_PIN"}


def test_somebody_unknown_or_without_the_role(program: Program, folder: Path) -> None:
    with unchanged(folder):
        assert "'budi' tidak dikenal" in refused(program, "key", "--data", folder, "--as", "budi", "-")
        assert "peran verifikator" in refused(
            program, "verify", "--data", folder, "--as", "rina", "--ok-identical"
        )
        done = program.run("verify", "--data", folder, "--as", "sari", ok=(2,))
    assert "--ok-identical" in done.err.splitlines()[-1]


GARBAGE = (
    ("{rusak", "bukan JSON"),
    ("[1, 2]", "bukan objek JSON"),
    ("[" * 5_000, "bersarang terlalu dalam"),
    (line_of(UNKNOWN), f"{UNKNOWN}/{FORM.id}/1 tidak dikenal"),
    (line_of("12"), "harus 13 angka"),
    (line_of(key_of(2).tps, {"P1": "banyak"}), "P1"),
    (line_of(key_of(2).tps, {"P1": 99_999}), "tidak muat"),
    (line_of(key_of(2).tps, {"ZZ": 1}), "'ZZ'"),
    (line_of(key_of(2).tps, form="c1-lain"), "'c1-lain' tidak dikenal"),
    (line_of(key_of(2).tps, round=10**30), "round harus"),
    (line_of(key_of(2).tps, round="satu"), "round harus"),
    (line_of(key_of(2).tps, note="\udcff"), "bukan teks UTF-8"),
    (line_of(key_of(2).tps, {"P1": 1}), "Kotak belum diisi"),
)


def test_bad_lines_are_named_and_their_neighbours_done(program: Program, folder: Path) -> None:
    lines = [
        line_of(key_of(3).tps),
        *(text for text, _ in GARBAGE),
        "",
        line_of(key_of(2).tps, RINGKAS),
    ]
    source = folder.parent / "baca.jsonl"
    source.write_bytes(
        "\ufeff".encode() + "\n".join(lines).encode("utf-8", "surrogateescape") + b"\n\xff\xfe{}\n"
    )
    done = program.run("key", "--data", folder, "--as", "dedi", "--json", source, ok=(1,))
    assert done.err == ""
    rows = {row["line"]: row for row in done.lines}
    last = len(lines)
    assert [number for number, row in rows.items() if "error" not in row] == [1, last]
    for number, (_, says) in enumerate(GARBAGE, start=2):
        assert rows[number]["error"].startswith(f"Baris {number}: ")
        assert says in rows[number]["error"]
    assert "bukan" in rows[last + 1]["error"]
    with bootstrap.opened(folder, read_only=True) as wp:
        second = keying.work_list(wp, people.sign_in(wp, "asep", PIN), "second")
    assert {row.key for row in second} == {key_of(1), key_of(2), key_of(3)}

    done = program.run("key", "--data", folder, "--as", "asep", "-", stdin="{rusak\n", ok=(1,))
    assert done.out == ""
    assert "Baris 1: bukan JSON" in done.err
    assert len(done.err.splitlines()) == 1


# ---- pages ---------------------------------------------------------------------------------------------------------


def drawn(number: int, page: int) -> bytes:
    header = {"tps": str(number), "desa": "CILEUNYI KULON", "kecamatan": "CILEUNYI"}
    return practice_page(
        FORM, page, C1Key(TpsId(key_of(number).tps), FORM.id), header, CELLS, number, dpi=100
    )


def test_files_that_are_no_pages(program: Program, folder: Path, tmp_path: Path) -> None:
    whole = BytesIO()
    Image.effect_noise((900, 1200), 60).convert("RGB").save(whole, "JPEG")
    contents = {
        "surat.jpg": (b"Yth. Ketua KPPS", "bukan gambar"),
        "kosong.jpg": (b"", "kosong"),
        "putus.jpg": (whole.getvalue()[: len(whole.getvalue()) // 2], "terpotong"),
    }
    for name, (data, _) in contents.items():
        (tmp_path / name).write_bytes(data)
    paths = [tmp_path / name for name in (*contents, "tiada.jpg")]
    with unchanged(folder):
        done = program.run("scan", "--data", folder, "--tps", key_of(1).tps, *paths, timeout_s=60, ok=(1,))
    assert done.out == ""
    lines = dict(line.split(": ", 2)[1:] for line in done.err.splitlines())
    assert sorted(lines) == sorted(path.name for path in paths)
    for name, (data, says) in contents.items():
        assert says in lines[name]
        assert (tmp_path / name).read_bytes() == data
    assert "tidak ditemukan" in lines["tiada.jpg"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--tps", UNKNOWN, "--page", "1"), UNKNOWN),
        (("--tps", key_of(1).tps, "--page", "9"), "tidak punya halaman 9"),
        (("--tps", key_of(1).tps, "--page", "1", "--form", "c1-lain"), "c1-lain"),
        (("--tps", key_of(1).tps, "--page", "1", "--round", "2"), "tidak dikenal"),
    ],
    ids=["unknown station", "unknown page", "unknown form", "unknown round"],
)
def test_a_page_that_has_no_place_waits_in_the_inbox(
    program: Program, folder: Path, tmp_path: Path, options: tuple[str, ...], says: str
) -> None:
    path = tmp_path / "lembar.jpg"
    path.write_bytes(drawn(1, 1))
    done = program.run("scan", "--data", folder, *options, "--json", path, ok=(1,))
    line = one_line(done)
    assert "lembar.jpg" in line
    assert says in line
    assert [row["state"] for row in done.json] == ["inbox"]
    _, counts, stored = facts_of(folder)
    assert counts["scan"] == 1
    assert done.json[0]["sha256"] in {Path(name).stem for name in stored}


def test_a_page_of_another_kind_is_taken_and_said_to_be_odd(
    program: Program, folder: Path, tmp_path: Path
) -> None:
    """The paper is right: it warns and does not block."""
    path = tmp_path / "lembar.jpg"
    path.write_bytes(drawn(1, 1))
    done = program.run("scan", "--data", folder, "--tps", key_of(1).tps, "--page", "2", "--json", path)
    assert done.json[0]["state"] == "assigned"
    assert "Periksa apakah lembar ini salah tempat" in done.json[0]["text"]


def test_a_station_code_that_is_none(program: Program, folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "lembar.jpg"
    path.write_bytes(drawn(1, 1))
    with unchanged(folder):
        assert "harus 13 angka" in refused(program, "scan", "--data", folder, "--tps", "12", path)


# ---- folders -------------------------------------------------------------------------------------------------------


def test_a_folder_of_a_newer_program_is_not_touched(program: Program, folder: Path) -> None:
    with connect(folder / "situng.db") as db:
        version = db.execute("PRAGMA user_version").fetchone()[0] + 1
        db.execute(f"PRAGMA user_version = {version}")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    before = files_of(folder)
    for args in (
        ("key", "--data", folder, "--as", "rina", "-"),
        ("status", "--data", folder, "--json"),
        ("operator", "add", "--data", folder, "baru"),
        ("journal", "verify", "--data", folder),
        ("sync", "--data", folder),
        ("init", "--data", folder, "--district", "3204"),
    ):
        line = refused(program, *args)
        assert f"skema {version}" in line
        assert "lebih baru" in line
    assert files_of(folder) == before


def test_a_second_writer_is_told_who_works_here(program: Program, folder: Path) -> None:
    with bootstrap.opened(folder):
        with unchanged(folder):
            line = refused(program, "operator", "add", "--data", folder, "baru")
        assert f"proses {os.getpid()} di komputer" in line
        assert "sejak" in line
        assert program.run("status", "--data", folder, "--json").json["funnel"]["keyed"] == 1
    program.run("operator", "add", "--data", folder, "baru")
    assert facts_of(folder)[1]["person"] == len(CREW) + 1


def test_a_folder_without_a_workplace(program: Program, tmp_path: Path) -> None:
    empty, missing = tmp_path / "kosong", tmp_path / "tiada"
    empty.mkdir()
    (empty / "catatan.txt").write_text("milik orang", encoding="utf-8")
    for place in (empty, missing):
        for args in (("status",), ("key", "--as", "rina", "-"), ("sync",), ("operator", "list")):
            line = refused(program, *args, "--data", place)
            assert str(place) in line
            assert "init" in line
    assert [path.name for path in empty.iterdir()] == ["catatan.txt"]
    assert not missing.exists()


def test_a_database_that_is_not_ours(program: Program, tmp_path: Path) -> None:
    for data in (b"bukan basis data" * 300, b""):
        place = tmp_path / f"asing-{len(data)}"
        place.mkdir()
        (place / "situng.db").write_bytes(data)
        line = refused(program, "status", "--data", place)
        assert "situng.db" in line or "rusak" in line
        assert (place / "situng.db").read_bytes() == data


def test_without_an_account_sync_says_what_is_missing(program: Program, folder: Path) -> None:
    with unchanged(folder):
        line = refused(program, "sync", "--data", folder, "--until-idle")
    assert "belum mempunyai akun server" in line
    assert "Pekerjaan tetap tersimpan" in line
    assert PIN not in line
