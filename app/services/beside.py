"""What is known beside a form's own boxes, as far as the person in front may see it.

Invariant: a later reader is blind. Of the station's other ballots a person is shown values that are settled, and those
of forms this very person read; so no note quotes what the next reading must not know. The area's figures (of settled
forms alone) are for the verifier: they say what is usual, and a reader must not be led towards that.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from app.domain.cell import Cells
from app.domain.checks import Beside, Others, fields_used, spreads_of
from app.domain.rules import Spread
from app.errors import NotFound
from app.services.register import as_station
from app.services.workplace import definition
from app.store import c1 as c1_rows
from app.store import register, versions
from app.store.driver import Connection


def for_nobody(connection: Connection, form: c1_rows.C1Row) -> Beside:
    """The register alone: all that a finding which asks for a reason may depend on."""
    station = register.station(connection, form.key.tps)
    return Beside(as_station(station).dpt if station else None)


def for_reader(connection: Connection, form: c1_rows.C1Row, person: str) -> Beside:
    """The register, and of the other ballots what this person may know."""
    return replace(for_nobody(connection, form), others=_others(connection, form, person))


def for_verifier(connection: Connection, form: c1_rows.C1Row, person: str) -> Beside:
    """The same with the area: a whole desa is read for it, so for the one form in front, never for a list."""
    return replace(for_reader(connection, form, person), spreads=_spreads(connection, form))


def _spreads(connection: Connection, form: c1_rows.C1Row) -> Mapping[str, Spread]:
    asking = definition(form.key.form)
    boxes = tuple(dict.fromkeys(box for check in asking.outliers for box in fields_used(check)))
    return spreads_of(asking, versions.settled_around(connection, form.key, boxes)) if boxes else {}


def _others(connection: Connection, form: c1_rows.C1Row, person: str) -> Others:
    """Ballot -> values; a form this program does not know says nothing."""
    found: dict[str, Cells] = {}
    for other, cells in versions.beside(connection, form.key, person).items():
        with suppress(NotFound):
            found[definition(other).publication.ballot] = cells
    return found
