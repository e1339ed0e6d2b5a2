"""KPU RI's console: what came, what is returned, the national pause, the profile, set-up files. One plain page.

Whoever has the console token may act; the token is made once (`console-token`, readable by its owner) and becomes a
cookie of this path only. Every POST carries a second value derived from it, so that no other site can press a
button. Thread: the event loop; database work in the door's threads.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.domain.c1form import is_practice
from app.errors import ExpectedError, NotAllowed
from sync.central import accounts, versions
from sync.central.centre import Centre
from sync.central.clock import iso
from sync.central.database import fact, set_fact
from sync.central.door import Door
from sync.central.driver import Connection
from sync.central.evidence import RESTORED
from sync.central.http import GONE, read_body
from sync.central.keys import write_secret
from sync.central.overload import PROFILES
from sync.central.pages import Pages, html
from sync.central.publisher import SENTENCES, Reason
from sync.central.refusal import Refused, is_whole
from sync.wire import SetupFile, encode

COOKIE = "situng_console"
PAUSE = "pause"  # the fact that keeps it
MAX_FORM = 16 * 1024
SHOWN_RIVALS = 50
SHOWN_DEVICES = 1000

Fields = dict[str, list[str]]


def load_or_make_token(folder: Path) -> str:
    """The console token of this folder."""
    path = folder / "console-token"
    if path.exists():
        return path.read_text("ascii").strip()
    token = secrets.token_urlsafe(24)
    write_secret(path, token.encode("ascii"))
    return token


def setup_file(
    con: Connection, centre: Centre, district: str, url: str, *, names_coordinator: bool = False
) -> tuple[SetupFile, str]:
    """A district's set-up file and a fresh one-time code, which travel by different ways."""
    code = accounts.new_code(con, centre, district, names_coordinator=names_coordinator)
    keys_of = dict(
        centre.key.vouched
    )  # the earlier ones too: a PC that joins late is shown the first receipts
    return SetupFile(realm=centre.realm, server=url, district=district, keys=keys_of), code


