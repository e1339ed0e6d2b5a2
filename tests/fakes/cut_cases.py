"""The table of the cut sweep: every protocol step x every byte-boundary class x how the line breaks, and every answer.

A case is one fault at one step of one engine run over a fresh copy of the world; names read as sentences.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from sync.classify import Action, Call, Exchange, classify
from sync.wire import API, SCANS
from tests.fakes.cut_world import CHUNK, Bench, World, building
from tests.fakes.http_bytes import Head
from tests.fakes.relay import CutAnswer, CutRequest, End, Fault, Instead, Point

STAYS_S = 0.6  # long enough for a second try of everything
LOOKS = 8
BODY = (Point.HEAD, Point.FIRST, Point.MIDDLE, Point.LAST)
TUS = "Tus-Resumable: 1.0.0\r\n"


@dataclass(frozen=True)
class Step:
    """One kind of request. `sends`, `gets`: it has a body, its answer has one."""

    name: str
    call: Call
    method: str
    path: str
    sends: bool = False
    gets: bool = False
    offset: int | None = None

    def is_it(self, request: Head) -> bool:
        method, path = request.words[0], request.words[1].partition("?")[0]
        is_there = (
            path.startswith(self.path)
            if self.call in (Call.PATCH, Call.HEAD, Call.HASH)
            else path == self.path
        )
        if self.call is Call.HEAD and "by-hash" in path:
            return False
        if self.call is Call.CREATE and bool(request.length) is not self.sends:
            return False
        offset = request.headers.get("upload-offset")
        return method == self.method and is_there and (self.offset is None or offset == str(self.offset))


STEPS = (
    Step("hello", Call.API, "GET", f"{API}/hello", gets=True),
    Step("keys", Call.API, "GET", f"{API}/keys", gets=True),
    Step("login", Call.API, "POST", f"{API}/login", sends=True, gets=True),
    Step("operators", Call.API, "POST", f"{API}/operators", sends=True, gets=True),
    Step("status", Call.API, "POST", f"{API}/status", sends=True, gets=True),
    Step("withdrawals", Call.API, "POST", f"{API}/withdrawals", sends=True, gets=True),
    Step("records", Call.API, "POST", f"{API}/records", sends=True, gets=True),
    Step("verdicts", Call.API, "POST", f"{API}/verdicts", sends=True, gets=True),
    Step("feed", Call.API, "GET", f"{API}/feed", gets=True),
    Step("creation", Call.CREATE, "POST", SCANS),
    Step("creation with upload", Call.CREATE, "POST", SCANS, sends=True),
    Step("first PATCH", Call.PATCH, "PATCH", SCANS, sends=True, offset=0),
    Step("middle PATCH", Call.PATCH, "PATCH", SCANS, sends=True, offset=CHUNK),
    Step("last PATCH", Call.PATCH, "PATCH", SCANS, sends=True, offset=2 * CHUNK),
    Step("HEAD", Call.HEAD, "HEAD", SCANS),
    Step("by-hash", Call.HASH, "HEAD", f"{SCANS}by-hash/"),
    Step("scan receipts", Call.API, "POST", f"{SCANS}receipts", sends=True, gets=True),
)
ANSWERED_STEPS = (
    "login",
    "records",
    "verdicts",
    "creation",
    "first PATCH",
    "HEAD",
    "by-hash",
    "scan receipts",
)
STAYING_STEPS = ("hello", *ANSWERED_STEPS)


def answer(
    status: int, code: str = "", *, body: bytes | None = None, kind: str = "application/problem+json"
) -> bytes:
    """A whole answer that is not the centre's."""
    if body is None:
        problem = {
            "title": "?",
            "status": status,
            "code": code or "proxy",
            "detail": "Uji.",
            "retry_after_s": 0.05,
        }
        body = json.dumps(problem).encode()
    head = f"HTTP/1.1 {status} X\r\n{TUS}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


