"""Carries one scan to the server: performs what `sync.transfer` decides, and says how it ended.

Invariants: the file is read and hashed before its first byte leaves, a changed or empty one is never sent; the upload's
URL is committed before the bytes that depend on it. Used by the engine and by `sync.send`. Thread: the event loop;
disk work goes through `run`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import math
import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from app.http.reply import Body, LinkFault, held_s
from app.ports import Item, Reason, ScanFile, UploadState
from sync import gate, pace
from sync import policy as p
from sync import transfer as tr
from sync.classify import Action, Call, Exchange, classify
from sync.outcome import Answer, Failed
from sync.pace import Pace
from sync.places import Places
from sync.scan_seams import Arrived, Deferred, Ended, GateShut, ScanSeams, Stopped
from sync.silence import STILL_S, Quiet, Watch, insist
from sync.tus import At, CreatedAt, Tus

R = TypeVar("R")
OCTETS = "application/octet-stream"
_WHOLE_READ = p.CHUNK_MOST  # files up to here are read once: hashed and sent from memory


class _GoneBad(Exception):
    """The file could be read when its transfer began."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


class ScanSender:
    """Sends scans to one endpoint; what it learns of the line's pace is shared by all of them."""

    def __init__(self, tus: Tus, seams: ScanSeams) -> None:
        self._tus = tus
        self._seams = seams
        self.pace = Pace()
        self.refused: set[str] = set()  # creations answered with a plain no: nothing to look up
        self.quiet = Quiet(seams.policy.silence_least_s)  # of bodies
        self.quiet_plain = Quiet(seams.policy.silence_least_s)  # of requests without one
        self.places = Places(seams.bodies_most, seams.on_room)
        self.locks: dict[str, tr.Locks] = {}  # by file: those that were met, until the file has arrived
        self._passed = 0  # bodies so far
        self._cut_at: dict[str, int] = {}  # by file that made no progress for cuts: `_passed` as it was then
        self.takes_bodies = True  # False once a server ignored a body that came with its creation
        # The next file travels with its creation however long it takes: the line is not idle while the creations of
        # the others are answered. Set for the first file of a queue only: a cut would cost all of it.
        self.leads = False

    def welcomed(self, chunk: int) -> None:
        """The server said how many bytes it takes at once."""
        self.pace = replace(self.pace, welcome=chunk)

    def limited(self, limit: float | None) -> None:
        """A person's limit for all scans together, bytes per second; chunks fit it."""
        share = math.inf if limit is None else limit / p.IN_FLIGHT_UNKNOWN
        self.pace = replace(self.pace, limit=share)

    def passed(self, sha256: str) -> None:
        """A body of this file was accepted."""
        self._passed += 1
        self._cut_at.pop(sha256, None)

    def is_picked_out(self, sha256: str) -> bool:
        """It was cut again and again, now and before, and others passed meanwhile: it is the file, not the line."""
        return self._cut_at.setdefault(sha256, self._passed) < self._passed

    @property
    def is_barred(self) -> bool:
        """Nothing has passed since a file was cut again and again: that a creation passes is no proof for bodies."""
        return self._passed in self._cut_at.values()

    def with_body(self, size: int) -> bool:
        """Whether a file of so many bytes is sent with its creation."""
        leads, self.leads = self.leads, False
        fits = pace.is_one_chunk if leads else pace.may_send_with_creation
        return self.takes_bodies and fits(self.pace, size)

    async def ask(
        self, call: Callable[[bool], Awaitable[Answer[R] | Failed]], *, is_fresh: bool = False
    ) -> Answer[R] | Failed:
        """A small request that may be repeated, asked again on a new connection when it stays silent."""
        monotonic = self._seams.clock.monotonic
        answer, was_dead = await insist(call, monotonic, self.quiet_plain, is_fresh=is_fresh)
        if was_dead:
            self._tus.distrust()
        return answer

    async def send(self, item: Item) -> Ended:
        """Until the file is whole, must wait, or cannot go."""
        try:
            return await _Run(self, self._tus, self._seams, item).go()
        except _GoneBad as error:
            return Stopped(error.reason)


