"""The pages of one ballot: an area and what lies below it, a TPS with its C1 beside its numbers, a table of both.

Where the centre serves several ballots, each has the same addresses below its own `prefix`. Thread: any.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.form import FormDefinition
from sync.central.centre import Centre, Register
from sync.central.driver import Connection
from sync.central.pages import Pages, percent
from sync.central.public_tree import THRIFTY_MARK, counted, image_folder
from sync.central.results import area_page, rounds_of, shares, title_of, waiting_by

FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NAMES = {
    "pemilih_j": "Pemilih dalam DPT",
    "pengguna_j": "Pengguna hak pilih",
    "suara_sah": "Suara sah",
    "suara_tidak_sah": "Suara tidak sah",
    "suara_total": "Suara sah dan tidak sah",
}


@dataclass(frozen=True, slots=True)
class Ballot:
    """One form on the site, and where its pages lie: "" or "/dprri"."""

    form: FormDefinition
    prefix: str

    @property
    def title(self) -> str:
        return f"{self.form.title.id} · {self.form.ballot.id}"


def ballots_of(forms: Mapping[str, FormDefinition]) -> tuple[Ballot, ...]:
    """The first at the root, the others below the name their ballot has in the public tree; two dapil of one ballot
    below their own ids."""
    every = list(forms.values())
    names = [form.publication.ballot for form in every]
    return tuple(
        Ballot(form, "" if place == 0 else f"/{name if names.count(name) == 1 else form.id}")
        for place, (form, name) in enumerate(zip(every, names, strict=True))
    )


class BallotPages:
    """Renders the pages of one ballot; `others`: all ballots of this site, itself among them."""

    def __init__(self, centre: Centre, pages: Pages, ballot: Ballot, others: Sequence[Ballot]) -> None:
        self._centre, self._pages, self._ballot, self._others = centre, pages, ballot, others
        self._form, self._prefix = ballot.form, ballot.prefix

    def area(self, con: Connection, code: str) -> str:
        """`code` "" is the whole country."""
        register, place = self._centre.register, f"/w/{code or '0'}"
        return self._pages.render(
            "area.html",
            area=area_page(con, self._centre, self._form, code, self._prefix),
            crumbs=crumbs(register, code, self._prefix),
            csv_url=f"{self._prefix}/csv/{code or '0'}.csv",
            **self._about(place, [one for one in self._others if register.count(code, one.form.areas)]),
        )

    def tps(self, con: Connection, tps: str) -> str:
        """With every round that was published."""
        station = self._centre.register.stations[tps]
        found = rounds_of(con, self._form.id, tps)
        waits = waiting_by(con, self._form.id, tps, set(), 13) if not found else {}
        desa = self._centre.register.areas[station.tps.desa]
        return self._pages.render(
            "tps.html",
            tps={"label": station.tps.label, "desa": title_of(desa), "waiting": bool(waits)},
            rounds=[self._round(station.kpu_id, *one) for one in found],
            crumbs=crumbs(self._centre.register, tps, self._prefix),
            csv_url=None,
            **self._about(f"/tps/{tps}", [one for one in self._others if one.form.is_for(tps)]),
        )

    def _about(self, place: str, ballots: Sequence[Ballot]) -> dict[str, Any]:
        """What every page says of its ballot, and the same place on the others."""
        return {
            "form_title": self._ballot.title,
            "tree": self._form.publication.ballot,
            "ballots": [
                {
                    "name": one.form.title.id,
                    "title": one.form.ballot.id,
                    "url": None if one is self._ballot else f"{one.prefix}{place}",
                }
                for one in ballots
            ]
            if len(self._others) > 1
            else [],
        }

    def _round(self, kpu_id: str, row: Any, is_old: bool, is_being_corrected: bool) -> dict[str, Any]:
        candidates = self._form.publication.candidates
        votes = [row.votes.get(one.id) for one in candidates]
        plain = [one or 0 for one in votes]
        return {
            "round": row.round,
            "ts": row.ts,
            "is_old": is_old,
            "is_being_corrected": is_being_corrected,
            "candidates": [
                {
                    "number": f"{one.number:02d}",
                    "name": one.name,
                    "text": written(number),
                    "percent": percent(number or 0, sum(plain), 2),
                }
                for one, number in zip(candidates, votes, strict=True)
            ],
            "shares": shares(plain),
            "facts": [
                {"name": _NAMES.get(name, name), "text": written(row.fields.get(name))}
                for name in self._form.publication.fields
            ],
            "images": [
                {"n": n, "url": f"/{image_folder(kpu_id)}/{name}", "is_thrifty": THRIFTY_MARK in name}
                for n, name in enumerate(row.images, 1)
            ],
            "read_by": "Dibaca sama oleh dua orang berbeda." if row.readings >= 2 else "Dibaca satu orang.",
        }

    def csv(self, con: Connection, code: str) -> str:
        """One line for each TPS of the area that votes by this form."""
        out = io.StringIO(newline="")
        csv.writer(out).writerows([defused(cell) for cell in row] for row in self._csv_rows(con, code))
        return out.getvalue()

    def _csv_rows(self, con: Connection, code: str) -> Iterator[list[object]]:
        fields = list(self._form.publication.fields)
        candidates = self._form.publication.candidates
        head = ["provinsi", "kabupaten", "kecamatan", "desa", "kode_tps", "tps", "status"]
        yield [*head, *fields, *(f"suara_{one.number:02d}" for one in candidates), "pembaca", "waktu"]
        public = {row.tps: row for row in counted(con, self._form.id, code)}
        waiting = waiting_by(con, self._form.id, code, set(public), 13)
        for station in self._centre.register.stations.values():
            if not (station.tps.startswith(code) and self._form.is_for(station.tps)):
                continue
            names = [area.name for area in self._centre.register.path(station.tps)]
            row = public.get(station.tps)
            start: list[object] = [*names, station.tps, station.tps.number]
            if row is None:
                state = "menunggu verifikasi" if station.tps in waiting else "belum masuk"
                yield [*start, state, *[""] * (len(fields) + len(candidates) + 2)]
            else:
                numbers = [row.fields.get(one) for one in fields]
                numbers += [row.votes.get(one.id) for one in candidates]
                yield [*start, "terverifikasi", *map(plain_cell, numbers), row.readings, row.ts]


def crumbs(register: Register, code: str, prefix: str) -> list[dict[str, str | None]]:
    """From Indonesia down to here; the last one has no address."""
    steps: list[dict[str, str | None]] = [{"name": "Indonesia", "url": f"{prefix}/w/0"}]
    steps += [{"name": title_of(area), "url": f"{prefix}/w/{area.code}"} for area in register.path(code)]
    if len(code) == 13:
        steps.append({"name": register.stations[code].tps.label, "url": None})
    steps[-1]["url"] = None
    return steps


def written(number: int | None) -> str:
    """A published number; blank and unreadable boxes have none."""
    return "kosong/tidak terbaca" if number is None else f"{number:,}".replace(",", ".")


def plain_cell(number: int | None) -> object:
    return "" if number is None else number


def defused(cell: object) -> object:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if isinstance(cell, str) and cell.startswith(FORMULA):
        return f"'{cell}"
    return cell
