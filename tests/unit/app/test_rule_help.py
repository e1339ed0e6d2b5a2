"""The help page of every rule: made of the declaration alone, in both languages, for every shipped form."""

from __future__ import annotations

import pytest

from app.domain.checks import finding_of
from app.domain.examples import example_of
from app.domain.form import Check, FormDefinition, Severity
from app.domain.rule_help import help_page
from app.forms import available, load

PPWP, DPR = load("c1-ppwp-2019"), load("c1-dpr-2019-jabar-2")


def page(form: FormDefinition, code: str, language: str = "id") -> str:
    return help_page(form, one(form, code), language)


def one(form: FormDefinition, code: str) -> Check:
    return next(check for check in form.checks if check.code == code)


def test_the_page_of_a_sum() -> None:
    assert (
        page(PPWP, "SUM.V1")
        == """# SUM.V1

Kertas tidak cocok dengan dirinya sendiri, perlu alasan. C1-PPWP, versi 1.

**Kalimatnya**: Jumlah 01+02 = 181; tertulis 191. Lihat kertas. Memang demikian?

**Yang harus berlaku**: IV.01 + IV.02 = V.A

**Belum dapat dinilai**: bila kotaknya tidak terbaca atau belum dientri.

**Kapan tidak muncul**: selalu muncul.

**Contoh tanpa temuan**:

- IV.01 = 71, IV.02 = 110, V.A = 181
- IV.01 = kosong, IV.02 = 0, V.A = kosong

**Contoh dengan temuan**:

- IV.01 = 71, IV.02 = 110, V.A = 191
- IV.01 = 71, IV.02 = 110, V.A = kosong
- IV.01 = kosong, IV.02 = kosong, V.A = 181

**Yang dilakukan**:

- Entri: Lihat kertas. Memang demikian? Bila kertas memang demikian, terima dengan alasan (1-4). \
Angka tidak diubah supaya cocok.
- Verifikasi: Bandingkan dengan gambar. Bila C1 memang demikian, biarkan: C1 dibetulkan di pleno kecamatan.
"""
    )


def test_what_a_rule_needs_beside_the_form_is_named() -> None:
    register, other, area = page(PPWP, "REG.B4"), page(DPR, "X.A1.L.ppwp"), page(PPWP, "AREA.B4", "en")

    assert "DPT daftar TPS (J) ditambah 2%" in register
    assert "bila DPT TPS ini tidak ada di daftar" in register
    assert (
        "**Kapan tidak muncul**: selama salah satu ini ditemukan: MAX.B4-A.J, REG.DPT.LP, REG.DPT.J."
        in register
    )
    assert "I.A.1 L = I.A.1 L (formulir ppwp)" in other
    assert "kecuali Anda sendiri yang mengentrinya" in other
    assert "while fewer than 8 other stations of this desa are settled" in area
    assert "other stations of the desa = 12" in area


def test_a_long_list_is_not_spelt_out_and_its_boxes_go_by_name_where_a_code_is_not_one_boxs_alone() -> None:
    text = page(DPR, "ASK.ONE")

    assert (
        "PKB, jumlah (A.1 + A.2), Gerindra, jumlah (A.1 + A.2), ..., PKPI, jumlah (A.1 + A.2) (16 kotak)"
        in text
    )
    assert text.count("Gerindra") < 6


@pytest.mark.parametrize("name", available())
def test_every_rule_of_every_form_has_a_page_with_the_sentence_it_really_says(name: str) -> None:
    form = load(name)
    for check in form.checks:
        found = finding_of(form, check, *example_of(form, check, check.examples_fail[0]))
        assert found is not None
        for language in ("id", "en"):
            text = help_page(form, check, language)
            assert found.message.in_language(language) in text
            assert text.startswith(f"# {check.code}\n")
            assert not set("{}<>") & set(text), check.code


def test_each_role_hears_what_is_its_to_do() -> None:
    cells = {"P1": 71, "P2": 110, "V1": 191}
    (asked,) = (finding_of(PPWP, check, cells) for check in PPWP.checks if check.code == "SUM.V1")

    assert asked is not None
    assert asked.message.id == "Jumlah 01+02 = 181; tertulis 191. Lihat kertas. Memang demikian?"
    assert asked.for_verifier.id == (
        "Jumlah 01+02 = 181; tertulis 191. Bandingkan dengan gambar. "
        "Bila C1 memang demikian, biarkan: C1 dibetulkan di pleno kecamatan."
    )
    assert finding_of(PPWP, one(PPWP, "SUM.V1"), {**cells, "V1": 181}) is None


def test_a_note_asks_for_no_reason() -> None:
    notes = [check.code for check in PPWP.checks if check.severity is Severity.NOTE]

    assert all("tanpa alasan" in page(PPWP, code) for code in notes)