class _Run:
    """One file's way; owns nothing that outlives it."""

    def __init__(self, sender: ScanSender, tus: Tus, seams: ScanSeams, item: Item) -> None:
        self._sender, self._tus, self._seams, self._item = sender, tus, seams, item
        self._file: ScanFile
        self._content: bytes | None = None
        self._reached: int | None = None  # bytes the server has; None until it said so
        self._is_line_bound = False  # the last body's time was the line's
        self._trouble = _UNSTEADY  # what the last chunk, or the question about it, came to

    async def go(self) -> Ended:
        loaded = await self._seams.run(self._load)
        if isinstance(loaded, Reason):
            return Stopped(loaded)
        upload = await self._seams.run(
            lambda: self._seams.queue.upload(self._file.sha256, self._tus.endpoint)
        )
        state = tr.begin(
            self._file.size_bytes,
            upload,
            can_look_up=self._seams.holds is not None,
            is_retry=self._item.attempts > 0 and self._file.sha256 not in self._sender.refused,
            with_body=self._sender.with_body(self._file.size_bytes),
            locks=self._sender.locks.get(self._file.sha256),
        )
        while True:
            action = tr.next_action(state, pace.chunk_bytes(self._sender.pace))
            match action:
                case tr.Done(was_held):
                    self._sender.locks.pop(self._file.sha256, None)
                    self._sender.pace = pace.after_transfer(self._sender.pace)
                    return Arrived(was_held)
                case tr.Restart(code):
                    return Stopped(Reason(code, _RESTART_TEXT[code]))
                case tr.Rest():
                    low, high = p.GHOST_WAIT_S
                    wait_s = self._seams.rng.uniform(low, high) * self._seams.policy.scale
                    return Deferred(self._trouble, wait_s)
                case _:
                    result = await self._perform(action, state)
            if not isinstance(result, _EVENTS):
                return result
            state = await self._advance(state, result)
            if state.conflicts > p.CONFLICTS_MOST:
                return self._no_progress()
            if not self._seams.may_go_on(self._item) and state.stage in (tr.Stage.CREATE, tr.Stage.PATCH):
                return GateShut()

    async def _advance(self, before: tr.Transfer, event: tr.Event) -> tr.Transfer:
        """The transfer after `event`, with what outlives this run written down."""
        state, sender, sha256 = tr.advance(before, event), self._sender, self._file.sha256
        if before.url and not state.url:
            await self._seams.run(lambda: self._seams.queue.forget_upload(sha256, self._tus.endpoint))
        if isinstance(event, tr.Moved | tr.Offset) and state.stage is tr.Stage.PATCH:
            await self._commit(state.url, state.offset)  # what is left is counted from here after a restart
        if state.locks != before.locks:
            sender.locks[sha256] = state.locks
        if state.url:  # a server that made the upload takes the file: it was the body that was too large
            sender.pace = pace.at_most(sender.pace, state.chunk_most)
        return state

    async def _perform(self, action: tr.NextAction, state: tr.Transfer) -> tr.Event | Ended:
        match action:
            case tr.LookUp():
                return await self._look_up()
            case tr.Create(with_body):
                return await self._create(with_body)
            case tr.Head(url):
                return await self._head(url)
            case tr.Patch(url, offset, size):
                return await self._patch(url, offset, size)
            case _:
                raise AssertionError(f"{action} ends the transfer {state}")

    async def _look_up(self) -> tr.Event | Ended:
        assert self._seams.holds is not None  # noqa: S101 - looked up only where it can be asked
        answer = await self._asked(partial(self._seams.holds, self._item))
        if isinstance(answer, Answer):
            return tr.Found() if answer.value else tr.Missing()
        if answer.action is Action.STOP_ITEM:
            return tr.Missing()  # a server that cannot be asked by hash
        return self._end(answer)

    async def _create(self, with_body: bool) -> tr.Event | Ended:
        self._sender.refused.discard(self._file.sha256)
        self._reached = 0
        async with self._sender.places if with_body else contextlib.nullcontext():
            body = self._tus.body(await self._read(0, self._file.size_bytes)) if with_body else None
            answer = await self._creation(body)
        if isinstance(answer, Answer):
            is_line_bound = body is not None and answer.took_s / 2 <= answer.sent_s < math.inf
            if body is not None or not self._sender.is_barred:
                took_s = None if body else answer.took_s
                self._seams.on_event(gate.Succeeded(took_s, is_line_bound=is_line_bound))
            if body is not None and answer.value.offset == len(body):
                self._accepted(answer.value.offset, body, answer)
            else:
                if body:
                    self._sender.takes_bodies = False
                await self._commit(answer.value.url, answer.value.offset)
            return tr.Created(answer.value.url, answer.value.offset)
        size = len(body or b"")
        if answer.is_silence and body is not None:
            self._sender.pace = pace.after_cut(self._sender.pace, size)
            if self._seams.holds is not None:
                return tr.Unsure()
        if answer.action is Action.SMALLER:
            return tr.TooLarge(size)
        if answer.action is Action.RESEND:
            return await self._again_if_unchanged()
        if answer.reason.status in _PLAIN_NO:
            self._sender.refused.add(self._file.sha256)
        return self._end(answer)

    async def _creation(self, body: Body | None) -> Answer[CreatedAt] | Failed:
        # Without a `filetype` tuspyserver answers every HEAD with 400; our centre wants the hash.
        more = {"sha256": self._file.sha256} if self._seams.is_hashed else {"filetype": OCTETS}
        if self._item.stands_for:
            more["thrifty_of"] = self._item.stands_for  # as `sync.wire` names it
        size, about = self._file.size_bytes, {"filename": self._file.path.name, **more}
        if body is not None:
            return await self._tus.create(size, about, body)
        # Asked twice it leaves at most an empty orphan.
        return await self._asked(lambda is_fresh: self._tus.create(size, about, None, is_fresh=is_fresh))

    async def _head(self, url: str) -> tr.Event | Ended:
        answer = await self._asked(partial(self._head_at, url))
        if isinstance(answer, Answer):
            self._has(answer.value.offset)
            return tr.Offset(answer.value.offset, answer.value.length)
        self._trouble = answer
        return _UPLOAD_IS.get(answer.action) or self._end(answer)

    async def _patch(self, url: str, offset: int, size: int) -> tr.Event | Ended:
        async with self._sender.places:
            body = self._tus.body(await self._read(offset, size))
            answer = await self._watched(url, offset, body)
        self._trouble = _UNSTEADY
        if isinstance(answer, tr.Offset):
            self._sender.pace = pace.after_cut(self._sender.pace, size)
            self._trouble = _DEAD
            self._has(answer.offset)
            return answer
        if isinstance(answer, Answer):
            self._seams.on_event(gate.Succeeded(None, is_line_bound=self._is_line_bound))
            self._accepted(answer.value.offset, body, answer)
            return tr.Moved(answer.value.offset)
        if answer.is_silence:
            # Ask at once on a new connection: bytes that arrived mean the line carries, and no gate need close.
            self._sender.pace = pace.after_cut(self._sender.pace, size)
            self._trouble = answer
            return tr.Unsure()
        match answer.action:
            case Action.HEAD_FIRST:
                return tr.Unsure()
            case Action.NEW_UPLOAD | Action.GHOST as no:
                self._trouble = answer
                return _UPLOAD_IS[no]
            case Action.SMALLER:
                return tr.TooLarge(size)
            case Action.RESEND:
                return await self._again_if_unchanged()
            case _:
                return self._end(answer)

    async def _watched(self, url: str, offset: int, body: Body) -> Answer[At] | Failed | tr.Offset:
        """A body that moved nothing for a while: ask for the offset on a new connection, and believe that one.

        Unmoved: the connection is dead, go on from there on another. All there: the answer was lost. Half: it is slow,
        wait on. A lock: the server is at work on it.
        """
        sender, reached, is_doubted = self._sender, offset, False
        watch = Watch(self._seams.clock.monotonic, partial(held_s, body))
        task = asyncio.ensure_future(self._tus.patch(url, offset, body, on_moved=watch.moved))
        self._is_line_bound = False
        try:
            while not await watch.wait(
                {task}, STILL_S if is_doubted else sender.quiet.limit_s(len(body), sender.pace.rate)
            ):
                with sender.places.doubt():
                    beside = await self._doubted(url, task, watch)
                if beside is None:
                    continue
                if task.done():
                    break
                watch.doubted()
                if isinstance(beside, Failed):
                    if beside.is_silence:
                        return beside
                    continue
                if beside.value.offset >= offset + len(body):
                    # The time is the body's, not that of the question. It teaches nothing of silence: the answer is
                    # lost more often than late, and on a line that dies again and again each would double the limit.
                    return Answer(beside.value, watch.took_s, watch.took_s - watch.silent_s)
                if is_doubted and beside.value.offset <= reached:
                    self._tus.distrust()
                    return tr.Offset(beside.value.offset, beside.value.length)
                is_doubted, reached = True, beside.value.offset
            answer = task.result()
            sender.quiet.note(answer, watch.silent_s)
            self._is_line_bound = watch.is_line_bound
            return answer
        finally:
            task.cancel()

    async def _doubted(self, url: str, task: asyncio.Future[Any], watch: Watch) -> Answer[At] | Failed | None:
        """The offset, asked on a new connection; None when the body moves after all.

        Some servers tear a running PATCH off to answer HEAD: first a question that disturbs nobody tells that the line
        works, and a line that only stood still moves again.
        """
        alive = await self._asked(lambda _: self._tus.ping(), is_fresh=True)
        if isinstance(alive, Failed):
            return alive
        watched = Watch(self._seams.clock.monotonic)
        if await watched.wait({task}, STILL_S) or watch.silent_s < STILL_S:
            return None
        return await self._asked(partial(self._head_at, url), is_fresh=True)

    async def _head_at(self, url: str, is_fresh: bool) -> Answer[At] | Failed:
        return await self._tus.head(url, is_fresh=is_fresh)

    async def _asked(
        self, call: Callable[[bool], Awaitable[Answer[R] | Failed]], *, is_fresh: bool = False
    ) -> Answer[R] | Failed:
        return await self._sender.ask(call, is_fresh=is_fresh)

    def _end(self, failure: Failed) -> Ended:
        """An answer after which this run stops."""
        match failure.action:
            case Action.CLOSE_GATE:
                self._seams.on_event(gate.Silent(failure.reason, failure.is_deadline))
                return Deferred(failure, None)
            case Action.RETRY_ITEM | Action.HEAD_FIRST | Action.NEW_UPLOAD | Action.GHOST:
                self._seams.on_event(gate.Failed(failure.reason, failure.retry_after_s))
                return self._wait(failure)
            case Action.STOP_ITEM | Action.SMALLER:
                return Stopped(failure.reason)
            case _:
                return Deferred(
                    failure, None
                )  # a matter of the whole channel; the loop above knows what to do

    def _no_progress(self) -> Ended:
        """Nothing new was there time and again: the line's trouble, unless this file alone meets it."""
        if self._trouble.is_silence and self._sender.is_picked_out(self._file.sha256):
            return self._wait(Failed(Action.RETRY_ITEM, self._trouble.reason))
        return self._end(self._trouble)

    def _wait(self, failure: Failed) -> Deferred:
        # The lane's failures set the pace; a file that fails while others pass is asked for ever less often.
        failures = max(1, self._seams.failures(), self._item.attempts - 2)
        wait_s = gate.item_wait_s(failures, failure.retry_after_s, self._seams.rng, self._seams.policy)
        return Deferred(failure, wait_s)

    async def _commit(self, url: str, offset: int) -> None:
        state = UploadState(
            self._file.sha256,
            self._tus.endpoint,
            url,
            offset,
            self._file.size_bytes,
        )
        await self._seams.run(lambda: self._seams.queue.save_upload(state))

    async def _again_if_unchanged(self) -> tr.Event | Ended:
        """460: before the chunk goes again, the disk is asked whether it is the culprit."""
        self._content = None
        loaded = await self._seams.run(self._load)
        return Stopped(loaded) if isinstance(loaded, Reason) else tr.Corrupt()

    def _accepted(self, offset: int, body: Body, answer: Answer[Any]) -> None:
        is_servers = 2 * answer.sent_s < answer.took_s
        size, waited_s = len(body), held_s(body)
        self._sender.pace = pace.after_body(
            self._sender.pace, size, answer.took_s, waited_s, is_servers=is_servers
        )
        self._sender.passed(self._file.sha256)
        self._has(offset)

    def _has(self, offset: int) -> None:
        """The server has so much. What it had before this run is no progress of this run's."""
        if self._reached is not None:
            self._seams.on_accepted(max(0, offset - self._reached))
        self._reached = max(self._reached or 0, offset)

    async def _read(self, offset: int, size: int) -> bytes:
        if self._content is not None:
            return self._content[offset : offset + size]
        try:
            return await self._seams.run(lambda: _read_range(self._file.path, offset, size))
        except OSError as error:
            raise _GoneBad(_UNREADABLE) from error

    def _load(self) -> Reason | None:
        """Find the file and check it; a reason when it must not be sent."""
        self._file = file = self._seams.queue.scan_file(self._item)
        try:
            with file.path.open("rb", buffering=0) as handle:
                size = os.fstat(handle.fileno()).st_size
                if size != file.size_bytes or (size == 0 and self._seams.is_hashed):
                    return _CHANGED
                if size <= _WHOLE_READ:
                    self._content = handle.read(size)  # one call; `readall` asks for size and end again
                    found = hashlib.sha256(self._content).hexdigest() if self._seams.is_hashed else ""
                else:
                    found = hashlib.file_digest(handle, "sha256").hexdigest() if self._seams.is_hashed else ""
        except OSError:
            return _UNREADABLE
        return _CHANGED if self._seams.is_hashed and found != file.sha256 else None


