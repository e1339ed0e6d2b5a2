from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.c1form import C1Key
from app.domain.wilayah import TpsId
from app.ports import ChannelState, Item, ItemKind, Lane
from sync import gate
from sync import plan as pl
from sync import policy as p
from sync.plan import Line, View, plan

NOW = 1000.0
OPEN = {lane: gate.fresh(lane) for lane in Lane}


def item(number: int, kind: ItemKind = ItemKind.RECORD, tps: int = 1, priority: int = 30) -> Item:
    key = C1Key(TpsId(f"3204052001{tps:03}"), "c1-ppwp-2019")
    return Item(number, kind, f"h{number}", key, priority, 0, 0.0, 1000)


def items(count: int, kind: ItemKind = ItemKind.RECORD) -> list[Item]:
    return [item(number, kind, tps=number) for number in range(1, count + 1)]


def view(line: Line = Line(), **due: Sequence[Item]) -> View:  # noqa: B008 - a frozen value
    return View(NOW, OPEN, {ItemKind(kind): found for kind, found in due.items()}, line=line)


def with_lane(state: ChannelState, seen: View) -> View:
    return replace(seen, channels={**seen.channels, state.lane: state})


@pytest.mark.parametrize(
    ("line", "step"),
    [
        (Line(needs_hello=True, needs_login=True), pl.Hello()),
        (Line(needs_login=True, has_operators=True), pl.Login()),
        (Line(has_operators=True, needs_compare=True), pl.SendOperators()),
        (Line(needs_compare=True, poll_at=0.0), pl.Compare()),
        (Line(poll_at=NOW, needs_compare_scans=True), pl.PullFeed()),
        (Line(poll_at=NOW + 1, needs_compare_scans=True), pl.CompareScans()),
    ],
)
def test_one_control_call_at_a_time_in_this_order(line: Line, step: pl.Control) -> None:
    assert plan(view(line))[0] == step
    assert not isinstance(plan(view(replace(line, is_busy=True)))[0], pl.Control)
    assert not isinstance(plan(view(replace(line, retry_at=NOW + 1)))[0], pl.Control)


def test_while_the_nation_paused_images_only_their_comparison_waits() -> None:
    paused = Line(needs_compare_scans=True, compare_scans_at=NOW + 5, poll_at=NOW + 9)
    assert plan(view(paused)) == [pl.WaitUntil(NOW + 5, "compare")]
    for line, step in (
        (replace(paused, has_operators=True), pl.SendOperators()),
        (replace(paused, needs_compare=True), pl.Compare()),
        (replace(paused, poll_at=NOW), pl.PullFeed()),
    ):
        assert plan(view(line))[0] == step
    assert plan(replace(view(paused), now=NOW + 5))[0] == pl.CompareScans()


def test_nothing_is_sent_before_hello_and_login() -> None:
    for line in (Line(needs_hello=True), Line(needs_login=True)):
        steps = plan(view(line, record=items(3), scan=items(3, ItemKind.SCAN)))
        assert len(steps) == 2


def test_operators_go_before_numbers_but_hold_up_nothing_else() -> None:
    steps = plan(
        view(
            Line(has_operators=True),
            record=items(2),
            verdict=[item(9, ItemKind.VERDICT)],
            scan=items(1, ItemKind.SCAN),
        )
    )
    kinds = [type(step) for step in steps[:-1]]
    assert kinds == [pl.SendOperators, pl.SendVerdicts, pl.SendScan]


def test_verdicts_then_withdrawals_then_numbers_then_images() -> None:
    steps = plan(
        view(
            record=items(2),
            scan=items(2, ItemKind.SCAN),
            verdict=items(2, ItemKind.VERDICT),
            withdrawal=items(1, ItemKind.WITHDRAWAL),
        )
    )
    kinds = [type(step) for step in steps]
    assert kinds == [
        pl.SendVerdicts, pl.SendWithdrawals, pl.SendRecords, pl.SendScan, pl.SendScan, pl.WaitUntil
    ]  # fmt: skip


def test_all_that_waits_goes_in_batches_of_what_is_welcome() -> None:
    seen = replace(view(record=items(120)), welcome_batch=50)
    sizes = [len(step.items) for step in plan(seen) if isinstance(step, pl.SendRecords)]
    assert sizes == [50, 50, 20]
    small = replace(seen, welcome_batch=10)
    assert len([s for s in plan(small) if isinstance(s, pl.SendRecords)]) == p.IN_FLIGHT_UNKNOWN


def test_an_item_that_spoilt_a_batch_travels_alone() -> None:
    seen = replace(view(record=items(4)), alone=frozenset({2}))
    batches = [tuple(i.id for i in step.items) for step in plan(seen) if isinstance(step, pl.SendRecords)]
    assert batches == [(1, 3, 4), (2,)]


