"""A poor line, from the scanner to the public page: `status` says what goes first, and each image is there once."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from app import bootstrap
from app.domain.sending import PoorLine
from app.services.engine_store import engine_store
from app.store.driver import connect
from tests.fakes import office as staff
from tests.fakes.program import Program, make_account, start_centre

FORMS = 2
IMAGES = 2 * FORMS


@pytest.mark.whole
def test_status_says_that_thrifty_copies_go_first_and_what_they_cost(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in program.environment().items():
        monkeypatch.setenv(name, value)
    centre = start_centre(program, tmp_path / "pusat")
    try:
        folder = make_account(program, centre, tmp_path, profile="lengkap")
        with bootstrap.opened(folder) as wp:
            sheets = staff.papers(FORMS)
            staff.scan_all(wp, sheets, tmp_path / "masuk")
            staff.key_twice(wp, staff.hire(wp), sheets)
            engine_store(wp).save_poor_line(
                PoorLine(wp.clock.now(), 9_000.0)
            )  # as the run before measured it
        before = program.run("status", "--data", folder, "--json").json
        copies = before["thrifty"]
        assert (copies["is_first"], copies["waiting"], copies["sent"]) == (True, IMAGES, 0)
        assert before["left"]["images"] == IMAGES
        assert 0 < copies["waiting_bytes"] < before["left"]["image_bytes"] / 2
        said = program.run("status", "--data", folder).out
        assert "gambar: Salinan hemat dulu: jalur lambat; menunggu 4 (" in said

        program.run("sync", "--data", folder, "--until-idle", "--for", 120, ok=(0, 3))
        after = program.run("status", "--data", folder, "--json").json
        copies = after["thrifty"]
        assert (copies["is_first"], copies["waiting"], copies["sent"], copies["text"]) == (
            False,
            0,
            IMAGES,
            "",
        )
        assert copies["sent_bytes"] == before["thrifty"]["waiting_bytes"]
        assert after["left"] == {"numbers": 0, "images": 0, "image_bytes": 0}
        assert "hemat" not in program.run("status", "--data", folder).out

        program.run("verify", "--data", folder, "--as", "sari", "--ok-identical")
        program.run("sync", "--data", folder, "--until-idle", "--for", 120)
        page = httpx.get(f"{centre.url}/tps/{sheets[0].key.tps}").text
        assert page.count("<img") == 2
        assert "hemat" not in page
        db = connect(f"file:{centre.folder / 'central.db'}?mode=ro", uri=True)
        kept = [tuple(row) for row in db.execute("SELECT scan, sha256 FROM thrifty")]
        scans = {str(row[0]) for row in db.execute("SELECT sha256 FROM scan")}
        db.close()
        assert {scan for scan, _ in kept} == scans
        assert len(kept) == len(scans) == IMAGES
        for _, sha256 in kept:
            assert (centre.folder / "scans" / sha256[:2] / sha256).read_bytes()[8:12] == b"WEBP"
    finally:
        centre.stop()
