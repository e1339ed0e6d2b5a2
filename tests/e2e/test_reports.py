"""The reports from the command line, while somebody else works on the folder: no screen, no lock, one truth."""

from __future__ import annotations

import os
from pathlib import Path

from app.services import keying, status
from tests.fakes.district import BROKEN, key, make, settled
from tests.fakes.program import Program
from tests.unit.ui.test_report_pdf import after, read


def test_the_pdf_says_what_status_says_beside_a_running_program(tmp_path: Path) -> None:
    program = Program(
        {name: "" for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM") if name in os.environ}
    )
    desk = make(tmp_path / "kantor")
    with desk.wp:  # open for writing, and locked, in this process
        settled(desk, 1)
        for person in ("ani", "budi"):
            keying.key_whole(desk.wp, desk[person], key(2), BROKEN, accept=[keying.ACCEPT_ALL])
        out = tmp_path / "giliran.pdf"
        span = ("--from", "2019-04-17 00:00", "--to", "2019-04-18T00:00+00:00")
        done = program.run("export", "pdf", "--data", desk.wp.folder, "--report", "shift", *span, out)
        assert (done.code, done.err) == (0, "")
        refused = program.run("export", "pdf", "--data", desk.wp.folder, "--day", "kemarin", out, ok=(2,))
        assert "2019-04-18" in refused.err
        funnel = status.facts_json(desk.wp)["funnel"]
    text = " ".join(read(out.read_bytes()))
    table = text[text.index("Dalam masa laporan") :]
    labels = {"Diterima": "received", "Dipindai": "scanned", "Dientri": "keyed", "Entri kedua": "second_read"}
    assert {label: after(f"{label} ", table) for label in labels} == {
        label: funnel[fact] for label, fact in labels.items()
    }
    assert "tertulis 191" in text
