"""tus 1.0 over HTTP: core, creation, creation-with-upload, termination, expiration; and scans by hash.

An upload belongs to the device that made it; `Location` is relative; 204 means the bytes are on disk. A PATCH that
is cut, or brings nothing for a while, keeps what came. One request at a time works on an upload; a later one of the
same device, a HEAD too, ends the one before it (`turns`). Thread: the event loop; disk work in the door's threads.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable, Mapping
from email.utils import formatdate

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from sync.central.accounts import Caller
from sync.central.door import Door
from sync.central.http import GONE, answer, bug, parse, read_body, refusal
from sync.central.refusal import Refused, is_whole, malformed
from sync.central.scans import Scans, Upload
from sync.central.turns import Turn, Turns
from sync.wire import FEED_HEAD, SCANS, THRIFTY_OF, TUS_VERSION, ScanReceipts, ScanReceiptsAsk

EXTENSIONS = "creation,creation-with-upload,termination,expiration"
OFFSET_STREAM = "application/offset+octet-stream"
BUFFER_BYTES = (
    1024 * 1024
)  # collected before a write: a thread hop for every network packet would cost more than the disk
MAX_METADATA = 4096
MAX_DIGITS = 100  # of a number in a header; more is garbage, not a size

Handler = Callable[[Request, Caller], Awaitable[Response]]


class Tus:
    """The upload endpoint."""

    def __init__(self, door: Door, scans: Scans, on_change: Callable[[], None]) -> None:
        self._door = door
        self._scans = scans
        self._on_change = on_change
        self._turns = Turns()
        self._max_bytes = door.centre.settings.max_scan_bytes
        self._idle_s = door.centre.settings.body_idle_s

    def routes(self) -> list[Route]:
        """Most special first."""
        return [
            Route(f"{SCANS}receipts", self._serve(self._receipts, is_reading=True), methods=["POST"]),
            Route(f"{SCANS}by-hash/{{sha256}}", self._serve(self._by_hash), methods=["HEAD", "GET", "POST"]),
            Route(SCANS, self._serve(self._create), methods=["POST"]),
            Route(SCANS, self._options, methods=["OPTIONS"]),
            Route(f"{SCANS}{{id}}", self._options, methods=["OPTIONS"]),
            Route(
                f"{SCANS}{{id}}",
                self._serve(self._upload),
                methods=["HEAD", "GET", "PATCH", "DELETE", "POST"],
            ),
        ]

    async def _options(self, _request: Request) -> Response:
        return Response(
            status_code=204,
            headers={
                "Tus-Resumable": TUS_VERSION,
                "Tus-Version": TUS_VERSION,
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": str(self._max_bytes),
            },
        )

    def _serve(
        self, handler: Handler, *, is_reading: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        """Token, pause, errors and the headers every answer carries.

        `is_reading`: no pause stops it. Nothing is received by it, and a comparison waits for its answers.
        """

        async def serve(request: Request) -> Response:
            headers = {"Tus-Resumable": TUS_VERSION, "Cache-Control": "no-store"}
            try:
                who, news = await self._door.caller(request)
                headers |= news
                if not is_reading:
                    self._door.check_pause("scans")
                response = await handler(request, who)
            except ClientDisconnect:
                return GONE
            except Refused as refused:
                if refused.status == 412:
                    headers["Tus-Version"] = TUS_VERSION
                return refusal(request, refused, headers)
            except Exception as error:  # noqa: BLE001 - the last line of defence: a bug is answered, logged and retried
                return bug(request, error, headers)
            for name, value in headers.items():
                response.headers.setdefault(name, value)
            return response

        return serve

    async def _receipts(self, request: Request, who: Caller) -> Response:
        ask = parse(await read_body(request), ScanReceiptsAsk)
        found = await self._door.through(
            request, "scan-receipts", len(ask.sha256), lambda: self._scans.receipts(who.district, ask.sha256)
        )
        _, news = await self._door.caller(request)
        return answer(request, ScanReceipts(receipts=found, feed_head=int(news[FEED_HEAD])), headers=news)

    async def _by_hash(self, request: Request, who: Caller) -> Response:
        if method_of(request) not in ("HEAD", "GET"):
            raise Refused(405, "method", "Cara ini tidak dilayani di sini.")
        sha256 = request.path_params["sha256"]
        scan = request.query_params.get(THRIFTY_OF, "")
        held = await self._door.beside(lambda: self._scans.is_held(who.district, sha256, scan))
        if not held:
            raise Refused(404, "not_held", "Pindaian ini belum ada di server.")
        return Response(status_code=200)

    async def _create(self, request: Request, who: Caller) -> Response:
        check_version(request)
        if "upload-defer-length" in request.headers:
            raise malformed("Upload-Defer-Length tidak didukung")
        length = whole_number(request, "upload-length")
        about = metadata(request.headers.get("upload-metadata", ""))
        sha256, thrifty_of = about.get("sha256", ""), about.get(THRIFTY_OF, "")
        upload = await self._door.beside(lambda: self._scans.create(who, sha256, length, thrifty_of))
        offset = upload.offset
        if request.headers.get("content-type", "") == OFFSET_STREAM:
            async with self._turns.take((who.device, upload.id)) as turn:
                offset = await self._take(request, who, upload, turn)
        # Relative: behind a proxy the centre does not know its own outer name.
        headers = self._headers(upload, offset) | {"Location": f"{SCANS}{upload.id}"}
        return Response(status_code=201, headers=headers)

    async def _upload(self, request: Request, who: Caller) -> Response:
        check_version(request)
        method, upload_id = method_of(request), request.path_params["id"]
        # With the device in it: an upload looks like none to others, so they can end nothing.
        async with self._turns.take((who.device, upload_id)) as turn:
            if method in ("HEAD", "GET"):
                return await self._head(who, upload_id)
            if method == "DELETE":
                await self._door.beside(lambda: self._scans.find(who, upload_id))
                await self._door.run(lambda: self._scans.remove(upload_id))
                return Response(status_code=204)
            if method == "PATCH":
                return await self._patch(request, who, upload_id, turn)
        raise Refused(405, "method", "Cara ini tidak dilayani di sini.")

    async def _head(self, who: Caller, upload_id: str) -> Response:
        upload = await self._door.beside(lambda: self._scans.find(who, upload_id))
        if (
            upload.offset == upload.length and not upload.is_done
        ):  # killed between the last byte and its check
            await self._finish(who, upload)
        headers = self._headers(upload, upload.offset) | {
            "Upload-Length": str(upload.length),
            "Upload-Metadata": kept_metadata(upload),
        }
        return Response(status_code=200, headers=headers)

    async def _patch(self, request: Request, who: Caller, upload_id: str, turn: Turn) -> Response:
        if request.headers.get("content-type", "") != OFFSET_STREAM:
            raise Refused(415, "media", f"Content-Type harus {OFFSET_STREAM}.")
        claimed = whole_number(request, "upload-offset")
        upload = await self._door.beside(lambda: self._scans.find(who, upload_id))
        if claimed != upload.offset:
            raise Refused(
                409,
                "offset",
                "Posisi unggahan berbeda.",
                retryable=True,
                headers={"Upload-Offset": str(upload.offset)},
            )
        offset = upload.offset if upload.is_done else await self._take(request, who, upload, turn)
        return Response(status_code=204, headers=self._headers(upload, offset))

    async def _take(self, request: Request, who: Caller, upload: Upload, turn: Turn) -> int:
        """Write the body at the end of the upload in our turn; the last byte finishes it. Returns the new offset."""
        room = upload.length - upload.offset
        announced = request.headers.get("content-length", "")
        if announced and (not is_whole(announced) or int(announced) > room):
            raise too_long()
        await self._door.run(lambda: self._scans.need_space(room))
        offset = await self._receive(request, upload, room, turn)
        if offset == upload.length:
            await self._finish(who, upload)
        return offset

    async def _finish(self, who: Caller, upload: Upload) -> None:
        await self._door.run(lambda: self._scans.finish(who, upload))
        self._on_change()

    async def _receive(self, request: Request, upload: Upload, room: int, turn: Turn) -> int:
        buffer, body = bytearray(), request.stream()

        async def flush() -> None:
            data = bytes(buffer)
            buffer.clear()
            await self._door.run(lambda: self._scans.append(upload.id, data))

        try:
            while (chunk := await turn.next_of(body, self._idle_s)) is not None:
                room -= len(chunk)
                if room < 0:
                    buffer.clear()
                    await self._door.run(lambda: self._scans.cut(upload.id, upload.offset))
                    raise too_long()
                buffer += chunk
                if len(buffer) >= BUFFER_BYTES:
                    await flush()
        finally:
            if buffer:  # also when the line was cut or our turn is over: what came need not come again
                await flush()
            offset = await self._door.run(lambda: self._scans.settle(upload.id))
        return offset

    def _headers(self, upload: Upload, offset: int) -> dict[str, str]:
        return {
            "Upload-Offset": str(offset),
            "Upload-Expires": formatdate(upload.expires_at, usegmt=True),
        }


def method_of(request: Request) -> str:
    """The method, or the one a proxy would not let through."""
    override = request.headers.get("x-http-method-override", "")
    return override.upper() if request.method == "POST" and override else request.method


def check_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != TUS_VERSION:
        raise Refused(412, "tus_version", f"Tus-Resumable harus {TUS_VERSION}.")


def whole_number(request: Request, name: str) -> int:
    """A header that must be a plain non-negative number; raises Refused."""
    text = request.headers.get(name, "")
    if not is_whole(text, MAX_DIGITS):
        raise malformed(f"{name} harus bilangan")
    if not is_whole(text):
        raise Refused(413, "too_large", "Pindaian terlalu besar.")
    return int(text)


def metadata(header: str) -> Mapping[str, str]:
    """`Upload-Metadata`: comma-separated `name base64`; raises Refused."""
    if len(header) > MAX_METADATA:
        raise malformed("Upload-Metadata terlalu panjang")
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, packed = pair.partition(" ")
        try:
            found[name] = base64.b64decode(packed, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            raise malformed("Upload-Metadata bukan base64") from None
    return found


def kept_metadata(upload: Upload) -> str:
    """`Upload-Metadata` of HEAD's answer: of all that the client said the centre keeps the hash, and what a thrifty
    copy stands for."""
    kept = {"sha256": upload.sha256} | ({THRIFTY_OF: upload.thrifty_of} if upload.thrifty_of else {})
    return ",".join(
        f"{name} {base64.b64encode(text.encode('ascii')).decode('ascii')}" for name, text in kept.items()
    )


def too_long() -> Refused:
    return Refused(413, "too_long", "Lebih banyak byte daripada Upload-Length; tidak disimpan.")
