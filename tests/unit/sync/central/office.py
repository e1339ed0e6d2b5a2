"""A district office as the centre sees it: a device, people with keys, and correct statements to send or to spoil."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

from app.domain.attestation import new_private_key, public_key_of, sign
from app.domain.c1form import C1Key, values_hash
from app.domain.cell import Cell, cells_to_json
from app.domain.journal import GENESIS
from app.domain.wilayah import TpsId
from app.forms.wilayah import Area, Level, Region, Station

REALM = "latihan-uji"
FORM = "c1-ppwp-2019"
AT = "2019-04-17T14:00:00Z"
TPS = "3204052001001"
TPS_2 = "3204052001002"
TPS_3 = "3204052002001"
QUICK: dict[str, Cell] = {"A1.J": 198, "B4.J": 184, "P1": 71, "P2": 110, "V1": 181, "V2": 3, "V3": 184}
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 8 + b"\xff\xd9"


def small_region() -> Region:
    """Two kecamatan, three desa, five TPS of one kabupaten."""
    areas = (
        Area("32", Level.PROVINSI, "JAWA BARAT", "", "26141"),
        Area("3204", Level.KABUPATEN, "BANDUNG", "32", "27407"),
        Area("320405", Level.KECAMATAN, "CILEUNYI", "3204", "27408"),
        Area("320408", Level.KECAMATAN, "BOJONGSOANG", "3204", "27420"),
        Area("3204052001", Level.DESA, "CILEUNYI KULON", "320405", "27409"),
        Area("3204052002", Level.DESA, "CILEUNYI WETAN", "320405", "27410"),
        Area("3204082001", Level.DESA, "BOJONGSOANG", "320408", "27421"),
    )
    stations = (
        Station(TpsId(TPS), 97, 101, "927409001"),
        Station(TpsId(TPS_2), 96, 94, "927409002"),
        Station(TpsId(TPS_3), 100, 98, "927410001"),
        Station(TpsId("3204052002002"), 101, 99, "927410002"),
        Station(TpsId("3204082001001"), 120, 118, "927421001"),
    )
    return Region(areas, stations)


def signed(key: bytes, kind: str, body: Mapping[str, Any], realm: str = REALM) -> dict[str, Any]:
    """The body with its signature."""
    return {**body, "signature": sign(key, kind, realm, body)}


class Office:
    """Statements of one device of one district. `client` talks to a running centre (None: only statements)."""

    def __init__(
        self, url: str = "", *, district: str = "3204", device: str = "pc-1", realm: str = REALM
    ) -> None:
        self.district = district
        self.device = device
        self.realm = realm
        self.device_key = new_private_key()
        self.keys: dict[str, bytes] = {}
        self.roles: dict[str, list[str]] = {}
        self.client = httpx.Client(base_url=url, timeout=20.0) if url else None
        self.add("siti", "koordinator")
        for name, role in (("rina", "entri"), ("budi", "entri"), ("wati", "entri"), ("dewi", "verifikator")):
            self.add(name, role)

    def close(self) -> None:
        if self.client is not None:
            self.client.close()

    def add(self, name: str, *roles: str) -> None:
        self.keys[name] = new_private_key()
        self.roles[name] = list(roles)

    def operator(self, name: str) -> dict[str, Any]:
        return {
            "id": name,
            "roles": self.roles[name],
            "public_key": public_key_of(self.keys[name]),
            "active": True,
        }

    def enrol(self, code: str) -> dict[str, Any]:
        body = {
            "code": code,
            "district": self.district,
            "device": self.device,
            "device_key": public_key_of(self.device_key),
            "coordinator": self.operator("siti"),
            "at": AT,
        }
        return signed(self.device_key, "enrol", body, self.realm)

    def login(self) -> dict[str, Any]:
        body = {"device": self.device, "at": AT, "nonce": uuid.uuid4().hex}
        return signed(self.device_key, "login", body, self.realm)

    def operators(self, *, by: str = "siti", at: str = AT) -> dict[str, Any]:
        body = {"operators": [self.operator(name) for name in self.keys], "by": by, "at": at}
        return signed(self.keys[by], "operators", body, self.realm)

    # ---- records -------------------------------------------------------------------------------------------------

    def hash_of(self, cells: Mapping[str, Cell], tps: str = TPS, number: int = 1) -> str:
        return values_hash(self.realm, C1Key(TpsId(tps), FORM, number), cells)

    def reading(
        self,
        by: str,
        order: int,
        cells: Mapping[str, Cell],
        *,
        tps: str = TPS,
        own: bool = False,
        number: int = 1,
        taken_over_from: Sequence[str] = (),
    ) -> dict[str, Any]:
        """A signed reading; `own` carries its cells along because they are not the record's."""
        body = {
            "tps": tps,
            "form": FORM,
            "round": number,
            "order": order,
            "by": by,
            "values_hash": self.hash_of(cells, tps, number),
            "started": AT,
            "finished": AT,
            "taken_over_from": list(taken_over_from),
        }
        whole = signed(self.keys[by], "reading", body, self.realm)
        for name in ("tps", "form", "round"):
            del whole[name]
        return {**whole, "cells": cells_to_json(cells)} if own else whole

    def record(
        self,
        readings: Sequence[Mapping[str, Any]],
        cells: Mapping[str, Cell] | None = None,
        *,
        tps: str = TPS,
        parent: str | None = None,
        cause: str = "first",
        pages: Mapping[int, bytes] | None = None,
        number: int = 1,
        repeat: int = 0,
    ) -> dict[str, Any]:
        return {
            "tps": tps,
            "form": FORM,
            "round": number,
            "cells": cells_to_json(QUICK if cells is None else cells),
            "parent": parent,
            "cause": cause,
            "readings": [dict(one) for one in readings],
            "accepted": [],
            "pages": [
                {"n": n, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
                for n, data in (pages or {}).items()
            ],
            "sent_at": AT,
            "repeat": repeat,
        }

    def settled(
        self,
        cells: Mapping[str, Cell] | None = None,
        *,
        tps: str = TPS,
        pages: Mapping[int, bytes] | None = None,
    ) -> dict[str, Any]:
        """A record that Rina read first and Budi second, with equal values."""
        values = QUICK if cells is None else cells
        readings = [self.reading("rina", 1, values, tps=tps), self.reading("budi", 2, values, tps=tps)]
        return self.record(readings, values, tps=tps, pages=pages)

    def batch(
        self, *records: Mapping[str, Any], seq: int = 0, line: str = GENESIS, **earlier: str
    ) -> dict[str, Any]:
        head = {"seq": seq, "hash": line, "earlier": earlier}
        return {"device": self.device, "journal_head": head, "records": [dict(one) for one in records]}

    def verdict(
        self,
        by: str = "dewi",
        *,
        cells: Mapping[str, Cell] | None = None,
        tps: str = TPS,
        verdict: str = "ok",
        pages: Sequence[bytes] = (),
        previous: str | None = None,
        number: int = 1,
    ) -> dict[str, Any]:
        body = {
            "id": uuid7(),
            "tps": tps,
            "form": FORM,
            "round": number,
            "values_hash": self.hash_of(QUICK if cells is None else cells, tps, number),
            "pages": [hashlib.sha256(data).hexdigest() for data in pages],
            "verdict": verdict,
            "previous": previous,
            "by": by,
            "at": AT,
            "reason": "",
        }
        return signed(self.keys[by], "verdict", body, self.realm)

    def withdrawal(
        self, by: str = "siti", *, cells: Mapping[str, Cell] | None = None, tps: str = TPS
    ) -> dict[str, Any]:
        body = {
            "id": uuid7(),
            "tps": tps,
            "form": FORM,
            "round": 1,
            "values_hash": self.hash_of(QUICK if cells is None else cells, tps),
            "by": by,
            "at": AT,
            "reason": "salah TPS",
        }
        return signed(self.keys[by], "withdrawal", body, self.realm)

    # ---- on the line ---------------------------------------------------------------------------------------------

    def post(self, path: str, body: object, **options: Any) -> httpx.Response:
        assert self.client is not None
        return self.client.post(f"/api/v1/{path}", json=body, **options)

    def join(self, code: str) -> None:
        """Enrol, keep the token, register everybody."""
        assert self.client is not None
        answer = self.post("enrol", self.enrol(code))
        assert answer.status_code == 200, answer.text
        self.client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        assert self.post("operators", self.operators()).status_code == 200

    def send(self, *records: Mapping[str, Any]) -> list[dict[str, Any]]:
        answer = self.post("records", self.batch(*records))
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def judge(self, *verdicts: Mapping[str, Any]) -> list[dict[str, Any]]:
        answer = self.post("verdicts", {"verdicts": [dict(one) for one in verdicts]})
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def feed(self, after: int = 0) -> list[dict[str, Any]]:
        assert self.client is not None
        answer = self.client.get("/api/v1/feed", params={"after": after, "limit": 500})
        assert answer.status_code == 200, answer.text
        events: list[dict[str, Any]] = answer.json()["events"]
        return events

    def create_upload(
        self, data: bytes, *, sha256: str | None = None, length: int | None = None, thrifty_of: str = ""
    ) -> httpx.Response:
        assert self.client is not None
        return self.client.post(
            "/api/v1/scans/",
            headers={
                "Tus-Resumable": "1.0.0",
                "Upload-Length": str(len(data) if length is None else length),
                "Upload-Metadata": metadata(sha256 or hashlib.sha256(data).hexdigest(), thrifty_of),
            },
        )

    def patch(self, location: str, data: bytes, offset: int, **headers: str) -> httpx.Response:
        assert self.client is not None
        return self.client.patch(
            location, content=data, headers={**PATCH, "Upload-Offset": str(offset), **headers}
        )

    def upload(self, data: bytes, thrifty_of: str = "") -> None:
        """A whole scan, or the thrifty copy of one, by creation and one PATCH."""
        made = self.create_upload(data, thrifty_of=thrifty_of)
        assert made.status_code == 201, made.text
        done = self.patch(made.headers["location"], data, 0)
        assert done.status_code == 204, done.text


PATCH = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


def metadata(sha256: str, thrifty_of: str = "") -> str:
    about = {"sha256": sha256} | ({"thrifty_of": thrifty_of} if thrifty_of else {})
    return ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in about.items())


def uuid7() -> str:
    """Version 7 by its shape; the centre reads no time out of it."""
    plain = uuid.uuid4().hex
    return f"{plain[:8]}-{plain[8:12]}-7{plain[13:16]}-a{plain[17:20]}-{plain[20:]}"
