"""Identity of a form and of its versions: the same paper has the same name on every PC."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.c1form import C1Key, is_practice, values_hash
from app.domain.cell import Cell, Mark
from app.domain.wilayah import TpsId, is_area_code, parent_of

KEY = C1Key(TpsId("3204052001001"), "c1-ppwp-2019")
CELLS: dict[str, Cell] = {"P1": 71, "P2": 110, "S2": Mark.BLANK, "A1.L": Mark.UNREADABLE}


def test_hash_is_sha256_of_the_canonical_json() -> None:
    """Written out by hand once, so that a change of the wire's name for a version cannot pass unseen."""
    body = {
        "cells": {"A1.L": "unreadable", "P1": 71, "P2": 110, "S2": "blank"},
        "form": "c1-ppwp-2019",
        "realm": "pemilu-2019",
        "round": 1,
        "schema": 1,
        "tps": "3204052001001",
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
    assert values_hash("pemilu-2019", KEY, CELLS) == hashlib.sha256(canonical).hexdigest()


@given(st.permutations(list(CELLS.items())))
def test_order_of_keying_does_not_matter(items: list[tuple[str, Cell]]) -> None:
    assert values_hash("r", KEY, dict(items)) == values_hash("r", KEY, CELLS)


def test_the_text_of_a_key_leads_back_to_it() -> None:
    assert C1Key.of_text(KEY.text()) == KEY
    for text in ("3204052001001/c1-ppwp-2019", "3204052001/c1-ppwp-2019/1", "TPS 001"):
        with pytest.raises(ValueError, match=r"unpack|kode TPS"):
            C1Key.of_text(text)


def test_everything_in_the_identity_counts() -> None:
    base = values_hash("r", KEY, CELLS)
    others = {
        values_hash("latihan-r", KEY, CELLS),
        values_hash("r", C1Key(TpsId("3204052001002"), KEY.form), CELLS),
        values_hash("r", C1Key(KEY.tps, "c1-dpr-2019"), CELLS),
        values_hash("r", C1Key(KEY.tps, KEY.form, 2), CELLS),
        values_hash("r", KEY, CELLS | {"P1": 72}),
        values_hash("r", KEY, CELLS | {"S2": 0}),
    }
    assert len(others) == 6
    assert base not in others


def test_a_tps_code_knows_its_places() -> None:
    tps = TpsId.parse("3204.05.2001 007")
    assert (tps.provinsi, tps.kabupaten, tps.kecamatan, tps.desa) == ("32", "3204", "320405", "3204052001")
    assert (tps.number, tps.label) == (7, "TPS 007")
    assert [parent_of(one) for one in (tps, tps.desa, "320405", "3204", "32")] == [
        "3204052001",
        "320405",
        "3204",
        "32",
        None,
    ]
    assert is_area_code("320405")
    assert not is_area_code("32040")


@pytest.mark.parametrize(
    "text", ["", "3204052001", "3204052001000", "32040520010011", "32040520010x1", "٣٢٠٤٠٥٢٠٠١٠٠١"]
)
def test_a_wrong_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="kode TPS"):
        TpsId.parse(text)


def test_practice_is_told_by_the_realm() -> None:
    assert is_practice("latihan-3204")
    assert not is_practice("pemilu-2019")
    assert KEY.text() == "3204052001001/c1-ppwp-2019/1"