class Console:
    """Routes below /console."""

    def __init__(self, door: Door, token: str) -> None:
        self._door = door
        self._centre = door.centre
        self._token = token
        self._pages = Pages(
            {
                "brand": "Situng Luring · KPU RI",
                "site_title": "Konsol KPU RI",
                "home": "/console",
                "election": door.centre.realm,
                "practice": is_practice(door.centre.realm),
                "csv_url": None,
            }
        )

    def routes(self) -> list[Route]:
        """One page, one address for each button."""
        post = ["POST"]
        return [
            Route("/console", self._show, methods=["GET"]),
            Route("/console/return", self._button(self._give_back), methods=post),
            Route("/console/auto", self._button(self._set_auto), methods=post),
            Route("/console/pause", self._button(self._pause), methods=post),
            Route("/console/lift", self._button(self._lift), methods=post),
            Route("/console/profile", self._button(self._choose), methods=post),
            Route("/console/revoke", self._button(self._revoke), methods=post),
            Route("/console/setup", self._setup, methods=post),
        ]

    # ---- who may -------------------------------------------------------------------------------------------------

    def _derived(self, purpose: str) -> str:
        return hmac.new(self._token.encode("ascii"), purpose.encode("ascii"), hashlib.sha256).hexdigest()

    def _is_known(self, request: Request) -> bool:
        return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), self._derived("cookie").encode())

    def _closed(self) -> Response:
        return html("<!doctype html><title>Tertutup</title><p>Buka konsol dengan alamat bertoken.</p>", 403)

    async def _show(self, request: Request) -> Response:
        token = request.query_params.get("token")
        if token is not None:
            if not hmac.compare_digest(token.encode(), self._token.encode()):
                return self._closed()
            answer = RedirectResponse("/console", status_code=303)
            answer.set_cookie(
                COOKIE,
                self._derived("cookie"),
                path="/console",
                httponly=True,
                samesite="strict",
                secure=request.url.scheme == "https",
            )
            answer.headers["Referrer-Policy"] = "no-referrer"
            return answer
        if not self._is_known(request):
            return self._closed()
        return await self._page(request.query_params.get("said", "")[:300])

    def _button(self, act: Callable[[Fields], str]) -> Callable[[Request], Awaitable[Response]]:
        """Check cookie and CSRF, act, show the page again with one sentence about it."""

        async def serve(request: Request) -> Response:
            try:
                fields = await self._fields(request)
                said = await self._door.run(lambda: act(fields))
            except ClientDisconnect:
                return GONE
            except Refused as refused:
                return html(f"<!doctype html><title>Ditolak</title><p>{refused.status}</p>", refused.status)
            except ExpectedError as error:
                said = error.sentence()
            return RedirectResponse(f"/console?{urlencode({'said': said})}", status_code=303)

        return serve

    async def _fields(self, request: Request) -> Fields:
        """The form's fields; raises Refused for a stranger."""
        if not self._is_known(request):
            raise Refused(403, "console", "Konsol tertutup.")
        try:
            fields = parse_qs((await read_body(request, MAX_FORM)).decode("utf-8"), max_num_fields=50)
        except ValueError:
            raise Refused(400, "malformed", "Isian tidak dapat dibaca.") from None
        if not hmac.compare_digest(_one(fields, "csrf").encode(), self._derived("csrf").encode()):
            raise Refused(403, "csrf", "Muat ulang halaman konsol.")
        return fields

    # ---- buttons -------------------------------------------------------------------------------------------------

    def _give_back(self, fields: Fields) -> str:
        return f"{self.give_back(_one(fields, 'one') or _one(fields, 'scope'))} formulir dikembalikan."

    def give_back(self, scope: str) -> int:
        """Return heads for verification: `all`, an area's code or a TPS. Returns how many."""
        prefix = "" if scope == "all" else scope
        if prefix and not is_whole(prefix, 13):
            return 0
        with self._centre.db.write() as con:
            rows = con.execute(
                "SELECT key FROM form WHERE head IS NOT NULL AND tps >= ?1 AND tps < ?1 || ':' ORDER BY key",
                (prefix,),
            ).fetchall()
            return sum(versions.give_back(con, self._centre, row["key"]) for row in rows)

    def _set_auto(self, fields: Fields) -> str:
        is_on = _one(fields, "on") == "1"
        with self._centre.db.write() as con:
            set_fact(con, "auto_return", "1" if is_on else "0")
        self._centre.switches.auto_return = is_on
        return f"Pengembalian otomatis {'menyala' if is_on else 'mati'}."

    def _pause(self, fields: Fields) -> str:
        text = _one(fields, "for_s")
        for_s = int(text) if is_whole(text, 6) else 0
        if not 1 <= for_s <= 86_400:
            return "Lama jeda harus 1-86.400 detik."
        classes, reason = fields.get("classes", []), _one(fields, "reason")
        self._door.overload.set_pause(for_s, classes, reason)
        self._remember_pause({"until": self._centre.clock() + for_s, "classes": classes, "reason": reason})
        return f"Jeda {for_s} detik dimulai."

    def _lift(self, _fields: Fields) -> str:
        self._door.overload.lift()
        self._remember_pause(None)
        return "Jeda diakhiri."

    def _remember_pause(self, pause: dict[str, Any] | None) -> None:
        with self._centre.db.write() as con:
            set_fact(con, PAUSE, json.dumps(pause))

    def resume_pause(self) -> None:
        """A pause outlives a restart: the reason for the restart may be the reason for the pause."""
        with self._centre.db.read() as con:
            pause = json.loads(fact(con, PAUSE, "null"))
        if pause is not None and pause["until"] > self._centre.clock():
            left_s = pause["until"] - self._centre.clock()
            self._door.overload.set_pause(left_s, pause["classes"], pause["reason"])

    def _may_play_ill(self) -> bool:
        """A real centre is never made ill from a page; one that was started with a profile already is."""
        return is_practice(self._centre.realm) or self._centre.settings.profile is not None

    def _choose(self, fields: Fields) -> str:
        name = _one(fields, "name")
        if not self._may_play_ill():
            raise NotAllowed("Server ini bukan server latihan.", hint="Profil hanya untuk latihan dan uji.")
        self._door.overload.choose(name)
        return f"Profil server: {name}."

    def _revoke(self, fields: Fields) -> str:
        device = _one(fields, "device")
        with self._centre.db.write() as con:
            accounts.revoke(con, self._centre, device)
        return f"Pendaftaran {device} dicabut. Yang sudah dikirimnya tetap tersimpan."

    async def _setup(self, request: Request) -> Response:
        try:
            fields = await self._fields(request)
        except ClientDisconnect:
            return GONE
        except Refused as refused:
            return html(f"<!doctype html><title>Ditolak</title><p>{refused.status}</p>", refused.status)
        district = _one(fields, "district")
        if district not in {area.code for area in self._centre.register.districts}:
            return await self._page("Kabupaten/kota tidak dikenal.")
        url = self._centre.settings.public_url or str(request.base_url).rstrip("/")

        def make() -> tuple[SetupFile, str]:
            with self._centre.db.write() as con:
                return setup_file(con, self._centre, district, url)

        setup, code = await self._door.run(make)
        packed = base64.b64encode(encode(setup)).decode("ascii")
        link = f"data:application/json;base64,{packed}"
        return await self._page("", {"district": district, "code": code, "link": link})

    # ---- the page ------------------------------------------------------------------------------------------------

    async def _page(self, said: str, setup: dict[str, str] | None = None) -> Response:
        pause = self._door.overload.pause()

        def render() -> str:
            with self._centre.db.read() as con:
                facts = self._facts(con)
            return self._pages.render(
                "console.html",
                said=said,
                setup=setup,
                pause=pause,
                csrf=self._derived("csrf"),
                server_state="dijeda" if pause else "menerima",
                **facts,
            )

        return html(await self._door.run(render), headers={"Cache-Control": "no-store"})

    def _facts(self, con: Connection) -> dict[str, Any]:
        register = self._centre.register
        kecamatan = [area for area in register.areas.values() if len(area.code) == 6]
        return {
            "realm": self._centre.realm,
            "epoch": self._centre.db.epoch[:8],
            "restored_at": fact(con, RESTORED),
            "areas": areas_of(con, self._centre),
            "reasons": reasons_of(con),
            "rivals": rivals_of(con),
            "devices": devices_of(con),
            "kecamatan": [{"code": area.code, "name": area.label} for area in kecamatan],
            "districts": [{"code": area.code, "name": area.label} for area in register.districts],
            "auto_return": self._centre.switches.auto_return,
            "profiles": list(PROFILES) if self._may_play_ill() else [],
            "profile": self._door.overload.profile.name,
        }


