"""Which forms this workplace reads, how much of them, and by how many people; changed only where it is safe.

Invariant: a form that anybody began to read keeps the choice it was begun under: its boxes and its readers are what was
signed. A choice applies to the forms nobody has begun, and to those that come later. Thread: any.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.form import FormDefinition
from app.domain.people import Role
from app.errors import BadInput
from app.forms.choice import FormChoice, checked
from app.services.people import Session, need_role
from app.services.register import known
from app.services.workplace import Workplace, definition, kind_of
from app.store import journal, meta, register
from app.store.driver import Connection


@dataclass(frozen=True, slots=True)
class ChosenForm:
    """A form of this workplace: the choice for what nobody has begun, and how far the district is."""

    choice: FormChoice
    expected: int
    begun: int  # somebody reads or has read them: they keep the choice of then

    @property
    def form(self) -> FormDefinition:
        return definition(self.choice.form)


def chosen(wp: Workplace) -> list[ChosenForm]:
    """In the order the workplace has them."""
    with wp.db.reading() as connection:
        counts = register.form_counts(connection)
        return [
            ChosenForm(FormChoice(one.form, one.profile, one.readings_needed), *counts.get(one.form, (0, 0)))
            for one in register.kinds_of(connection)
        ]


def change(wp: Workplace, session: Session, choice: FormChoice) -> int:
    """Another profile or number of readers from now on; returns for how many forms. Raises NotAllowed, BadInput."""
    need_role(session, Role.COORDINATE)
    kind = kind_of(checked(choice))

    def work(connection: Connection) -> int:
        kinds = register.kinds_of(connection)
        if choice.form not in {one.form for one in kinds}:
            raise BadInput(f"{choice.form} tidak dipakai di sini.", hint="Tambahkan formulir itu dahulu.")
        register.keep_kinds(connection, [kind if one.form == choice.form else one for one in kinds])
        count = register.change_kind(connection, kind)
        _note(connection, wp, session, "form_choice", choice, count)
        return count

    return wp.db.write(work)


def add(wp: Workplace, session: Session, choice: FormChoice) -> int:
    """One form more from every station that brings forms; returns how many. The program takes it up when it is opened
    again: what scans pages knows its forms from the start. Raises NotAllowed, NotFound, BadInput."""
    need_role(session, Role.COORDINATE)
    kind = kind_of(checked(choice))

    def work(connection: Connection) -> int:
        kinds = register.kinds_of(connection)
        if choice.form in {one.form for one in kinds}:
            raise BadInput(f"{choice.form} sudah dipakai di sini.", hint="Pilih formulir lain.")
        count = register.add_kind(connection, kind)
        if not count:
            raise BadInput(
                f"Tidak ada TPS di daftar ini yang memilih dengan {choice.form}.", hint="Pilih formulir lain."
            )
        register.keep_kinds(connection, [*kinds, kind])
        meta.put_json(connection, "form_ids", [one.form for one in [*kinds, kind]])
        _note(connection, wp, session, "form_added", choice, count)
        return count

    return wp.db.write(work)


def readers_of(wp: Workplace, key: C1Key) -> int:
    """How many people read this very form: the choice it was begun under. Raises NotFound."""
    with wp.db.reading() as connection:
        return known(connection, key).readings_needed


def _note(
    connection: Connection, wp: Workplace, session: Session, kind: str, choice: FormChoice, count: int
) -> None:
    body = {"form": choice.form, "profile": choice.profile, "readings": choice.readings, "forms": count}
    journal.add(connection, wp.now(), kind, session.person.id, choice.form, body)
