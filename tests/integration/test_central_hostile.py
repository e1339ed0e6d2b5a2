"""What a stranger, a neighbour or a broken program may not do to the centre."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.attestation import new_private_key, sign
from app.domain.journal import GENESIS
from sync.central.server import RunningCentre
from tests.unit.sync.central.office import FORM, JPEG, QUICK, TPS, Office, metadata
from tests.unit.sync.central.running import joined

LINE = "ab" * 32
OTHER_LINE = "cd" * 32


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and problem code; every refusal is a problem, never HTML."""
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def problem_of(office: Office, record: dict[str, Any]) -> str:
    (result,) = office.send(record)
    assert result["status"] == "rejected"
    assert result["receipt"] is None
    code: str = result["problem"]["code"]
    return code


# ---- who ---------------------------------------------------------------------------------------------------------


def test_a_code_serves_one_device(centre: RunningCentre) -> None:
    _, code = centre.setup_for("3204")
    first, thief = Office(centre.url), Office(centre.url, device="pc-9")
    assert first.post("enrol", first.enrol(code)).status_code == 200
    assert code_of(thief.post("enrol", thief.enrol(code))) == (403, "code_used")
    again = first.post("enrol", first.enrol(code))  # its answer was lost: allowed
    assert again.status_code == 200
    first.close()
    thief.close()


def test_a_key_of_before_gets_no_token_for_its_used_code(centre: RunningCentre) -> None:
    """The same name was bound to another key under a second code; the first one has not lapsed."""
    (_, first), (_, second) = centre.setup_for("3204"), centre.setup_for("3204")
    old, new = Office(centre.url), Office(centre.url)
    assert old.post("enrol", old.enrol(first)).status_code == 200
    assert new.post("enrol", new.enrol(second)).status_code == 200
    assert code_of(old.post("enrol", old.enrol(first))) == (403, "code_used")
    assert new.post("enrol", new.enrol(second)).status_code == 200
    old.close()
    new.close()


@pytest.mark.parametrize("change", [{"district": "3205"}, {"code": "ABCD-EFGH-JKLM"}])
def test_a_code_serves_one_district(centre: RunningCentre, change: dict[str, str]) -> None:
    _, code = centre.setup_for("3204")
    one = Office(centre.url)
    body = {name: value for name, value in one.enrol(code).items() if name != "signature"} | change
    body["signature"] = sign(one.device_key, "enrol", one.realm, body)
    assert code_of(one.post("enrol", body)) == (403, "code")
    one.close()


def test_practice_and_election_never_meet(centre: RunningCentre) -> None:
    _, code = centre.setup_for("3204")
    one = Office(centre.url, realm="pemilu-2019")
    assert code_of(one.post("enrol", one.enrol(code))) == (403, "signature")
    one.close()


def test_a_login_serves_once(office: Office) -> None:
    ask = office.login()
    assert office.post("login", ask).status_code == 200
    assert code_of(office.post("login", ask)) == (401, "nonce")


def test_guessing_is_slow(office: Office) -> None:
    forged = office.login() | {"signature": sign(new_private_key(), "login", office.realm, {})}
    codes = [office.post("login", forged).status_code for _ in range(22)]
    assert codes == [401] * 20 + [429] * 2


@pytest.mark.parametrize(
    "header", ["", "Bearer x", "Bearer " + "x" * 43, "Basic YTpi", "Bearer " + "x" * 5000]
)
def test_no_token_no_answer(centre: RunningCentre, header: str) -> None:
    answer = httpx.get(f"{centre.url}/api/v1/feed", headers={"Authorization": header})
    assert code_of(answer) == (401, "sign_in")


def test_only_a_coordinator_names_people(office: Office) -> None:
    assert code_of(office.post("operators", office.operators(by="rina"))) == (403, "role")
    forged = office.operators() | {"signature": office.operators(by="rina")["signature"]}
    assert code_of(office.post("operators", forged)) == (403, "signature")


