"""Thrifty copies at the centre: shown until the scan is here, never taken for it, receipts that tell both apart."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.attestation import is_signed_by
from sync.central.console import areas_of
from sync.central.database import Database
from sync.central.driver import connect
from sync.central.schema import MIGRATIONS
from sync.central.server import RunningCentre
from tests.unit.sync.central.office import FORM, JPEG, REALM, TPS, TPS_2, Office
from tests.unit.sync.central.running import joined, running

PAGES = {1: JPEG + b"page one", 2: JPEG + b"page two"}
COPIES = {n: data + b" thrifty" for n, data in PAGES.items()}
IMAGES = "img/c/927/409/927409001"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def shown(centre: RunningCentre) -> list[bytes]:
    """The public images of the form, in page order."""
    centre.parts.publication.drain()
    tree = "static/json/hhcw/ppwp/26141/27407/27408/27409/927409001.json"
    names = httpx.get(f"{centre.url}/{tree}").raise_for_status().json()["images"]
    return [httpx.get(f"{centre.url}/{IMAGES}/{name}").raise_for_status().content for name in names]


def judged(office: Office) -> None:
    """Numbers and an ok verdict of somebody who saw both pages; no image yet."""
    office.send(office.settled(pages=PAGES))
    (result,) = office.judge(office.verdict(pages=list(PAGES.values())))
    assert result["status"] == "stored"


def send_copies(office: Office) -> None:
    for n, data in COPIES.items():
        office.upload(data, sha(PAGES[n]))


def receipts(office: Office, *data: bytes) -> list[dict[str, Any]]:
    ask = {"sha256": [sha(one) for one in data]}
    found: list[dict[str, Any]] = office.post("scans/receipts", ask).json()["receipts"]
    return found


def by_hash(office: Office, data: bytes, query: str = "") -> int:
    assert office.client is not None
    return office.client.head(f"/api/v1/scans/by-hash/{sha(data)}{query}").status_code


def test_the_centre_says_in_a_header_that_it_takes_copies(centre: RunningCentre) -> None:
    """Not in hello's body: programs of before take any other shape for a captive portal."""
    assert httpx.get(f"{centre.url}/api/v1/hello").headers["situng-features"].split() == ["thrifty", "as_of"]


def test_copies_are_public_until_their_scans_come(office: Office, centre: RunningCentre) -> None:
    judged(office)
    assert shown(centre) == [], "nothing to look at yet"
    send_copies(office)
    assert shown(centre) == list(COPIES.values())
    page = httpx.get(f"{centre.url}/tps/{TPS}").text
    assert page.count("salinan hemat, gambar lengkap menyusul") == 2
    office.upload(PAGES[1])
    assert shown(centre) == [PAGES[1], COPIES[2]], "page by page"
    office.upload(PAGES[2])
    assert shown(centre) == list(PAGES.values())
    assert "salinan hemat" not in httpx.get(f"{centre.url}/tps/{TPS}").text
    kinds = [event["kind"] for event in office.feed()]
    assert kinds.count("published") == 1, "that it is public is no news any more"


def test_no_picture_of_before_stays_on_the_site(
    office: Office, centre: RunningCentre, tmp_path: Path
) -> None:
    judged(office)
    send_copies(office)
    assert len(shown(centre)) == 2
    for data in PAGES.values():
        office.upload(data)
    shown(centre)
    folder = tmp_path / "pusat" / "public" / IMAGES
    assert [one.name for one in folder.iterdir() if "hemat" in one.name] == []
    office.post("withdrawals", {"withdrawals": [office.withdrawal("rina")]})
    assert shown(centre) == []
    assert list(folder.iterdir()) == []


def test_a_withdrawn_form_takes_its_copies_with_it(
    office: Office, centre: RunningCentre, tmp_path: Path
) -> None:
    judged(office)
    send_copies(office)
    assert len(shown(centre)) == 2
    office.post("withdrawals", {"withdrawals": [office.withdrawal("rina")]})
    assert shown(centre) == []
    assert list((tmp_path / "pusat" / "public" / IMAGES).iterdir()) == []


def test_a_copy_is_never_a_scan(office: Office) -> None:
    office.send(office.settled(pages=PAGES))
    send_copies(office)
    assert [event["pages"] for event in office.feed()] == [[]], "not returned as if the pages were there"
    assert office.post("status", {"forms": [f"{TPS}/{FORM}/1"]}).json()["forms"][0]["pages"] == []
    assert by_hash(office, COPIES[1]) == 404
    assert by_hash(office, COPIES[1], f"?thrifty_of={sha(PAGES[2])}") == 404
    assert by_hash(office, COPIES[1], f"?thrifty_of={sha(PAGES[1])}") == 200
    assert by_hash(office, PAGES[1]) == 404


