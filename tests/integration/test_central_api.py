"""The centre over real sockets: the story of one form, and what everybody else may not do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sync.central.server import RunningCentre
from sync.central.settings import CentralSettings
from tests.unit.sync.central.office import JPEG, QUICK, REALM, TPS, Office, small_region


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    running = RunningCentre(CentralSettings(tmp_path / "pusat", realm=REALM, register=(small_region(),)))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def office(centre: RunningCentre) -> Iterator[Office]:
    one = Office(centre.url)
    _, code = centre.setup_for("3204")
    one.join(code)
    yield one
    one.close()


def test_hello_is_exactly_its_shape(centre: RunningCentre) -> None:
    hello = httpx.get(f"{centre.url}/api/v1/hello").json()
    assert sorted(hello) == ["api", "epoch", "key_id", "limits", "pause", "realm", "server", "time"]
    assert hello["server"] == "situng-central"
    assert hello["realm"] == REALM
    assert hello["limits"] == {"batch": 50, "chunk": 4194304, "in_flight": 8}


def test_record_comes_back_for_verification(office: Office) -> None:
    (result,) = office.send(office.settled())
    assert result["status"] == "stored"
    (again,) = office.send(office.settled())
    assert again["status"] == "replayed"
    assert again["receipt"] == result["receipt"]
    (event,) = office.feed()
    assert event["kind"] == "returned"
    assert event["cells"] == QUICK
    office.upload(JPEG)
    (verdict,) = office.judge(office.verdict())
    assert verdict["status"] == "stored"
    status = office.post("status", {"forms": [f"{TPS}/c1-ppwp-2019/1"]}).json()
    assert status["forms"][0]["verdict"] == "ok"


def test_whole_story_ends_in_the_public_tree(office: Office, centre: RunningCentre) -> None:
    pages = {1: JPEG, 2: JPEG + b"2"}
    office.send(office.settled(pages=pages))
    for data in pages.values():
        office.upload(data)
    office.judge(office.verdict(pages=list(pages.values())))
    centre.parts.publication.drain()
    assert [event["kind"] for event in office.feed()] == ["returned", "returned", "published"]
    tree = f"{centre.url}/static/json/hhcw/ppwp/26141/27407/27408/27409"
    tps = httpx.get(f"{tree}/927409001.json").json()
    assert tps["chart"] == {"21": 71, "22": 110}
    assert len(tps["images"]) == 2
    image = httpx.get(f"{centre.url}/img/c/927/409/927409001/{tps['images'][0]}")
    assert image.content == JPEG
    desa = httpx.get(f"{tree}.json").json()
    assert desa["table"] == {"927409001": {"21": 71, "22": 110}, "927409002": {"21": None, "22": None}}
    assert desa["progress"] == {"proses": 1, "total": 2}
