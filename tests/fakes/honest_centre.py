"""What a centre keeps and answers when nothing is wrong: records, uploads, scans by hash, receipts, feed.

The good half of the fault server, without sockets; one request at a time.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from app.domain.attestation import new_private_key, public_key_of, sign

AT = "2019-04-17T14:00:00Z"
EPOCH = "epoch-1"
TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True)
class Request:
    method: str  # the one meant, also when it came by an override
    path: str
    headers: dict[str, str]
    body: bytes
    number: int  # of this server, from 1

    def json(self) -> Any:
        body = gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body
        return json.loads(body)


@dataclass(frozen=True)
class Answer:
    """An answer instead of the honest one."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Upload:
    length: int
    sha256: str
    data: bytearray = field(default_factory=bytearray)


class HonestCentre:
    """`work(request)` is its answer; everything it keeps may be looked at, and spoilt, by a test."""

    def __init__(self, realm: str = "latihan-uji") -> None:
        self.realm = realm
        self.key = new_private_key()
        self.key_id = "kunci-1"
        self.epoch = EPOCH
        self.pause: dict[str, Any] | None = None
        self.records: dict[tuple[str, str], dict[str, Any]] = {}
        self.verdicts: dict[str, dict[str, Any]] = {}
        self.uploads: dict[str, Upload] = {}
        self.scans: dict[str, bytes] = {}
        self.receipts: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.body_bytes = 0  # of PATCH and creation, as they came in

    @property
    def keys(self) -> dict[str, str]:
        return {self.key_id: public_key_of(self.key)}

    def work(self, request: Request) -> Answer:
        path = request.path.partition("?")[0]
        if path.startswith("/api/v1/scans/"):
            return self._scans(request, path)
        honest = {
            "/api/v1/hello": lambda: _json(self._hello()),
            "/api/v1/login": lambda: _json(
                {"token": "t" * 30, "expires_at": AT, "district": "3204", "feed_head": 0}
            ),
            "/api/v1/operators": lambda: _json({"feed_head": len(self.events)}),
            "/api/v1/records": lambda: self._records(request.json()["records"]),
            "/api/v1/verdicts": lambda: self._verdicts(request.json()["verdicts"]),
            "/api/v1/feed": lambda: self._feed(request.path),
            "/api/v1/status": lambda: self._statuses(request.json()["forms"]),
        }
        nothing = {"title": "?", "status": 404, "code": "?"}
        return honest[path]() if path in honest else _json(nothing, 404)

    def _feed(self, path: str) -> Answer:
        after = int(path.split("after=")[1].split("&", maxsplit=1)[0])
        return _json({"events": self.events[after:], "feed_head": len(self.events), "epoch": self.epoch})

    def _statuses(self, keys: list[str]) -> Answer:
        forms = [self._status(key) for key in keys]
        return _json({"forms": forms, "known_hashes": [], "feed_head": 0, "epoch": self.epoch})

    def _hello(self) -> dict[str, Any]:
        return {
            "server": "situng-central",
            "api": [1],
            "realm": self.realm,
            "time": AT,
            "epoch": self.epoch,
            "pause": self.pause,
            "limits": {"batch": 50, "chunk": 4 << 20, "in_flight": 8},
            "key_id": self.key_id,
        }

    def receipt(self, kind: str, what: str, values_hash: str = "") -> dict[str, Any]:
        """The first receipt for this thing, made now or then."""
        name = f"{kind} {what} {values_hash}"
        if name not in self.receipts:
            body: dict[str, Any] = {
                "kind": kind,
                "what": what,
                "values_hash": values_hash,
                "sequence": len(self.receipts) + 1,
                "epoch": self.epoch,
                "time": AT,
                "key_id": self.key_id,
            }
            body["signature"] = sign(self.key, "receipt", self.realm, body)
            self.receipts[name] = body
        return self.receipts[name]

    def _records(self, records: list[dict[str, Any]]) -> Answer:
        results = []
        for record in records:
            key = f"{record['tps']}/{record['form']}/{record['round']}"
            values_hash = str(record["readings"][0]["values_hash"])
            is_new = (key, values_hash) not in self.records
            self.records[(key, values_hash)] = record
            results.append(
                {
                    "key": key,
                    "status": "stored" if is_new else "replayed",
                    "receipt": self.receipt("record", key, values_hash),
                    "problem": None,
                }
            )
        return _json({"results": results, "feed_head": len(self.events), "anchor_seq": 0})

    def _verdicts(self, verdicts: list[dict[str, Any]]) -> Answer:
        results = []
        for verdict in verdicts:
            status = "replayed" if verdict["id"] in self.verdicts else "stored"
            self.verdicts[verdict["id"]] = verdict
            receipt = self.receipt("verdict", verdict["id"], verdict["values_hash"])
            results.append({"id": verdict["id"], "status": status, "receipt": receipt, "problem": None})
        return _json({"results": results, "feed_head": len(self.events)})

    def _status(self, key: str) -> dict[str, Any]:
        held = [values_hash for one, values_hash in self.records if one == key]
        head = held[-1] if held else None
        nothing: dict[str, Any] = {"pages": [], "verdict": None, "published": False, "receipt": None}
        return {"key": key, "head": head, **nothing}

    def _scans(self, request: Request, path: str) -> Answer:
        name = path.removeprefix("/api/v1/scans/")
        if name.startswith("by-hash/"):
            return Answer(200 if name[8:] in self.scans else 404, TUS)
        if name == "receipts":
            held = [one for one in request.json()["sha256"] if one in self.scans]
            receipts = [self.receipt("scan", one) for one in held]
            return _json({"receipts": receipts, "feed_head": len(self.events)})
        if request.method == "OPTIONS":
            return Answer(
                204, {**TUS, "Tus-Version": "1.0.0", "Tus-Extension": "creation,creation-with-upload"}
            )
        if not name:
            return self._create(request)
        upload = self.uploads.get(name)
        if upload is None:
            return Answer(404, TUS)
        if request.method == "HEAD":
            numbers = {"Upload-Offset": str(len(upload.data)), "Upload-Length": str(upload.length)}
            return Answer(200, {**TUS, **numbers})
        if int(request.headers["upload-offset"]) != len(upload.data):
            return Answer(409, TUS)
        return self.append(upload, request.body, 204, {})

    def _create(self, request: Request) -> Answer:
        about = dict(one.split(" ") for one in request.headers["upload-metadata"].split(","))
        sha256 = base64.b64decode(about.get("sha256", "")).decode()
        name = f"u{len(self.uploads) + 1}"
        upload = self.uploads[name] = Upload(int(request.headers["upload-length"]), sha256)
        return self.append(upload, request.body, 201, {"Location": f"/api/v1/scans/{name}"})

    def append(self, upload: Upload, body: bytes, status: int, headers: dict[str, str]) -> Answer:
        upload.data += body
        self.body_bytes += len(body)
        if len(upload.data) == upload.length:
            whole = bytes(upload.data)
            found = hashlib.sha256(whole).hexdigest()
            if upload.sha256 and found != upload.sha256:
                return Answer(460, TUS)
            self.scans[found] = whole
        return Answer(status, {**TUS, **headers, "Upload-Offset": str(len(upload.data))})


def _json(value: object, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(value).encode())
