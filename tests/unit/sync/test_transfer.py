from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.domain.lifecycle import IllegalTransition
from app.ports import UploadState
from sync import policy as p
from sync import transfer as tr
from sync.transfer import Stage, Transfer

URL = "https://pusat.example/api/v1/scans/u1"
SIZE = 300_000


def begin(
    upload: UploadState | None = None, *, looks: bool = True, retry: bool = False, body: bool = False
) -> Transfer:
    return tr.begin(SIZE, upload, can_look_up=looks, is_retry=retry, with_body=body)


def known(length: int = SIZE) -> UploadState:
    return UploadState("a" * 64, "https://pusat.example/api/v1/scans/", URL, 1000, length)


def at(stage: Stage, **more: object) -> Transfer:
    return replace(begin(), stage=stage, url=URL, **more)


def test_where_it_begins() -> None:
    assert begin().stage is Stage.CREATE
    assert begin(retry=True).stage is Stage.LOOK_UP
    assert begin(retry=True, looks=False).stage is Stage.CREATE
    assert begin(known()).stage is Stage.HEAD
    assert begin(known()).url == URL
    assert begin(known(length=5)).stage is Stage.CREATE, "another length is another file"


def test_the_plain_way() -> None:
    t = begin()
    assert tr.next_action(t, 1000) == tr.Create(with_body=False)
    t = tr.advance(t, tr.Created(URL))
    assert tr.next_action(t, 200_000) == tr.Patch(URL, 0, 200_000)
    t = tr.advance(t, tr.Moved(200_000))
    assert tr.next_action(t, 200_000) == tr.Patch(URL, 200_000, 100_000)
    t = tr.advance(t, tr.Moved(SIZE))
    assert tr.next_action(t, 1) == tr.Done(was_held=False)


def test_one_request_when_the_body_goes_with_the_creation() -> None:
    t = begin(body=True)
    assert tr.next_action(t, 1) == tr.Create(with_body=True)
    assert tr.advance(t, tr.Created(URL, SIZE)).stage is Stage.WHOLE


def test_half_a_body_with_the_creation_is_asked_about() -> None:
    t = tr.advance(begin(body=True), tr.Created(URL, 17))
    assert tr.next_action(t, 1) == tr.Head(URL)
    assert tr.advance(begin(body=True), tr.Created(URL, 0)).stage is Stage.PATCH
    assert tr.advance(begin(body=True), tr.Created(URL, SIZE + 1)).stage is Stage.LOOK_UP


@pytest.mark.parametrize(
    ("start", "event", "stage", "offset"),
    [
        (at(Stage.HEAD, offset=5000), tr.Offset(200, SIZE), Stage.PATCH, 200),  # lower than ours: believed
        (at(Stage.HEAD), tr.Offset(SIZE, SIZE), Stage.WHOLE, SIZE),
        (at(Stage.HEAD), tr.Offset(0), Stage.PATCH, 0),
        (at(Stage.HEAD), tr.Offset(10, SIZE - 1), Stage.LOOK_UP, 0),  # another length: abandoned
        (at(Stage.HEAD), tr.Offset(SIZE + 1), Stage.LOOK_UP, 0),
        (at(Stage.HEAD), tr.Gone(), Stage.LOOK_UP, 0),
        (at(Stage.HEAD, can_look_up=False), tr.Gone(), Stage.CREATE, 0),
        (at(Stage.PATCH, offset=9), tr.Unsure(), Stage.HEAD, 9),
        (at(Stage.PATCH, offset=9), tr.Gone(), Stage.LOOK_UP, 0),
        (at(Stage.PATCH, offset=9), tr.Moved(9), Stage.HEAD, 9),  # 204 without progress: ask
        (at(Stage.PATCH, offset=9), tr.Moved(SIZE + 5), Stage.HEAD, 9),
        (at(Stage.PATCH, offset=9), tr.Corrupt(), Stage.HEAD, 9),
        (at(Stage.PATCH, corrupt=2), tr.Corrupt(), Stage.REFUSED, 0),
        (at(Stage.LOOK_UP), tr.Found(), Stage.HELD, SIZE),
        (at(Stage.LOOK_UP), tr.Missing(), Stage.CREATE, 0),
        (at(Stage.CREATE), tr.Unsure(), Stage.LOOK_UP, 0),
        (at(Stage.CREATE, can_look_up=False), tr.Unsure(), Stage.CREATE, 0),
        (at(Stage.CREATE, with_body=True), tr.TooLarge(SIZE), Stage.CREATE, 0),
        (at(Stage.CREATE), tr.TooLarge(0), Stage.REFUSED, 0),
        (at(Stage.CREATE, with_body=True), tr.Corrupt(), Stage.CREATE, 0),
        (at(Stage.CREATE, corrupt=2), tr.Corrupt(), Stage.REFUSED, 0),
        (at(Stage.PATCH), tr.TooLarge(p.CHUNK_LEAST), Stage.REFUSED, 0),
    ],
)
def test_transitions(start: Transfer, event: tr.Event, stage: Stage, offset: int) -> None:
    after = tr.advance(start, event)
    assert (after.stage, after.offset) == (stage, offset)


