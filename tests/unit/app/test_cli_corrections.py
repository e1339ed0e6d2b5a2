"""The four commands over one real folder, called in this process: what they print, how they end."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import bootstrap
from app.cli import main
from app.domain.people import Role
from app.services import keying, people, workplace
from app.services.workplace import Workplace
from tests.fakes.district import PIN, WEAK, key, own, region


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two readers agree on TPS 1 and 2; cheap PINs, as in no real office."""
    monkeypatch.setenv("SITUNG_PIN", PIN)
    monkeypatch.delenv("SITUNG_SECRETS_PASSPHRASE", raising=False)
    data = tmp_path / "data"
    realm = "latihan-uji"
    with closing(
        workplace.create(
            data,
            realm=realm,
            district="3204",
            region=region(2),
            clock=bootstrap.SystemClock(),
            secrets=bootstrap.secrets_of(data, realm),
            profile="ringkas",
            pin_cost=WEAK,
        )
    ) as wp:
        boss = None
        for name, role in (("wulan", Role.COORDINATE), ("rina", Role.KEY), ("dedi", Role.KEY)):
            people.add_person(wp, id=name, name=name.title(), roles={role}, pin=PIN, by=boss)
            session = people.sign_in(wp, name, PIN)
            boss = boss or session
            for n in (1, 2) if role is Role.KEY else ():
                keying.key_whole(wp, session, key(n), own(n))
    return data


def run(*args: str, given: str = "") -> Result:
    return CliRunner().invoke(main, list(args), input=given)


def head(wp: Workplace, n: int) -> object:
    with closing(wp.db.reader.execute("SELECT head FROM c1 WHERE tps = ?", (str(key(n).tps),))) as rows:
        return rows.fetchone()[0]


def test_the_four_commands(folder: Path) -> None:
    base = ("--data", str(folder), "--as", "dedi")
    line = json.dumps({"tps": str(key(1).tps), "cells": {"P1": 70, "P2": 111}, "reason": "salah baca"})
    bad = json.dumps({"tps": str(key(1).tps), "cells": {"P1": 69}})
    done = run("correct", *base, "--json", "-", given=f"{line}\n{bad}\n")
    rows = [json.loads(one) for one in done.stdout.splitlines()]
    assert (done.exit_code, rows[0]["corrected"]) == (1, ["P1", "P2"])
    assert "perlu alasan" in rows[1]["error"]

    told = {"tps": str(key(2).tps), "cells": {"P1": 70, "P2": 111}}
    for reason, sentence in ((None, "perlu alasan"), (["salah baca"], "reason harus teks")):
        done = run("correct", *base, "--json", "-", given=json.dumps({**told, "reason": reason}))
        assert sentence in json.loads(done.stdout)["error"], "nobody wrote a reason called None"

    taken = run("move", *base, str(key(1).tps), str(key(2).tps), "--reason", "salah TPS")
    assert taken.exit_code == 1
    assert "sudah berisi entri" in taken.stderr
    assert "Tukar" in taken.stderr
    assert run("move", *base, str(key(1).tps)).exit_code == 2

    swapped = run("swap", *base, str(key(1).tps), str(key(2).tps), "--reason", "tertukar", "--json")
    assert (swapped.exit_code, json.loads(swapped.stdout)["swapped"]) == (
        0,
        [str(key(1).tps), str(key(2).tps)],
    )
    drawn = run("withdraw", *base, str(key(2).tps), "--reason", "salah TPS", "--json")
    assert (drawn.exit_code, json.loads(drawn.stdout)["withdrawn"]) == (0, str(key(2).tps))
    with bootstrap.opened(folder, read_only=True) as wp:
        assert (head(wp, 1) is None, head(wp, 2)) == (False, None)