def test_receipts_tell_the_copy_from_the_scan(office: Office, centre: RunningCentre) -> None:
    office.upload(COPIES[1], sha(PAGES[1]))
    (first,) = receipts(office, COPIES[1], PAGES[1])
    assert (first["kind"], first["what"], first["values_hash"]) == ("thrifty", sha(COPIES[1]), sha(PAGES[1]))
    setup, _ = centre.setup_for("3204")
    assert is_signed_by(setup.keys[first["key_id"]], "receipt", REALM, first)
    office.upload(COPIES[1], sha(PAGES[1]))
    office.upload(PAGES[1])
    assert [one["kind"] for one in receipts(office, COPIES[1], PAGES[1])] == ["thrifty", "scan"]
    assert receipts(office, COPIES[1])[0] == first, "twice is once"


def test_a_scan_that_came_first_is_what_is_shown(office: Office, centre: RunningCentre) -> None:
    judged(office)
    for data in PAGES.values():
        office.upload(data)
    send_copies(office)
    assert shown(centre) == list(PAGES.values())


def test_a_copy_with_another_hash_is_refused_and_not_kept(office: Office) -> None:
    made = office.create_upload(COPIES[1], sha256=sha(COPIES[2]), thrifty_of=sha(PAGES[1]))
    assert office.patch(made.headers["location"], COPIES[1], 0).status_code == 460
    assert receipts(office, COPIES[1], COPIES[2]) == []


@pytest.mark.parametrize("scan", ["no hash", "0" * 63, sha(COPIES[1])])
def test_a_copy_must_stand_for_another_scan(office: Office, scan: str) -> None:
    assert office.create_upload(COPIES[1], thrifty_of=scan).status_code == 400


def test_a_copy_of_a_sheet_that_was_scanned_again_shows_nothing(
    office: Office, centre: RunningCentre
) -> None:
    """Page one was replaced: the record names another scan now, and its own copy is still to come."""
    judged(office)
    send_copies(office)
    assert shown(centre) == list(COPIES.values())
    again = {1: JPEG + b"page one, scanned again", 2: PAGES[2]}
    office.send(office.settled(pages=again))
    office.judge(office.verdict(pages=list(again.values())))
    assert COPIES[1] in shown(centre), "what was public stays until the new one can be shown"
    office.upload(JPEG + b"new thrifty", sha(again[1]))
    assert shown(centre) == [JPEG + b"new thrifty", COPIES[2]]


def test_another_district_sees_nothing_of_it(office: Office, centre: RunningCentre) -> None:
    office.upload(COPIES[1], sha(PAGES[1]))
    assert centre.parts.scans.is_held("3204", sha(COPIES[1]), sha(PAGES[1]))
    assert not centre.parts.scans.is_held("3205", sha(COPIES[1]), sha(PAGES[1]))
    assert centre.parts.scans.receipts("3205", [sha(COPIES[1])]) == []


def test_the_console_counts_forms_that_have_only_copies(office: Office, centre: RunningCentre) -> None:
    judged(office)
    send_copies(office)
    office.send(office.settled(tps=TPS_2, pages={1: PAGES[1]}))
    with centre.parts.centre.db.read() as con:
        (row,) = areas_of(con, centre.parts.centre)
    assert (row["came"], row["whole"], row["thrifty"]) == (2, 0, 1)


def test_killed_between_the_last_byte_and_its_check(tmp_path: Path) -> None:
    folder = tmp_path / "pusat"
    with running(folder) as centre, joined(centre) as office:
        made = office.create_upload(COPIES[1], thrifty_of=sha(PAGES[1]))
        location = made.headers["location"]
        centre.parts.scans.append(location.rsplit("/", 1)[1], COPIES[1])
        assert office.client is not None
        token = office.client.headers["Authorization"]
    with running(folder) as centre:
        tus = {"Tus-Resumable": "1.0.0", "Authorization": token}
        head = httpx.head(f"{centre.url}{location}", headers=tus)
        assert head.headers["upload-offset"] == str(len(COPIES[1]))
        assert "thrifty_of " in head.headers["upload-metadata"]
        assert centre.parts.scans.is_held("3204", sha(COPIES[1]), sha(PAGES[1]))


def test_a_centre_of_before_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "central.db"
    con = connect(str(path))
    con.executescript("".join(MIGRATIONS[:2]) + "PRAGMA user_version=2;")
    con.execute("INSERT INTO upload VALUES ('u', 'pc-1', '3204', 'aa', 5, 9e9, 0)")
    con.commit()
    con.close()
    db = Database(path)
    with db.read() as reader:
        (row,) = reader.execute("SELECT id, thrifty_of FROM upload").fetchall()
        assert tuple(row) == ("u", "")
        assert reader.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
    db.close()
