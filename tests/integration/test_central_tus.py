"""tus at the centre: resumed, cut, restarted, expired; and an independent client speaks to it."""

from __future__ import annotations

import hashlib
import io
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tusclient.client import TusClient

from sync.central import scans
from sync.central.accounts import Caller
from sync.central.scans import Upload
from sync.central.server import RunningCentre
from sync.central.settings import UPLOAD_LIFE_S
from tests.unit.sync.central.office import JPEG, PATCH, Office, metadata
from tests.unit.sync.central.running import joined, running, settings

BIG = JPEG * 2000  # about 4 MB: several buffers, several socket reads
TUS = {"Tus-Resumable": "1.0.0"}


def offset_of(office: Office, location: str) -> int:
    assert office.client is not None
    head = office.client.head(location, headers=TUS)
    assert head.status_code == 200
    assert head.headers["upload-length"] == str(len(BIG))
    return int(head.headers["upload-offset"])


def held(office: Office, data: bytes) -> int:
    assert office.client is not None
    return office.client.head(f"/api/v1/scans/by-hash/{hashlib.sha256(data).hexdigest()}").status_code


def test_options_say_what_is_true(office: Office) -> None:
    assert office.client is not None
    answer = office.client.options("/api/v1/scans/")
    assert answer.status_code == 204
    assert answer.headers["tus-version"] == "1.0.0"
    assert answer.headers["tus-extension"] == "creation,creation-with-upload,termination,expiration"


def test_in_pieces_with_a_receipt_at_the_end(office: Office) -> None:
    made = office.create_upload(BIG)
    location = made.headers["location"]
    assert location.startswith("/api/v1/scans/")  # relative: a proxy's outer name is not known here
    assert "GMT" in made.headers["upload-expires"]
    for start in range(0, len(BIG), 1_500_000):
        answer = office.patch(location, BIG[start : start + 1_500_000], start)
        assert answer.status_code == 204
        assert answer.headers["upload-offset"] == str(min(start + 1_500_000, len(BIG)))
    assert held(office, BIG) == 200
    digest = hashlib.sha256(BIG).hexdigest()
    answer = office.post("scans/receipts", {"sha256": [digest, "0" * 64]})
    (receipt,) = answer.json()["receipts"]
    assert (receipt["kind"], receipt["what"]) == ("scan", digest)
    assert offset_of(office, location) == len(BIG)  # a finished upload still answers
    assert office.patch(location, b"", len(BIG)).status_code == 204


def test_creation_with_upload(office: Office) -> None:
    assert office.client is not None
    headers = {
        **PATCH,
        "Upload-Length": str(len(JPEG)),
        "Upload-Metadata": metadata(hashlib.sha256(JPEG).hexdigest()),
    }
    answer = office.client.post("/api/v1/scans/", content=JPEG, headers=headers)
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, str(len(JPEG)))
    assert held(office, JPEG) == 200


def test_sent_twice_is_one_scan_with_the_first_receipt(office: Office) -> None:
    ask = {"sha256": [hashlib.sha256(JPEG).hexdigest()]}
    office.upload(JPEG)
    first = office.post("scans/receipts", ask).json()["receipts"]
    office.upload(JPEG)
    assert office.post("scans/receipts", ask).json()["receipts"] == first


def test_a_proxy_that_refuses_patch_and_head(office: Office) -> None:
    assert office.client is not None
    location = office.create_upload(JPEG).headers["location"]
    override = {"X-HTTP-Method-Override": "PATCH", "Upload-Offset": "0"}
    assert office.client.post(location, content=JPEG, headers=PATCH | override).status_code == 204
    head = office.client.post(location, headers=TUS | {"X-HTTP-Method-Override": "HEAD"})
    assert head.headers["upload-offset"] == str(len(JPEG))


def test_a_cut_keeps_what_came(office: Office) -> None:
    """The socket dies in the middle of a PATCH; HEAD says how far it got, and the rest is enough."""
    assert office.client is not None
    location = office.create_upload(BIG).headers["location"]
    url = urlsplit(str(office.client.base_url))
    head = (
        f"PATCH {location} HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: {len(BIG)}\r\nUpload-Offset: 0\r\n"
        f"Authorization: {office.client.headers['Authorization']}\r\n"
        + "".join(f"{name}: {value}\r\n" for name, value in PATCH.items())
    )
    with socket.create_connection((url.hostname or "", url.port or 0)) as line:
        line.sendall(head.encode() + b"\r\n" + BIG[:2_000_000])
        line.shutdown(socket.SHUT_WR)
        line.recv(1000)  # the server has noticed
    while (answer := office.client.head(location, headers=TUS)).status_code == 423:
        pass  # our own ghost still holds it
    offset = int(answer.headers["upload-offset"])
    assert 0 < offset <= 2_000_000
    assert office.patch(location, BIG[offset:], offset).status_code == 204
    assert held(office, BIG) == 200


def test_a_restart_keeps_the_offset(tmp_path: Path) -> None:
    with running(tmp_path / "pusat") as centre, joined(centre) as office:
        location = office.create_upload(BIG).headers["location"]
        office.patch(location, BIG[:3_000_000], 0)
        key, token = office.device_key, str(office.client.headers["Authorization"]) if office.client else ""
    with running(tmp_path / "pusat") as centre:
        again = Office(centre.url)
        assert again.client is not None
        again.device_key = key
        again.client.headers["Authorization"] = token  # tokens outlive a restart, too
        assert offset_of(again, location) == 3_000_000
        assert again.patch(location, BIG[3_000_000:], 3_000_000).status_code == 204
        assert held(again, BIG) == 200
        again.close()


