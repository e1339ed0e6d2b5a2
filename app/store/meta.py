"""Single values of a workplace: what it is (`meta`) and what people chose (`preference`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from app.store.driver import Connection

Table = Literal["meta", "preference"]
_GET = {
    "meta": "SELECT value FROM meta WHERE name = ?",
    "preference": "SELECT value FROM preference WHERE name = ?",
}
_PUT = {
    table: f"INSERT INTO {table} (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"  # noqa: S608 - the two names above
    for table in _GET
}


def get(connection: Connection, name: str, default: str = "", *, table: Table = "meta") -> str:
    """A value, or the default."""
    row = connection.execute(_GET[table], (name,)).fetchone()
    return default if row is None else str(row[0])


def put(connection: Connection, name: str, value: str, *, table: Table = "meta") -> None:
    """Set a value."""
    connection.execute(_PUT[table], (name, value))


def get_json(connection: Connection, name: str) -> Any:
    """A JSON value of `meta`; None when it was never set."""
    text = get(connection, name)
    return json.loads(text) if text else None


def put_json(connection: Connection, name: str, value: Mapping[str, object] | list[object] | None) -> None:
    """Set a JSON value of `meta`."""
    put(connection, name, "" if value is None else json.dumps(value, sort_keys=True))
