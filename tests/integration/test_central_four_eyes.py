"""Honest, late, replayed and dishonest messages: nothing is public that two different people did not read."""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from typing import Any

import httpx
import pytest

from sync.central.database import Database
from sync.central.driver import connect
from sync.central.schema import MIGRATIONS
from sync.central.server import RunningCentre
from tests.unit.sync.central.office import FORM, JPEG, QUICK, TPS, Office, signed
from tests.unit.sync.central.running import joined, running

PAGES = {1: JPEG + b"1", 2: JPEG + b"2"}
SEEN = list(PAGES.values())
LATER = "2019-04-17T15:00:00Z"
CORRECTED = {**QUICK, "P1": 77}


def votes(centre: RunningCentre) -> Any:
    """What the public tree says of the first TPS."""
    centre.parts.publication.drain()
    tree = f"{centre.url}/static/json/hhcw/ppwp/26141/27407/27408/27409/927409001.json"
    return httpx.get(tree).json()["chart"]


def send_with_pages(office: Office, record: dict[str, Any]) -> None:
    assert office.send(record)[0]["status"] == "stored"
    for data in SEEN:
        office.upload(data)


def correction(office: Office) -> dict[str, Any]:
    readings = [office.reading("wati", 1, CORRECTED), office.reading("budi", 2, CORRECTED)]
    return office.record(readings, CORRECTED, parent=office.hash_of(QUICK), cause="correction", pages=PAGES)


def publish(office: Office, centre: RunningCentre) -> None:
    send_with_pages(office, office.settled(pages=PAGES))
    office.judge(office.verdict(pages=SEEN))
    assert votes(centre)["21"] == 71


def test_a_form_withdrawn_during_its_correction_leaves_the_site(
    office: Office, centre: RunningCentre
) -> None:
    """The public version is the head's ancestor; with the head gone nothing of this paper is this TPS's."""
    publish(office, centre)
    office.send(correction(office))
    assert votes(centre)["21"] == 71  # a correction under way leaves the old in its place
    images = f"{centre.url}/img/c/927/409/927409001/"
    names = [path.name for path in (centre.parts.tree.folder.parent / "img/c/927/409/927409001").iterdir()]
    assert [httpx.get(images + name).status_code for name in names] == [200, 200]
    ask = {"withdrawals": [office.withdrawal("rina", cells=CORRECTED)]}
    assert office.post("withdrawals", ask).json()["results"][0]["status"] == "stored"
    assert votes(centre) is None
    assert [httpx.get(images + name).status_code for name in names] == [404, 404]


def test_what_is_public_and_withdrawn_leaves_also_when_it_is_no_longer_the_head(
    office: Office, centre: RunningCentre
) -> None:
    publish(office, centre)
    office.send(correction(office))
    ask = {"withdrawals": [office.withdrawal("rina")]}
    assert office.post("withdrawals", ask).json()["results"][0]["status"] == "stored"
    assert votes(centre) is None


def test_a_form_read_page_by_page_is_public_once_it_is_whole(office: Office, centre: RunningCentre) -> None:
    """Both parts by the same person, kept as two; half of a form is not public even if two people read that half."""
    page = {n: {one: QUICK[one] for one in QUICK if (one in ("A1.J", "B4.J")) is (n == 1)} for n in (1, 2)}
    half = [office.reading("rina", 1, page[1]), office.reading("budi", 2, page[1])]
    send_with_pages(office, office.record(half, page[1], pages=PAGES))
    office.judge(office.verdict(cells=page[1], pages=SEEN))
    assert votes(centre) is None
    with centre.parts.centre.db.read() as con:
        (reasons,) = con.execute("SELECT reasons FROM unpublished_reason").fetchone()
    assert reasons == "incomplete"
    parts = [office.reading("rina", 1, page[n], own=True) for n in (1, 2)]
    whole = [*parts, office.reading("budi", 2, QUICK)]
    assert (
        office.send(office.record(whole, parent=office.hash_of(page[1]), pages=PAGES))[0]["status"]
        == "stored"
    )
    office.judge(office.verdict(pages=SEEN))
    assert votes(centre)["21"] == 71


def test_page_2_brings_two_offices_to_the_same_values(office: Office, centre: RunningCentre) -> None:
    """One PC had page 1 and the centre's head, the other the whole form and was its rival: page 2 says the same."""
    page_1 = {one: QUICK[one] for one in ("A1.J", "B4.J")}
    page_2 = {one: cell for one, cell in QUICK.items() if one not in page_1}
    send_with_pages(office, office.record([office.reading("rina", 1, page_1)], page_1, pages=PAGES))
    whole = office.record([office.reading("budi", 1, QUICK)], pages=PAGES)
    assert office.send(whole)[0]["status"] == "rival"
    parts = [office.reading("rina", 1, one, own=True) for one in (page_1, page_2)]
    answer = office.send(office.record(parts, parent=office.hash_of(page_1), pages=PAGES))[0]
    assert answer["status"] == "replayed"
    office.judge(office.verdict(pages=SEEN))
    assert votes(centre)["21"] == 71


