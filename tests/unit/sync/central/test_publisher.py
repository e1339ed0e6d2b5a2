from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Mark
from app.domain.readings import Order, Reading
from app.domain.wilayah import TpsId
from sync.central.publisher import (
    SENTENCES,
    Facts,
    Reason,
    SignedReading,
    VerdictFact,
    may_publish,
    readers_agreed,
)

CELLS: dict[str, Cell] = {"P1": 71, "P2": 110}
OTHER: dict[str, Cell] = {"P1": 77, "P2": 110}
VERDICT = VerdictFact("dewi", "ok", "h", frozenset({"s1", "s2"}), is_signed=True, is_verifier=True)


def read(
    by: str, order: Order, cells: dict[str, Cell] = CELLS, *, signed: bool = True, after: tuple[str, ...] = ()
) -> SignedReading:
    return SignedReading(Reading(order, by, cells, after), signed)


GOOD = Facts(
    key=C1Key(TpsId("3204052001001"), "c1-ppwp-2019"),
    district="3204",
    is_head=True,
    is_known_tps=True,
    cells=CELLS,
    values_hash="h",
    readings=(read("rina", Order.FIRST), read("budi", Order.SECOND)),
    readings_needed=2,
    is_complete=True,
    verdict=VERDICT,
    pages_needed=frozenset({1, 2}),
    pages={1: "s1", 2: "s2"},
    held=frozenset({"s1", "s2"}),
)


def test_everything_in_order_is_public() -> None:
    assert may_publish(GOOD) == []


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(GOOD, is_head=False), Reason.NOT_HEAD),
        (replace(GOOD, district="3205"), Reason.OTHER_DISTRICT),
        (replace(GOOD, is_known_tps=False), Reason.UNKNOWN_TPS),
        (replace(GOOD, is_complete=False), Reason.INCOMPLETE),
        (replace(GOOD, readings=GOOD.readings[:1]), Reason.NOT_SETTLED),
        (replace(GOOD, readings=(read("rina", Order.FIRST), read("rina", Order.SECOND))), Reason.NOT_SETTLED),
        (replace(GOOD, readings=()), Reason.NOT_SETTLED),
        (replace(GOOD, verdict=None), Reason.NO_VERDICT),
        (replace(GOOD, verdict=replace(VERDICT, verdict="wrong")), Reason.WRONG),
        (replace(GOOD, verdict=replace(VERDICT, values_hash="x")), Reason.OTHER_VALUES),
        (replace(GOOD, verdict=replace(VERDICT, by="rina")), Reason.OWN_FORM),
        (replace(GOOD, verdict=replace(VERDICT, is_verifier=False)), Reason.NO_VERIFIER),
        (replace(GOOD, verdict=replace(VERDICT, is_signed=False)), Reason.UNSIGNED),
        (replace(GOOD, verdict=replace(VERDICT, pages=frozenset({"s1"}))), Reason.PAGE_UNSEEN),
        (replace(GOOD, held=frozenset({"s1"})), Reason.PAGE_MISSING),
    ],
)
def test_each_condition_alone_stops_it(facts: Facts, reason: Reason) -> None:
    assert may_publish(facts) == [reason]


def test_a_page_never_named_is_missing() -> None:
    facts = replace(GOOD, pages={1: "s1"})
    assert may_publish(facts) == [Reason.PAGE_MISSING]


def test_a_forged_reading_stops_it_twice() -> None:
    facts = replace(GOOD, readings=(read("rina", Order.FIRST), read("budi", Order.SECOND, signed=False)))
    assert may_publish(facts) == [Reason.UNSIGNED, Reason.NOT_SETTLED]


def test_one_reading_is_enough_where_the_policy_says_so() -> None:
    assert may_publish(replace(GOOD, readings=GOOD.readings[:1], readings_needed=1)) == []


def test_whoever_handed_the_draft_over_does_not_verify() -> None:
    readings = (read("rina", Order.FIRST, after=("dewi",)), read("budi", Order.SECOND))
    assert may_publish(replace(GOOD, readings=readings)) == [Reason.OWN_FORM]