def test_a_district_without_a_coordinator_takes_the_first_who_vouches(centre: RunningCentre) -> None:
    one, intruder = Office(centre.url), Office(centre.url, device="pc-2")
    for office in (one, intruder):
        _, code = centre.setup_for("3204")
        body = {name: value for name, value in office.enrol(code).items() if name != "signature"}
        body |= {"coordinator": None}
        body["signature"] = sign(office.device_key, "enrol", office.realm, body)
        token = office.post("enrol", body).json()["token"]
        assert office.client is not None
        office.client.headers["Authorization"] = f"Bearer {token}"
    assert code_of(one.post("operators", one.operators(by="rina"))) == (403, "role")
    assert one.post("operators", one.operators()).status_code == 200
    assert code_of(intruder.post("operators", intruder.operators())) == (403, "signature")
    one.close()
    intruder.close()


# ---- records -----------------------------------------------------------------------------------------------------


def test_another_districts_tps(office: Office) -> None:
    record = office.settled(tps="3205052001001")
    assert problem_of(office, record) == "other_district"


def test_forged_signature(office: Office) -> None:
    record = office.settled()
    record["readings"][1]["signature"] = record["readings"][0]["signature"]
    assert problem_of(office, record) == "signature"


def test_unknown_operator_may_be_tried_again(office: Office) -> None:
    office.add("baru", "entri")
    (result,) = office.send(office.record([office.reading("baru", 1, QUICK)]))
    assert (result["problem"]["code"], result["problem"]["retryable"]) == ("operator_unknown", True)


def test_values_other_than_signed(office: Office) -> None:
    record = office.settled()
    record["cells"]["P1"] = 17
    assert problem_of(office, record) == "hash_mismatch"


def test_a_reading_of_another_round_is_not_one_of_this(office: Office) -> None:
    record = office.record([office.reading("rina", 1, QUICK, number=2)])
    assert problem_of(office, record) == "hash_mismatch"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"form": "c1-dpr-2019"}, "unknown_form"),
        ({"cells": {}}, "unknown_field"),
        ({"cells": {"P9": 1}}, "unknown_field"),
        ({"cells": {"P1": -1}}, "malformed"),
        ({"cells": {"P1": True}}, "malformed"),
        ({"cells": {"P1": "nol"}}, "malformed"),
        ({"tps": "3204052001000"}, "malformed"),
        ({"tps": "../../etc/passwd"}, "malformed"),
        ({"readings": []}, "no_reading"),
        ({"pages": [{"n": 3, "sha256": LINE, "bytes": 1}]}, "unknown_page"),
        ({"pages": [{"n": 1, "sha256": "../" * 21 + "x", "bytes": 1}]}, "malformed"),
        ({"cause": "lain"}, "malformed"),
        ({"asing": 1}, "malformed"),
    ],
)
def test_a_bad_record_is_refused_alone(office: Office, change: dict[str, Any], code: str) -> None:
    bad = office.settled() | change
    first, second = office.send(bad, office.settled())
    assert (first["status"], first["problem"]["code"]) == ("rejected", code)
    assert second["status"] == "stored"


@pytest.mark.parametrize(
    "body", [b"<html>", b"", b"[]", b"{", b'{"records": 1}', b"\xff\xfe", b"[" * 100_000]
)
def test_garbage_is_a_problem(office: Office, body: bytes) -> None:
    assert office.client is not None
    assert code_of(office.client.post("/api/v1/records", content=body)) == (400, "malformed")


def test_unknown_fields_are_refused(office: Office) -> None:
    assert code_of(office.post("records", office.batch(office.settled()) | {"x": 1})) == (400, "malformed")
    assert code_of(office.post("status", {"forms": [], "hashes": [], "x": 1})) == (400, "malformed")


def test_another_device_may_not_be_spoken_for(office: Office) -> None:
    assert code_of(office.post("records", office.batch(office.settled()) | {"device": "pc-7"})) == (
        403,
        "other_device",
    )


def test_a_gzip_bomb_does_not_go_off(office: Office) -> None:
    assert office.client is not None
    bomb = gzip.compress(b" " * (64 * 1024 * 1024))
    answer = office.client.post("/api/v1/records", content=bomb, headers={"Content-Encoding": "gzip"})
    assert code_of(answer) == (413, "too_large")
    torn = gzip.compress(json.dumps(office.batch(office.settled())).encode())[:-4]
    answer = office.client.post("/api/v1/records", content=torn, headers={"Content-Encoding": "gzip"})
    assert code_of(answer) == (400, "malformed")
    answer = office.client.post("/api/v1/records", content=b"x", headers={"Content-Encoding": "br"})
    assert code_of(answer) == (415, "encoding")


