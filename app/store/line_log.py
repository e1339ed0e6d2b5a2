"""How the line to the centre turned, a row each turn; append-only (triggers). An outage is `app.domain.outages`."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.outages import CLOSED, Turn
from app.ports import LineTurn
from app.store.driver import Connection

_SELECT = "SELECT at, state, code, text FROM line_log"


def add(connection: Connection, turns: Sequence[LineTurn]) -> None:
    """Append them, oldest first."""
    connection.executemany(
        "INSERT INTO line_log (at, state, code, text) VALUES (?, ?, ?, ?)",
        [
            (
                one.at,
                one.line.value if one.line is not None else CLOSED,
                one.reason.code if one.reason else "",
                one.reason.text if one.reason else "",
            )
            for one in turns
        ],
    )


def until(connection: Connection, end: float) -> list[Turn]:
    """Every turn before `end` (wall seconds), in the order it was written."""
    return [Turn(*row) for row in connection.execute(f"{_SELECT} WHERE at < ? ORDER BY id", (end,))]


def last(connection: Connection) -> Turn | None:
    """The newest turn: how the line is now, or was when the engine was closed; None before the first engine ran."""
    row = connection.execute(f"{_SELECT} ORDER BY id DESC LIMIT 1").fetchone()
    return Turn(*row) if row else None
