"""What a check would say: its sentence over the first example it must fail. For showing a definition; thread: any."""

from __future__ import annotations

from dataclasses import replace

from app.domain.checks import evaluate
from app.domain.form import Check, FormDefinition, Text
from app.forms.validate import example_cells


def sentence_of(form: FormDefinition, check: Check) -> Text:
    """As the operator will read it. The validator has seen that the example fails."""
    alone = replace(form, checks=(replace(check, silenced_by=()),))
    cells, dpt, others = example_cells(form, check.examples_fail[0])
    (finding,) = evaluate(alone, cells, dpt, others=others)
    return finding.message
