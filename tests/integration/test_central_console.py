"""KPU RI's console pressed like a browser would, and what it does to the districts."""

from __future__ import annotations

import base64
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.errors import BadInput
from sync.central.overload import Profile
from sync.central.server import RunningCentre, setup_for
from sync.central.settings import CentralSettings
from tests.unit.sync.central.office import JPEG, REALM, TPS, TPS_2, TPS_3, Office
from tests.unit.sync.central.running import joined, running, settings


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[RunningCentre]:
    with running(tmp_path / "pusat", auto_return=False) as one:
        yield one


@pytest.fixture
def office(centre: RunningCentre) -> Iterator[Office]:
    with joined(centre) as one:
        yield one


class Browser:
    """A person at the console."""

    def __init__(self, centre: RunningCentre) -> None:
        self.client = httpx.Client(base_url=centre.url, follow_redirects=True)
        self.page = self.client.get(centre.console_url).text

    def press(self, button: str, **fields: str | list[str]) -> str:
        csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', self.page)
        assert csrf is not None
        answer = self.client.post(f"/console/{button}", data={"csrf": csrf[1], **fields})
        assert answer.status_code == 200
        self.page = answer.text
        return self.page


@pytest.fixture
def browser(centre: RunningCentre) -> Iterator[Browser]:
    one = Browser(centre)
    yield one
    one.client.close()


def test_returns_by_hand_one_kecamatan_and_all(office: Office, browser: Browser) -> None:
    office.send(*(office.settled(tps=tps) for tps in (TPS, TPS_2, TPS_3, "3204082001001")))
    assert office.feed() == []
    assert "1 formulir dikembalikan" in browser.press("return", one=TPS)
    assert [event["tps"] for event in office.feed()] == [TPS]
    assert "2 formulir dikembalikan" in browser.press("return", scope="320405")
    assert "1 formulir dikembalikan" in browser.press("return", scope="all")
    assert "0 formulir dikembalikan" in browser.press("return", scope="all")
    assert "0 formulir dikembalikan" in browser.press("return", scope="'; DROP TABLE form; --")
    assert [event["n"] for event in office.feed()] == [1, 2, 3, 4]


def test_turns_the_automatic_return_on(office: Office, browser: Browser) -> None:
    assert "menyala" in browser.press("auto", on="1")
    office.send(office.settled())
    assert len(office.feed()) == 1


def test_pauses_the_nation_and_lifts_it(office: Office, browser: Browser, centre: RunningCentre) -> None:
    browser.press("pause", for_s="600", classes=["scans"], reason="<b>disk</b>")
    assert "&lt;b&gt;disk&lt;/b&gt;" in browser.page
    hello = httpx.get(f"{centre.url}/api/v1/hello")
    assert hello.status_code == 200
    assert hello.json()["pause"]["classes"] == ["scans"]
    refused = office.create_upload(JPEG)
    assert (refused.status_code, refused.json()["code"]) == (503, "paused")
    assert 590 <= int(refused.headers["retry-after"]) <= 600
    assert office.send(office.settled())[0]["status"] == "stored"
    assert office.client is not None
    asked = office.client.post("/api/v1/scans/receipts", json={"sha256": ["0" * 64]})
    assert (asked.status_code, asked.json()["receipts"]) == (200, []), "a question is no image"
    browser.press("lift")
    assert office.create_upload(JPEG).status_code == 201


def test_a_pause_outlives_a_restart(tmp_path: Path) -> None:
    with running(tmp_path / "pusat") as centre:
        browser = Browser(centre)
        browser.press("pause", for_s="600", classes=["records"], reason="pemeliharaan")
        browser.client.close()
    with running(tmp_path / "pusat") as centre:
        pause = httpx.get(f"{centre.url}/api/v1/hello").json()["pause"]
        assert (pause["classes"], pause["reason"]) == (["records"], "pemeliharaan")
        assert 500 < pause["for_s"] <= 600
        browser = Browser(centre)
        browser.press("lift")
        browser.client.close()
    with running(tmp_path / "pusat") as centre:
        assert httpx.get(f"{centre.url}/api/v1/hello").json()["pause"] is None


def test_makes_a_set_up_file_and_a_code(browser: Browser, centre: RunningCentre) -> None:
    page = browser.press("setup", district="3204")
    code = re.search(r'class="code">([A-Z0-9-]+)<', page)
    link = re.search(r"base64,([A-Za-z0-9+/=]+)", page)
    assert code is not None
    assert link is not None
    setup = json.loads(base64.b64decode(link[1]))
    assert (setup["district"], setup["server"]) == ("3204", centre.url)
    office = Office(centre.url)
    office.join(code[1])
    office.close()
    assert "tidak dikenal" in browser.press("setup", district="9999")


def test_a_second_process_makes_one_while_the_centre_runs(centre: RunningCentre, tmp_path: Path) -> None:
    epoch = httpx.get(f"{centre.url}/api/v1/hello").json()["epoch"]
    setup, code = setup_for(CentralSettings(tmp_path / "pusat"), "3204", centre.url)
    assert setup.realm == REALM  # the folder's, whatever the command was told
    assert list(setup.keys) == [httpx.get(f"{centre.url}/api/v1/hello").json()["key_id"]]
    office = Office(centre.url)
    office.join(code)
    office.close()
    assert httpx.get(f"{centre.url}/api/v1/hello").json()["epoch"] == epoch


def test_shows_what_came_and_what_is_held_back(
    office: Office, browser: Browser, centre: RunningCentre
) -> None:
    office.send(office.settled())
    centre.parts.publication.drain()
    page = browser.client.get("/console").text
    assert "Kec. Cileunyi" in page
    assert "Belum diverifikasi." in page
    assert "Ada halaman yang belum diterima." in page


def test_chooses_how_ill_the_server_is(browser: Browser, centre: RunningCentre) -> None:
    assert "Profil server: slow." in browser.press("profile", name="slow")
    assert centre.parts.overload.profile.name == "slow"
    assert "tidak dikenal" in browser.press("profile", name="hantu")


def test_a_real_centre_is_not_made_ill_from_a_page(tmp_path: Path) -> None:
    with running(tmp_path / "pusat", realm="pemilu-2019") as centre:
        browser = Browser(centre)
        assert "Kesehatan server" not in browser.page
        assert "bukan server latihan" in browser.press("profile", name="slow")
        assert centre.parts.overload.profile.name == "calm"
        browser.client.close()


def test_election_day_is_ill_but_loses_nothing(tmp_path: Path) -> None:
    """Every call is sent until it is answered; 500 after the work was done replays the first receipt."""
    centre = RunningCentre(settings(tmp_path / "pusat"), rng=random.Random(11))
    centre.start()
    with joined(centre) as office:
        centre.parts.overload.profile = Profile("uji", busy=0.3, ill=0.1)  # election day without its waits
        seen = set()
        for _ in range(60):
            answer = office.post("records", office.batch(office.settled()))
            seen.add(answer.status_code)
            assert httpx.get(f"{centre.url}/api/v1/hello").status_code == 200
            if answer.status_code == 503:
                assert int(answer.headers["retry-after"]) >= 1
        assert seen == {200, 500, 503}
        centre.parts.overload.choose("calm")
        assert [event["kind"] for event in office.feed()] == ["returned"]
    centre.stop()


def test_a_folder_serves_one_realm(tmp_path: Path) -> None:
    with running(tmp_path / "pusat"):
        pass
    other = RunningCentre(settings(tmp_path / "pusat", realm="pemilu-2019"))
    with pytest.raises(BadInput, match="latihan-uji"):
        other.start()
    with running(tmp_path / "pusat"):
        pass
