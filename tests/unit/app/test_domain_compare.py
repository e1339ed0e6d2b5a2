from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.compare import Evidence, differences, missing_pages, why_not_batch
from app.domain.people import OWN_VERIFY

WHOLE = Evidence(
    local={"P1": 71},
    centre={"P1": 71},
    is_settled=True,
    readers=2,
    readers_needed=2,
    page_count=2,
    pages={1: "a", 2: "b"},
    centre_pages={1: "a", 2: "b"},
    findings_open=0,
    verifier="vera",
    first_readers=frozenset({"ani"}),
)


def test_what_is_whole_may_be_confirmed_unseen() -> None:
    assert why_not_batch(WHOLE) == ()
    assert differences(WHOLE) == ()
    assert missing_pages(2, WHOLE.pages) == ()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (replace(WHOLE, verifier="ani"), OWN_VERIFY),
        (replace(WHOLE, is_settled=False), "Belum tuntas dibaca oleh dua orang."),
        (replace(WHOLE, readers=1), "Belum tuntas dibaca oleh dua orang."),
        (replace(WHOLE, centre={"P1": 72}), "Angka di KPU RI berbeda di P1."),
        (
            replace(WHOLE, centre={"P1": 72}, paper_codes={"P1": "IV.01"}),
            "Angka di KPU RI berbeda di IV.01.",
        ),
        (replace(WHOLE, pages={1: "a"}, centre_pages={1: "a"}), "Halaman 2 belum dipindai."),
        (replace(WHOLE, centre_pages={1: "a"}), "Gambar halaman 2 belum ada di KPU RI."),
        (
            replace(WHOLE, centre_pages={1: "a", 2: "c"}),
            "Gambar halaman 2 di KPU RI bukan gambar yang ada di sini.",
        ),
        (replace(WHOLE, findings_open=3), "3 temuan belum diberi alasan."),
    ],
)
def test_each_reason_against_it_is_a_sentence(changed: Evidence, sentence: str) -> None:
    assert why_not_batch(changed) == (sentence,)


def test_one_reader_is_enough_where_the_policy_says_so() -> None:
    assert why_not_batch(replace(WHOLE, readers=1, readers_needed=1)) == ()
