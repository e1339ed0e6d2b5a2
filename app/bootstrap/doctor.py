"""What this computer needs and lacks: one line a thing, each with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app import bootstrap, forms
from app.errors import ExpectedError
from app.secrets import warning_of
from app.services import workplace
from app.store.driver import sqlite_version_info

SAFE_SQLITE = (3, 51, 3)  # before it two connections could corrupt a WAL database (the WAL-reset bug)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at."""

    name: str
    is_well: bool
    text: str


def examine(folder: Path | None) -> list[Line]:
    """Look at everything; raises nothing."""
    place = folder or bootstrap.default_folder()
    realm = workplace.realm_of(place) if bootstrap.has_workplace(place) else bootstrap.REAL_REALM
    warning = warning_of(bootstrap.secrets_of(place, realm))
    version = ".".join(map(str, sqlite_version_info))
    lines = [
        Line("SQLite", sqlite_version_info >= SAFE_SQLITE, version),
        Line("gantungan kunci", not warning, warning or "kunci tersimpan"),
    ]
    lines += [
        Line(f"formulir {name}", not faults, faults[0] if faults else "baik")
        for name in forms.available()
        for faults in [forms.check_file(forms.path_of(name))]
    ]
    return lines + (_folder(folder) if folder else [])


def _folder(folder: Path) -> list[Line]:
    try:
        with bootstrap.opened(folder, read_only=True) as wp:
            wp.db.quick_check()
            server = workplace.server_of(wp)
    except ExpectedError as error:
        return [Line("folder data", False, error.sentence())]
    no_account = "belum ada akun; pekerjaan tetap dapat dilakukan"
    return [
        Line("folder data", True, f"{folder} utuh"),
        Line("server", server is not None, server.server_url if server else no_account),
    ]
