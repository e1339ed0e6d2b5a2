"""What the public pages say, computed from what is published: verified numbers, and beside them counts of what waits.

Unverified numbers never leave this module, because it never reads them: it only counts forms that have a head.
Thread: any, inside a read transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.form import FormDefinition
from app.domain.wilayah import TpsId
from app.forms.wilayah import Area
from sync.central.centre import Centre
from sync.central.driver import Connection
from sync.central.pages import percent
from sync.central.public_tree import Counted, Totals, counted, totals_by

SHARES_MOST = 3
WIDTH = 1000.0  # of a drawn bar


@dataclass(frozen=True, slots=True)
class Share:
    """A piece of a drawn bar, in thousandths of its width."""

    start: float
    width: float


@dataclass(frozen=True, slots=True)
class CandidateLine:
    number: str
    name: str
    votes: int
    percent: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: an area or a TPS."""

    code: str
    name: str
    url: str
    votes: Sequence[int | None]
    count: int
    waiting: int
    total: int
    shares: Sequence[Share]


@dataclass(frozen=True, slots=True)
class AreaPage:
    """Everything on the page of an area."""

    title: str
    child_word: str
    children_title: str
    count: int
    waiting: int
    missing: int
    total: int
    percent: str
    ts: str
    candidates: Sequence[CandidateLine]
    shares: Sequence[Share]
    rows: Sequence[Row]


_CHILD_WORDS = {0: "Provinsi", 2: "Kabupaten/kota", 4: "Kecamatan", 6: "Desa/kelurahan", 10: "TPS"}
_NEXT = {0: 2, 2: 4, 4: 6, 6: 10, 10: 13}


def area_page(con: Connection, centre: Centre, form: FormDefinition, code: str, prefix: str = "") -> AreaPage:
    """`code` "" is the whole country. Raises KeyError for an unknown area."""
    title = title_of(centre.register.areas[code]) if code else "Indonesia"
    rows = counted(con, form.id, code)
    ids = [one.id for one in form.publication.candidates]
    length = _NEXT[len(code)]
    totals = totals_by(rows, length)
    waiting = waiting_by(con, form.id, code, {row.tps for row in rows}, length)
    own = Totals()
    for one in totals.values():
        own.add(one.votes, one.count)
    total, waits = centre.register.count(code, form.areas), sum(waiting.values())
    votes = [own.votes.get(one, 0) for one in ids]
    word = _CHILD_WORDS[len(code)]
    return AreaPage(
        title=title,
        child_word=word,
        children_title=f"Per {word if word == 'TPS' else word.lower()}",
        count=own.count,
        waiting=waits,
        missing=max(0, total - own.count - waits),
        total=total,
        percent=percent(own.count, total),
        ts=max((row.ts for row in rows), default=""),
        candidates=candidate_lines(form, votes),
        shares=shares(votes),
        rows=[
            _row(child, name, f"{prefix}{url}", totals.get(child), waiting.get(child, 0), below, ids)
            for child, name, url in children(centre, code)
            if (below := 1 if len(child) == 13 else centre.register.count(child, form.areas))
            and (len(child) < 13 or form.is_for(child))
        ],
    )


def _row(
    code: str, name: str, url: str, totals: Totals | None, waiting: int, below: int, ids: Sequence[str]
) -> Row:
    votes: list[int | None] = [None if totals is None else totals.votes.get(one, 0) for one in ids]
    return Row(
        code=code,
        name=name,
        url=url,
        votes=votes,
        count=totals.count if totals else 0,
        waiting=waiting,
        total=below,
        shares=shares([one or 0 for one in votes]) if totals else (),
    )


def children(centre: Centre, code: str) -> list[tuple[str, str, str]]:
    """(code, name, address) of what lies directly below."""
    if len(code) == 10:
        stations = sorted(centre.register.stations_of.get(code, []), key=lambda one: one.tps)
        return [(one.tps, one.tps.label, f"/tps/{one.tps}") for one in stations]
    areas = centre.register.children.get(code, [])
    return [(one.code, one.name.title(), f"/w/{one.code}") for one in areas]


def waiting_by(con: Connection, form: str, code: str, public: set[TpsId], length: int) -> dict[str, int]:
    """TPS whose form is here but not public, by the first `length` digits of their code."""
    found: dict[str, int] = {}
    for (tps,) in con.execute(
        "SELECT DISTINCT tps FROM form WHERE form = ?1 AND tps >= ?2 AND tps < ?2 || ':' AND head IS NOT NULL",
        (form, code),
    ):
        if tps not in public:
            found[tps[:length]] = found.get(tps[:length], 0) + 1
    return found


def candidate_lines(form: FormDefinition, votes: Sequence[int]) -> list[CandidateLine]:
    """In the order of the ballot."""
    return [
        CandidateLine(f"{one.number:02d}", one.name, number, percent(number, sum(votes), 2))
        for one, number in zip(form.publication.candidates, votes, strict=True)
    ]


def shares(votes: Sequence[int]) -> list[Share]:
    """Pieces of a bar of `WIDTH`; none where there are more of them than a reader can tell apart."""
    if len(votes) > SHARES_MOST:
        return []
    whole, place, pieces = sum(votes), 0.0, []
    for one in votes:
        width = WIDTH * one / whole if whole else 0.0
        pieces.append(Share(round(place, 1), round(width, 1)))
        place += width
    return pieces


def title_of(area: Area) -> str:
    """As the screen names an area."""
    return area.label


def rounds_of(con: Connection, form: str, tps: str) -> list[tuple[Counted, bool, bool]]:
    """Public rounds of a TPS, newest first: (what is public, is it an older round, is a correction under way)."""
    rows = con.execute(
        "SELECT published.*, version.state FROM published JOIN version ON version.id = published.version"
        " WHERE published.form = ? AND published.tps = ? ORDER BY published.round DESC",
        (form, tps),
    ).fetchall()
    return [(Counted.of(row), place > 0, row["state"] != "head") for place, row in enumerate(rows)]
