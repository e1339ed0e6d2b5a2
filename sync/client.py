"""The centre's calls as typed outcomes: `Answer[...]` or `Failed`, never an exception for what a bad line does.

Invariant: only an answer of exactly the expected shape is an answer; anything else is classified (`sync.classify`).
Request bodies travel compressed, replies are capped. The token lives here and nowhere else in memory. Thread: the
event loop of its `Http`.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from app.http.api import Http
from app.http.reply import LinkError, Reply
from app.ports import Clock, Json
from sync import policy as p
from sync import wire
from sync.classify import Action, Call
from sync.outcome import Answer, Failed, failure, odd, whole_number

_GZIP_FROM = 1024  # smaller bodies travel in one packet anyway
_GZIP_LEVEL = 6
_DIGITS = 15  # of an event or a line of the journal
M = TypeVar("M", bound=wire.Message)


class Standing(msgspec.Struct, frozen=True):
    """What an answer says of the centre itself."""

    epoch: str = ""
    newest: int = 0  # the number of its newest receipt

    def is_before(self, other: Standing) -> bool:
        return self.epoch == other.epoch and self.newest < other.newest


_NOWHERE = Standing()


class CentreClient:
    """One centre. Every answer's `feed_head` is reported to `on_feed_head`, its anchor (line, hash) to `on_anchor`, its
    epoch to `on_epoch`, with whether its receipts went back: it said more before this request had left."""

    def __init__(
        self,
        http: Http,
        *,
        clock: Clock,
        call_s: float = p.CALL_S,
        on_feed_head: Callable[[int], None] = lambda _: None,
        on_anchor: Callable[[int, str], None] = lambda *_: None,
        on_epoch: Callable[[str, bool], None] = lambda *_: None,
    ) -> None:
        self._http = http
        self._clock = clock
        self.call_s = call_s
        self._on_feed_head = on_feed_head
        self._on_anchor = on_anchor
        self._on_epoch = on_epoch
        self._stood = Standing()  # the most it said of this epoch
        self.token = ""
        self.features: frozenset[str] | None = (
            None  # what the last hello said it takes; None before the first
        )

    @property
    def scans_url(self) -> str:
        return self._http.base_url + wire.SCANS

    def credentials(self) -> Mapping[str, str]:
        """Headers that say who speaks; also for the transfer of scans."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def note_headers(self, headers: Mapping[str, str], stood: Standing = _NOWHERE) -> None:
        """News may stand in any answer's header. `stood`: what the centre had said when the request left; answers that
        overtake one another are no restored centre."""
        self._note_standing(headers.get(wire.EPOCH.lower(), ""), stood)
        head = whole_number(headers.get(wire.FEED_HEAD.lower()), _DIGITS)
        if head is not None:
            self._on_feed_head(head)
        seq, _, line_hash = headers.get(wire.ANCHOR.lower(), "").partition(" ")
        line = whole_number(seq, _DIGITS)
        if line is not None:
            self._on_anchor(line, line_hash)

    def _note_standing(self, said: str, stood: Standing) -> None:
        epoch, _, newest = said.partition(" ")
        sequence = whole_number(newest, _DIGITS)
        if not epoch or sequence is None:
            return  # a centre of before
        now = Standing(epoch, sequence)
        went_back = now.is_before(stood)
        if went_back or not now.is_before(self._stood):
            self._stood = now
        self._on_epoch(epoch, went_back)

    async def hello(self, total_s: float, newest: Json | None = None) -> Answer[wire.Hello] | Failed:
        """The probe: anything but this exact shape from a `situng-central` is a captive portal.

        `newest`: our newest receipt, by which a centre that was restored from a backup finds out.
        """
        shown = {} if newest is None else {wire.RECEIPT: msgspec.json.encode(newest).decode("utf-8")}
        result = await self._http.send("GET", f"{wire.API}/hello", headers=shown, total_s=total_s)
        if isinstance(result, LinkError) or result.status >= 429:
            return failure(Call.API, result, self._clock.now())
        hello = _decoded(result, wire.Hello) if result.status == 200 else None
        if hello is None or hello.server != wire.SERVER_NAME:
            text = "Yang menjawab bukan server KPU RI (captive portal atau proxy)."
            return odd(Action.PORTAL, "portal", text, result)
        if wire.PROTOCOL not in hello.api:
            text = "Server memakai versi lain; program perlu diperbarui."
            return odd(Action.ASK_PERSON, "version", text, result)
        self.features = frozenset(result.headers.get(wire.FEATURES.lower(), "").split())
        return Answer(hello, result.took_s)

    async def keys(self) -> Answer[wire.Keys] | Failed:
        """How the centre's signing key came to be what it is."""
        result = await self._http.send("GET", f"{wire.API}/keys", total_s=self.call_s)
        return self._answer(result, wire.Keys)

    async def enrol(self, message: wire.Enrol) -> Answer[wire.Token] | Failed:
        """On success the token is used from now on."""
        answer = await self._post("/enrol", wire.encode(message), wire.Token)
        if isinstance(answer, Answer):
            self.token = answer.value.token
        return answer

    async def login(self, body: Json) -> Answer[wire.Token] | Failed:
        """`body` from `sync.account.login_body`; on success the token is used from now on."""
        answer = await self._post("/login", msgspec.json.encode(body), wire.Token)
        if isinstance(answer, Answer):
            self.token = answer.value.token
        return answer

    async def operators(self, body: Json) -> Answer[wire.Accepted] | Failed:
        return await self._post("/operators", msgspec.json.encode(body), wire.Accepted)

    async def records(
        self, device: str, journal_head: Json, records: Sequence[Json], total_s: float
    ) -> Answer[wire.RecordResults] | Failed:
        body = {"device": device, "journal_head": journal_head, "records": records}
        return await self._post("/records", msgspec.json.encode(body), wire.RecordResults, total_s)

    async def verdicts(
        self, journal_head: Json, verdicts: Sequence[Json], total_s: float
    ) -> Answer[wire.VerdictResults] | Failed:
        body = msgspec.json.encode({"journal_head": journal_head, "verdicts": verdicts})
        return await self._post("/verdicts", body, wire.VerdictResults, total_s)

    async def withdrawals(
        self, journal_head: Json, withdrawals: Sequence[Json], total_s: float
    ) -> Answer[wire.VerdictResults] | Failed:
        body = msgspec.json.encode({"journal_head": journal_head, "withdrawals": withdrawals})
        return await self._post("/withdrawals", body, wire.VerdictResults, total_s)

    async def scan_receipts(
        self, hashes: Sequence[str], *, is_fresh: bool = False
    ) -> Answer[wire.ScanReceipts] | Failed:
        """`is_fresh`: on a connection of its own, as one of before may be dead."""
        body = msgspec.json.encode({"sha256": list(hashes)})
        return await self._post("/scans/receipts", body, wire.ScanReceipts, is_fresh=is_fresh)

    async def holds_scan(
        self, sha256: str, thrifty_of: str = "", *, is_fresh: bool = False
    ) -> Answer[bool] | Failed:
        """HEAD by hash, own district only: a scan, or the thrifty copy of the one that is named."""
        path = f"{wire.SCANS}by-hash/{sha256}" + (f"?{wire.THRIFTY_OF}={thrifty_of}" if thrifty_of else "")
        result = await self._http.send(
            "HEAD", path, headers=self.credentials(), total_s=self.call_s, is_fresh=is_fresh
        )
        if isinstance(result, Reply) and result.status in (200, 204, 404):
            return Answer(result.status != 404, result.took_s)
        return failure(Call.HASH, result, self._clock.now())

    async def feed(self, after: int, limit: int) -> Answer[wire.Feed] | Failed:
        path, stood = f"{wire.API}/feed?after={after}&limit={limit}", self._stood
        result = await self._http.send("GET", path, headers=self.credentials(), total_s=self.call_s)
        return self._answer(result, wire.Feed, stood)

    async def status(
        self, forms: Sequence[str], hashes: Sequence[str] = ()
    ) -> Answer[wire.StatusAnswer] | Failed:
        body = msgspec.json.encode({"forms": list(forms), "hashes": list(hashes)})
        return await self._post("/status", body, wire.StatusAnswer)

    async def _post(
        self,
        path: str,
        body: bytes,
        shape: type[M],
        total_s: float | None = None,
        *,
        is_fresh: bool = False,
    ) -> Answer[M] | Failed:
        stood = self._stood
        headers = {"Content-Type": "application/json", **self.credentials()}
        if len(body) >= _GZIP_FROM:
            body = gzip.compress(body, _GZIP_LEVEL)
            headers["Content-Encoding"] = "gzip"
        result = await self._http.send(
            "POST",
            f"{wire.API}{path}",
            headers=headers,
            body=body,
            total_s=total_s or self.call_s,
            is_fresh=is_fresh,
        )
        return self._answer(result, shape, stood)

    def _answer(
        self, result: Reply | LinkError, shape: type[M], stood: Standing = _NOWHERE
    ) -> Answer[M] | Failed:
        if isinstance(result, LinkError) or not 200 <= result.status < 300:
            return failure(Call.API, result, self._clock.now())
        value = _decoded(result, shape)
        if value is None:
            return failure(Call.API, result, self._clock.now())
        self.note_headers(result.headers, stood)
        head: Any = getattr(value, "feed_head", None)
        if isinstance(head, int):
            self._on_feed_head(head)
        return Answer(value, result.took_s)


def _decoded(reply: Reply, shape: type[M]) -> M | None:
    try:
        return wire.decode(reply.body, shape)
    except (ValueError, RecursionError):  # another shape, no JSON, no UTF-8, or nested without end
        return None
