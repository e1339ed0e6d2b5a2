"""The JSON calls: paths, shapes, transactions. What each call means stands in its own module.

Every call is idempotent. A batch is one transaction, and each element of it succeeds or fails alone.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from sync.central import accounts, anchor, evidence, feed, records, status, verdicts
from sync.central.accounts import Caller
from sync.central.clock import iso
from sync.central.door import Door, news, standing
from sync.central.driver import Connection
from sync.central.http import GONE, answer, bug, parse, read_body, refusal
from sync.central.rates import Rate
from sync.central.refusal import Refused, is_whole, malformed
from sync.wire import (
    API,
    AS_OF,
    FEATURES,
    FEED_HEAD,
    PROTOCOL,
    RECEIPT,
    SERVER_NAME,
    THRIFTY,
    Accepted,
    Enrol,
    Feed,
    Hello,
    JournalHead,
    Keys,
    Login,
    Message,
    Operators,
    RecordResults,
    Records,
    StatusAnswer,
    StatusAsk,
    Token,
    VerdictResults,
    Verdicts,
    Withdrawals,
)

Ask = TypeVar("Ask", bound=Message)
Endpoint = Callable[[Request], Awaitable[Response]]
FAILURES_A_MINUTE = 20  # of one address, at log-in and enrolment
LOGINS_A_MINUTE = 20  # of one device

log = logging.getLogger(__name__)


class Api:
    """All JSON endpoints of one centre."""

    def __init__(self, door: Door, on_change: Callable[[], None]) -> None:
        self._door = door
        self._centre = door.centre
        self._on_change = on_change
        self._failures = Rate(FAILURES_A_MINUTE, 60.0, door.centre.clock)
        self._logins = Rate(LOGINS_A_MINUTE, 60.0, door.centre.clock)

    def routes(self) -> list[Route]:
        """Method and path as design section 5 names them."""
        post = ["POST"]
        return [
            Route(f"{API}/hello", self._hello, methods=["GET"]),
            Route(f"{API}/keys", self._keys, methods=["GET"]),
            Route(f"{API}/enrol", self._stranger(Enrol, self._enrol), methods=post),
            Route(f"{API}/login", self._stranger(Login, self._login), methods=post),
            Route(f"{API}/operators", self._call(Operators, "", self._operators), methods=post),
            Route(f"{API}/records", self._call(Records, "records", self._records), methods=post),
            Route(f"{API}/verdicts", self._call(Verdicts, "verdicts", self._verdicts), methods=post),
            Route(f"{API}/withdrawals", self._call(Withdrawals, "verdicts", self._withdrawals), methods=post),
            Route(f"{API}/status", self._call(StatusAsk, "", self._status, is_reading=True), methods=post),
            Route(f"{API}/feed", self._feed, methods=["GET"]),
        ]

    async def _hello(self, request: Request) -> Response:
        centre = self._centre
        if shown := request.headers.get(RECEIPT):
            await self._door.run(lambda: self._look_at(shown))
        hello = Hello(
            server=SERVER_NAME,
            api=[PROTOCOL],
            realm=centre.realm,
            time=iso(centre.clock()),
            epoch=centre.db.epoch,
            pause=self._door.overload.pause(),
            limits=centre.settings.limits,
            key_id=centre.key.key_id,
        )
        return answer(request, hello, headers={FEATURES: f"{THRIFTY} {AS_OF}"})

    def _look_at(self, shown: str) -> None:
        """Whatever ails the disk: `hello` tells who is there, and the proof comes again with the next one."""
        try:
            evidence.look_at(self._centre, shown)
        except Exception:
            log.exception("A receipt that was shown with hello cannot be looked at now.")

    async def _keys(self, request: Request) -> Response:
        return answer(request, Keys(keys=self._centre.key.statements))

    # ---- strangers: no token yet ---------------------------------------------------------------------------------

    def _stranger(self, shape: type[Ask], work: Callable[[Connection, Any], Token]) -> Endpoint:
        async def serve(request: Request) -> Response:
            address = request.client.host if request.client else ""
            try:
                if self._failures.is_exceeded(address):
                    raise _slow_down()
                ask = parse(await read_body(request), shape)
                token, headers = await self._door.through(request, "token", 1, lambda: self._write(work, ask))
            except ClientDisconnect:
                return GONE
            except Refused as refused:
                if refused.status in (400, 401, 403):
                    self._failures.count(address)
                return refusal(request, refused)
            except Exception as error:  # noqa: BLE001 - the last line of defence: a bug is answered, logged and retried
                return bug(request, error)
            return answer(request, token, headers=headers)

        return serve

    def _write(self, work: Callable[[Connection, Any], Token], ask: Message) -> tuple[Token, dict[str, str]]:
        with self._centre.db.write() as con:
            return work(con, ask), standing(con, self._centre)

    def _enrol(self, con: Connection, ask: Enrol) -> Token:
        return accounts.enrol(con, self._centre, ask)

    def _login(self, con: Connection, ask: Login) -> Token:
        if self._logins.is_exceeded(ask.device):
            raise _slow_down()
        self._logins.count(ask.device)
        return accounts.login(con, self._centre, ask)

    # ---- devices -------------------------------------------------------------------------------------------------

    def _call(
        self,
        shape: type[Ask],
        lane: str,
        work: Callable[[Connection, Caller, Any], Message],
        *,
        is_reading: bool = False,
    ) -> Endpoint:
        """One transaction around `work`, with token, pause, queue and errors before and after it."""

        async def serve(request: Request) -> Response:
            headers: dict[str, str] = {}
            try:
                who, headers = await self._door.caller(request)
                self._door.check_pause(lane)
                ask = parse(await read_body(request), shape)
                transaction = self._centre.db.read if is_reading else self._centre.db.write

                def act() -> tuple[Message, dict[str, str]]:
                    with transaction() as con:
                        return work(con, who, ask), news(con, self._centre, who)

                message, headers = await self._door.through(request, lane or "small", _items(ask), act)
            except ClientDisconnect:
                return GONE
            except Refused as refused:
                return refusal(request, refused, headers)
            except Exception as error:  # noqa: BLE001 - the last line of defence: a bug is answered, logged and retried
                return bug(request, error, headers)
            if not is_reading:
                self._on_change()
            return answer(request, message, headers=headers)

        return serve

    def _operators(self, con: Connection, who: Caller, ask: Operators) -> Accepted:
        accounts.operators(con, self._centre, who, ask)
        return Accepted(feed_head=feed.head(con, who.district))

    def _records(self, con: Connection, who: Caller, ask: Records) -> RecordResults:
        if ask.device != who.device:
            raise Refused(403, "other_device", "Rekaman ini dari perangkat lain.")
        anchored = anchor.hold(con, self._centre, who, ask.journal_head)
        results = [records.accept(con, self._centre, who, raw) for raw in ask.records]
        return RecordResults(results=results, feed_head=feed.head(con, who.district), anchor_seq=anchored)

    def _verdicts(self, con: Connection, who: Caller, ask: Verdicts) -> VerdictResults:
        self._anchor(con, who, ask.journal_head)
        results = [verdicts.accept(con, self._centre, who, raw) for raw in ask.verdicts]
        return VerdictResults(results=results, feed_head=feed.head(con, who.district))

    def _withdrawals(self, con: Connection, who: Caller, ask: Withdrawals) -> VerdictResults:
        self._anchor(con, who, ask.journal_head)
        results = [verdicts.withdraw(con, self._centre, who, raw) for raw in ask.withdrawals]
        return VerdictResults(results=results, feed_head=feed.head(con, who.district))

    def _anchor(self, con: Connection, who: Caller, head: JournalHead | None) -> None:
        if head is not None:
            anchor.hold(con, self._centre, who, head)

    def _status(self, con: Connection, who: Caller, ask: StatusAsk) -> StatusAnswer:
        return status.answer(con, self._centre, who, ask)

    async def _feed(self, request: Request) -> Response:
        headers: dict[str, str] = {}
        try:
            who, headers = await self._door.caller(request)
            after, limit = _number(request, "after", 0), _number(request, "limit", feed.MAX_EVENTS)

            def look() -> Feed:
                with self._centre.db.read() as con:
                    return feed.after(con, self._centre, who.district, after, limit)

            found = await self._door.through(request, "feed", 1, look)
        except ClientDisconnect:
            return GONE
        except Refused as refused:
            return refusal(request, refused, headers)
        except Exception as error:  # noqa: BLE001 - the last line of defence: a bug is answered, logged and retried
            return bug(request, error, headers)
        headers[FEED_HEAD] = str(found.feed_head)
        return answer(request, found, headers=headers)


def _items(ask: Message) -> int:
    """How much is asked, for the estimate of the work."""
    for name in ("records", "verdicts", "withdrawals", "forms"):
        found = getattr(ask, name, None)
        if isinstance(found, list):
            return len(found)
    return 1


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not is_whole(text):
        raise malformed(f"{name} harus bilangan")
    return int(text)


def _slow_down() -> Refused:
    return Refused(429, "rate", "Terlalu banyak percobaan masuk.", retryable=True, retry_after_s=60)