def test_an_upload_expires_and_leaves_nothing(tmp_path: Path) -> None:
    now = [1_000_000.0]
    centre = RunningCentre(settings(tmp_path / "pusat"), clock=lambda: now[0])
    centre.start()
    with joined(centre) as office:
        assert office.client is not None
        location = office.create_upload(BIG).headers["location"]
        office.patch(location, BIG[:1000], 0)
        now[0] += UPLOAD_LIFE_S + 1
        _, code = centre.setup_for("3204")
        office.join(code)  # the token has expired as well
        assert office.client.head(location, headers=TUS).status_code == 410
        office.create_upload(JPEG)
        assert len(list((tmp_path / "pusat" / "uploads").iterdir())) == 1
    centre.stop()


def test_termination(office: Office, tmp_path: Path) -> None:
    assert office.client is not None
    location = office.create_upload(BIG).headers["location"]
    assert office.client.delete(location, headers=TUS).status_code == 204
    assert office.client.head(location, headers=TUS).status_code == 404
    assert list((tmp_path / "pusat" / "uploads").iterdir()) == []


def test_a_full_disk_is_said_before_bytes_are_lost(tmp_path: Path) -> None:
    with running(tmp_path / "pusat", disk_reserve_bytes=10**18) as centre, joined(centre) as office:
        answer = office.create_upload(JPEG)
        assert (answer.status_code, answer.json()["code"]) == (507, "full")
        assert "retry-after" in answer.headers


def test_by_hash_is_blind_for_other_districts(tmp_path: Path) -> None:
    with running(tmp_path / "pusat") as centre, joined(centre) as office:
        office.upload(JPEG)
        with joined(centre, district="3205", device="pc-3205") as other:
            assert held(other, JPEG) == 404
            assert (
                other.post("scans/receipts", {"sha256": [hashlib.sha256(JPEG).hexdigest()]}).json()[
                    "receipts"
                ]
                == []
            )
        assert held(office, JPEG) == 200


def test_tuspy_an_independent_client_gets_through(office: Office) -> None:
    assert office.client is not None
    stream = io.BytesIO(BIG)  # given a path, tuspy leaves files open
    peer = TusClient(
        f"{office.client.base_url}/api/v1/scans/".replace("//api", "/api"),
        headers={"Authorization": office.client.headers["Authorization"]},
    )
    uploader = peer.uploader(
        file_stream=stream, chunk_size=1_000_000, metadata={"sha256": hashlib.sha256(BIG).hexdigest()}
    )
    uploader.upload_chunk()  # type: ignore[no-untyped-call]  # tuspy ships no annotations here
    resumed = peer.uploader(file_stream=stream, chunk_size=1_000_000, url=uploader.url)
    assert resumed.offset == 1_000_000
    resumed.upload()
    assert held(office, BIG) == 200


def test_a_second_patch_never_writes_behind_an_old_offset(
    office: Office, centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ask for the offset before either wrote: one of them has to leave, or the file holds the bytes twice."""
    location = office.create_upload(JPEG).headers["location"]
    kept, asked, may_go_on = centre.parts.scans, threading.Event(), threading.Event()
    find = kept.find

    def slow_find(who: Caller, upload_id: str) -> Upload:
        found = find(who, upload_id)
        if not asked.is_set():
            asked.set()
            assert may_go_on.wait(10)
        return found

    monkeypatch.setattr(kept, "find", slow_find)
    with ThreadPoolExecutor(2) as other:
        first = other.submit(office.patch, location, JPEG[:100], 0)
        assert asked.wait(10)
        second = other.submit(office.patch, location, JPEG[:100], 0)
        may_go_on.set()
        # Which of them wrote depends on whether the second one had come by now: the first leaves, or ends before it.
        assert {first.result().status_code, second.result().status_code} <= {204, 409, 423}
    assert office.client is not None
    assert office.client.head(location, headers=TUS).headers["upload-offset"] == "100"
    assert office.patch(location, JPEG[100:], 100).status_code == 204
    assert held(office, JPEG) == 200


def test_killed_between_the_last_byte_and_its_check(office: Office, centre: RunningCentre) -> None:
    """All bytes are there and nobody hashed them: the question for the offset ends it, nothing comes twice."""
    location = office.create_upload(JPEG).headers["location"]
    centre.parts.scans.append(location.rpartition("/")[2], JPEG)
    assert office.client is not None
    head = office.client.head(location, headers=TUS)
    assert (head.status_code, head.headers["upload-offset"]) == (200, str(len(JPEG)))
    assert office.client.head(f"/api/v1/scans/by-hash/{hashlib.sha256(JPEG).hexdigest()}").status_code == 200


def test_creations_whose_answer_was_lost_never_shut_the_door(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest is forgotten; who still knew it asks by hash and begins anew."""
    monkeypatch.setattr(scans, "MAX_OPEN", 3)
    made = [office.create_upload(JPEG).headers["location"] for _ in range(4)]
    assert office.patch(made[0], JPEG, 0).status_code == 404
    assert [office.patch(one, JPEG[:100], 0).status_code for one in made[1:]] == [204, 204, 204]
