"""The public site: what it says, what it never says, and how a browser shows it on desk and phone."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from PIL import Image

from app.forms.wilayah import Region
from sync.central.server import RunningCentre
from sync.central.settings import CentralSettings
from tests.unit.sync.central.office import JPEG, QUICK, TPS, TPS_2, TPS_3, small_region
from tests.unit.sync.central.running import joined, running

NAVY = (22, 50, 76)  # the bar
BROWSER_S = 120  # a safety net; nothing waits for it


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    """One TPS verified and public, one waiting, the others empty; nothing here changes it."""
    with running(tmp_path_factory.mktemp("situs") / "pusat") as one, joined(one) as office:
        pages = {1: JPEG + b"1", 2: JPEG + b"2"}
        office.send(office.settled(pages=pages), office.settled({**QUICK, "P1": 666}, tps=TPS_2))
        for data in pages.values():
            office.upload(data)
        office.judge(office.verdict(pages=list(pages.values())))
        one.parts.publication.drain()
        yield one


def page(centre: RunningCentre, path: str) -> str:
    answer = httpx.get(f"{centre.url}{path}")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert "Bukan hasil resmi" in answer.text
    assert "LATIHAN" in answer.text
    return answer.text


@pytest.mark.parametrize(
    "path", ["/", "/w/0", "/w/32", "/w/3204", "/w/320405", "/w/3204052001", f"/tps/{TPS}"]
)
def test_every_level_shows_the_verified_votes(centre: RunningCentre, path: str) -> None:
    text = page(centre, path)
    assert ">71<" in text
    assert ">110<" in text
    assert "terverifikasi" in text


@pytest.mark.parametrize("path", ["/", "/w/3204052001", f"/tps/{TPS_2}", "/csv/3204.csv"])
def test_unverified_numbers_are_nowhere(centre: RunningCentre, path: str) -> None:
    assert "666" not in httpx.get(f"{centre.url}{path}").text


def test_what_waits_is_counted_apart(centre: RunningCentre) -> None:
    text = page(centre, "/w/3204")
    assert "1 dari 5 TPS terverifikasi (20,0 %)" in text
    assert "belum diverifikasi</dt><dd>1</dd>" in text
    assert "Belum masuk</dt><dd>3</dd>" in text
    assert "belum diverifikasi" in page(centre, f"/tps/{TPS_2}")
    assert "Belum masuk" in page(centre, f"/tps/{TPS_3}")


def test_images_stand_beside_the_numbers(centre: RunningCentre) -> None:
    text = page(centre, f"/tps/{TPS}")
    assert text.count("<img ") == 2
    address = text.split('<img src="')[1].split('"')[0]
    image = httpx.get(f"{centre.url}{address}")
    assert image.content.startswith(b"\xff\xd8\xff")
    assert image.headers["content-type"] == "image/jpeg"
    assert image.headers["x-content-type-options"] == "nosniff"


def test_unknown_places_lead_home(centre: RunningCentre) -> None:
    for path in ("/w/9999", "/tps/1234567890123", "/csv/x.csv", "/csv/3204"):
        answer = httpx.get(f"{centre.url}{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_csv_adds_up_and_says_what_is_missing(centre: RunningCentre) -> None:
    text = httpx.get(f"{centre.url}/csv/3204.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["status"] for row in rows] == [
        "terverifikasi",
        "menunggu verifikasi",
        "belum masuk",
        "belum masuk",
        "belum masuk",
    ]
    assert (rows[0]["suara_01"], rows[0]["suara_02"], rows[0]["pembaca"]) == ("71", "110", "2")


def hostile_region() -> Region:
    """A list whose names try to be a formula and a script."""
    region = small_region()
    names = {"3204052001": "=HYPERLINK(1)", "320405": "<script>alert(1)</script>"}
    areas = tuple(replace(area, name=names.get(area.code, area.name)) for area in region.areas)
    return Region(areas, region.stations)


def test_names_are_text_and_nothing_else(tmp_path: Path) -> None:
    centre = RunningCentre(CentralSettings(tmp_path / "pusat", register=(hostile_region(),)))
    url = centre.start()
    try:
        assert "'=HYPERLINK(1)" in httpx.get(f"{url}/csv/3204.csv").text
        text = httpx.get(f"{url}/w/3204").text
        assert "<script" not in text.lower()
        assert "&lt;Script&gt;" in text
        assert "LATIHAN" not in text  # the real realm
    finally:
        centre.stop()


def test_a_page_is_kept_until_something_new_arrives(centre: RunningCentre, tmp_path: Path) -> None:
    with running(tmp_path / "pusat") as own, joined(own) as office:
        assert "Diterima KPU RI, belum diverifikasi</dt><dd>0</dd>" in httpx.get(f"{own.url}/").text
        office.send(office.settled())
        assert "Diterima KPU RI, belum diverifikasi</dt><dd>1</dd>" in httpx.get(f"{own.url}/").text


# ---- a real browser ----------------------------------------------------------------------------------------------

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def browse(tmp_path: Path, url: str, *options: str) -> str:
    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium"
    )
    command = [program, *FLAGS, f"--user-data-dir={tmp_path / 'profil'}", *options, url]
    env = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, timeout=BROWSER_S, check=True, env=env)
    return done.stdout


@pytest.mark.peer("chromium")
@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("path", ["/", f"/tps/{TPS}"])
def test_a_browser_shows_it_within_its_width(
    centre: RunningCentre, tmp_path: Path, width: int, path: str
) -> None:
    picture = tmp_path / "layar.png"
    browse(tmp_path, f"{centre.url}{path}", f"--window-size={width},1200", f"--screenshot={picture}")
    with Image.open(picture) as image:
        pixels = image.convert("RGB")
        assert image.width == width
        assert pixels.getpixel((width - 2, 4)) == NAVY  # our style was let in by our policy
        edge = {pixels.getpixel((width - 1, y)) for y in range(300, 1200, 3)}
        assert len(edge) <= 3  # page, footer and its line: no card runs over the edge


@pytest.mark.peer("chromium")
def test_the_tree_of_the_page_is_complete(centre: RunningCentre, tmp_path: Path) -> None:
    text = browse(tmp_path, f"{centre.url}/w/3204052001", "--dump-dom")
    assert f'href="/tps/{TPS}"' in text
    assert "TPS 002" in text
    assert "… menunggu" in text


def test_the_site_knows_no_visitor(centre: RunningCentre) -> None:
    """No cookie, no token: the site needs and sets none."""
    assert "set-cookie" not in httpx.get(f"{centre.url}/").headers
