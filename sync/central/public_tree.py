"""The public JSON tree in the shape of Situng 2019, so that programs written for Situng read it (docs/public-tree.md).

Invariant: every file is replaced whole (a rename), an area's numbers are the sums of its children's, and
nothing but verified values is in it. Files are written by the publisher's thread only. `rebuild` makes the same
tree from the database alone, into a folder beside it that then takes its place.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.c1form import C1Key
from app.domain.form import FormDefinition
from app.domain.wilayah import TpsId, parent_of
from app.forms.wilayah import Area, Station
from sync.central.centre import Centre
from sync.central.clock import situng_time
from sync.central.driver import Connection, Row

Json = dict[str, Any]
THRIFTY_MARK = "-hemat"  # in the name of a public image whose scan is still to come


@dataclass(frozen=True, slots=True)
class Counted:
    """What is public of one TPS: the newest round of its form."""

    tps: TpsId
    round: int
    votes: Mapping[str, int | None]
    fields: Mapping[str, int | None]
    images: tuple[str, ...]
    ts: str
    readings: int

    @classmethod
    def of(cls, row: Row) -> Counted:
        """A row of `published`."""
        return cls(
            tps=TpsId(row["tps"]),
            round=row["round"],
            votes=json.loads(row["votes"]),
            fields=json.loads(row["fields"]),
            images=tuple(json.loads(row["images"])),
            ts=row["ts"],
            readings=row["readings"],
        )


@dataclass(slots=True)
class Totals:
    """Sums of an area. `count` = TPS in it that are public."""

    votes: dict[str, int] = field(default_factory=dict)
    count: int = 0

    def add(self, votes: Mapping[str, int | None], count: int = 1) -> None:
        """A blank or unreadable number adds nothing; the TPS counts all the same."""
        for candidate, number in votes.items():
            self.votes[candidate] = self.votes.get(candidate, 0) + (number or 0)
        self.count += count


COUNTED = (
    "SELECT * FROM published WHERE form = ?1 AND tps >= ?2 AND tps < ?2 || ':' AND round ="
    " (SELECT max(round) FROM published AS other WHERE other.form = published.form AND other.tps = published.tps)"
    " ORDER BY tps"
)  # ':' follows '9': all codes that begin so


def counted(con: Connection, form: str, code: str = "") -> list[Counted]:
    """Everything public of a form in an area (or of one TPS), a repeated vote in place of the first."""
    return [Counted.of(row) for row in con.execute(COUNTED, (form, code))]


def totals_by(rows: Iterable[Counted], length: int) -> dict[str, Totals]:
    """Sums by the first `length` digits of the TPS code."""
    totals: dict[str, Totals] = {}
    for row in rows:
        totals.setdefault(row.tps[:length], Totals()).add(row.votes)
    return totals


def image_folder(kpu_id: str) -> str:
    """`img/c/927/409/927409001`: two levels of three digits each, as on Situng."""
    digits = f"{kpu_id:0>6}"
    return f"img/c/{digits[:3]}/{digits[3:6]}/{kpu_id}"


def tps_object(form: FormDefinition, row: Counted | None, ts: str) -> Json:
    """The fields of Situng's TPS file; while nothing is verified every number and the chart are null."""
    names = form.publication.fields
    if row is None:
        return {**dict.fromkeys(names), "chart": None, "images": [], "ts": ts}
    return {
        **{name: row.fields.get(name) for name in names},
        "chart": dict(row.votes),
        "images": list(row.images),
        "ts": row.ts,
    }