def test_a_giant_is_refused_before_it_is_read(office: Office) -> None:
    assert office.client is not None
    answer = office.client.post("/api/v1/records", content=b" " * (9 * 1024 * 1024))
    assert code_of(answer) == (413, "too_large")


def test_unknown_paths_and_methods_are_problems(centre: RunningCentre) -> None:
    assert code_of(httpx.get(f"{centre.url}/api/v1/rahasia")) == (404, "no_path")
    assert code_of(httpx.delete(f"{centre.url}/api/v1/hello")) == (405, "method")


# ---- verdicts ----------------------------------------------------------------------------------------------------


def test_verdicts_that_do_not_count(office: Office) -> None:
    (early,) = office.judge(office.verdict())
    assert early["status"] == "later"
    office.send(office.settled())
    forged = office.verdict() | {"verdict": "wrong"}
    assert office.judge(forged)[0]["problem"]["code"] == "signature"
    assert office.judge(office.verdict("budi"))[0]["problem"]["code"] == "role"
    assert office.judge({"id": 7})[0]["problem"]["code"] == "malformed"
    good = office.verdict()
    assert office.judge(good)[0]["status"] == "stored"
    assert office.judge(good)[0]["status"] == "replayed"
    other = office.verdict(verdict="wrong")
    body = {name: value for name, value in other.items() if name != "signature"} | {"id": good["id"]}
    body["signature"] = sign(office.keys["dewi"], "verdict", office.realm, body)
    assert office.judge(body)[0]["problem"]["code"] == "id_reused"


# ---- the journal's anchor ----------------------------------------------------------------------------------------


def test_a_journal_that_goes_on_moves_the_anchor(office: Office) -> None:
    record = office.settled()
    assert office.post("records", office.batch(record, seq=5, line=LINE)).json()["anchor_seq"] == 5
    grown = office.batch(record, seq=9, line=OTHER_LINE, **{"5": LINE})
    assert office.post("records", grown).json()["anchor_seq"] == 9


def test_a_missed_answer_is_no_fork(office: Office) -> None:
    record = office.settled()
    office.post("records", office.batch(record, seq=5, line=LINE))
    unproven = office.post("records", office.batch(record, seq=9, line=OTHER_LINE, **{"0": GENESIS}))
    assert unproven.json()["anchor_seq"] == 5  # taken, told where the anchor is, not moved
    late = office.post("records", office.batch(record, seq=3, line=OTHER_LINE))
    assert late.status_code == 200  # overtaken on the way


def test_another_journal_is_forked(office: Office) -> None:
    record = office.settled()
    office.post("records", office.batch(record, seq=5, line=LINE))
    assert code_of(office.post("records", office.batch(record, seq=5, line=OTHER_LINE))) == (409, "forked")
    clone = office.batch(record, seq=9, line=OTHER_LINE, **{"5": OTHER_LINE})
    assert code_of(office.post("records", clone)) == (409, "forked")


def test_forked_is_cured_by_enrolling_anew(office: Office, centre: RunningCentre) -> None:
    office.post("records", office.batch(office.settled(), seq=5, line=LINE))
    _, code = centre.setup_for("3204")
    office.join(code)
    again = office.post("records", office.batch(office.settled(), seq=2, line=OTHER_LINE)).json()
    assert (again["anchor_seq"], again["results"][0]["status"]) == (2, "replayed")


# ---- scans -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412, "tus_version"),
        ({"Upload-Length": "-1"}, 400, "malformed"),
        ({"Upload-Length": "9" * 40}, 413, "too_large"),
        ({"Upload-Length": str(10**12)}, 413, "too_large"),
        ({"Upload-Length": "0"}, 413, "too_large"),
        ({"Upload-Metadata": ""}, 400, "malformed"),
        ({"Upload-Metadata": "sha256 !!!"}, 400, "malformed"),
        ({"Upload-Metadata": metadata("../../../central.db")}, 400, "malformed"),
        ({"Upload-Metadata": "x " + "A" * 5000}, 400, "malformed"),
        ({"Upload-Defer-Length": "1"}, 400, "malformed"),
    ],
)
def test_bad_creations(office: Office, headers: dict[str, str], status: int, code: str) -> None:
    good = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "10",
        "Upload-Metadata": metadata(hashlib.sha256(b"x").hexdigest()),
    }
    assert office.client is not None
    answer = office.client.post("/api/v1/scans/", headers=good | headers)
    assert code_of(answer) == (status, code)
    assert answer.headers["tus-resumable"] == "1.0.0"


