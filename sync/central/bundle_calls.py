"""`POST /api/v1/bundles`: another PC of the district hands in a bundle it was brought; the answer is the answer's file.

Invariants: the body is never held in memory, and taken in by `bundles.take_in` as if it had come by hand; the
bringer must be of the bundle's own district. One bundle at a time; what a kill left of one is swept at the next start.
Thread: the event loop; the work in the door's.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import ExpectedError
from sync.bundle.container import BundleRefused
from sync.bundle.shapes import EXTRAS, MAX_RELAYED
from sync.central.accounts import Caller
from sync.central.bundles import take_in
from sync.central.door import Door
from sync.central.http import GONE, bug, refusal
from sync.central.refusal import Refused, is_whole
from sync.central.scans import Scans
from sync.wire import API, FEATURES

WRITE_BYTES = 1024 * 1024
_OURS = re.compile(r"[0-9a-f]{32}\.(bundle|answer)(\..*)?")  # an answer being written has one more ending


class BundleCalls:
    """One per centre."""

    def __init__(self, door: Door, scans: Scans, on_change: Callable[[], None]) -> None:
        self._door, self._scans, self._on_change = door, scans, on_change
        self._folder = door.centre.settings.folder / "uploads"
        self._one = asyncio.Lock()
        self._sweep()

    def _sweep(self) -> None:
        for file in self._folder.iterdir():
            if _OURS.fullmatch(file.name):
                with suppress(OSError):  # rather a file too many than a centre that does not start
                    file.unlink()

    def routes(self) -> list[Route]:
        return [Route(f"{API}/bundles", self._take, methods=["POST"])]

    async def _take(self, request: Request) -> Response:
        headers: dict[str, str] = {}
        name = secrets.token_hex(16)
        came, answer = self._folder / f"{name}.bundle", self._folder / f"{name}.answer"
        try:
            who, headers = await self._door.caller(request)
            is_plain = EXTRAS not in request.headers.get(FEATURES, "").split()
            self._door.check_pause("records")
            await self._receive(request, came)
            async with self._one:
                data = await self._door.beside(lambda: self._work(who, came, answer, is_plain=is_plain))
        except ClientDisconnect:
            return GONE
        except Refused as refused:
            return refusal(request, refused, headers)
        except BundleRefused as refused:
            return refusal(request, Refused(422, refused.code, str(refused)), headers)
        except ExpectedError as error:  # the disk
            return refusal(request, Refused(507, "full", str(error), retryable=True), headers)
        except Exception as error:  # noqa: BLE001 - the last line of defence: a bug is answered, logged and retried
            return bug(request, error, headers)
        finally:
            for file in (came, answer):
                file.unlink(missing_ok=True)
        self._on_change()
        return Response(data, 200, {"Cache-Control": "no-store", **headers}, "application/zip")

    async def _receive(self, request: Request, came: Path) -> None:
        """The body into a file of ours. Raises Refused (413, 507)."""
        length = request.headers.get("content-length", "")
        if not is_whole(length) or int(length) > MAX_RELAYED:
            raise Refused(413, "too_large", "Bundel ini terlalu besar untuk jalur; bawa ke KPU RI.")
        await self._door.run(lambda: self._scans.need_space(2 * int(length)))
        buffer = bytearray()
        with came.open("wb") as file:
            async for chunk in request.stream():
                buffer += chunk
                if len(buffer) >= WRITE_BYTES:
                    data = bytes(buffer)
                    buffer.clear()
                    await self._door.run(lambda data=data: file.write(data))  # type: ignore[misc]  # mypy loses the default's type
            await self._door.run(lambda: file.write(buffer))

    def _work(self, who: Caller, came: Path, answer: Path, *, is_plain: bool) -> bytes:
        try:
            take_in(self._door.centre, self._scans, came, answer, district=who.district, is_plain=is_plain)
        except BundleRefused:
            if not answer.exists():  # else the refusal is the answer that goes home
                raise
        return answer.read_bytes()
