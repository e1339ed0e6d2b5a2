"""The rules over a real district: what they find, what they leave alone, and what diagnosis makes of it.

The counts are facts of April 2019, computed by others before there were rules; a changed count is a changed rule.
"""

from __future__ import annotations

from collections import Counter

import pytest

from app.domain.slips import Slip
from tests.fakes.real_table import BROKEN, READ, WHOLE, Replay, replay, rows


@pytest.fixture(scope="module")
def broken() -> Replay:
    return replay(rows(BROKEN), with_area=False)


def test_the_rules_break_on_every_published_sum_that_fails(broken: Replay) -> None:
    assert broken.rules["SUM.V1"] == broken.facts["01 + 02 = sah fails"] == 150
    assert broken.rules["EQ.B4-V3"] == broken.facts["sah + tidak sah = pengguna fails"] == 342
    assert len(broken.broken) == broken.facts["either fails"] == broken.facts["TPS"] == 423


def test_an_independent_reading_says_which_of_them_the_paper_breaks_itself(broken: Replay) -> None:
    assert broken.facts["broken, but whole in the independent reading"] == 235
    assert broken.facts["broken, and so in the independent reading"] == 188
    assert broken.facts["  with the same values"] == 173
    assert broken.facts["candidate votes differ from a whole independent reading"] == 31
    assert broken.facts["candidate sum off by exactly 100"] == 22


def test_diagnosis_names_one_box_for_a_fifth_and_is_right_where_that_can_be_checked(broken: Replay) -> None:
    """91 single boxes and 16 swapped pairs of 423; the independent reading confirms 52 of the 53 it can speak about."""
    assert broken.kinds == Counter(
        {
            "several": 295,
            Slip.ONE_DIGIT: 42,
            Slip.OTHER: 29,
            "unexplained": 21,
            Slip.SWAPPED_BOXES: 16,
            Slip.HUNDRED: 16,
            Slip.LEFT_OUT: 4,
        }
    )
    assert broken.facts["  diagnosis names one explanation"] == 53
    assert broken.facts["  diagnosis: one"] == 52
    assert broken.facts["  diagnosis: several"] == 176  # the right box among those named
    assert broken.facts["  not explained"] == 7


@pytest.mark.whole
@pytest.mark.skipif(
    not WHOLE.exists(), reason="the whole table is no part of the project; see tests/data/README.md"
)
def test_over_the_whole_district_nothing_else_fires_more_often_than_the_facts_explain() -> None:
    table = rows(WHOLE)
    found = replay(table, with_area=True)

    columns = ("kel_id", "tps_no", *(f"situng_{name}" for name in READ.values()))
    shipped = [[row[name] for name in columns] for row in rows(BROKEN)]
    assert [[row[name] for name in columns] for row in found.broken] == shipped
    assert found.facts["TPS"] == len(table) == 10_338
    # Domain notes, section 5, for this district
    assert found.facts["pengguna > DPT"] == 244
    assert found.facts["users > 300"] == 5
    assert found.facts["no valid vote"] == 7
    assert found.facts["invalid >= 10 %"] == 45
    assert found.facts["the independent reading breaks a sum"] == 204
    assert found.rules == Counter(
        {
            "EQ.B4-V3": 342,
            "SUM.V1": 150,
            "REG.B4": 72,
            "ASK.INVALID": 44,
            "AREA.B4": 36,
            "AREA.V2": 20,
            "ASK.ZERO": 2,
        }
    )
