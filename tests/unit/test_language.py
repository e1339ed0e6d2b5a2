"""One language at a time: nothing English in what is said in Indonesian, nothing Indonesian in what is said in English.

How: a word that stands in texts of both languages is one of `SHARED`, or somebody forgot to translate. English is what
our own English texts say, and `common_english.txt`. A new text brings its own words into the net.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes import spoken
from tests.fakes.spoken import Said

COMMON_ENGLISH = frozenset(
    (Path(__file__).parents[1] / "data" / "common_english.txt").read_text("utf-8").split()
)

SHARED = Said(
    "names of keys, printed so on every keyboard",
    "alt backspace ctrl enter esc lock num pgdn pgup shift tab "
    # what the law and KPU call things; English texts keep the terms (house rules)
    "c desa dpd dpk dpr dprd dpt dptb kab kabupaten kec kecamatan kelurahan kpu luring ppwp prov psu ri situng tps "
    # roles, called so in both languages
    "entri koordinator penonton pindai verifikator "
    # words of both languages (KBBI), units, file formats
    "csv data disk dpi excel folder kbit log mbit menu no operator pc pdf per pin program server set slip "
    "usb "
    # letters: keys, numerals, units
    "b f ii iii iv k n p s v x z "
    # the people of the practice
    "dedi rina",
).words()
PLACES = Said("areas", (spoken.ROOT / "resources" / "wilayah" / "3204-areas.csv").read_text("utf-8")).words()
CONTRACT = Said(
    "names of the command line and of its files (and A4), which sentences for technicians quote as they are",
    "a accept account address always blank check coordinator enrol false form length list note off ok operator paper "
    "reason setup source true type unreadable upload verdict version warning wrong",
).words()
# Names that are the same in every language.
NAMES = frozenset(
    {
        "Situng Luring",  # the program
        *(
            "Indonesia",
            "English",
        ),  # each language by its own name: whoever cannot read the window finds the way out
        "KPU RI",  # the office
        *("Segoe UI", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Fusion"),
        *("Cascadia Mono", "Consolas", "DejaVu Sans Mono", "Liberation Mono"),
    }
)


def words_of(said: list[Said]) -> dict[str, Said]:
    """Each word, and one place where it is said."""
    return {word: one for one in said for word in one.words()}


def test_no_word_stands_in_both_languages_but_those_that_belong_to_both() -> None:
    indonesian = words_of([*spoken.window_texts("id"), *spoken.form_texts("id"), *spoken.site_texts()])
    english = words_of([*spoken.window_texts("en"), *spoken.form_texts("en")])
    both = {
        word: (place, english.get(word, "common English"))
        for word, place in indonesian.items()
        if word in english or word in COMMON_ENGLISH
    }
    assert {word: both[word] for word in both.keys() - SHARED - PLACES} == {}
    assert SHARED - both.keys() == set(), "no longer needed"


def test_what_the_services_the_engine_and_the_centre_say_is_indonesian() -> None:
    """Also the command line's help. There, names of options, fields and values are quoted as they are."""
    found = words_of([*spoken.code_texts(), *spoken.command_texts()])
    english = found.keys() & COMMON_ENGLISH
    assert {word: found[word] for word in english - SHARED - CONTRACT} == {}
    assert CONTRACT - english == set(), "no longer needed"


def test_the_window_says_nothing_that_did_not_come_through_the_catalogue() -> None:
    found = spoken.hard_coded_texts()
    assert [one for one in found if one.text not in NAMES] == []
    assert {one.text for one in found} >= NAMES, "no longer needed"


@pytest.mark.parametrize("word", ["final", "resmi", "ditetapkan"])
def test_nobody_claims_more_than_the_office_may_say(word: str) -> None:
    everything = [
        *spoken.code_texts(),
        *spoken.site_texts(),
        *spoken.form_texts("id"),
        *spoken.window_texts("id"),
    ]
    assert [one for one in everything if word in one.words() and "bukan" not in one.words()] == []


def test_the_nets_meshes() -> None:
    raised = 'raise NotFound(f"File {name} not found.", hint="Look again.")'
    assert [one.text for one in spoken.sentences_in("x", raised)] == ["File {} not found.", "Look again."]
    for_machines = (
        'log.warning("it ended too early")\nraise ValueError("not a cell")\nX = Text(id="a", en="the box")'
    )
    assert spoken.sentences_in("x", for_machines) == []
    shown = (
        'label.setText("kosong" if x else self.tr("Ada"))\ntitle = "Belum dientri"\nset_role(label, "bad")'
    )
    assert [one.text for one in spoken.hard_coded_in("x", shown)] == ["kosong", "Belum dientri"]
    measured = 'Column(_tr("Jalur"), text, "sesudah angka")\nKeyHelp("Ctrl+1 … 9", self.tr("pindah"))'
    assert spoken.hard_coded_in("x", measured) == []
    assert spoken.words_of_html('<p title="Look">Yang masuk {{ "on" if x else "mati" }}</p>') == [
        *("Look", "Yang masuk", "on", "mati")
    ]
