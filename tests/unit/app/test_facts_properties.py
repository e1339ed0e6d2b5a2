from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.domain.cell import Cell, Mark
from app.domain.journal import first_fault
from app.domain.lifecycle import VersionState
from app.domain.readings import Order
from app.errors import ExpectedError
from app.ports import ItemKind, Reason
from app.services import journal as journal_service
from app.services import keying, moving, pages, queue, register, status, verify
from app.store import c1 as c1_rows
from app.store import journal, readings, versions
from tests.fakes import district, recount

PEOPLE = st.sampled_from([name for name, _ in district.CREW])
FORMS = st.integers(1, 2)
VALUE: st.SearchStrategy[Cell] = st.sampled_from([181, 191, Mark.BLANK, Mark.UNREADABLE])


class Office(RuleBasedStateMachine):
    """People, scanner, engine and centre act in any order; whatever is refused changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.desk = district.make(Path(self._folder.name), stations=2)
        self.wp = self.desk.wp

    def teardown(self) -> None:
        self.wp.close()
        self._folder.cleanup()

    def _try(self, action: object, *args: object, **more: object) -> None:
        self.desk.clock.forward(1.0)
        assert callable(action)
        with suppress(ExpectedError):
            action(*args, **more)

    @rule(who=PEOPLE, form=FORMS, v1=VALUE, p1=st.sampled_from([71, 72]))
    def key(self, who: str, form: int, v1: Cell, p1: int) -> None:
        cells = {**district.GOOD, "V1": v1, "P1": p1}
        self._try(
            keying.key_whole, self.wp, self.desk[who], district.key(form), cells, accept=[keying.ACCEPT_ALL]
        )

    @rule(who=PEOPLE, form=FORMS, page=st.integers(1, 2))
    def key_page(self, who: str, form: int, page: int) -> None:
        """The numbers of one page, in whatever reading the form needs next."""
        cells = {
            name: cell for name, cell in district.GOOD.items() if (name in ("A1.J", "B4.J")) is (page == 1)
        }
        self._try(
            keying.key_whole, self.wp, self.desk[who], district.key(form), cells, accept=[keying.ACCEPT_ALL]
        )

    @rule(form=FORMS, pair=st.permutations(["ani", "budi", "citra"]))
    def read_twice(self, form: int, pair: list[str]) -> None:
        for who in pair[:2]:
            self._try(keying.key_whole, self.wp, self.desk[who], district.key(form), district.GOOD)

    @rule(form=FORMS)
    def go_to_the_centre_and_back(self, form: int) -> None:
        """Pages and record arrive, the centre returns the form."""
        self.desk.clock.forward(1.0)
        held = [(n, self.desk.scan(district.key(form), n, f"{self.desk.clock.now()}")) for n in (1, 2)]
        self.desk.send(ItemKind.SCAN)
        self.desk.send(ItemKind.RECORD)
        row = c1_rows.find(self.wp.db.reader, district.key(form))
        assert row is not None
        if row.head is not None:
            head = versions.by_id(self.wp.db.reader, row.head)
            if head.at_centre_at is not None:
                self.desk.give_back(district.key(form), head.values_hash, head.cells, held)

    @rule(form=FORMS)
    def verify_and_publish(self, form: int) -> None:
        """The whole way, as far as what stands there lets it."""
        self.read_twice(form, ["ani", "budi", "citra"])
        self.go_to_the_centre_and_back(form)
        self._try(verify.confirm_identical, self.wp, self.desk["vera"])
        self.desk.send(ItemKind.VERDICT)
        row = c1_rows.find(self.wp.db.reader, district.key(form))
        assert row is not None
        if row.head_state is VersionState.VERDICT_AT_CENTRE:
            assert row.head is not None
            name = versions.by_id(self.wp.db.reader, row.head).values_hash
            self.desk.feed("published", district.key(form), values_hash=name)

    @rule(who=PEOPLE, form=FORMS)
    def open(self, who: str, form: int) -> None:
        self._try(keying.open_draft, self.wp, self.desk[who], district.key(form))

    @rule(who=PEOPLE, form=FORMS)
    def take_over(self, who: str, form: int) -> None:
        self._try(keying.take_over, self.wp, self.desk[who], district.key(form))

    @rule(who=PEOPLE, form=FORMS)
    def reopen(self, who: str, form: int) -> None:
        self._try(keying.reopen, self.wp, self.desk[who], district.key(form))

    @rule(form=FORMS, page=st.integers(1, 2), content=st.sampled_from("ab"))
    def scan(self, form: int, page: int, content: str) -> None:
        self._try(self.desk.scan, district.key(form), page, content)

    @rule(form=FORMS, page=st.integers(1, 2), place=st.integers(0, 9))
    def move_page(self, form: int, page: int, place: int) -> None:
        ids = [one.id for n in (1, 2) for one in pages.pages_of(self.wp, district.key(n))]
        if ids:
            self._try(
                pages.move_page, self.wp, self.desk["pindai"], ids[place % len(ids)], district.key(form), page
            )

    @rule(place=st.integers(0, 9))
    def set_page_aside(self, place: int) -> None:
        ids = [one.id for n in (1, 2) for one in pages.pages_of(self.wp, district.key(n))]
        if ids:
            self._try(pages.set_aside, self.wp, self.desk["pindai"], ids[place % len(ids)])

    @rule(form=FORMS)
    def receive(self, form: int) -> None:
        self._try(register.receive, self.wp, self.desk["pindai"], [district.key(form)])

    @rule(
        kind=st.sampled_from(list(ItemKind)),
        answer=st.sampled_from(["stored", "replayed", "rejected", "rival", "stale", "later"]),
    )
    def send(self, kind: ItemKind, answer: str) -> None:
        self.desk.send(kind, answer)

    @rule(kind=st.sampled_from(list(ItemKind)), code=st.sampled_from(["silence", "busy", "release", "crash"]))
    def fail_to_send(self, kind: ItemKind, code: str) -> None:
        self.desk.clock.forward(1.0)
        store = self.desk.store
        ids = list(store.claim([item.id for item in store.due(kind, self.desk.clock.now(), 5)]))
        if code == "release":
            store.release(ids)
        elif code == "crash":
            store.release_in_flight()
        else:
            store.defer(ids, self.desk.clock.now() + 2, Reason(code, "KPU RI tidak menjawab."))

    @rule(
        form=FORMS,
        kind=st.sampled_from(["returned", "published", "rival", "rejected", "withdrawn"]),
        ours=st.booleans(),
    )
    def feed(self, form: int, kind: str, ours: bool) -> None:
        self.desk.clock.forward(1.0)
        row = c1_rows.find(self.wp.db.reader, district.key(form))
        assert row is not None
        if row.head is None:
            return
        head = versions.by_id(self.wp.db.reader, row.head)
        if head.sent_at is None or (kind == "published" and head.returned_at is None):
            return  # the centre cannot speak of what it never got
        name = head.values_hash if ours else "f" * 64
        held = [(one.n, one.scan_sha256) for one in pages.pages_of(self.wp, district.key(form))]
        self.desk.feed(
            kind,
            district.key(form),
            values_hash=name,
            cells={},
            pages=[{"n": n, "sha256": sha, "bytes": 1} for n, sha in held],
        )
        if kind == "returned" and ours:
            self.desk.give_back(district.key(form), name, head.cells, held)

    @rule(who=st.sampled_from(["vera", "koor"]), form=FORMS, verdict=st.sampled_from(["ok", "wrong"]))
    def verdict(self, who: str, form: int, verdict: str) -> None:
        self._try(verify.give_verdict, self.wp, self.desk[who], district.key(form), verdict)

    @rule()
    def confirm(self) -> None:
        self._try(verify.confirm_identical, self.wp, self.desk["vera"])

    @rule(who=PEOPLE, form=FORMS, value=st.sampled_from([5, 6]))
    def correct(self, who: str, form: int, value: int) -> None:
        self._try(verify.correct, self.wp, self.desk[who], district.key(form), {"V2": value}, "salah baca")

    @rule(who=PEOPLE, form=FORMS)
    def withdraw(self, who: str, form: int) -> None:
        self._try(verify.withdraw, self.wp, self.desk[who], district.key(form), "salah TPS")

    @rule(who=PEOPLE)
    def move_form(self, who: str) -> None:
        self._try(verify.move_form, self.wp, self.desk[who], district.key(1), district.key(2), "salah TPS")

    @rule(who=PEOPLE)
    def move_draft(self, who: str) -> None:
        self._try(keying.open_draft, self.wp, self.desk[who], district.key(2))
        self._try(moving.move_draft, self.wp, self.desk[who], district.key(2), district.key(1))

    @rule(who=PEOPLE, with_pages=st.booleans())
    def swap(self, who: str, with_pages: bool) -> None:
        pair = (district.key(1), district.key(2))
        self._try(verify.swap, self.wp, self.desk[who], *pair, "tertukar", with_pages=with_pages)

    @rule()
    def retry(self) -> None:
        self._try(queue.retry, self.wp)

    @rule()
    def restore_centre(self) -> None:
        self.desk.clock.forward(1.0)
        store = self.desk.store
        store.new_epoch("e1")
        self.desk.cursor = self.desk.cursor  # numbers go on: an event is never applied twice
        scans = store.scans_to_compare(100)
        if scans:
            store.scans_compared(scans, set(), self.desk.clock.now())
        rows = store.to_compare("", 10)
        store.compared([{"key": row["key"], "head": None, "pages": [], "verdict": None} for row in rows])

    @invariant()
    def facts_are_what_the_rows_say(self) -> None:
        connection = self.wp.db.reader
        assert recount.kept(connection) == recount.recounted(connection)

    @invariant()
    def the_funnel_is_monotone(self) -> None:
        for row in self.wp.db.reader.execute("SELECT * FROM c1"):
            chain = [
                row["public_at"],
                row["verified_at"],
                row["at_centre_at"],
                row["sent_at"],
                row["keyed_at"],
                row["received_at"],
            ]
            happened = [at is not None for at in chain]
            assert happened == sorted(happened), f"a later fact without an earlier one: {dict(row)}"
        counts = status.funnel(self.wp)
        assert (
            counts.public
            <= counts.verified
            <= counts.at_centre
            <= counts.sent
            <= counts.keyed
            <= counts.received
        )

    @invariant()
    def four_eyes(self) -> None:
        connection = self.wp.db.reader
        for form in (1, 2):
            row = c1_rows.find(connection, district.key(form))
            assert row is not None
            rows = readings.of_form(connection, row.id, row.generation)
            hands = {
                order: frozenset[str]().union(*(one.people for one in rows if one.order is order))
                for order in Order
            }
            assert len(frozenset[str]().union(*hands.values())) == sum(len(one) for one in hands.values()), (
                "nobody has a hand in two readings of a form"
            )
            first = hands[Order.FIRST]
            if row.head is not None and versions.by_id(connection, row.head).state is VersionState.VERIFIED:
                sql = "SELECT by FROM verdict WHERE version = ? ORDER BY rowid DESC LIMIT 1"
                assert connection.execute(sql, (row.head,)).fetchone()["by"] not in first

    @invariant()
    def the_journal_is_whole(self) -> None:
        assert first_fault(journal.lines(self.wp.db.reader)) is None
        assert journal_service.verify(self.wp).fault is None

    @invariant()
    def what_waits_says_why(self) -> None:
        for one in status.waiting(self.wp):
            assert one.reason
            assert one.reason_code
            assert one.since


Office.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
test_facts = Office.TestCase
