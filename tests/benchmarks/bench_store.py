"""The store with 75,000 forms: lists, searches, counts, a key pressed. `python -m tests.benchmarks.bench_store [TPS]`.

Targets (design section 8): list filter or search < 30 ms.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.domain.people import Person, Role
from app.domain.readings import Order
from app.ports import ItemKind
from app.services import engine_store, forms_list, keying, people, status, verify, workplace
from app.services.forms_list import MINE, Wanted
from app.services.workplace import Workplace
from app.store import work
from tests.fakes import big_district, district
from tests.fakes.clock import RealClock
from tests.fakes.district import PIN

RUNS = 15
SEARCHES = ("1 cileunyi kulon", "001", "cil", "3204152001", "soreang wetan", "tps")


def _measure(name: str, action: Callable[[], object], runs: int = RUNS) -> None:
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(f"{name:52s} median {statistics.median(times):8.2f} ms   worst {times[-1]:8.2f} ms", flush=True)


def _lists(wp: Workplace) -> None:
    _measure("form_rows, first page", lambda: status.form_rows(wp))
    _measure("form_rows, offset 70,000", lambda: status.form_rows(wp, offset=70_000))
    _measure("form_rows, one kecamatan", lambda: status.form_rows(wp, kecamatan="320405"))
    _measure("form_rows, one desa", lambda: status.form_rows(wp, kecamatan="3204052001"))
    _measure(
        "form_rows, not second-read, offset 40,000",
        lambda: status.form_rows(wp, only="second_read", offset=40_000),
    )
    for text in SEARCHES:
        _measure(f"form_rows, search {text!r}", lambda text=text: status.form_rows(wp, text))  # type: ignore[misc]  # mypy cannot type a lambda's default
        _measure(f"form_count, search {text!r}", lambda text=text: status.form_count(wp, text))  # type: ignore[misc]  # the same
    _measure("form_count, all", lambda: status.form_count(wp))
    _measure("form_count, not public", lambda: status.form_count(wp, only="public"))
    _measure("funnel", lambda: status.funnel(wp))
    _measure("funnel_by_area, kecamatan", lambda: status.funnel_by_area(wp, "3204"))
    _measure("funnel_by_area, desa", lambda: status.funnel_by_area(wp, "320405"))


def _forms_list(wp: Workplace) -> None:
    """As each kind of person opens it, filter by filter; what the window asks for is the count and a page of 100."""
    crew = (
        ("koor2", [Role.COORDINATE]),
        ("ani2", [Role.KEY]),
        ("vera2", [Role.VERIFY]),
        ("pindai2", [Role.SCAN]),
    )
    everybody = [people.add_person(wp, id=who, name=who, roles=roles, pin=PIN) for who, roles in crew]
    wp.db.write(big_district.hands_of("ani2"))
    koor = everybody[0]
    for person in everybody:
        _list(wp, f"needs {person.name}", person, MINE)
    wanted = [
        ("all", Wanted()),
        ("all by age", Wanted(is_by_age=True)),
        ("keyed, not second-read, by age", Wanted(has="keyed", lacks="second_read", is_by_age=True)),
        ("not public", Wanted(lacks="public")),
        ("needs_second by age", Wanted(stop="needs_second", is_by_age=True)),
        ("ballot by age", Wanted(form="c1-dpr-2019", is_by_age=True)),
        ("kecamatan by age", Wanted(area="320405", is_by_age=True)),
        ("older than 6 h", Wanted(older_h=6, is_by_age=True)),
        ("person", Wanted(person="ani2", is_by_age=True)),
        ("mine, ballot, kecamatan", Wanted(is_mine=True, form="c1-dpr-2019", area="320405", is_by_age=True)),
    ]
    wanted += [(f"search {text!r} by age", Wanted(text=text, is_by_age=True)) for text in SEARCHES]
    for name, one in wanted:
        _list(wp, name, koor, one)


def _list(wp: Workplace, name: str, person: Person, wanted: Wanted) -> None:
    many = forms_list.count(wp, person, wanted)
    _measure(f"forms: {name}, count ({many:,})", lambda: forms_list.count(wp, person, wanted))
    _measure(f"forms: {name}, first page", lambda: forms_list.rows(wp, person, wanted, 100, 0))
    _measure(f"forms: {name}, middle page", lambda: forms_list.rows(wp, person, wanted, 100, many // 2))


def _queue(wp: Workplace) -> None:
    store = engine_store.engine_store(wp)
    _measure("queue_rows, first page", lambda: status.queue_rows(wp))
    _measure("queue_rows, search 'soreang'", lambda: status.queue_rows(wp, "soreang"))
    _measure("queue_rows, records", lambda: status.queue_rows(wp, kind=ItemKind.RECORD))
    _measure("queue_count", lambda: status.queue_count(wp))
    _measure("lanes", lambda: status.lanes(wp))
    _measure("due, 400 records", lambda: store.due(ItemKind.RECORD, wp.now(), 400))
    _measure("due, 8 scans", lambda: store.due(ItemKind.SCAN, wp.now(), 8))
    _measure("next_due_at", lambda: store.next_due_at(wp.now()))
    _measure("waiting, 200", lambda: status.waiting(wp, 200))
    _measure("waiting, all", lambda: status.waiting(wp), 3)


def _work(wp: Workplace) -> None:
    koor = people.add_person(wp, id="koor", name="Koor", roles=[Role.COORDINATE], pin=PIN)
    people.add_person(wp, id="ani", name="Ani", roles=[Role.KEY, Role.VERIFY], pin=PIN)
    ani = people.sign_in(wp, "ani", PIN)
    _measure("needs_me, coordinator", lambda: status.needs_me(wp, koor))
    _measure("next_key, first", lambda: keying.next_key(wp, ani, Order.FIRST))
    _measure("next_key, second", lambda: keying.next_key(wp, ani, Order.SECOND))
    _measure("work_list, second", lambda: keying.work_list(wp, ani, "second"))
    _measure("work count, second", lambda: work.count(wp.db.reader, Order.SECOND, "ani"))
    _measure("returned, 200", lambda: verify.returned(wp, ani, limit=200))
    key = keying.next_key(wp, ani, Order.FIRST)
    while key is not None and key.form != workplace.DEFAULT_FORM:
        key = next(
            (
                row.key
                for row in keying.work_list(wp, ani, "first", limit=2_000)
                if row.key.form == workplace.DEFAULT_FORM
            ),
            None,
        )
    assert key is not None
    draft = keying.open_draft(wp, ani, key)
    _measure(
        "save_cell, handed to the writer",
        lambda: keying.save_cell(wp, draft.reading_id, "V1", 181, "V1", "181"),
        200,
    )
    values = iter(range(10_000))
    _measure(
        "save_cell, on the disk",
        lambda: keying.save_cell(wp, draft.reading_id, "V1", next(values), "V1", "181").result(),
        200,
    )
    for field, value in district.GOOD.items():
        keying.save_cell(wp, draft.reading_id, field, value, field)
    _measure("finish a form", lambda: keying.finish(wp, ani, draft.reading_id), 1)


def main() -> None:
    """Print the table."""
    stations = int(sys.argv[1]) if len(sys.argv) > 1 else 15_000
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        wp = big_district.make(Path(folder) / "data", stations)
        print(f"{stations * 5:,} forms made in {time.perf_counter() - start:.1f} s")
        wp.close()
        start = time.perf_counter()
        wp = workplace.open_workplace(
            wp.folder, clock=RealClock(), secrets=wp.secrets, pin_cost=district.WEAK
        )
        status.funnel(wp)
        print(f"opened with its first funnel in {(time.perf_counter() - start) * 1000:.0f} ms")
        _lists(wp)
        _forms_list(wp)
        _queue(wp)
        _work(wp)
        wp.close()


if __name__ == "__main__":
    main()
