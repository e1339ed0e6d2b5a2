"""The sheet that explains a rule: from its declaration, in the language of the window, without a value of the form."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.forms import load
from ui.pages.rule_help import RuleHelpDialog

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # Qt's offscreen platform, about every window
FORM = load("c1-ppwp-2019")


@pytest.mark.parametrize(
    ("language", "says"),
    [("id", "Yang harus berlaku: IV.01 + IV.02 = V.A"), ("en", "What must hold: IV.01 + IV.02")],
)
def test_the_sheet_says_what_the_rule_compares(qtbot: QtBot, language: str, says: str) -> None:
    dialog = RuleHelpDialog(None, FORM, "SUM.V1", language)
    qtbot.addWidget(dialog)
    dialog.show()

    assert says in dialog.text.toPlainText()
    assert dialog.text.accessibleName()
