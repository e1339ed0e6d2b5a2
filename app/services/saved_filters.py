"""Filters of the list of forms that a person keeps by name, and how the list was left. One set a person and workplace.

Invariant: what is kept is found again after a restart; a name stands once a person. Kept as preferences: nothing of it
is a fact, so nothing of it is in the journal. Thread: any.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.people import Person
from app.errors import BadInput
from app.services.forms_list import MINE, Wanted
from app.services.workplace import Workplace
from app.store import meta
from app.store.driver import Connection

MOST = 9  # each on its own digit
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Saved:
    """A filter with its name."""

    name: str
    wanted: Wanted


def saved(wp: Workplace, person: Person) -> tuple[Saved, ...]:
    """In the order they were saved."""
    return _read(wp.db.reader, person)


def save(wp: Workplace, person: Person, name: str, wanted: Wanted) -> tuple[Saved, ...]:
    """Keep a filter, in the place of one of the same name. Raises BadInput."""
    said = " ".join(name.split())[:LONGEST_NAME]
    if not said:
        raise BadInput("Saringan perlu nama.", hint="Tulis nama pendek, misalnya: entri kedua Cileunyi.")

    def work(connection: Connection) -> tuple[Saved, ...]:
        kept, new = list(_read(connection, person)), Saved(said, wanted)
        same = [place for place, one in enumerate(kept) if one.name.casefold() == said.casefold()]
        if same:
            kept[same[0]] = new
        elif len(kept) >= MOST:
            raise BadInput(f"Sudah ada {MOST} saringan.", hint="Hapus satu yang tidak dipakai lagi.")
        else:
            kept.append(new)
        return _write(connection, person, kept)

    return wp.db.write(work)


def remove(wp: Workplace, person: Person, name: str) -> tuple[Saved, ...]:
    """Forget one; `put_back` with what `saved` gave before undoes it."""
    return wp.db.write(
        lambda connection: _write(
            connection, person, [one for one in _read(connection, person) if one.name != name]
        )
    )


def put_back(wp: Workplace, person: Person, before: Sequence[Saved]) -> tuple[Saved, ...]:
    """The set as it was."""
    return wp.db.write(lambda connection: _write(connection, person, before))


def last(wp: Workplace, person: Person) -> Wanted:
    """The filter this person left the list with; what needs me, the first time."""
    kept = _json(meta.get(wp.db.reader, _last_name(person), table="preference"))
    return Wanted.parse(kept) if isinstance(kept, dict) else MINE


def keep_last(wp: Workplace, person: Person, wanted: Wanted) -> None:
    """How the list is left. The words searched for are not kept: tomorrow they would hide the rest unnoticed."""
    text = json.dumps(replace(wanted, text="").as_json())
    if text != meta.get(wp.db.reader, _last_name(person), table="preference"):
        wp.db.write(lambda connection: meta.put(connection, _last_name(person), text, table="preference"))


def _read(connection: Connection, person: Person) -> tuple[Saved, ...]:
    kept = _json(meta.get(connection, _set_name(person), table="preference"))
    rows = kept if isinstance(kept, list) else []
    return tuple(Saved(str(row["name"]), Wanted.parse(row["filter"])) for row in rows)


def _write(connection: Connection, person: Person, kept: Sequence[Saved]) -> tuple[Saved, ...]:
    rows = [{"name": one.name, "filter": one.wanted.as_json()} for one in kept]
    meta.put(connection, _set_name(person), json.dumps(rows), table="preference")
    return tuple(kept)


def _set_name(person: Person) -> str:
    return f"forms_filters:{person.id}"


def _last_name(person: Person) -> str:
    return f"forms_last:{person.id}"


def _json(text: str) -> Any:
    return json.loads(text) if text else None