def areas_of(con: Connection, centre: Centre) -> list[dict[str, Any]]:
    """Per kecamatan with anything in it: how many forms came, are whole, have all pages at least as thrifty copies,
    are returned, judged, public."""
    needed = max(len(form.pages) for form in centre.forms.values())
    rows = con.execute(
        "SELECT substr(form.tps, 1, 6) AS code, count(*) AS came, count(version.returned_n) AS returned,"
        " sum((SELECT count(*) FROM page JOIN scan ON scan.sha256 = page.sha256 AND scan.district = form.district"
        "   WHERE page.version = version.id) >= ?1) AS whole,"
        " sum((SELECT count(*) FROM page WHERE page.version = version.id AND (EXISTS (SELECT 1 FROM scan"
        "   WHERE scan.sha256 = page.sha256 AND scan.district = form.district) OR EXISTS (SELECT 1 FROM thrifty"
        "   WHERE thrifty.scan = page.sha256 AND thrifty.district = form.district))) >= ?1) AS shown,"
        " sum(EXISTS (SELECT 1 FROM verdict WHERE verdict.version = version.id)) AS judged,"
        " sum(EXISTS (SELECT 1 FROM published WHERE published.key = form.key)) AS public"
        " FROM form JOIN version ON version.id = form.head GROUP BY code ORDER BY code",
        (needed,),
    )
    found = []
    for row in rows:
        area = centre.register.areas.get(row["code"])
        name, total = (area.label if area else row["code"]), centre.register.totals.get(row["code"], 0)
        numbers = {one: row[one] for one in ("came", "returned", "whole", "shown", "judged", "public")}
        numbers["thrifty"] = numbers.pop("shown") - numbers["whole"]
        found.append({"name": name, "total": total, **numbers})
    return found


def reasons_of(con: Connection) -> list[dict[str, Any]]:
    """How many forms each reason holds back, the commonest first."""
    counts: dict[str, int] = {}
    for (reasons,) in con.execute("SELECT reasons FROM unpublished_reason"):
        for reason in reasons.split():
            counts[reason] = counts.get(reason, 0) + 1
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return [{"text": SENTENCES[Reason(code)], "count": count} for code, count in ordered]


def devices_of(con: Connection) -> list[dict[str, Any]]:
    """Every enrolled PC, the newest first."""
    rows = con.execute(
        "SELECT id, district, enrolled_at, revoked_at FROM device ORDER BY enrolled_at DESC, id LIMIT ?",
        (SHOWN_DEVICES,),
    )
    return [
        {
            "id": row["id"],
            "district": row["district"],
            "since": iso(row["enrolled_at"]),
            "revoked": iso(row["revoked_at"]) if row["revoked_at"] is not None else "",
        }
        for row in rows
    ]


def rivals_of(con: Connection) -> list[dict[str, Any]]:
    """Forms with values that compete."""
    rows = con.execute(
        "SELECT version.key, count(*) FROM version JOIN form ON form.key = version.key"
        " WHERE state = 'rival' AND version.id > form.head GROUP BY version.key ORDER BY version.key LIMIT ?",
        (SHOWN_RIVALS,),
    )
    return [{"name": key, "count": count} for key, count in rows]


def _one(fields: Fields, name: str) -> str:
    return fields.get(name, [""])[0].strip()
