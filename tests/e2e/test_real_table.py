"""The real table of 2019: keyed by two people, sent, verified, and the public tree says exactly what the table says.

Source: tests/data/cileunyi_kulon_ppwp_2019.csv (provenance beside it). Whole (67 TPS) with `test --all`.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.attestation import is_signed_by
from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.wilayah import TpsId
from app.forms import load
from app.store.driver import connect
from scanner.cover_sheets import CoverStation, draw_cover
from scanner.practice_forms import practice_page
from tests.fakes.program import Centre, Program

DATA = Path(__file__).parents[1] / "data" / "cileunyi_kulon_ppwp_2019.csv"
FORM = load("c1-ppwp-2019")
AREA = (
    "26141",
    "27407",
    "27408",
    "27409",
)  # provinsi, kabupaten, kecamatan, desa as KPU counted them in 2019

Row = dict[str, str]


def _table(count: int) -> list[Row]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))[:count]


def _cells(row: Row) -> dict[str, Cell]:
    return {
        "A1.J": int(row["dpt_l"]) + int(row["dpt_p"]),
        "B4.J": int(row["situng_pengguna"]),
        "P1": int(row["situng_01"]),
        "P2": int(row["situng_02"]),
        "V1": int(row["situng_sah"]),
        "V2": int(row["situng_tidak_sah"]),
        "V3": int(row["situng_sah"]) + int(row["situng_tidak_sah"]),
    }


def _keyed(rows: Sequence[Row], accept: list[Any]) -> str:
    lines = [
        {"tps": row["tps"], "form": FORM.id, "round": 1, "cells": _cells(row), "accept": accept}
        for row in rows
    ]
    return "\n".join(json.dumps(line) for line in lines)


def _draw(rows: Sequence[Row], folder: Path) -> list[Path]:
    """A stack as it comes from the feeder: cover, page 1, page 2, cover, ..."""
    folder.mkdir()
    paths = []
    for row in rows:
        key = C1Key(TpsId(row["tps"]), FORM.id)
        header = {"tps": row["tps_no"], "desa": row["desa"], "kecamatan": row["kecamatan"]}
        paths.append(folder / f"{row['tps']}-0.png")
        draw_cover(CoverStation(key.tps, row["desa"], row["kecamatan"]), FORM).save(paths[-1])
        for page in FORM.pages:
            paths.append(folder / f"{row['tps']}-{page.n}.jpg")
            paths[-1].write_bytes(practice_page(FORM, page.n, key, header, _cells(row), seed=page.n))
    return paths


def _get(url: str) -> Any:
    return httpx.get(url, timeout=20).raise_for_status().json()


def _sum(rows: Sequence[Row], column: str) -> int:
    return sum(int(row[column]) for row in rows)


@pytest.mark.sweep
def test_the_public_tree_says_what_the_table_says(
    program: Program, centre: Centre, office: Path, tmp_path: Path, sweep_size: Callable[[int, int], int]
) -> None:
    rows = _table(sweep_size(4, 67))
    first = program.run(
        "key", "--data", office, "--as", "rina", "--json", "-", stdin=_keyed(rows, []), ok=(0, 1)
    )
    broken = {line["tps"] for line in first.lines if line.get("findings")}
    again = [row for row in rows if row["tps"] in broken]
    reason = [{"check": "*", "reason": "tertulis demikian"}]
    if again:
        program.run("key", "--data", office, "--as", "rina", "-", stdin=_keyed(again, reason))
    program.run("key", "--data", office, "--as", "dedi", "-", stdin=_keyed(rows, reason))
    scanned = program.run("scan", "--data", office, "--json", *_draw(rows, tmp_path / "masuk")).json
    assert [one["state"] for one in scanned].count("assigned") == 2 * len(rows)

    program.run("sync", "--data", office, "--until-idle", "--for", 240)
    program.run("verify", "--data", office, "--as", "sari", "--ok-identical")
    program.run("sync", "--data", office, "--until-idle", "--for", 240)

    funnel = program.run("status", "--data", office, "--json").json["funnel"]
    assert funnel["public"] == funnel["forms"] == len(rows)
    _assert_tree(f"{centre.url}/static/json", rows)
    _assert_receipts(office / "situng.db", tmp_path / "setup.json", len(rows))
    assert program.run("journal", "verify", "--data", office, "--json").json["whole"]
    _assert_tampering_is_found(program, office, tmp_path / "tampered", sweep_size(4, 40))


def _assert_tree(base: str, rows: Sequence[Row]) -> None:
    want = {"21": _sum(rows, "situng_01"), "22": _sum(rows, "situng_02")}
    for depth in range(1, 4):
        area = _get(f"{base}/hhcw/ppwp/{'/'.join(AREA[:depth])}.json")
        assert area["chart"] == want
        assert area["table"][AREA[depth]] == want
        assert area["progress"]["proses"] == len(rows)
    desa = _get(f"{base}/hhcw/ppwp/{'/'.join(AREA)}.json")
    assert desa["chart"] == want
    assert desa["progress"] == {"proses": len(rows), "total": 67}
    names = _get(f"{base}/wilayah/{'/'.join(AREA)}.json")
    for row in rows:
        (tps_id,) = [one for one, value in names.items() if value["nama"] == f"TPS {row['tps_no']}"]
        assert desa["table"][tps_id] == {"21": int(row["situng_01"]), "22": int(row["situng_02"])}
        tps = _get(f"{base}/hhcw/ppwp/{'/'.join(AREA)}/{tps_id}.json")
        cells = _cells(row)
        assert tps["chart"] == {"21": cells["P1"], "22": cells["P2"]}
        assert [tps[name] for name in ("pemilih_j", "pengguna_j", "suara_sah", "suara_tidak_sah")] == [
            cells["A1.J"],
            cells["B4.J"],
            cells["V1"],
            cells["V2"],
        ]
        assert tps["suara_total"] == cells["V3"]
        assert len(tps["images"]) == 2


def _assert_receipts(database: Path, setup: Path, forms: int) -> None:
    keys, realm = (json.loads(setup.read_text(encoding="utf-8"))[name] for name in ("keys", "realm"))
    with connect(f"file:{database}?mode=ro", uri=True) as db:
        bodies = [json.loads(body) for (body,) in db.execute("SELECT body FROM receipt")]
    assert all(is_signed_by(keys[body["key_id"]], "receipt", realm, body) for body in bodies)
    kinds = [body["kind"] for body in bodies]
    assert kinds.count("record") >= forms
    assert kinds.count("verdict") == forms
    assert kinds.count("scan") == 2 * forms


def _assert_tampering_is_found(program: Program, office: Path, copy: Path, times: int) -> None:
    """One byte, anywhere in the journal: in any line, in any column."""
    with connect(f"file:{office / 'situng.db'}?mode=ro", uri=True) as db:
        lines = [seq for (seq,) in db.execute("SELECT seq FROM journal")]
    columns = ("at", "kind", "who", "what", "body", "hash")
    for turn in range(times):
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for part in office.glob("situng.db*"):
            shutil.copy(part, copy)
        column, seq = columns[turn % len(columns)], lines[turn * 7919 % len(lines)]
        with connect(copy / "situng.db") as db:
            for (trigger,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'"
            ).fetchall():
                db.execute(f"DROP TRIGGER {trigger}")
            (text,) = db.execute(f"SELECT {column} FROM journal WHERE seq = ?", (seq,)).fetchone()  # noqa: S608 - names of our own
            place = turn * 31 % max(1, len(text))
            other = "1" if text[place : place + 1] != "1" else "2"
            db.execute(
                f"UPDATE journal SET {column} = ? WHERE seq = ?",  # noqa: S608 - names of our own
                (text[:place] + other + text[place + 1 :], seq),
            )
        db.close()
        report = program.run("journal", "verify", "--data", copy, "--json", ok=(1,)).json
        assert not report["whole"], (column, seq)