def test_two_first_readings_of_two_pcs_are_two_readings() -> None:
    assert readers_agreed([read("rina", Order.FIRST), read("budi", Order.FIRST)], CELLS) == 2


def test_a_third_person_settles_box_by_box() -> None:
    readings = [
        read("rina", Order.FIRST, OTHER),
        read("budi", Order.SECOND),
        read("wati", Order.THIRD, {"P1": 71}),
    ]
    assert readers_agreed(readings, CELLS) == 2
    assert readers_agreed(readings, OTHER) == 1  # Rina alone reads it so


def test_the_third_is_neither_of_the_two() -> None:
    readings = [
        read("rina", Order.FIRST, OTHER),
        read("budi", Order.SECOND),
        read("budi", Order.THIRD, {"P1": 71}),
    ]
    assert readers_agreed(readings, CELLS) == 1


P1: dict[str, Cell] = {"P1": 71}
P2: dict[str, Cell] = {"P2": 110}


def test_parts_are_one_reading_of_all_who_read_them() -> None:
    """Page 1 by Rina, page 2 by Budi: one reading, and neither of them is its second reader or its verifier."""
    first = [read("rina", Order.FIRST, P1), read("budi", Order.FIRST, P2)]
    assert readers_agreed(first, CELLS) == 1
    assert readers_agreed(first[:1], CELLS) == 0
    assert readers_agreed([*first, read("rina", Order.SECOND)], CELLS) == 1
    assert readers_agreed([*first, read("wati", Order.SECOND, P2)], CELLS) == 1
    assert readers_agreed([*first, read("wati", Order.SECOND)], CELLS) == 2
    second = [read("wati", Order.SECOND, P1), read("iwan", Order.SECOND, P2)]
    assert readers_agreed([*first, *second], CELLS) == 2
    crossed = [read("budi", Order.SECOND, P1), read("wati", Order.SECOND, P2)]
    assert readers_agreed([*first, *crossed], CELLS) == 1, (
        "whoever read one page first is no second reader of another"
    )
    facts = replace(GOOD, readings=(*first, *second), verdict=replace(VERDICT, by="rina"))
    assert may_publish(facts) == [Reason.OWN_FORM]


def test_parts_on_one_pc_and_a_whole_reading_on_another_are_two_readings() -> None:
    whole = read("wati", Order.FIRST)
    parts = [read("rina", Order.FIRST, P1), read("budi", Order.FIRST, P2)]
    assert readers_agreed([*parts, whole], CELLS) == 2
    assert readers_agreed([whole, *parts], CELLS) == 2
    assert readers_agreed([*parts, read("rina", Order.FIRST)], CELLS) == 1


def test_more_parts_take_nothing_from_what_two_people_read() -> None:
    """Rina read it page by page and Budi second; that Budi read it first on another PC, page by page, is no less."""
    rina = [read("rina", Order.FIRST, P1), read("rina", Order.FIRST, P2)]
    budi = [read("budi", Order.FIRST, P1), read("budi", Order.FIRST, P2)]
    assert readers_agreed([*rina, *budi], CELLS) == 2
    assert readers_agreed([*rina, read("budi", Order.SECOND), *budi], CELLS) == 2
    assert readers_agreed([*rina, read("rina", Order.SECOND), *budi[:1]], CELLS) == 1


def test_a_third_person_settles_what_parts_differ_in() -> None:
    readings = [
        read("rina", Order.FIRST, {"P1": 77}),
        read("budi", Order.FIRST, P2),
        read("iwan", Order.SECOND),
        read("wati", Order.THIRD, P1),
    ]
    assert readers_agreed(readings, CELLS) == 2
    assert readers_agreed([*readings[:3], read("budi", Order.THIRD, P1)], CELLS) == 1


def test_a_mark_is_a_value_like_any_other() -> None:
    cells: dict[str, Cell] = {"P1": Mark.BLANK, "P2": Mark.UNREADABLE}
    assert readers_agreed([read("rina", Order.FIRST, cells), read("budi", Order.SECOND, cells)], cells) == 2
    assert (
        readers_agreed([read("rina", Order.FIRST, cells), read("budi", Order.SECOND, {"P1": 0})], cells) == 1
    )


def test_every_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Reason)
