"""A centre on a real socket that does what a script says: cuts, silence, portals, lies. Honest where it says nothing.

It counts every request, and what it keeps can be looked at, so that a test can ask for exactly one record and equal
hashes after any fault.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from pathlib import Path
from typing import Any, BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.fakes.honest_centre import TUS, Answer, HonestCentre, Request
from tests.fakes.http_bytes import read_head, reset

__all__ = [
    "BOMB",
    "ENDLESS_HEADERS",
    "HTML",
    "JSON",
    "Answer",
    "Before",
    "CutAnswer",
    "CutRequest",
    "Drip",
    "Endless",
    "Fault",
    "FaultServer",
    "NeverAnswer",
    "Preceded",
    "Request",
    "Script",
    "Twice",
    "WrongLength",
    "localhost_tls",
    "once",
    "problem",
]


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


@dataclass(frozen=True)
class Drip:
    """Do the work, then let the answer fall byte by byte: never silent, never done."""

    every_s: float = 0.02


@dataclass(frozen=True)
class Endless:
    """`first`, then `piece` for as long as the client listens."""

    first: bytes
    piece: bytes


@dataclass(frozen=True)
class Preceded:
    """Do the work; `raw` comes before the answer."""

    raw: bytes


@dataclass(frozen=True)
class Twice:
    """Do the work; behind its answer stands another one, which the next request on this connection may take for its."""

    other: Answer


Fault = (
    Answer | CutRequest | CutAnswer | NeverAnswer | WrongLength | Before | Drip | Endless | Preceded | Twice
)
Script = Callable[[Request], Fault | None]

JSON = {"Content-Type": "application/json"}
HTML = Answer(200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><title>Login hotspot</title>")
# 64 MiB of zeros in 64 kB: eight times what a client should be ready to unpack.
BOMB = Answer(200, {**JSON, "Content-Encoding": "gzip"}, gzip.compress(bytes(64 << 20), 9))
ENDLESS_HEADERS = Endless(b"HTTP/1.1 200 X\r\n", b"X-More: " + b"a" * 1000 + b"\r\n")


def _received(stream: BinaryIO, length: int) -> bytes:
    """A body, or what came of it before the client's reset: a real tus server has written that down already."""
    body = bytearray()
    with contextlib.suppress(ConnectionError):
        while len(body) < length and (part := stream.read(min(length - len(body), 4096))):
            body += part
    return bytes(body)


class FaultServer(HonestCentre):
    """Start with `with FaultServer() as server`. `tls`: it speaks TLS, and calls itself localhost."""

    def __init__(
        self, script: Script | None = None, realm: str = "latihan-uji", tls: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(realm)
        self.script: Script = script or (lambda _: None)
        self.seen: list[tuple[str, str]] = []
        self._tls = tls
        self._lock = threading.RLock()
        self._sock = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._closing = threading.Event()

    @property
    def url(self) -> str:
        port = self._sock.getsockname()[1]
        return f"http://127.0.0.1:{port}" if self._tls is None else f"https://localhost:{port}"

    def __enter__(self) -> FaultServer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._sock.close()
        with self._lock:
            for connection in list(self._open):
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def count(self, method: str, part: str = "") -> int:
        return sum(m == method and part in path for m, path in self.seen)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._sock.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        connection = plain
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(plain, server_side=True)
            with self._lock:
                self._open.add(connection)
            with connection, connection.makefile("rb") as stream:
                while self._one(connection, stream):
                    pass
        except (OSError, ValueError):
            plain.close()  # the client left, or did not trust us; that is its right
        finally:
            with self._lock:
                self._open.discard(connection)

    def _one(self, connection: socket.socket, stream: BinaryIO) -> bool:
        """One request; False when the connection is to end."""
        head = read_head(stream)
        if head is None:
            return False
        sent, path, _ = head.words
        method = head.headers.get("x-http-method-override", sent)
        with self._lock:
            self.seen.append((sent, path))
            number = len(self.seen)
        request = Request(method, path, head.headers, b"", number)
        fault = self.script(request)
        if isinstance(fault, CutRequest):
            self._cut(connection, request, stream.read(min(fault.after, head.length)))
            return False
        body = _received(stream, head.length)
        return self._answer(connection, replace(request, body=body), fault) and len(body) == head.length

    def _cut(self, connection: socket.socket, request: Request, body: bytes) -> None:
        """Keep what came, as a real tus server does, and reset."""
        upload = self.uploads.get(request.path.rsplit("/", 1)[-1])
        if request.method == "PATCH" and upload is not None:
            with self._lock:
                self.append(upload, body, 204, {})
        reset(connection)

    def _answer(self, connection: socket.socket, request: Request, fault: Fault | None) -> bool:
        """True when the connection may go on."""
        match fault:
            case Before(act):
                act(self)
            case Answer():
                connection.sendall(_bytes(request, fault))
                return True
            case NeverAnswer(does_work=False):
                connection.recv(1)
                return False
            case Endless(first, piece):
                connection.sendall(first)
                while not self._closing.is_set():
                    connection.sendall(piece)
                return False
            case _:
                pass  # first the work
        with self._lock:
            honest = self.work(request)
        return self._spoil(connection, request, fault, honest)

    def _spoil(
        self, connection: socket.socket, request: Request, fault: Fault | None, honest: Answer
    ) -> bool:
        """The work is done: what becomes of its answer."""
        match fault:
            case NeverAnswer():
                connection.recv(1)
                return False
            case Drip(every_s):
                return self._drip(connection, _bytes(request, honest), every_s)
            case CutAnswer(after):
                connection.sendall(_bytes(request, honest)[:after])
                return False
            case WrongLength(extra):
                connection.sendall(_bytes(request, honest, extra))
                return False
            case Preceded(raw):
                connection.sendall(raw + _bytes(request, honest))
            case Twice(other):
                connection.sendall(_bytes(request, honest) + _bytes(request, other))
            case _:
                connection.sendall(_bytes(request, honest))
        return True

    def _drip(self, connection: socket.socket, raw: bytes, every_s: float) -> bool:
        for byte in raw:
            if self._closing.wait(every_s):
                return False
            connection.sendall(bytes((byte,)))
        return True


def localhost_tls(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context with a fresh certificate for `name`, and the file of the authority that signed it."""
    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Otoritas uji")])
    now = datetime.now(UTC)

    def certificate(
        subject: x509.Name, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType
    ) -> bytes:
        builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        signed = builder.add_extension(extension, critical=True).sign(authority, hashes.SHA256())
        return signed.public_bytes(Encoding.PEM)

    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    chain, trusted = folder / "server.pem", folder / "authority.pem"
    private = server.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain.write_bytes(private + certificate(own, server, x509.SubjectAlternativeName([x509.DNSName(name)])))
    trusted.write_bytes(certificate(issuer, authority, x509.BasicConstraints(ca=True, path_length=0)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context, trusted


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


def _bytes(request: Request, answer: Answer, extra: int = 0) -> bytes:
    headers = {"Content-Length": str(len(answer.body) + extra), "Date": formatdate(usegmt=True)}
    lines = [f"{name}: {value}" for name, value in {**headers, **answer.headers}.items()]
    head = "\r\n".join([f"HTTP/1.1 {answer.status} X", *lines]) + "\r\n\r\n"
    return head.encode("latin-1") + (b"" if request.method == "HEAD" else answer.body)