def test_a_proxys_limit_halves_the_chunk_down_to_its_floor() -> None:
    t = replace(at(Stage.PATCH), length=8_000_000)
    sizes = []
    while t.stage is Stage.PATCH:
        action = tr.next_action(t, 1_000_000)
        assert isinstance(action, tr.Patch)
        sizes.append(action.size)
        t = tr.advance(t, tr.TooLarge(action.size))
        if t.stage is Stage.HEAD:
            t = tr.advance(t, tr.Offset(0))
    assert sizes == [1_000_000, 500_000, 250_000, 125_000, p.CHUNK_LEAST]
    assert tr.next_action(t, 1) == tr.Restart("too_large")


def test_the_other_last_words() -> None:
    assert tr.next_action(at(Stage.HELD), 1) == tr.Done(was_held=True)
    assert tr.next_action(at(Stage.LOOK_UP), 1) == tr.LookUp()
    assert tr.next_action(at(Stage.REFUSED, corrupt=3), 1) == tr.Restart("corrupt")
    assert tr.next_action(at(Stage.LOCKED), 1) == tr.Rest()


@pytest.mark.parametrize("stage", [Stage.HEAD, Stage.PATCH])
def test_a_lock_is_waited_for_with_the_upload_kept(stage: Stage) -> None:
    t = tr.advance(at(stage, offset=9), tr.Locked())
    assert tr.next_action(t, 1) == tr.Rest()
    assert (t.url, t.locks.ghosts) == (URL, 1)


@pytest.mark.parametrize("stage", [Stage.HEAD, Stage.PATCH])
@pytest.mark.parametrize(
    ("looks", "most", "then"),
    [(True, p.GHOSTS_MOST, Stage.LOOK_UP), (False, p.GHOSTS_MOST_BLIND, Stage.CREATE)],
)
def test_an_upload_that_stays_locked_is_given_up(stage: Stage, looks: bool, most: int, then: Stage) -> None:
    t = replace(begin(known(), looks=looks), stage=stage)
    for _ in range(most - 1):
        t = tr.advance(replace(t, stage=stage), tr.Locked())
        assert t.stage is Stage.LOCKED
    t = tr.advance(replace(t, stage=stage), tr.Locked())
    assert (t.stage, t.url, t.locks) == (then, "", tr.Locks(0, 2 * most)), "the next one is waited for longer"


def test_locks_are_counted_from_one_run_to_the_next_until_bytes_move() -> None:
    t = tr.begin(SIZE, known(), can_look_up=True, is_retry=True, with_body=False, locks=tr.Locks(5, 6))
    assert tr.advance(t, tr.Offset(1000)).locks == tr.Locks(5, 6), (
        "a question that is answered is no progress"
    )
    assert tr.advance(t, tr.Gone()).locks == tr.Locks(0, 6)
    t = tr.advance(tr.advance(t, tr.Offset(1000)), tr.Moved(2000))
    assert t.locks == tr.Locks(0, 6)


def test_conflicts_count_until_bytes_move() -> None:
    t = at(Stage.PATCH)
    for _ in range(3):
        t = tr.advance(tr.advance(t, tr.Unsure()), tr.Offset(0))
    assert t.conflicts == 3
    assert tr.advance(tr.advance(t, tr.Unsure()), tr.Offset(7)).conflicts == 0
    assert tr.advance(t, tr.Moved(7)).conflicts == 0


EVENTS: dict[type[tr.Event], tr.Event] = {
    tr.Created: tr.Created(URL),
    tr.Offset: tr.Offset(0),
    tr.Moved: tr.Moved(1),
    tr.Unsure: tr.Unsure(),
    tr.Gone: tr.Gone(),
    tr.Found: tr.Found(),
    tr.Missing: tr.Missing(),
    tr.TooLarge: tr.TooLarge(10**6),
    tr.Corrupt: tr.Corrupt(),
    tr.Locked: tr.Locked(),
}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("kind", EVENTS)
def test_an_illegal_event_raises_and_changes_nothing(stage: Stage, kind: type[tr.Event]) -> None:
    start = at(stage)
    if (stage, kind) in tr.TABLE:
        tr.advance(start, EVENTS[kind])
        return
    before = replace(start)
    with pytest.raises(IllegalTransition):
        tr.advance(start, EVENTS[kind])
    assert start == before


@given(st.integers(1, 3_000_000), st.randoms(use_true_random=False))
def test_against_a_forgetful_server_every_file_becomes_whole(length: int, rng: object) -> None:
    """A model server that loses answers, bytes and uploads: the machine always gets there, byte for byte."""
    import random

    assert isinstance(rng, random.Random)
    held, exists = 0, False
    t = tr.begin(length, None, can_look_up=False, is_retry=False, with_body=False)
    for step in range(10_000):
        is_kind = step > 40  # the faults end at some time
        action = tr.next_action(t, p.CHUNK_LEAST * 4)
        match action:
            case tr.Create():
                held, exists = 0, True
                t = tr.advance(t, tr.Created(URL))
            case tr.Head():
                if not is_kind and rng.random() < 0.1:
                    exists = False
                t = tr.advance(t, tr.Offset(held, length) if exists else tr.Gone())
            case tr.Patch(_, offset, size):
                assert offset == held, "never sends bytes the server does not expect"
                taken = size if is_kind else rng.randint(0, size)
                held += taken
                t = tr.advance(t, tr.Moved(held) if taken == size else tr.Unsure())
                if not is_kind and t.stage is Stage.HEAD and rng.random() < 0.3:
                    held = rng.randint(0, held)
            case tr.Done():
                assert held == length
                return
            case _:
                pytest.fail(f"unexpected {action}")
    pytest.fail("never ended")
