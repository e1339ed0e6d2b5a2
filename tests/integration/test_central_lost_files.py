"""A centre whose database knows scans that its disk has not (any more): it says so, and takes them in again."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sync.central.publisher import Reason
from sync.central.server import RunningCentre
from tests.unit.sync.central.office import FORM, JPEG, TPS, Office

PAGES = {1: JPEG + b"page one", 2: JPEG + b"page two"}
COPIES = {n: data + b" thrifty" for n, data in PAGES.items()}
KEY = f"{TPS}/{FORM}/1"
IMAGES = "img/c/927/409/927409001"
Harm = Callable[[Path], object]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def place(centre: RunningCentre, data: bytes) -> Path:
    return centre.parts.scans.path(sha(data))


def by_hash(office: Office, data: bytes, query: str = "") -> int:
    assert office.client is not None
    return office.client.head(f"/api/v1/scans/by-hash/{sha(data)}{query}").status_code


def receipts(office: Office, data: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = office.post("scans/receipts", {"sha256": [sha(data)]}).json()["receipts"]
    return found


def held_pages(office: Office) -> list[str]:
    (form,) = office.post("status", {"forms": [KEY], "hashes": []}).json()["forms"]
    return [page["sha256"] for page in form["pages"]]


def reasons(centre: RunningCentre) -> list[str]:
    """What the console says of the form; empty while nothing holds it back."""
    centre.parts.publication.drain()
    with centre.parts.centre.db.read() as con:
        row = con.execute("SELECT reasons FROM unpublished_reason WHERE key = ?", (KEY,)).fetchone()
    return row[0].split() if row else []


def is_public(office: Office) -> bool:
    (form,) = office.post("status", {"forms": [KEY], "hashes": []}).json()["forms"]
    return bool(form["published"])


def judge(office: Office) -> None:
    (result,) = office.judge(office.verdict(pages=list(PAGES.values())))
    assert result["status"] == "stored"


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def rot(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


@pytest.mark.parametrize("harm", [Path.unlink, cut_short])
def test_a_scan_whose_file_is_gone_is_asked_for_again(
    office: Office, centre: RunningCentre, harm: Harm
) -> None:
    """A folder copied while the centre ran: the scans first, then a database that knows more of them."""
    office.send(office.settled(pages=PAGES))
    for data in PAGES.values():
        office.upload(data)
    first = receipts(office, PAGES[1])
    assert len(first) == 1
    harm(place(centre, PAGES[1]))
    assert by_hash(office, PAGES[1]) == 404
    assert receipts(office, PAGES[1]) == []
    assert held_pages(office) == [sha(PAGES[2])]
    office.upload(PAGES[1])
    assert place(centre, PAGES[1]).read_bytes() == PAGES[1]
    assert by_hash(office, PAGES[1]) == 200
    assert receipts(office, PAGES[1]) == first
    assert held_pages(office) == [sha(data) for data in PAGES.values()]


def test_a_lost_page_is_a_reason_and_no_fault_of_the_publisher(office: Office, centre: RunningCentre) -> None:
    office.send(office.settled(pages=PAGES))
    for data in PAGES.values():
        office.upload(data)
    place(centre, PAGES[1]).unlink()
    judge(office)
    assert reasons(centre) == [Reason.PAGE_MISSING]
    office.upload(PAGES[1])
    assert reasons(centre) == []
    assert is_public(office)


def test_a_lost_thrifty_copy_is_asked_for_again(office: Office, centre: RunningCentre) -> None:
    office.send(office.settled(pages=PAGES))
    for n, data in COPIES.items():
        office.upload(data, sha(PAGES[n]))
    first, query = receipts(office, COPIES[1]), f"?thrifty_of={sha(PAGES[1])}"
    place(centre, COPIES[1]).unlink()
    assert by_hash(office, COPIES[1], query) == 404
    assert receipts(office, COPIES[1]) == []
    judge(office)
    assert reasons(centre) == [Reason.PAGE_MISSING]
    office.upload(COPIES[1], sha(PAGES[1]))
    assert by_hash(office, COPIES[1], query) == 200
    assert receipts(office, COPIES[1]) == first
    assert reasons(centre) == []
    assert is_public(office)


def test_good_bytes_take_the_place_of_rotten_ones(office: Office, centre: RunningCentre) -> None:
    office.upload(JPEG)
    rot(place(centre, JPEG))
    office.upload(JPEG)
    assert place(centre, JPEG).read_bytes() == JPEG


def test_a_rotten_page_is_set_aside_and_comes_again(office: Office, centre: RunningCentre) -> None:
    office.send(office.settled(pages=PAGES))
    for data in PAGES.values():
        office.upload(data)
    rot(place(centre, PAGES[1]))
    judge(office)
    assert reasons(centre) == [Reason.PAGE_MISSING]
    assert by_hash(office, PAGES[1]) == 404
    office.upload(PAGES[1])
    assert reasons(centre) == []
    assert is_public(office)


def test_a_public_folder_that_cannot_be_written_is_a_reason_and_tried_again(
    office: Office, centre: RunningCentre, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    office.send(office.settled(pages=PAGES))
    for data in PAGES.values():
        office.upload(data)
    folder = tmp_path / "pusat" / "public" / IMAGES
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_bytes(b"in the way")
    with caplog.at_level(logging.WARNING):
        judge(office)
        for _ in range(3):
            assert reasons(centre) == [Reason.IMAGE_UNWRITTEN]
    said = [record for record in caplog.records if record.name == "sync.central.publication"]
    assert [(record.levelname, record.exc_info) for record in said] == [("WARNING", None)]  # once, in a line
    folder.unlink()
    assert reasons(centre) == []
    assert is_public(office)