class PublicTree:
    """The files below `public/json`."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._register = centre.register
        self.folder = centre.settings.public / "json"

    def is_made(self) -> bool:
        return (self.folder / "version.json").exists()

    def update(self, con: Connection, keys: Iterable[C1Key]) -> None:
        """Write these TPS and every area above them."""
        by_form: dict[str, set[TpsId]] = {}
        for key in keys:
            if key.tps in self._register.stations:
                by_form.setdefault(key.form, set()).add(key.tps)
        for form_id, stations in by_form.items():
            form = self._centre.forms[form_id]
            for tps in sorted(stations):
                found = counted(con, form_id, tps)
                place = f"hhcw/{form.publication.ballot}/{self._path(tps)}.json"
                self._write(self.folder, place, tps_object(form, found[0] if found else None, self._now()))
            self._write_areas(con, self.folder, form, {tps.desa for tps in stations})
        self._write(self.folder, "version.json", {"version": self._now()})

    def rebuild(self, con: Connection) -> None:
        """Everything anew from the database; the old tree is read until the new one takes its place."""
        new = self.folder.with_name("json.new")
        old = self.folder.with_name("json.old")
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        self._write_names(new)
        for form in self._centre.forms.values():
            self._write_form(con, new, form)
        self._write(new, "version.json", {"version": self._now()})
        if self.folder.exists():
            self.folder.rename(old)
        new.rename(self.folder)
        shutil.rmtree(old, ignore_errors=True)

    # ---- names ---------------------------------------------------------------------------------------------------

    def _write_names(self, root: Path) -> None:
        self._write(root, "wilayah/0.json", {one.kpu_id: {"nama": one.name} for one in self._areas_in("")})
        for area in self._register.areas.values():
            names = {one.kpu_id: {"nama": one.name} for one in self._areas_in(area.code)}
            names |= {one.kpu_id: {"nama": f"TPS {one.tps.number}"} for one in self._stations_in(area.code)}
            self._write(root, f"wilayah/{self._path(area.code)}.json", names)

    def _write_form(self, con: Connection, root: Path, form: FormDefinition) -> None:
        ballot = form.publication.ballot
        candidates = {
            one.id: {"nama": one.name, "nomor_urut": one.number} for one in form.publication.candidates
        }
        self._write(root, f"{ballot}.json", candidates)
        now, found = self._now(), {row.tps: row for row in counted(con, form.id)}
        for station in self._register.stations.values():
            if not form.is_for(station.tps):
                continue
            place = f"hhcw/{ballot}/{self._path(station.tps)}.json"
            self._write(root, place, tps_object(form, found.get(station.tps), now))
        self._write_areas(con, root, form, {code for code in self._register.areas if len(code) == 10})

    # ---- numbers -------------------------------------------------------------------------------------------------

    def _write_areas(self, con: Connection, root: Path, form: FormDefinition, desa: set[str]) -> None:
        """The desa and everything above them."""
        rows = counted(con, form.id)
        stations: dict[str, Totals] = {row.tps: Totals(dict(_whole(row.votes)), 1) for row in rows}
        by_length = {length: totals_by(rows, length) for length in (2, 4, 6, 10)}
        codes = {""}
        for code in desa:
            place: str | None = code
            while place:
                codes.add(place)
                place = parent_of(place)
        for code in codes:
            children = self._children(code)
            totals = by_length.get(len(children[0][0]), stations) if children else {}
            table = {kpu_id: _votes(form, totals.get(child)) for child, kpu_id in children}
            own = Totals()
            for child, _ in children:
                if child in totals:
                    own.add(totals[child].votes, totals[child].count)
            body = {
                "ts": self._now(),
                "progress": {"proses": own.count, "total": self._register.count(code, form.areas)},
                "table": table,
                "chart": {one.id: own.votes.get(one.id, 0) for one in form.publication.candidates},
            }
            path = f"hhcw/{form.publication.ballot}"
            self._write(root, f"{path}/{self._path(code)}.json" if code else f"{path}.json", body)

    def _children(self, code: str) -> list[tuple[str, str]]:
        """(code, KPU id) of the areas or stations directly below."""
        if len(code) == 10:
            return [(one.tps, one.kpu_id) for one in self._stations_in(code)]
        return [(one.code, one.kpu_id) for one in self._areas_in(code)]

    def _areas_in(self, code: str) -> list[Area]:
        return self._register.children.get(code, [])

    def _stations_in(self, code: str) -> list[Station]:
        return self._register.stations_of.get(code, [])

    def _path(self, code: str) -> str:
        """`26141/27407/27408/27409/927409001` of an area or a TPS."""
        parts = [area.kpu_id for area in self._register.path(code)]
        if len(code) == 13:
            parts.append(self._register.stations[code].kpu_id)
        return "/".join(parts)

    def _now(self) -> str:
        return situng_time(self._centre.clock())

    def _write(self, root: Path, place: str, body: Json) -> None:
        path = root / place
        part = path.with_name(f"{path.name}.part")
        data = json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
        try:
            part.write_bytes(data)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
        part.replace(path)


def _whole(votes: Mapping[str, int | None]) -> dict[str, int]:
    return {candidate: number or 0 for candidate, number in votes.items()}


def _votes(form: FormDefinition, totals: Totals | None) -> dict[str, int | None]:
    """Votes of one child; null for each candidate while nothing of it is public."""
    return {
        one.id: None if totals is None else totals.votes.get(one.id, 0) for one in form.publication.candidates
    }
