from __future__ import annotations

import pytest

from sync.central.ballot_pages import defused
from sync.central.pages import moment, number, percent
from sync.central.public_tree import image_folder


def test_numbers_as_indonesians_read_them() -> None:
    assert number(10_338) == "10.338"
    assert moment("2019-04-19 23:00:03") == "19 April 2019 pukul 23.00 WIB"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (4_817, 10_338, "46,6 %"),
        (0, 10, "0,0 %"),
        (10, 10, "100,0 %"),
        (9_999, 10_000, "99,9 %"),  # never whole while something is missing
        (1, 100_000, "0,1 %"),  # never nothing while something is there
        (0, 0, "–"),
    ],
)
def test_percent(part: int, whole: int, text: str) -> None:
    assert percent(part, whole) == text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_defused(start: str) -> None:
    assert defused(f"{start}1+1") == f"'{start}1+1"
    assert defused(-1) == -1
    assert defused("CILEUNYI") == "CILEUNYI"


def test_image_folders_as_on_situng() -> None:
    assert image_folder("927409001") == "img/c/927/409/927409001"
    assert image_folder("12") == "img/c/000/012/12"
