"""A centre on a real socket that does what a script says: cuts, silence, portals, lies. Honest where it says nothing.

It keeps what a centre keeps (records by key and hash, uploads, scans by hash) and counts every request, so that a test
can ask for exactly one record and equal hashes after any fault.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
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


@dataclass(frozen=True)
class CutRequest:
    """Read only so many bytes of the body, keep them (tus), then reset the connection."""

    after: int


@dataclass(frozen=True)
class CutAnswer:
    """Do the work, then send only so many bytes of the answer (0: a lost 201)."""

    after: int = 0


@dataclass(frozen=True)
class NeverAnswer:
    """Accept, do the work, say nothing until the client leaves."""

    does_work: bool = False


@dataclass(frozen=True)
class WrongLength:
    """Do the work, promise more bytes than come."""

    extra: int = 10


@dataclass(frozen=True)
class Before:
    """Change something first, then be honest."""

    act: Callable[[FaultServer], None]


Fault = Answer | CutRequest | CutAnswer | NeverAnswer | WrongLength | Before
Script = Callable[[Request], Fault | None]

HTML = Answer(200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><title>Login hotspot</title>")


@dataclass
class Upload:
    length: int
    sha256: str
    data: bytearray = field(default_factory=bytearray)


class FaultServer:
    """Start with `with FaultServer() as server`."""

    def __init__(self, script: Script | None = None, realm: str = "latihan-uji") -> None:
        self.script: Script = script or (lambda _: None)
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
        self.seen: list[tuple[str, str]] = []
        self.body_bytes = 0  # of PATCH and creation, as they came in
        self._lock = threading.RLock()
        self._sock = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._is_closing = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._sock.getsockname()[1]}"

    @property
    def keys(self) -> dict[str, str]:
        return {self.key_id: public_key_of(self.key)}

    def __enter__(self) -> FaultServer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_closing = True
        self._sock.close()
        with self._lock:
            for connection in list(self._open):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def count(self, method: str, part: str = "") -> int:
        return sum(m == method and part in path for m, path in self.seen)

    # ---- sockets ----

    def _accept(self) -> None:
        while not self._is_closing:
            try:
                connection, _ = self._sock.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as stream:
                while self._one(connection, stream):
                    pass
        except (OSError, ValueError):
            pass  # the client left; that is its right
        finally:
            with self._lock:
                self._open.discard(connection)

    def _one(self, connection: socket.socket, stream: Any) -> bool:
        line = stream.readline().decode("latin-1").split()
        if len(line) < 3:
            return False
        headers: dict[str, str] = {}
        for raw in iter(stream.readline, b"\r\n"):
            name, _, value = raw.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", "0"))
        method = headers.get("x-http-method-override", line[0])
        with self._lock:
            self.seen.append((line[0], line[1]))
            number = len(self.seen)
        head = Request(method, line[1], headers, b"", number)
        fault = self.script(head)
        if isinstance(fault, CutRequest):
            self._cut(connection, head, stream.read(min(fault.after, length)))
            return False
        body = stream.read(length)
        request = Request(method, line[1], headers, body, number)
        return self._answer(connection, request, fault)

    def _cut(self, connection: socket.socket, request: Request, body: bytes) -> None:
        """Keep what came, as a real tus server does, and reset."""
        upload = self.uploads.get(request.path.rsplit("/", 1)[-1])
        if request.method == "PATCH" and upload is not None:
            with self._lock:
                self._append(upload, body, 204, {})
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        connection.close()

    def _answer(self, connection: socket.socket, request: Request, fault: Fault | None) -> bool:
        if isinstance(fault, Before):
            fault.act(self)
            fault = None
        if isinstance(fault, Answer):
            connection.sendall(_bytes(request, fault))
            return True
        if isinstance(fault, NeverAnswer) and not fault.does_work:
            connection.recv(1)
            return False
        with self._lock:
            honest = self._work(request)
        if isinstance(fault, NeverAnswer):
            connection.recv(1)
            return False
        if isinstance(fault, CutAnswer):
            connection.sendall(_bytes(request, honest)[: fault.after])
            return False
        if isinstance(fault, WrongLength):
            connection.sendall(_bytes(request, honest, fault.extra))
            return False
        connection.sendall(_bytes(request, honest))
        return True

    # ---- the honest centre ----

    def _work(self, request: Request) -> Answer:
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
        return self._append(upload, request.body, 204, {})

    def _create(self, request: Request) -> Answer:
        about = dict(one.split(" ") for one in request.headers["upload-metadata"].split(","))
        sha256 = base64.b64decode(about.get("sha256", "")).decode()
        name = f"u{len(self.uploads) + 1}"
        upload = self.uploads[name] = Upload(int(request.headers["upload-length"]), sha256)
        return self._append(upload, request.body, 201, {"Location": f"/api/v1/scans/{name}"})

    def _append(self, upload: Upload, body: bytes, status: int, headers: dict[str, str]) -> Answer:
        upload.data += body
        self.body_bytes += len(body)
        if len(upload.data) == upload.length:
            whole = bytes(upload.data)
            found = hashlib.sha256(whole).hexdigest()
            if upload.sha256 and found != upload.sha256:
                return Answer(460, TUS)
            self.scans[found] = whole
        return Answer(status, {**TUS, **headers, "Upload-Offset": str(len(upload.data))})


def problem(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> Answer:
    """Problem details."""
    body = {"title": code, "status": status, "code": code, "detail": "Uji.", **more}
    kind = {"Content-Type": "application/problem+json", **TUS, **(headers or {})}
    return Answer(status, kind, json.dumps(body).encode())


def once(method: str, part: str, *faults: Fault | None) -> Script:
    """The faults, one after the other, for requests of `method` whose path holds `part`; then honest."""
    waiting: Iterator[Fault | None] = iter(faults)

    def script(request: Request) -> Fault | None:
        is_meant = request.method == method and part in request.path
        return next(waiting, None) if is_meant else None

    return script


def _json(value: object, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, json.dumps(value).encode())


def _bytes(request: Request, answer: Answer, extra: int = 0) -> bytes:
    headers = {"Content-Length": str(len(answer.body) + extra), "Date": formatdate(usegmt=True)}
    lines = [f"{name}: {value}" for name, value in {**headers, **answer.headers}.items()]
    head = "\r\n".join([f"HTTP/1.1 {answer.status} X", *lines]) + "\r\n\r\n"
    return head.encode("latin-1") + (b"" if request.method == "HEAD" else answer.body)