ANSWERS: dict[str, tuple[bytes, bool]] = {
    **{str(status): (answer(status), False) for status in (
        302, 400, 401, 403, 404, 405, 407, 408, 409, 410, 412, 413, 415, 423, 425, 426, 429, 460, 500, 501, 502,
        503, 504, 507, 511, 520, 599,
    )},
    "503 paused": (answer(503, "paused"), False),
    "500 after the work": (answer(500), True),
    "502 after the work": (answer(502), True),
    "504 after the work": (answer(504), True),
    "204 without an offset": (answer(204, body=b""), False),
    "200 HTML": (answer(200, body=b"<!DOCTYPE html><title>Hotspot</title>", kind="text/html"), False),
    "200 of another shape": (answer(200, body=b"[]", kind="application/json"), False),
    "not HTTP": (b"220 smtp.example ESMTP\r\n", False),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """`stays`: the fault hits every such request until it is lifted; else the first one only."""

    group: str
    step: Step
    what: str
    fault: Fault
    stays: bool = False

    @property
    def name(self) -> str:
        return f"{self.step.name}: {self.what}"

    @property
    def heals(self) -> bool:
        """No person is needed: the table does not name one for this answer."""
        if not isinstance(self.fault, Instead) or not self.fault.raw.startswith(b"HTTP"):
            return not self.stays
        status = int(self.fault.raw.split()[1])
        # As the engine's first look at it; what a lone item is stopped for, a person has to lift.
        action, _ = classify(Exchange(self.step.call, status, headers={"tus-resumable": "1.0.0"}))
        needs_person = action in {Action.STOP_ITEM, Action.ASK_PERSON, Action.SMALLER, Action.OTHER_METHOD}
        return not (self.stays or needs_person or self.step.name == "login")


def all_cases() -> list[Case]:
    """The whole sweep, always in the same order."""
    return [*_request_cuts(), *_answer_cuts(), *_answers(), *_staying()]


def _request_cuts() -> Iterator[Case]:
    for step in STEPS:
        points = (Point.LINE, Point.HEADERS, *(BODY if step.sends else ()), Point.WHOLE)
        for point, end in itertools.product(points, (End.RESET, End.CLOSED)):
            # The whole request on the server's side is an answer cut at nothing.
            yield Case(
                "request cut",
                step,
                f"request {end} {point}",
                CutRequest(point, end, point is not Point.WHOLE),
            )
        if step.call in (Call.CREATE, Call.PATCH) and step.sends:
            for point in BODY:
                what = f"request lost on the way, reset {point}"
                yield Case("request cut", step, what, CutRequest(point, End.RESET, reaches=False))
        for point in (Point.MIDDLE if step.sends else Point.HEADERS, Point.WHOLE):
            fault = CutRequest(point, End.SILENT, reaches=False)
            yield Case("silence", step, f"request silent {point}", fault)


def _answer_cuts() -> Iterator[Case]:
    for step in STEPS:
        points = (Point.NOTHING, Point.LINE, Point.HEADERS, *(BODY if step.gets else (Point.LAST,)))
        for point, end in itertools.product(points, (End.RESET, End.CLOSED)):
            yield Case("answer cut", step, f"answer {end} {point}", CutAnswer(point, end))
        for point in (Point.NOTHING, Point.MIDDLE if step.gets else Point.HEADERS):
            yield Case("silence", step, f"answer silent {point}", CutAnswer(point, End.SILENT))


def _answers() -> Iterator[Case]:
    for step in STEPS:
        if step.name in ANSWERED_STEPS:
            for what, (raw, does_work) in ANSWERS.items():
                yield Case("answer code", step, what, Instead(raw, does_work))


def _staying() -> Iterator[Case]:
    lasting: dict[str, Fault] = {
        "always reset": CutRequest(Point.WHOLE, End.RESET, reaches=False),
        "always 503": Instead(answer(503)),
        "always 403": Instead(answer(403)),
        "always HTML": Instead(ANSWERS["200 HTML"][0]),
    }
    for step in STEPS:
        if step.name in STAYING_STEPS:
            for what, fault in lasting.items():
                yield Case("fault that stays", step, what, fault, stays=True)


# ---- running ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """How a case ended: `wrong` is empty when the property held."""

    name: str
    group: str
    healed: bool  # without a person
    wrong: tuple[str, ...]


def run(bench: Bench, case: Case) -> Verdict:
    """The engine meets the fault, then (where a person is needed) a person tries again on a good line."""
    fired = 0

    def script(request: Head) -> Fault | None:
        nonlocal fired
        if not case.step.is_it(request) or (fired and not case.stays):
            return None
        fired += 1
        return case.fault

    with bench.world("case") as world, _errors() as errors:
        world.relay.script = script
        report = world.sync(STAYS_S) if case.stays else world.sync()
        while case.stays and not fired and not report.is_idle:
            report = world.sync(STAYS_S)
        wrong = [] if fired else ["the fault never happened"]
        wrong += _unnamed(world, case)
        if case.heals and not report.is_idle:
            wrong.append(f"needed a person: {report}")
        world.relay.script = lambda _: None
        if not report.is_idle:
            world.try_again()
            after = world.sync()
            wrong += [] if after.is_idle else [f"not done on a good line: {after}"]
        wrong += [*world.differences(), *errors]
        return Verdict(case.name, case.group, report.is_idle, tuple(wrong))


@contextmanager
def _errors() -> Iterator[list[str]]:
    """What engine or centre log as a bug meanwhile."""
    found: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]  # one line each
    logging.getLogger("sync").addHandler(handler)
    try:
        yield found
    finally:
        logging.getLogger("sync").removeHandler(handler)


def _unnamed(world: World, case: Case) -> list[str]:
    """What waits without a reason. Under a fault that stays the engine is stopped at any instant, also in the moment
    between two tries, when an item has nothing to wait for: what is unnamed so often has no name."""
    found = world.unexplained()
    for _ in range(LOOKS if case.stays else 0):
        if found:
            world.sync(STAYS_S)
            found = world.unexplained()
    return found


def run_part(names: Sequence[str]) -> list[Verdict]:
    """These cases one after the other, on a bench of their own."""
    wanted = frozenset(names)
    folder = Path(tempfile.mkdtemp(prefix="situng-cut-"))
    try:
        with building(folder) as bench:
            return [run(bench, case) for case in all_cases() if case.name in wanted]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_all(names: Sequence[str]) -> list[Verdict]:
    """On every core; twice as many benches, because half of a case is waiting."""
    benches = 2 * (os.cpu_count() or 1)
    parts = [names[start::benches] for start in range(benches)]
    with ProcessPoolExecutor(benches, get_context("spawn")) as pool:
        return [one for part in pool.map(run_part, parts) for one in part]
