"""The public site: results by wilayah down to the TPS with the C1 images beside the numbers, CSV, the JSON tree.

Read only, works without JavaScript. Pages are rendered in worker threads and kept until anything new arrives.
"""

from __future__ import annotations

import csv
import io
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from app.domain.c1form import is_practice
from app.domain.form import FormDefinition
from sync.central.centre import Centre, Register
from sync.central.door import Door
from sync.central.driver import Connection
from sync.central.pages import Pages, html, percent, stylesheet
from sync.central.public_tree import THRIFTY_MARK, counted, image_folder
from sync.central.results import area_page, rounds_of, shares, title_of, waiting_by

KEPT_PAGES = 300
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NAMES = {
    "pemilih_j": "Pemilih dalam DPT",
    "pengguna_j": "Pengguna hak pilih",
    "suara_sah": "Suara sah",
    "suara_tidak_sah": "Suara tidak sah",
    "suara_total": "Suara sah dan tidak sah",
}

Version = tuple[int, int]


class PublicSite:
    """Routes of the site."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._centre: Centre = door.centre
        self._form: FormDefinition = next(iter(door.centre.forms.values()))
        practice = is_practice(door.centre.realm)
        self._pages = Pages(
            {
                "brand": "Situng Luring",
                "site_title": "Situng Luring",
                "home": "/",
                "election": "Hasil hitung suara Pemilu 2019",
                "practice": practice,
                "form_title": f"{self._form.title.id} · {self._form.ballot.id}",
            }
        )
        self._kept: OrderedDict[str, tuple[Version, str]] = OrderedDict()

    def routes(self) -> list[BaseRoute]:
        """Site, style, CSV; the tree and the images are plain files."""
        public = self._centre.settings.public
        (public / "img" / "c").mkdir(parents=True, exist_ok=True)
        return [
            Route("/", self._home, methods=["GET"]),
            Route("/w/{code}", self._area, methods=["GET"]),
            Route("/tps/{tps}", self._tps, methods=["GET"]),
            Route("/csv/{name}", self._csv, methods=["GET"]),
            Route("/gaya.css", self._style, methods=["GET"]),
            Mount("/static/json", Files(public / "json")),
            Mount("/img/c", Files(public / "img" / "c")),
        ]

    async def _style(self, _request: Request) -> Response:
        return stylesheet()

    async def _home(self, _request: Request) -> Response:
        return await self._page("/", lambda con: self._render_area(con, start_code(self._centre.register)))

    async def _area(self, request: Request) -> Response:
        code = request.path_params["code"]
        if code != "0" and code not in self._centre.register.areas:
            return self._unknown()
        return await self._page(f"/w/{code}", lambda con: self._render_area(con, "" if code == "0" else code))

    async def _tps(self, request: Request) -> Response:
        tps = request.path_params["tps"]
        if tps not in self._centre.register.stations:
            return self._unknown()
        return await self._page(f"/tps/{tps}", lambda con: self._render_tps(con, tps))

    async def _page(self, address: str, render: Callable[[Connection], str]) -> Response:
        def work() -> str:
            with self._centre.db.read() as con:
                version = newest(con)
                kept = self._kept.get(address)
                if kept is not None and kept[0] == version:
                    return kept[1]
                text = render(con)
                self._kept[address] = (version, text)
                while len(self._kept) > KEPT_PAGES:
                    self._kept.popitem(last=False)
                return text

        return html(await self._door.run(work), headers={"Cache-Control": "no-cache"})

    def _unknown(self) -> Response:
        return RedirectResponse("/", status_code=303)

    def _render_area(self, con: Connection, code: str) -> str:
        return self._pages.render(
            "area.html",
            area=area_page(con, self._centre, self._form, code),
            crumbs=crumbs(self._centre.register, code),
            csv_url=f"/csv/{code or '0'}.csv",
        )

    def _render_tps(self, con: Connection, tps: str) -> str:
        station = self._centre.register.stations[tps]
        found = rounds_of(con, self._form.id, tps)
        waits = waiting_by(con, self._form.id, tps, set(), 13) if not found else {}
        desa = self._centre.register.areas[station.tps.desa]
        return self._pages.render(
            "tps.html",
            tps={"label": station.tps.label, "desa": title_of(desa), "waiting": bool(waits)},
            rounds=[self._round(station.kpu_id, *one) for one in found],
            crumbs=crumbs(self._centre.register, tps),
            csv_url=None,
        )

    def _round(self, kpu_id: str, row: Any, is_old: bool, is_being_corrected: bool) -> dict[str, Any]:
        candidates = self._form.publication.candidates
        votes = [row.votes.get(one.id) for one in candidates]
        plain = [one or 0 for one in votes]
        return {
            "round": row.round,
            "ts": row.ts,
            "is_old": is_old,
            "is_being_corrected": is_being_corrected,
            "candidates": [
                {
                    "number": f"{one.number:02d}",
                    "name": one.name,
                    "text": written(number),
                    "percent": percent(number or 0, sum(plain), 2),
                }
                for one, number in zip(candidates, votes, strict=True)
            ],
            "shares": shares(plain),
            "facts": [
                {"name": _NAMES.get(name, name), "text": written(row.fields.get(name))}
                for name in self._form.publication.fields
            ],
            "images": [
                {"n": n, "url": f"/{image_folder(kpu_id)}/{name}", "is_thrifty": THRIFTY_MARK in name}
                for n, name in enumerate(row.images, 1)
            ],
            "read_by": "Dibaca sama oleh dua orang berbeda." if row.readings >= 2 else "Dibaca satu orang.",
        }

    # ---- CSV -----------------------------------------------------------------------------------------------------

    async def _csv(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        code = name.removesuffix(".csv")
        if not name.endswith(".csv") or (code != "0" and code not in self._centre.register.areas):
            return self._unknown()
        text = await self._door.run(lambda: self._csv_text("" if code == "0" else code))
        headers = {
            "Content-Disposition": f'attachment; filename="situng-{code}.csv"',
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Allow-Origin": "*",
        }
        return Response(text.encode("utf-8-sig"), headers=headers, media_type="text/csv; charset=utf-8")

    def _csv_text(self, code: str) -> str:
        out = io.StringIO(newline="")
        with self._centre.db.read() as con:
            csv.writer(out).writerows([defused(cell) for cell in row] for row in self._csv_rows(con, code))
        return out.getvalue()

    def _csv_rows(self, con: Connection, code: str) -> Iterator[list[object]]:
        fields = list(self._form.publication.fields)
        candidates = self._form.publication.candidates
        head = ["provinsi", "kabupaten", "kecamatan", "desa", "kode_tps", "tps", "status"]
        yield [*head, *fields, *(f"suara_{one.number:02d}" for one in candidates), "pembaca", "waktu"]
        public = {row.tps: row for row in counted(con, self._form.id, code)}
        waiting = waiting_by(con, self._form.id, code, set(public), 13)
        for station in self._centre.register.stations.values():
            if not station.tps.startswith(code):
                continue
            names = [area.name for area in self._centre.register.path(station.tps)]
            row = public.get(station.tps)
            start: list[object] = [*names, station.tps, station.tps.number]
            if row is None:
                state = "menunggu verifikasi" if station.tps in waiting else "belum masuk"
                yield [*start, state, *[""] * (len(fields) + len(candidates) + 2)]
            else:
                numbers = [row.fields.get(one) for one in fields]
                numbers += [row.votes.get(one.id) for one in candidates]
                yield [*start, "terverifikasi", *map(plain_cell, numbers), row.readings, row.ts]


class Files(StaticFiles):
    """Plain files with the headers that keep a hostile image from being anything else; open to every program."""

    def __init__(self, folder: Any) -> None:
        super().__init__(directory=folder, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"x-content-type-options", b"nosniff"),
                    (b"content-security-policy", b"default-src 'none'; sandbox"),
                    (b"access-control-allow-origin", b"*"),
                    (b"cache-control", b"no-cache"),
                ]
            await send(message)

        await super().__call__(scope, receive, with_headers)


def newest(con: Connection) -> Version:
    """Changes whenever anything that a page shows has changed."""
    receipts = con.execute("SELECT coalesce(max(sequence), 0) FROM receipt").fetchone()[0]
    events = con.execute("SELECT coalesce(sum(feed_head), 0) FROM district").fetchone()[0]
    return int(receipts), int(events)


def start_code(register: Register) -> str:
    """Where the site opens: the first place with something to choose; a centre of one kabupaten opens there."""
    code = ""
    while len(code) < 4 and len(register.children.get(code, [])) == 1:
        code = register.children[code][0].code
    return code


def crumbs(register: Register, code: str) -> list[dict[str, str | None]]:
    """From Indonesia down to here; the last one has no address."""
    steps: list[dict[str, str | None]] = [{"name": "Indonesia", "url": "/w/0"}]
    steps += [{"name": title_of(area), "url": f"/w/{area.code}"} for area in register.path(code)]
    if len(code) == 13:
        steps.append({"name": register.stations[code].tps.label, "url": None})
    steps[-1]["url"] = None
    return steps


def written(number: int | None) -> str:
    """A published number; blank and unreadable boxes have none."""
    return "kosong/tidak terbaca" if number is None else f"{number:,}".replace(",", ".")


def plain_cell(number: int | None) -> object:
    return "" if number is None else number


def defused(cell: object) -> object:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell
