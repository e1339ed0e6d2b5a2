from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui import catalogue
from ui.app import Language
from ui.pages.help import help_text
from ui.pages.steps import STEP_CODES, step_label

FORBIDDEN = (" sah ", "final", "resmi", "ditetapkan")


def test_every_source_text_has_its_english() -> None:
    held = catalogue.translations(catalogue.ENGLISH)
    missing = [text for text in catalogue.source_texts() if not held.get(text)]
    assert missing == [], "run `python -m ui.catalogue`, then translate what it marks unfinished"


def test_the_catalogue_holds_no_texts_that_are_gone() -> None:
    gone = set(catalogue.translations(catalogue.ENGLISH)) - set(catalogue.source_texts())
    assert sorted(gone) == []


@pytest.mark.parametrize("source", [catalogue.ENGLISH, catalogue.INDONESIAN])
def test_the_compiled_catalogue_is_current(source: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "now.qm"
    catalogue.compile_catalogue(source, compiled)
    assert compiled.read_bytes() == source.with_suffix(".qm").read_bytes()


def test_places_for_values_and_shortcut_letters_survive_translation() -> None:
    for text, forms in catalogue.translations(catalogue.ENGLISH).items():
        for form in forms:
            for mark in ("%1", "%2", "%3", "%n"):
                assert (mark in form) == (mark in text.source), text


def test_no_state_claims_more_than_the_office_may_say() -> None:
    for text in catalogue.source_texts():
        assert not any(word in f" {text.source.lower()} " for word in FORBIDDEN), text


def test_a_module_text_finds_its_context(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    language = Language(app)
    language.use("en")
    assert [step_label(code) for code in STEP_CODES][:3] == ["Received", "Scanned", "Keyed"]
    language.use("id")
    assert step_label("received") == "Diterima"


def test_qts_own_buttons_speak_indonesian(qtbot: QtBot) -> None:
    translator = QTranslator()
    assert translator.load(str(catalogue.INDONESIAN.with_suffix(".qm")))
    assert translator.translate("QPlatformTheme", "Cancel") == "Batal"
    assert translator.translate("QLineEdit", "&Copy") == "&Salin"


def test_every_page_has_its_help_in_both_languages() -> None:
    general = help_text("umum", "id")
    for topic in ("masuk", "beranda", "pindai", "entri", "verifikasi", "antrean", "pengaturan", "laporan"):
        assert help_text(topic, "id") not in ("", general)
        assert help_text(topic, "en") not in ("", help_text(topic, "id"), help_text("umum", "en"))
    assert help_text("tidak-ada", "id") == general
