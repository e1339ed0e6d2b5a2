"""Form definitions from `resources/forms/*.toml` and the parts they include, read and validated.

Invariant: what `load` returns hangs together (every name resolves, every check does what its examples say); a fault
names file, line and what is wrong. Definitions are immutable and cached. Thread: any.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.domain.form import FormDefinition
from app.errors import BadInput, NotFound
from app.forms.build import build
from app.forms.gather import Unreadable, gather
from app.forms.source import Table, parse
from app.forms.validate import validate

__all__ = ["FormFault", "available", "check_file", "load", "load_file", "path_of", "read_file"]

# Beside the packages, in the source tree as in a frozen build.
FOLDER = Path(__file__).resolve().parents[2] / "resources" / "forms"


class FormFault(BadInput):
    """A form definition that cannot be used; `faults` are all of them, each with file and line."""

    def __init__(self, faults: list[str]) -> None:
        more = f" (dan {len(faults) - 1} kesalahan lain)" if len(faults) > 1 else ""
        super().__init__(
            f"{faults[0]}{more}",
            hint="Formulir tidak dipakai. Perbaiki berkas itu, lalu periksa dengan `situng-luring forms check FILE`.",
        )
        self.faults = tuple(faults)


def available() -> tuple[str, ...]:
    """The ids of the forms shipped with the program."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def path_of(form_id: str) -> Path:
    """Where a shipped form stands. Raises NotFound."""
    if form_id not in available():
        known = ", ".join(available())
        raise NotFound(f"Formulir {form_id!r} tidak dikenal.", hint=f"Yang ada: {known}.")
    return FOLDER / f"{form_id}.toml"


@cache
def load(form_id: str) -> FormDefinition:
    """A shipped form by its id. Raises NotFound, FormFault."""
    return load_file(path_of(form_id))


def load_file(path: Path) -> FormDefinition:
    """A form from any file; its name must be the form's id. Raises FormFault."""
    form, faults = read_file(path)
    if form is None:
        raise FormFault(faults)
    return form


def check_file(path: Path) -> list[str]:
    """All faults of a file, in order of their lines; empty when it can be used. Never raises for a bad file."""
    return read_file(path)[1]


def read_file(path: Path) -> tuple[FormDefinition | None, list[str]]:
    """The form, or None and every fault with file and line. For anybody's file: never raises, ends soon."""
    try:
        source = gather(path, FOLDER)
    except Unreadable as error:
        return None, [str(error)]
    data, faults = parse(source.text)
    form: FormDefinition | None = None
    if not faults.found:
        form, places = build(Table(data, (), faults))
        if not faults.found:
            validate(form, places, faults)
            if form.id != path.stem:
                faults.add(("id",), f"id `{form.id}` harus sama dengan nama berkas `{path.stem}`.")
    told = [f"{source.where(line)}: {sentence}" for line, sentence in faults.sentences()]
    return (None if told else form), told