def test_what_is_in_flight_takes_its_places() -> None:
    seen = replace(view(record=items(3)), in_flight={Lane.RECORDS: 4})
    assert not any(isinstance(step, pl.SendRecords) for step in plan(seen))


def test_images_leave_the_places_of_numbers_free() -> None:
    wide = {lane: replace(state, limit=8.0) for lane, state in OPEN.items()}
    seen = replace(
        view(scan=items(9, ItemKind.SCAN), record=items(1)), channels=wide, in_flight={Lane.RECORDS: 3}
    )
    assert sum(isinstance(step, pl.SendScan) for step in plan(seen)) == p.IN_FLIGHT_MOST - 3 - 1
    full = replace(seen, in_flight={Lane.RECORDS: 7, Lane.VERDICTS: 3})
    assert not any(isinstance(step, pl.SendScan) for step in plan(full))


def test_scans_with_bytes_at_the_centre_are_finished_first() -> None:
    seen = replace(view(scan=items(6, ItemKind.SCAN)), started=frozenset({"h5"}))
    first = plan(seen)[0]
    assert isinstance(first, pl.SendScan)
    assert first.item.id == 5


def test_paused_and_closed_lanes_give_nothing_and_say_when() -> None:
    paused = with_lane(replace(OPEN[Lane.RECORDS], is_paused=True), view(record=items(2)))
    assert plan(paused) == [pl.WaitUntil(NOW + pl.HORIZON_S, "idle")]
    shut = with_lane(replace(OPEN[Lane.RECORDS], gate_until=NOW + 30), view(record=items(2)))
    assert plan(shut) == [pl.WaitUntil(NOW + 30, "gate")]
    due = replace(shut, now=NOW + 30)
    assert sum(isinstance(step, pl.SendRecords) for step in plan(due)) == 1, "one probe"


@pytest.mark.parametrize(
    ("seen", "until"),
    [
        (view(Line(retry_at=NOW + 5, needs_hello=True)), pl.WaitUntil(NOW + 5, "line")),
        (view(Line(poll_at=NOW + 9)), pl.WaitUntil(NOW + 9, "poll")),
        (view(Line(poll_at=NOW - 9, retry_at=NOW + 1)), pl.WaitUntil(NOW + 1, "line")),
        (view(Line(poll_at=NOW - 9, is_busy=True)), pl.WaitUntil(NOW + pl.HORIZON_S, "idle")),
        (replace(view(), next_due_at=NOW + 4), pl.WaitUntil(NOW + 4, "item")),
        (replace(view(), next_due_at=NOW), pl.WaitUntil(NOW + pl.HORIZON_S, "idle")),
    ],
)
def test_when_to_look_again(seen: View, until: pl.WaitUntil) -> None:
    assert plan(seen)[-1] == until


def test_round_robin_over_tps_within_a_priority() -> None:
    mixed = [item(1, tps=1), item(2, tps=1), item(3, tps=1), item(4, tps=2), item(5, tps=3), item(6, tps=2)]
    assert [one.id for one in pl.round_robin(mixed)] == [1, 4, 5, 2, 6, 3]
    urgent = [*mixed, item(7, tps=1, priority=0)]
    assert pl.round_robin(urgent)[0].id == 7
    keyless = [replace(item(number), key=None) for number in (1, 2)]
    assert [one.id for one in pl.round_robin(keyless)] == [1, 2]


@given(
    st.lists(st.tuples(st.sampled_from(ItemKind), st.integers(1, 5)), max_size=40),
    st.integers(0, 12),
    st.floats(1, 8),
)
def test_nothing_twice_and_never_more_than_welcome(
    waiting: list[tuple[ItemKind, int]], busy: int, limit: float
) -> None:
    due: dict[ItemKind, list[Item]] = {kind: [] for kind in ItemKind}
    for number, (kind, tps) in enumerate(waiting):
        due[kind].append(item(number, kind, tps))
    channels = {lane: replace(state, limit=limit) for lane, state in OPEN.items()}
    *steps, last = plan(View(NOW, channels, due, {Lane.SCANS: busy}))
    ids: list[int] = []
    for step in steps:
        if isinstance(step, pl.SendScan):
            ids.append(step.item.id)
        elif isinstance(step, pl.SendVerdicts | pl.SendWithdrawals | pl.SendRecords):
            ids += [one.id for one in step.items]
            assert len({one.kind for one in step.items}) == 1
    assert len(ids) == len(set(ids))
    assert sum(isinstance(step, pl.SendScan) for step in steps) + busy <= max(busy, p.IN_FLIGHT_MOST)
    assert isinstance(last, pl.WaitUntil)
    assert last.at >= NOW


