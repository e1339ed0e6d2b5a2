"""Lists of a form while they are keyed: what is left of one may be called blank at one key. Pure, any thread.

Invariants: nothing that was keyed is touched, no total (the KPPS writes it even of an empty list), and nothing outside
the list the focus is in.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

from app.domain.form import FormDefinition


def rest_of_list(
    form: FormDefinition, fields: Sequence[str], current: str, filled: Container[str]
) -> tuple[str, ...]:
    """The open boxes of `current`'s list from it on, in paper order; empty on a total and outside the lists."""
    section = form.by_id[current].section
    if section not in form.lists or current in form.totals:
        return ()
    start = fields.index(current)
    return tuple(
        one
        for one in fields[start:]
        if form.by_id[one].section == section and one not in form.totals and one not in filled
    )
