"""The centre over real sockets: the story of a form from its record to the public page, and of those that go wrong."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import httpx

from app.domain.attestation import is_signed_by
from sync.central.server import RunningCentre, rebuild_tree
from tests.unit.sync.central.office import FORM, JPEG, QUICK, REALM, TPS, TPS_2, TPS_3, Office
from tests.unit.sync.central.running import joined, running, settings

PAGES = {1: JPEG + b"1", 2: JPEG + b"2"}
TREE = "static/json/hhcw/ppwp/26141/27407/27408/27409"


def publish(office: Office, centre: RunningCentre, **what: Any) -> None:
    """Everything until the form is public."""
    office.send(office.settled(what.get("cells"), tps=what.get("tps", TPS), pages=PAGES))
    for data in PAGES.values():
        office.upload(data)
    (result,) = office.judge(office.verdict(pages=list(PAGES.values()), **what))
    assert result["status"] == "stored"
    centre.parts.publication.drain()


def get(centre: RunningCentre, path: str) -> Any:
    return httpx.get(f"{centre.url}/{path}").raise_for_status().json()


def test_hello_is_exactly_its_shape(centre: RunningCentre) -> None:
    hello = get(centre, "api/v1/hello")
    assert sorted(hello) == ["api", "epoch", "key_id", "limits", "pause", "realm", "server", "time"]
    assert hello["server"] == "situng-central"
    assert hello["realm"] == REALM
    assert hello["limits"] == {"batch": 50, "chunk": 4194304, "in_flight": 8}


def test_record_comes_back_for_verification(office: Office, centre: RunningCentre) -> None:
    (result,) = office.send(office.settled())
    (again,) = office.send(office.settled())
    assert (result["status"], again["status"]) == ("stored", "replayed")
    assert again["receipt"] == result["receipt"]
    setup, _ = centre.setup_for("3204")
    key = setup.keys[result["receipt"]["key_id"]]
    assert is_signed_by(key, "receipt", REALM, result["receipt"])
    (event,) = office.feed()
    assert (event["kind"], event["n"], event["cells"]) == ("returned", 1, QUICK)


def test_pages_bring_it_back_once_more_with_their_hashes(office: Office) -> None:
    office.send(office.settled(pages=PAGES))
    office.upload(PAGES[1])
    assert len(office.feed()) == 1
    office.upload(PAGES[2])
    assert [page["n"] for page in office.feed()[-1]["pages"]] == [1, 2]
    status = office.post("status", {"forms": [f"{TPS}/{FORM}/1"]}).json()["forms"][0]
    assert [page["n"] for page in status["pages"]] == [1, 2]


def test_the_whole_story_ends_in_the_public_tree(office: Office, centre: RunningCentre) -> None:
    publish(office, centre)
    assert [event["kind"] for event in office.feed()] == ["returned", "returned", "published"]
    tps = get(centre, f"{TREE}/927409001.json")
    assert {name: tps[name] for name in ("pemilih_j", "pengguna_j", "suara_sah", "suara_total")} == {
        "pemilih_j": 198,
        "pengguna_j": 184,
        "suara_sah": 181,
        "suara_total": 184,
    }
    assert tps["chart"] == {"21": 71, "22": 110}
    images = [httpx.get(f"{centre.url}/img/c/927/409/927409001/{name}").content for name in tps["images"]]
    assert images == [PAGES[1], PAGES[2]]
    desa = get(centre, f"{TREE}.json")
    assert desa["table"] == {"927409001": {"21": 71, "22": 110}, "927409002": {"21": None, "22": None}}
    assert desa["progress"] == {"proses": 1, "total": 2}
    assert get(centre, f"{TREE}/927409002.json")["chart"] is None
    status = office.post("status", {"forms": [f"{TPS}/{FORM}/1"]}).json()["forms"][0]
    assert (status["published"], status["verdict"]) == (True, "ok")


def test_the_tree_adds_up_at_every_level_and_a_rebuild_changes_nothing(
    office: Office, centre: RunningCentre, tmp_path: Path
) -> None:
    for tps, first in ((TPS, 71), (TPS_2, 45), (TPS_3, 50)):
        publish(office, centre, tps=tps, cells={**QUICK, "P1": first, "V1": first + 110})

    def levels(root: Path) -> list[Any]:
        paths = ["", "/26141", "/26141/27407", "/26141/27407/27408", "/26141/27407/27408/27409"]
        return [json.loads((root / f"hhcw/ppwp{path}.json").read_text("utf-8")) for path in paths]

    def without_time(found: list[Any]) -> list[Any]:
        return [{name: value for name, value in one.items() if name != "ts"} for one in found]

    root = tmp_path / "pusat" / "public" / "json"
    written = levels(root)
    assert [one["chart"]["21"] for one in written] == [166, 166, 166, 166, 116]
    for one in written:
        for candidate, votes in one["chart"].items():
            assert votes == sum(row[candidate] or 0 for row in one["table"].values())
    centre.stop()
    rebuild_tree(settings(tmp_path / "pusat"))
    assert without_time(levels(root)) == without_time(written)


def test_programs_written_for_situng_walk_the_tree(office: Office, centre: RunningCentre) -> None:
    publish(office, centre)
    found = []

    def walk(path: str) -> None:
        for child in get(centre, f"static/json/wilayah/{path or '0'}.json"):
            below = f"{path}/{child}".strip("/")
            if below.count("/") == 4:
                found.append(get(centre, f"static/json/hhcw/ppwp/{below}.json")["chart"])
            else:
                walk(below)

    walk("")
    assert len(found) == 5
    assert [chart for chart in found if chart] == [{"21": 71, "22": 110}]
    assert get(centre, "static/json/ppwp.json")["21"]["nomor_urut"] == 1
    assert "version" in get(centre, "static/json/version.json")


def test_one_reading_waits_for_the_second(office: Office, centre: RunningCentre) -> None:
    office.send(office.record([office.reading("rina", 1, QUICK)], pages=PAGES))
    for data in PAGES.values():
        office.upload(data)
    office.judge(office.verdict(pages=list(PAGES.values())))
    centre.parts.publication.drain()
    assert get(centre, f"{TREE}/927409001.json")["chart"] is None
    assert office.send(office.settled(pages=PAGES))[0]["status"] == "replayed"
    centre.parts.publication.drain()
    assert get(centre, f"{TREE}/927409001.json")["chart"] == {"21": 71, "22": 110}


def test_same_person_twice_is_never_public(office: Office, centre: RunningCentre) -> None:
    twice = [office.reading("rina", 1, QUICK), office.reading("rina", 2, QUICK)]
    office.send(office.record(twice, pages=PAGES))
    for data in PAGES.values():
        office.upload(data)
    office.judge(office.verdict(pages=list(PAGES.values())))
    centre.parts.publication.drain()
    assert get(centre, f"{TREE}/927409001.json")["chart"] is None


def test_the_first_reader_does_not_verify(office: Office) -> None:
    office.add("ani", "entri", "verifikator")
    assert office.post("operators", office.operators(at="2019-04-17T15:00:00Z")).status_code == 200
    office.send(office.record([office.reading("ani", 1, QUICK), office.reading("budi", 2, QUICK)]))
    (result,) = office.judge(office.verdict("ani"))
    assert (result["status"], result["problem"]["code"]) == ("rejected", "own_form")


def test_a_correction_replaces_what_is_public_only_when_verified(
    office: Office, centre: RunningCentre
) -> None:
    publish(office, centre)
    new = {**QUICK, "P1": 77}
    readings = [office.reading("wati", 1, new), office.reading("budi", 2, new)]
    record = office.record(readings, new, parent=office.hash_of(QUICK), cause="correction", pages=PAGES)
    assert office.send(record)[0]["status"] == "stored"
    centre.parts.publication.drain()
    assert get(centre, f"{TREE}/927409001.json")["chart"]["21"] == 71
    assert "sedang diverifikasi" in httpx.get(f"{centre.url}/tps/{TPS}").text
    (old,) = office.judge(office.verdict(pages=list(PAGES.values())))
    assert old["status"] == "stale"
    office.judge(office.verdict(cells=new, pages=list(PAGES.values())))
    centre.parts.publication.drain()
    assert get(centre, f"{TREE}/927409001.json")["chart"]["21"] == 77


def test_wrong_takes_it_off_the_site(office: Office, centre: RunningCentre) -> None:
    publish(office, centre)
    office.judge(office.verdict(verdict="wrong", pages=list(PAGES.values())))
    centre.parts.publication.drain()
    assert get(centre, f"{TREE}/927409001.json")["chart"] is None
    assert get(centre, f"{TREE}.json")["progress"]["proses"] == 0
    assert office.feed()[-1]["kind"] == "notice"


def test_a_withdrawal_empties_the_form_and_may_come_twice(office: Office, centre: RunningCentre) -> None:
    publish(office, centre)
    ask = {"withdrawals": [office.withdrawal("rina")]}
    first, second = (office.post("withdrawals", ask).json()["results"][0] for _ in range(2))
    assert (first["status"], second["status"]) == ("stored", "replayed")
    assert first["receipt"] == second["receipt"]
    centre.parts.publication.drain()
    assert get(centre, f"{TREE}/927409001.json")["chart"] is None
    assert (
        office.send(office.settled(pages=PAGES))[0]["status"] == "replayed"
    )  # a late resend revives nothing
    status = office.post("status", {"forms": [f"{TPS}/{FORM}/1"]}).json()["forms"][0]
    assert status["head"] is None


def test_two_pcs_with_different_values_are_rivals(office: Office, centre: RunningCentre) -> None:
    office.send(office.settled())
    with joined(centre, beside=office, device="pc-2") as other:
        new = {**QUICK, "P1": 17}
        (result,) = other.send(other.settled(new))
        assert (result["status"], result["problem"]["code"]) == ("rival", "rival")
        assert other.send(other.settled(new))[0]["receipt"] == result["receipt"]
        assert other.judge(other.verdict(cells=new))[0]["status"] == "stale"
    event = office.feed()[-1]
    assert (event["kind"], event["cells"]["P1"]) == ("rival", 17)


def test_a_repeated_vote_is_counted_instead_of_the_first(office: Office, centre: RunningCentre) -> None:
    publish(office, centre)
    new = {**QUICK, "P1": 60}
    readings = [office.reading("rina", 1, new, number=2), office.reading("budi", 2, new, number=2)]
    office.send(office.record(readings, new, pages=PAGES, number=2))
    verdict = office.verdict(cells=new, pages=list(PAGES.values()), number=2)
    assert office.judge(verdict)[0]["status"] == "stored"
    centre.parts.publication.drain()
    assert get(centre, f"{TREE}.json")["chart"]["21"] == 60
    page = httpx.get(f"{centre.url}/tps/{TPS}").text
    assert "pemungutan suara ke-2" in page
    assert "tidak ikut dijumlahkan" in page


def test_gzip_goes_both_ways(office: Office) -> None:
    packed = gzip.compress(json.dumps(office.batch(office.settled(), office.settled(tps=TPS_2))).encode())
    assert office.client is not None
    answer = office.client.post("/api/v1/records", content=packed, headers={"Content-Encoding": "gzip"})
    assert [one["status"] for one in answer.json()["results"]] == ["stored", "stored"]
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["situng-feed-head"] == "2"


def test_the_restored_centre_has_a_new_epoch(tmp_path: Path) -> None:
    folder = tmp_path / "pusat"
    with running(folder) as centre, joined(centre) as first:
        epoch = get(centre, "api/v1/hello")["epoch"]
    backup = (folder / "central.db").read_bytes()
    with running(folder) as centre, joined(centre, beside=first, device="pc-2") as office:
        assert get(centre, "api/v1/hello")["epoch"] == epoch
        office.send(office.settled())
    (folder / "central.db").write_bytes(backup)
    with running(folder) as centre:
        assert get(centre, "api/v1/hello")["epoch"] != epoch
