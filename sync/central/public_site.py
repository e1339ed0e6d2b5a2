"""The public site: results by wilayah down to the TPS with the C1 images beside the numbers, CSV, the JSON tree.

Read only, works without JavaScript. Pages are rendered in worker threads and kept until anything new arrives.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from app.domain.c1form import is_practice
from sync.central.ballot_pages import Ballot, BallotPages, ballots_of
from sync.central.centre import Centre, Register
from sync.central.door import Door
from sync.central.driver import Connection
from sync.central.pages import Pages, html, stylesheet

KEPT_PAGES = 300

Version = tuple[int, int]


class PublicSite:
    """Routes of the site."""

    def __init__(self, door: Door) -> None:
        self._centre: Centre = door.centre
        pages = Pages(
            {
                "brand": "Situng Luring",
                "site_title": "Situng Luring",
                "home": "/",
                "election": "Hasil hitung suara Pemilu 2019",
                "practice": is_practice(door.centre.realm),
            }
        )
        kept, ballots = Kept(door), ballots_of(door.centre.forms)
        self._ballots = [
            BallotSite(door, kept, ballot, BallotPages(door.centre, pages, ballot, ballots))
            for ballot in ballots
        ]

    def routes(self) -> list[BaseRoute]:
        """Site, style, CSV; the tree and the images are plain files."""
        public = self._centre.settings.public
        (public / "img" / "c").mkdir(parents=True, exist_ok=True)
        return [
            *(route for ballot in self._ballots for route in ballot.routes()),
            Route("/gaya.css", self._style, methods=["GET"]),
            Mount("/static/json", Files(public / "json")),
            Mount("/img/c", Files(public / "img" / "c")),
        ]

    async def _style(self, _request: Request) -> Response:
        return stylesheet()


class Kept:
    """Pages as last rendered, until anything that one shows has changed."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._pages: OrderedDict[str, tuple[Version, str]] = OrderedDict()

    async def page(self, address: str, render: Callable[[Connection], str]) -> Response:
        def work() -> str:
            with self._door.centre.db.read() as con:
                version = newest(con)
                kept = self._pages.get(address)
                if kept is not None and kept[0] == version:
                    return kept[1]
                text = render(con)
                self._pages[address] = (version, text)
                while len(self._pages) > KEPT_PAGES:
                    self._pages.popitem(last=False)
                return text

        return html(await self._door.run(work), headers={"Cache-Control": "no-cache"})


class BallotSite:
    """One ballot's addresses below its prefix."""

    def __init__(self, door: Door, kept: Kept, ballot: Ballot, pages: BallotPages) -> None:
        self._door, self._kept, self._prefix, self._pages = door, kept, ballot.prefix, pages
        self._register: Register = door.centre.register

    def routes(self) -> list[BaseRoute]:
        return [
            Route(f"{self._prefix}/", self._home, methods=["GET"]),
            Route(f"{self._prefix}/w/{{code}}", self._area, methods=["GET"]),
            Route(f"{self._prefix}/tps/{{tps}}", self._tps, methods=["GET"]),
            Route(f"{self._prefix}/csv/{{name}}", self._csv, methods=["GET"]),
        ]

    async def _home(self, _request: Request) -> Response:
        return await self._page("/", lambda con: self._pages.area(con, start_code(self._register)))

    async def _area(self, request: Request) -> Response:
        code = request.path_params["code"]
        if code != "0" and code not in self._register.areas:
            return self._unknown()
        return await self._page(f"/w/{code}", lambda con: self._pages.area(con, "" if code == "0" else code))

    async def _tps(self, request: Request) -> Response:
        tps = request.path_params["tps"]
        if tps not in self._register.stations:
            return self._unknown()
        return await self._page(f"/tps/{tps}", lambda con: self._pages.tps(con, tps))

    async def _csv(self, request: Request) -> Response:
        name: str = request.path_params["name"]
        code = name.removesuffix(".csv")
        if not name.endswith(".csv") or (code != "0" and code not in self._register.areas):
            return self._unknown()
        text = await self._door.run(lambda: self._csv_text("" if code == "0" else code))
        ballot = self._prefix.replace("/", "-")
        headers = {
            "Content-Disposition": f'attachment; filename="situng{ballot}-{code}.csv"',
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Allow-Origin": "*",
        }
        return Response(text.encode("utf-8-sig"), headers=headers, media_type="text/csv; charset=utf-8")

    def _csv_text(self, code: str) -> str:
        with self._door.centre.db.read() as con:
            return self._pages.csv(con, code)

    async def _page(self, place: str, render: Callable[[Connection], str]) -> Response:
        return await self._kept.page(f"{self._prefix}{place}", render)

    def _unknown(self) -> Response:
        return RedirectResponse(f"{self._prefix}/", status_code=303)


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
