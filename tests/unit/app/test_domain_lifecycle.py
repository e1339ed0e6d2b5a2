from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from app.domain import lifecycle
from app.domain.lifecycle import (
    OUTBOX,
    READING,
    VERSION,
    IllegalTransition,
    OutboxEvent,
    OutboxState,
    ReadingEvent,
    ReadingState,
    VersionEvent,
    VersionState,
    advance,
    sources,
    target,
)

MACHINES: list[tuple[Any, type[StrEnum], type[StrEnum]]] = [
    (READING, ReadingState, ReadingEvent),
    (VERSION, VersionState, VersionEvent),
    (OUTBOX, OutboxState, OutboxEvent),
]


@pytest.mark.parametrize(("table", "states", "events"), MACHINES)
def test_an_event_is_legal_where_the_table_says_and_raises_everywhere_else(
    table: Any, states: type[StrEnum], events: type[StrEnum]
) -> None:
    before = dict(table)
    for state in states:
        for event in events:
            if (state, event) in table:
                assert advance(table, state, event) is table[state, event]
                assert state in sources(table, event)
                assert target(table, event) is table[state, event], (
                    "an event leads to one state: it can be guarded in SQL"
                )
            else:
                with pytest.raises(IllegalTransition, match=event.value):
                    advance(table, state, event)
                assert state not in sources(table, event)
    assert dict(table) == before


@pytest.mark.parametrize(("table", "states", "events"), MACHINES)
def test_every_state_is_reached_and_every_event_used(
    table: Any, states: type[StrEnum], events: type[StrEnum]
) -> None:
    start = next(iter(states))
    reached = {start}
    while more := {to for (state, _), to in table.items() if state in reached} - reached:
        reached |= more
    assert reached == set(states)
    assert {event for _, event in table} == set(events)


def test_the_document_is_generated_from_the_tables() -> None:
    kept = Path(__file__).parents[3] / "docs" / "lifecycles.md"
    assert kept.read_text(encoding="utf-8") == lifecycle.document()
