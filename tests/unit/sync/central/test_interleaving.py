"""Whatever is sent how often and in which order: one head, one receipt for each thing, a feed without gaps."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.people import Role
from sync.central import feed, people, records, verdicts, versions
from sync.central.accounts import Caller
from sync.central.centre import Centre
from sync.central.driver import Connection
from sync.central.server import open_centre
from sync.wire import OperatorKey
from tests.unit.sync.central.office import AT, FORM, QUICK, TPS, Office
from tests.unit.sync.central.running import settings

KEY = f"{TPS}/{FORM}/1"
WHO = Caller("pc-1", "3204")


def make_messages() -> list[tuple[str, dict[str, Any]]]:
    """A chain of three versions, two rivals, a verdict on each, a withdrawal of the second version."""
    values = [{**QUICK, "P1": number} for number in (71, 72, 73, 74, 75)]
    names = [OFFICE.hash_of(one) for one in values]
    parents = [None, names[0], names[1], None, names[3]]
    sent: list[tuple[str, dict[str, Any]]] = []
    for cells, parent in zip(values, parents, strict=True):
        readings = [OFFICE.reading("rina", 1, cells), OFFICE.reading("budi", 2, cells)]
        sent.append(("record", OFFICE.record(readings, cells, parent=parent)))
        sent.append(("verdict", OFFICE.verdict(cells=cells)))
    sent.append(("withdrawal", OFFICE.withdrawal(cells=values[1])))
    return sent


OFFICE = Office()
MESSAGES = make_messages()


@contextmanager
def opened() -> Iterator[Centre]:
    with tempfile.TemporaryDirectory() as folder:
        centre = open_centre(settings(Path(folder)))
        try:
            with centre.db.write() as con:
                for name in OFFICE.keys:
                    people.put(con, "3204", OperatorKey(**OFFICE.operator(name)), AT)
            yield centre
        finally:
            centre.db.close()


def deliver(centre: Centre, kind: str, body: dict[str, Any]) -> Any:
    ways: dict[str, Callable[[Connection, Centre, Caller, object], Any]] = {
        "record": records.accept,
        "verdict": verdicts.accept,
        "withdrawal": verdicts.withdraw,
    }
    with centre.db.write() as con:
        return ways[kind](con, centre, WHO, body)


def pages_of_head(centre: Centre) -> dict[int, str]:
    with centre.db.read() as con:
        head = versions.head_of(con, KEY)
        assert head is not None
        return {page.n: page.sha256 for page in versions.pages_of(con, head["id"])}


@given(st.lists(st.integers(0, len(MESSAGES) - 1), min_size=1, max_size=25))
def test_any_interleaving_gives_one_head_and_one_receipt_each(order: list[int]) -> None:
    given_receipts: dict[int, Any] = {}
    with opened() as centre:
        for place in order:
            kind, body = MESSAGES[place]
            result = deliver(centre, kind, body)
            assert result.status != "rejected"
            if result.receipt is not None:
                assert given_receipts.setdefault(place, result.receipt) == result.receipt
        with centre.db.read() as con:
            heads = con.execute("SELECT count(*) FROM version WHERE state = 'head'").fetchone()[0]
            withdrawn = con.execute("SELECT count(*) FROM version WHERE state = 'withdrawn'").fetchone()[0]
            stored = con.execute("SELECT count(*) FROM version").fetchone()[0]
            assert heads <= 1
            assert heads == 1 or stored == 0 or withdrawn == 1
            assert con.execute("SELECT count(*) FROM receipt").fetchone()[0] == len(given_receipts)
            numbers = [event.n for event in feed.after(con, centre, "3204", 0, 500).events]
            assert numbers == list(range(1, feed.head(con, "3204") + 1))
            head = versions.head_of(con, KEY)
            assert (head["id"] if head else None) == (
                con.execute("SELECT head FROM form").fetchone() or [None]
            )[0]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_the_pages_follow_the_devices_journal_not_the_order_of_arrival(order: list[int]) -> None:
    with opened() as centre:
        for line in order:
            body = OFFICE.settled(pages={1: b"page as of %d" % line})
            assert deliver(centre, "record", body | {"as_of": line}).status in {"stored", "replayed"}
        assert pages_of_head(centre) == {
            1: OFFICE.settled(pages={1: b"page as of %d" % max(order)})["pages"][0]["sha256"]
        }


def test_a_program_of_before_does_not_say_and_is_believed_as_ever() -> None:
    """Its bundle was taken in as of the journal head in the manifest; what it sends on the line afterwards counts."""
    with opened() as centre:
        bundled, sent = OFFICE.settled(pages={1: b"bundled"}), OFFICE.settled(pages={1: b"sent"})
        with centre.db.write() as con:
            records.accept(con, centre, WHO, bundled, as_of=4000)
        deliver(centre, "record", sent)
        assert pages_of_head(centre) == {1: sent["pages"][0]["sha256"]}


@pytest.mark.parametrize("number", [-1, 2**53, 2**63, "5"])
def test_a_line_that_is_no_number_is_malformed(number: object) -> None:
    with opened() as centre:
        result = deliver(centre, "record", OFFICE.settled() | {"as_of": number})
        assert result.status == "rejected"
        assert result.problem.code == "malformed"


def test_another_device_has_a_journal_of_its_own() -> None:
    with opened() as centre:
        deliver(centre, "record", OFFICE.settled(pages={1: b"new"}) | {"as_of": 5})
        named = pages_of_head(centre)
        last = OFFICE.settled(pages={1: b"last"}) | {"as_of": 4}
        deliver(centre, "record", last)
        assert pages_of_head(centre) == named
        with centre.db.write() as con:
            records.accept(con, centre, Caller("pc-2", "3204"), last)
        assert pages_of_head(centre) == {1: last["pages"][0]["sha256"]}


@given(st.permutations([0, 2, 4]))
def test_a_chain_ends_at_its_last_version_in_any_order(order: list[int]) -> None:
    with opened() as centre:
        for place in order:
            deliver(centre, *MESSAGES[place])
        with centre.db.read() as con:
            head = versions.head_of(con, KEY)
            states = [row[0] for row in con.execute("SELECT state FROM version ORDER BY values_hash")]
        assert sorted(states) == ["head", "superseded", "superseded"]
        assert head is not None
        assert head["values_hash"] == OFFICE.hash_of({**QUICK, "P1": 73})


def test_an_older_list_of_people_takes_nothing_back() -> None:
    with opened() as centre, centre.db.write() as con:
        newer = OperatorKey(**OFFICE.operator("rina") | {"active": False})
        people.put(con, "3204", newer, "2019-04-18T00:00:00Z")
        people.put(con, "3204", OperatorKey(**OFFICE.operator("rina")), AT)
        body = OFFICE.verdict("rina")
        late = people.has_signed(con, OFFICE.realm, "3204", "verdict", "rina", body, "2019-04-18T00:00:01Z")
        assert late == "inactive"
        assert people.has_signed(con, OFFICE.realm, "3204", "verdict", "rina", body, AT) is None
        assert people.has_role(con, "3204", "siti", Role.VERIFY)  # a coordinator may do everything
        assert not people.has_role(con, "3204", "rina", Role.VERIFY)
        assert not people.has_role(con, "3205", "siti", Role.VERIFY)