_EVENTS = (
    tr.Created,
    tr.Offset,
    tr.Moved,
    tr.Unsure,
    tr.Gone,
    tr.Found,
    tr.Missing,
    tr.TooLarge,
    tr.Corrupt,
    tr.Locked,
)
_UPLOAD_IS: dict[Action, tr.Event] = {
    Action.NEW_UPLOAD: tr.Gone(),
    Action.GHOST: tr.Locked(),
}
_CHANGED = Reason(
    "local_changed",
    "Berkas pindaian di PC ini kosong atau berubah; tidak dikirim. Pindai ulang halaman ini.",
)
_UNREADABLE = Reason(
    "local_read",
    "Berkas pindaian di PC ini hilang atau tidak dapat dibaca; tidak dikirim. Periksa disk dan folder data, lalu"
    " tekan Coba lagi, atau pindai ulang halaman ini.",
)
_PLAIN_NO = frozenset({408, 425, 429, 503, 507})  # refused before any work; a 500 may have died after it
_UNSTEADY = Failed(
    Action.RETRY_ITEM, Reason("unsteady", "Server berulang kali menyebut posisi kiriman yang berbeda.")
)
_DEAD = Failed(*classify(Exchange(Call.PATCH, fault=LinkFault.SILENT)))  # its connection was; another answers
_RESTART_TEXT = {
    "corrupt": "Kiriman ini rusak di jalan berulang kali.",
    "too_large": "Proxy atau server menolak kiriman sekecil apa pun dari berkas ini.",
}


def _read_range(path: Path, offset: int, size: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(size)


async def in_thread(work: Callable[[], R], /) -> R:
    """The plain `run`: the event loop's default threads."""
    return await asyncio.get_running_loop().run_in_executor(None, work)