def test_what_an_older_centre_took_for_unread_is_looked_at_once_more(tmp_path: Path) -> None:
    con = connect(str(tmp_path / "c.db"), isolation_level=None)
    con.executescript("".join(MIGRATIONS[:4]) + "PRAGMA user_version=4;")
    con.execute("INSERT INTO unpublished_reason VALUES ('a', 'not_settled no_verdict'), ('b', 'no_verdict')")
    con.close()
    database = Database(tmp_path / "c.db")
    with database.read() as reader:
        assert [row[0] for row in reader.execute("SELECT key FROM to_consider")] == ["a"]
    database.close()


def test_without_a_first_reading_nobody_could_be_kept_from_verifying_it(
    office: Office, centre: RunningCentre
) -> None:
    """Two who both sign as second readers, one of whom verifies."""
    office.roles["rina"] = ["entri", "verifikator"]
    assert office.post("operators", office.operators(at=LATER)).status_code == 200
    readings = [office.reading("rina", 2, QUICK), office.reading("budi", 2, QUICK)]
    send_with_pages(office, office.record(readings, pages=PAGES))
    office.judge(office.verdict("rina", pages=SEEN))
    assert votes(centre) is None


def test_a_verdict_that_was_taken_back_does_not_count_when_it_comes_late(
    office: Office, centre: RunningCentre
) -> None:
    """Two requests overtook one another: the last word is the one that names the other as its `previous`."""
    send_with_pages(office, office.settled(pages=PAGES))
    right = office.verdict(pages=SEEN)
    wrong = office.verdict(verdict="wrong", pages=SEEN, previous=right["id"])
    assert office.judge(wrong)[0]["status"] == "stored"
    assert office.judge(right)[0]["status"] == "stored"
    assert votes(centre) is None
    status = office.post("status", {"forms": [f"{TPS}/{FORM}/1"]}).json()["forms"][0]
    assert status["verdict"] == "wrong"


def test_the_last_coordinator_stays(office: Office) -> None:
    """Else the district would be without one, and its next list would be believed on its own word."""
    mutiny = office.operators(at=LATER)
    for one in mutiny["operators"]:
        one["active"] = one["id"] != "siti"
    mutiny = resigned(office, mutiny)
    assert office.post("operators", mutiny).status_code == 409
    office.add("iwan", "koordinator")
    assert office.post("operators", office.operators(by="iwan", at=LATER)).status_code == 403


def test_an_older_list_brings_nobody_back(office: Office) -> None:
    old, gone = office.operators(), office.operators(at=LATER)
    for one in gone["operators"]:
        one["active"] = one["id"] != "dewi"
    assert office.post("operators", resigned(office, gone)).status_code == 200
    assert office.post("operators", old).status_code == 200
    office.send(office.settled())
    late = {**office.verdict(), "at": "2019-04-18T00:00:00Z"}
    late = signed(office.keys["dewi"], "verdict", without_signature(late))
    assert office.judge(late)[0]["problem"]["code"] == "inactive"


def test_a_code_for_another_pc_gives_no_power_over_people(office: Office, centre: RunningCentre) -> None:
    """Its holder's coordinator is believed only where the district has none yet: nobody signs in another's name."""
    stranger = Office(centre.url, device="pc-2")
    _, code = centre.setup_for("3204")
    token = stranger.post("enrol", stranger.enrol(code)).json()["token"]
    assert stranger.client is not None
    stranger.client.headers["Authorization"] = f"Bearer {token}"
    assert stranger.post("operators", stranger.operators(at=LATER)).status_code == 403
    assert stranger.send(stranger.settled())[0]["problem"]["code"] == "signature"
    stranger.close()


def without_signature(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "signature"}


def resigned(office: Office, body: dict[str, Any]) -> dict[str, Any]:
    return signed(office.keys["siti"], "operators", without_signature(body))


def test_no_log_line_holds_a_secret_or_a_vote(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Good and bad messages and a fault of ours, everything logged at its most talkative."""
    caplog.set_level("DEBUG")
    secret = {**QUICK, "P1": 918_273}
    with running(tmp_path / "pusat") as centre, joined(centre) as office:
        assert office.client is not None
        token = office.client.headers["Authorization"].removeprefix("Bearer ")
        _, code = centre.setup_for("3204")
        record = office.settled(secret, pages=PAGES)
        send_with_pages(office, record)
        office.judge(office.verdict(cells=secret, pages=SEEN), office.verdict("budi", cells=secret))
        office.send({**record, "cells": {**record["cells"], "P2": "918273"}})
        office.post("enrol", {**office.enrol(code), "device_key": "x"})
        centre.parts.publication.drain()

        def broken(*_: object) -> None:
            raise RuntimeError("fault of the test")

        monkeypatch.setattr(centre.parts.scans, "receipts", broken)
        assert office.post("scans/receipts", {"sha256": []}).status_code == 500
    ours = [record for record in caplog.records if not record.name.startswith("httpx")]
    said = "\n".join(logging.Formatter().format(record) for record in ours)
    assert "bug in POST /api/v1/scans/receipts" in said
    keys = [base64.b64encode(key).decode() for key in (*office.keys.values(), office.device_key)]
    for hidden in (token, code, code.replace("-", ""), "918273", centre.parts.console_token, *keys):
        assert hidden not in said
    caplog.clear()
