"""Files to rows through real worker processes: order, duplicates, bad input, dead and hanging workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import NotFound, Unavailable
from app.ports import IntakeProgress, IntakeState
from scanner.cover_sheets import CoverStation, draw_cover
from scanner.intake import Intake
from scanner.workers import Refused, Workers
from tests.unit.scanner.sheets import FakeRows, encoded, key_of, layouts, page_jpeg, ppwp
from tests.unit.scanner.test_source_files import locked_pdf, scanned_pdf, tiff


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(layouts()) as pool:
        yield pool


@pytest.fixture
def rows() -> FakeRows:
    return FakeRows()


@pytest.fixture
def intake(tmp_path: Path, rows: FakeRows, workers: Workers) -> Intake:
    return Intake(rows, tmp_path / "scans", [ppwp()], workers=workers)


def cover(number: int) -> bytes:
    return encoded(draw_cover(CoverStation(key_of(number).tps, "Cileunyi Kulon", "Cileunyi"), ppwp()))


def files(folder: Path, **contents: bytes) -> list[Path]:
    paths = []
    for name, data in contents.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(data)
        paths.append(path)
    return paths


def test_covered_sets_find_their_stations_in_order(tmp_path: Path, intake: Intake, rows: FakeRows) -> None:
    paths = files(
        tmp_path, a_png=cover(1), b_jpg=page_jpeg(1, 1), c_jpg=page_jpeg(1, 2), d_png=cover(2), e_jpg=page_jpeg(2, 1),
        f_jpg=page_jpeg(2, 2),
    )  # fmt: skip
    seen: list[IntakeProgress] = []
    results = intake.take_in(paths, by="tono", progress=seen.append)
    assert [(one.state, one.key, one.page) for one in results] == [
        (IntakeState.COVER, key_of(1), None),
        (IntakeState.ASSIGNED, key_of(1), 1),
        (IntakeState.ASSIGNED, key_of(1), 2),
        (IntakeState.COVER, key_of(2), None),
        (IntakeState.ASSIGNED, key_of(2), 1),
        (IntakeState.ASSIGNED, key_of(2), 2),
    ]
    assert [(one.done, one.total) for one in seen] == [(n, 6) for n in range(1, 7)]
    for scan, *_ in rows.added:
        for sha256 in (scan.sha256, scan.original_sha256, scan.thumbnail_sha256):
            assert (tmp_path / "scans" / sha256[:2] / sha256).exists()


def test_the_untouched_original_is_kept_beside_the_upload_copy(
    tmp_path: Path, intake: Intake, rows: FakeRows
) -> None:
    intake.take_in(files(tmp_path, a_jpg=page_jpeg(1, 1)), key=key_of(1))
    scan = rows.added[0][0]
    original = tmp_path / "scans" / scan.original_sha256[:2] / scan.original_sha256
    assert original.read_bytes() == page_jpeg(1, 1)
    assert scan.sha256 != scan.original_sha256
    assert scan.size_bytes < 330 * 1024
    thrifty = tmp_path / "scans" / scan.thrifty_sha256[:2] / scan.thrifty_sha256
    assert thrifty.stat().st_size == scan.thrifty_bytes < 140 * 1024


def test_the_same_file_is_recorded_once_however_it_comes(
    tmp_path: Path, intake: Intake, rows: FakeRows
) -> None:
    twins = files(tmp_path, a_jpg=page_jpeg(1, 1), b_jpg=page_jpeg(1, 1))
    states = [one.state for one in intake.take_in(twins, key=key_of(1))]
    assert states == [IntakeState.ASSIGNED, IntakeState.DUPLICATE]
    again = intake.take_in(twins[:1], key=key_of(2))[0]
    assert (again.state, len(rows.added)) == (IntakeState.DUPLICATE, 1)
    assert "sudah pernah" in again.text


def test_a_file_taken_in_again_puts_right_what_was_torn_or_lost(
    tmp_path: Path, intake: Intake, rows: FakeRows
) -> None:
    """It was called a duplicate, and the page could never be sent."""
    paths = files(tmp_path, a_jpg=page_jpeg(1, 1))
    intake.take_in(paths)
    ((scan, *_),) = rows.added
    kept = [tmp_path / "scans" / one[:2] / one for one in (scan.original_sha256, scan.sha256)]
    contents = [one.read_bytes() for one in kept]
    kept[0].unlink()
    kept[1].chmod(0o600)
    kept[1].write_bytes(contents[1][:-1] + b"?")
    (again,) = intake.take_in(paths)
    assert (again.state, len(rows.added)) == (IntakeState.DUPLICATE, 1)
    assert "dipulihkan" in again.text
    assert [one.read_bytes() for one in kept] == contents
    assert "tidak dicatat dua kali" in intake.take_in(paths)[0].text


def test_a_batch_cut_off_goes_on_when_it_is_taken_in_again(
    tmp_path: Path, intake: Intake, rows: FakeRows
) -> None:
    paths = files(tmp_path, a_png=cover(1), b_jpg=page_jpeg(1, 1), c_png=cover(2), d_jpg=page_jpeg(2, 1))
    intake.take_in(paths[:2])
    intake.take_in(paths[2:3])
    later = files(tmp_path, b2_jpg=page_jpeg(1, 2))
    results = intake.take_in([paths[0], paths[1], *later, paths[2], paths[3]])
    assert [(one.state, one.key, one.page) for one in results if one.state is not IntakeState.DUPLICATE] == [
        (IntakeState.ASSIGNED, key_of(1), 2),
        (IntakeState.ASSIGNED, key_of(2), 1),
    ], "known cover sheets still say whose the following pages are"
    assert len(rows.added) == 5


def test_pages_of_a_pdf_and_a_tiff_are_pages_of_their_own(
    tmp_path: Path, intake: Intake, rows: FakeRows
) -> None:
    from tests.unit.scanner.sheets import opened

    pdf = scanned_pdf(page_jpeg(1, 1), page_jpeg(1, 2))
    frames = tiff(opened(page_jpeg(2, 1)), opened(page_jpeg(2, 2)))
    results = intake.take_in(files(tmp_path, a_pdf=pdf), key=key_of(1))
    results = [*results, *intake.take_in(files(tmp_path, b_tif=frames), key=key_of(2))]
    assert [(one.key, one.page) for one in results] == [(key_of(n), p) for n in (1, 2) for p in (1, 2)]
    assert [one.source for one in results[:2]] == ["a.pdf hlm. 1", "a.pdf hlm. 2"]
    container = str(rows.added[0][0].quality["container_sha256"])
    assert (tmp_path / "scans" / container[:2] / container).read_bytes() == pdf
    assert {one.state for one in intake.take_in([tmp_path / "a.pdf"], key=key_of(1))} == {
        IntakeState.DUPLICATE
    }


def test_bad_files_get_a_sentence_each_and_stop_nobody(
    tmp_path: Path, intake: Intake, rows: FakeRows
) -> None:
    paths = files(
        tmp_path, a_txt=b"bukan gambar", b_jpg=b"", c_jpg=page_jpeg(1, 1)[:7000], d_pdf=locked_pdf(),
        e_pdf=b"%PDF-1.4 broken", f_jpg=page_jpeg(1, 2),
    )  # fmt: skip
    results = intake.take_in([*paths, tmp_path / "hilang.jpg"], key=key_of(1))
    codes = [one.warnings[:1] for one in results if one.state is IntakeState.REFUSED]
    wanted = ("not_an_image", "empty_file", "broken_image", "encrypted_pdf", "broken_pdf", "no_file")
    assert codes == [(one,) for one in wanted]
    assert all(one.text.endswith(".") for one in results if one.state is IntakeState.REFUSED)
    assert [one.page for one in results if one.state is IntakeState.ASSIGNED] == [2]
    assert len(rows.added) == 1
    left = [one for one in (tmp_path / "scans").rglob("*") if one.is_file()]
    assert len(left) == 4, "a refused file leaves nothing in the scans folder"


def test_a_page_of_the_wrong_number_is_questioned(tmp_path: Path, intake: Intake) -> None:
    result = intake.take_in(files(tmp_path, a_jpg=page_jpeg(1, 2)), key=key_of(1), page=1)[0]
    assert (result.state, result.page, result.warnings) == (IntakeState.ASSIGNED, 1, ("wrong_page",))
    assert "bukan halaman yang diharapkan" in result.text


def test_a_row_that_is_refused_refuses_its_page_alone(tmp_path: Path, intake: Intake, rows: FakeRows) -> None:
    rows.refuse = NotFound("TPS 999 tidak dikenal.", hint="Periksa kodenya.")
    result = intake.take_in(files(tmp_path, a_jpg=page_jpeg(1, 1)), key=key_of(999))[0]
    assert (result.state, result.text) == (IntakeState.REFUSED, "TPS 999 tidak dikenal. Periksa kodenya.")
    rows.refuse = None
    assert intake.take_in([tmp_path / "a.jpg"], key=key_of(1))[0].state is IntakeState.ASSIGNED


def test_killed_workers_lose_no_page(tmp_path: Path) -> None:
    rows, killed = FakeRows(), list[int]()
    with (
        Workers(layouts(), processes=2) as pool,
        Intake(rows, tmp_path / "scans", [ppwp()], workers=pool) as intake,
    ):
        paths = [tmp_path / f"{n}.jpg" for n in range(1, 7)]
        for n, path in enumerate(paths, start=1):
            path.write_bytes(page_jpeg(n, 1))

        def kill_once(progress: IntakeProgress) -> None:
            if progress.done == 2:
                for one in pool.worker_ids():
                    os.kill(one, signal.SIGTERM)
                    killed.append(one)

        results = intake.take_in(paths, progress=kill_once)
    assert killed
    assert [one.state for one in results] == [IntakeState.INBOX] * 6
    assert len({scan.original_sha256 for scan, *_ in rows.added}) == 6


def test_a_page_that_takes_too_long_is_given_up_and_the_next_one_works(tmp_path: Path) -> None:
    with Workers(layouts(), processes=1, page_limit_s=0.0) as slow:
        outcome = slow.finish(slow.start(page_jpeg(1, 1)))
    assert isinstance(outcome, Refused)
    assert outcome.code == "too_slow"
    with Workers(layouts(), processes=1) as pool:
        assert not isinstance(pool.finish(pool.start(page_jpeg(1, 1))), Refused)


def test_closing_gives_up_what_is_under_way_and_starts_nothing_new(tmp_path: Path) -> None:
    rows = FakeRows()
    pool = Workers(layouts(), processes=1)
    with Intake(rows, tmp_path / "scans", [ppwp()], workers=pool) as intake:
        paths = files(
            tmp_path,
            a_jpg=page_jpeg(1, 1),
            b_jpg=page_jpeg(1, 2),
            c_jpg=page_jpeg(2, 1),
            d_jpg=page_jpeg(2, 2),
        )
        results = intake.take_in(paths, progress=lambda _: pool.close())
    assert results[0].state is IntakeState.INBOX
    assert [one.warnings for one in results[1:]] == [("closed",)] * 3
    assert len(rows.added) == 1
    assert pool.worker_ids() == frozenset()


def test_a_store_that_cannot_answer_refuses_with_its_sentence(tmp_path: Path, workers: Workers) -> None:
    class Deaf(FakeRows):
        def is_known_original(self, original_sha256: str) -> bool:
            raise Unavailable("Basis data sedang dipakai.", hint="Coba lagi.", code="busy")

    intake = Intake(Deaf(), tmp_path / "scans", [ppwp()], workers=workers)
    result = intake.take_in(files(tmp_path, a_jpg=page_jpeg(1, 1)))[0]
    assert (result.state, result.text) == (IntakeState.REFUSED, "Basis data sedang dipakai. Coba lagi.")