def test_outside_its_hours_an_image_waits_unless_its_tps_is_wanted_now() -> None:
    first, later = item(1, ItemKind.SCAN, tps=1, priority=0), item(2, ItemKind.SCAN, tps=2, priority=40)
    seen = view(scan=[first, later], record=items(1))
    assert [type(step) for step in plan(seen)[:-1]] == [pl.SendRecords, pl.SendScan, pl.SendScan]
    closed = plan(replace(seen, scans_open_at=NOW + 500))
    assert closed[1:] == [pl.SendScan(first), pl.WaitUntil(NOW + 500, "schedule")]
    assert isinstance(closed[0], pl.SendRecords)  # numbers know no hours


@given(
    st.builds(
        Line,
        needs_hello=st.booleans(),
        needs_login=st.booleans(),
        has_operators=st.booleans(),
        needs_compare=st.booleans(),
        needs_compare_scans=st.booleans(),
        compare_scans_at=st.floats(NOW - 9, NOW + 9),
        poll_at=st.none() | st.floats(NOW - 9, NOW + 9),
        has_news=st.booleans(),
        is_busy=st.booleans(),
        retry_at=st.floats(NOW - 9, NOW + 9),
    ),
    st.sampled_from([0, 1]),
)
def test_a_plan_that_starts_nothing_looks_again_later_not_at_once(line: Line, in_flight: int) -> None:
    """Or the loop spins: for the whole back-off of the line it did, where a poll was due beside it."""
    *started, wait = plan(replace(view(line), in_flight={Lane.RECORDS: in_flight}))
    assert isinstance(wait, pl.WaitUntil)
    assert started or wait.at > NOW


def test_no_poll_by_the_clock_while_anything_travels_but_news_is_fetched() -> None:
    polls, news = Line(poll_at=NOW - 9), Line(poll_at=NOW - 9, has_news=True)
    assert pl.PullFeed() in plan(view(polls))
    assert pl.PullFeed() not in plan(view(polls, record=items(3)))
    assert pl.PullFeed() not in plan(replace(view(polls), in_flight={Lane.SCANS: 1}))
    assert pl.PullFeed() in plan(view(news, record=items(3)))


def test_one_pc_asks_for_no_more_than_eight_batches_at_once_and_images_keep_none_of_them_waiting() -> None:
    wide = {lane: replace(state, limit=8.0, batch=1) for lane, state in OPEN.items()}
    busy = replace(
        view(verdict=items(6, ItemKind.VERDICT), record=items(9), withdrawal=items(1, ItemKind.WITHDRAWAL)),
        channels=wide,
        in_flight={Lane.SCANS: 8},
    )
    kinds = [type(step) for step in plan(busy)[:-1]]
    assert kinds == [pl.SendVerdicts] * 6 + [pl.SendWithdrawals, pl.SendRecords]
    later = replace(busy, due={ItemKind.RECORD: items(9)}, in_flight={Lane.VERDICTS: 5, Lane.RECORDS: 1})
    assert len(plan(later)[:-1]) == 2
    assert plan(replace(later, in_flight={Lane.VERDICTS: 8}))[:-1] == []


def test_a_scan_that_was_begun_is_finished_first_but_is_not_the_probe_of_a_closed_gate() -> None:
    """A picture that a firewall cuts was the probe each time, and no other picture was tried."""
    cut, fresh = replace(item(1, ItemKind.SCAN, 1), attempts=9), item(2, ItemKind.SCAN, 2)
    seen = replace(view(scan=[cut, fresh]), started=frozenset({cut.what}))
    assert plan(seen)[0] == pl.SendScan(cut)
    probing = with_lane(replace(OPEN[Lane.SCANS], gate_until=NOW - 1, recent="qqq|"), seen)
    assert plan(probing)[:-1] == [pl.SendScan(fresh)]
    wanted = replace(cut, priority=0)
    assert plan(replace(probing, due={ItemKind.SCAN: [wanted, fresh]}))[:-1] == [pl.SendScan(fresh)]


def test_a_step_carries_what_it_sends_and_a_call_carries_nothing() -> None:
    three = tuple(items(3))
    for step in (pl.SendRecords(three), pl.SendVerdicts(three), pl.SendWithdrawals(three)):
        assert pl.items_of(step) == three
    assert pl.items_of(pl.SendScan(three[0])) == three[:1]
    assert pl.items_of(pl.PullFeed()) == pl.items_of(pl.WaitUntil(0.0, "idle")) == ()