@pytest.mark.parametrize(
    "name", ["../central.db", "..%2fcentral.db", "%2e%2e%2fkeys", "x", "0" * 32, "A" * 32]
)
def test_upload_names_are_ours(office: Office, name: str) -> None:
    assert office.client is not None
    for method in ("HEAD", "PATCH", "DELETE"):
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
        }
        assert office.client.request(method, f"/api/v1/scans/{name}", headers=headers).status_code == 404


def test_wrong_hash_keeps_nothing(office: Office, tmp_path: Path) -> None:
    location = office.create_upload(JPEG, sha256="0" * 64).headers["location"]
    assert code_of(office.patch(location, JPEG, 0)) == (460, "checksum")
    assert code_of(office.patch(location, JPEG, 0)) == (404, "no_upload")
    assert [path for path in (tmp_path / "pusat" / "scans").rglob("*") if path.is_file()] == []
    assert list((tmp_path / "pusat" / "uploads").iterdir()) == []


def test_wrong_offset_and_too_many_bytes(office: Office) -> None:
    location = office.create_upload(JPEG).headers["location"]
    assert code_of(office.patch(location, JPEG[:100], 7)) == (409, "offset")
    assert code_of(office.patch(location, JPEG + b"x", 0)) == (413, "too_long")

    def dripping() -> Iterator[bytes]:  # no Content-Length to be found out by
        yield JPEG
        yield b"x"

    assert office.client is not None
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
    }
    assert code_of(office.client.patch(location, content=dripping(), headers=headers)) == (413, "too_long")
    head = office.client.head(location, headers={"Tus-Resumable": "1.0.0"})
    assert head.headers["upload-offset"] == "0"
    assert office.patch(location, JPEG, 0).status_code == 204


def test_an_upload_belongs_to_its_device(office: Office, centre: RunningCentre) -> None:
    location = office.create_upload(JPEG).headers["location"]
    with joined(centre, beside=office, device="pc-2") as other:
        assert code_of(other.patch(location, JPEG, 0)) == (404, "no_upload")
        assert other.client is not None
        assert other.client.delete(location, headers={"Tus-Resumable": "1.0.0"}).status_code == 404
    assert office.patch(location, JPEG, 0).status_code == 204


def test_the_wrong_media_type_is_refused(office: Office) -> None:
    location = office.create_upload(JPEG).headers["location"]
    assert code_of(office.patch(location, JPEG, 0, **{"Content-Type": "image/jpeg"})) == (415, "media")


def test_what_is_no_image_is_never_public(office: Office, centre: RunningCentre) -> None:
    pages = {1: b"<svg onload=alert(1)>", 2: JPEG}
    office.send(office.settled(pages=pages))
    for data in pages.values():
        office.upload(data)
    office.judge(office.verdict(pages=list(pages.values())))
    centre.parts.publication.drain()
    tree = f"{centre.url}/static/json/hhcw/ppwp/26141/27407/27408/27409/927409001.json"
    assert httpx.get(tree).json()["chart"] is None
    status = office.post("status", {"forms": [f"{TPS}/{FORM}/1"]}).json()["forms"][0]
    assert status["published"] is False


# ---- the site and the console ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/static/json/../../central.db",
        "/static/json/%2e%2e/%2e%2e/central.db",
        "/img/c/..%2f..%2f..%2fcentral.db",
    ],
)
def test_files_beside_the_tree_are_not_served(centre: RunningCentre, path: str) -> None:
    answer = httpx.get(httpx.URL(f"{centre.url}{path}"))
    assert answer.status_code == 404
    assert b"SQLite" not in answer.content


def test_the_console_opens_with_its_token_only(centre: RunningCentre) -> None:
    with httpx.Client(base_url=centre.url, follow_redirects=True) as client:
        assert client.get("/console").status_code == 403
        assert client.get("/console?token=x").status_code == 403
        assert client.post("/console/lift", data={"csrf": "x"}).status_code == 403
        page = client.get(centre.console_url)
        assert page.status_code == 200
        assert client.post("/console/lift", data={"csrf": "x"}).status_code == 403
        assert client.post("/console/pause", data={"for_s": "60"}).status_code == 403
    assert httpx.get(f"{centre.url}/api/v1/hello").json()["pause"] is None
