"""What was done in the report's time: by each person, drafts taken over, corrections; and when the line was out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.domain.journal import Line
from app.domain.outages import BRIEF_S, End, Outage, outages
from app.domain.periods import Period, moment_words
from app.domain.readings import Order
from app.domain.times import seconds_of
from app.domain.wilayah import TpsId
from app.services import words
from app.services.line_words import LINE_WORDS
from app.services.places import proper
from app.services.report_state import form_title
from app.services.report_tables import NOT_YET, Table, Value, flat
from app.services.sight import may_tell
from app.store import journal, line_log, people, register, work_done
from app.store.driver import Connection

NOBODY = "Folder pindai (tanpa nama)"
_END_WORDS = {
    End.OVER: "",
    End.OTHER: "menjadi gangguan lain",
    End.CLOSED: "program ditutup",
    End.UNSEEN: "program mati; berakhir paling lambat saat dibuka lagi",
    End.GOES_ON: "masih berlangsung",
}
_CAUSES = {"correction": "Entri berbeda dengan C1", "moved": "Dipindah dari TPS lain"}


def people_table(connection: Connection, period: Period) -> Table:
    """Who did how much; whoever did nothing is not named."""
    start, end = period.start, period.end
    read = work_done.readings_by(connection, start, end)
    verified, scanned = (
        work_done.verdicts_by(connection, start, end),
        work_done.pages_by(connection, start, end),
    )
    names = people.names(connection)
    counts = {
        person: [
            *(read.get((person, order), 0) for order in Order),
            verified.get(person, 0),
            scanned.get(person, 0),
        ]
        for person in {person for person, _ in read} | set(verified) | set(scanned)
    }
    called = {person: flat(names.get(person, person)) or NOBODY for person in counts}
    order = sorted(counts, key=lambda person: (called[person] == NOBODY, called[person].casefold(), person))
    rows: tuple[tuple[Value, ...], ...] = tuple((called[person], *counts[person]) for person in order)
    heads = (
        "Petugas",
        "Entri pertama",
        "Entri kedua",
        "Bacaan ketiga",
        "Koordinator",
        "Diverifikasi",
        "Halaman",
    )
    total: tuple[Value, ...] | None = (
        ("Jumlah", *map(sum, zip(*counts.values(), strict=True))) if rows else None
    )
    lead = "" if rows else "Tidak ada pekerjaan dalam masa laporan."
    return Table("people", "Pekerjaan per petugas", heads, rows, lead, total)


def takeovers(connection: Connection, period: Period) -> Table:
    """Drafts that went from one person to another."""
    names = people.names(connection)
    rows = tuple(
        (
            moment_words(seconds_of(line.at)),
            *_form(connection, line.what),
            _named(names, line.body.get("from")),
            _named(names, line.who),
        )
        for line in journal.lines_between(connection, ("taken_over",), period.start, period.end)
    )
    heads = ("Waktu", "TPS", "Desa/kelurahan", "Formulir", "Dari", "Oleh")
    return Table("takeovers", "Entri yang diambil alih", heads, rows, "" if rows else "Tidak ada.")


def outages_table(connection: Connection, period: Period) -> Table:
    """Stretches in which the line was not well; those under a minute are counted together."""
    found = outages(line_log.until(connection, period.end), period.start, period.end)
    long = [one for one in found if one.lasted_s >= BRIEF_S or one.end is End.GOES_ON]
    brief_s = sum(one.lasted_s for one in found if one not in long)
    brief = len(found) - len(long)
    parts = [] if long else ["Tidak ada gangguan satu menit atau lebih."]
    if brief:
        parts.append(f"{words.number(brief)} gangguan di bawah satu menit, jumlahnya {lasting(brief_s)}.")
    heads = ("Mulai", "Selesai", "Lama", "Jenis", "Keterangan")
    return Table("outages", "Gangguan jalur ke KPU RI", heads, tuple(map(_outage, long)), " ".join(parts))


def corrections(connection: Connection, period: Period) -> Table:
    """What was changed after it had been read, withdrawn or moved, and why; of what is still read blind only that."""
    names = people.names(connection)
    rows = tuple(
        (
            moment_words(seconds_of(line.at)),
            *_form(connection, line.what),
            *_change(connection, line),
            _named(names, line.who),
        )
        for line in journal.lines_between(connection, tuple(_CHANGES), period.start, period.end)
    )
    heads = ("Waktu", "TPS", "Desa/kelurahan", "Formulir", "Perubahan", "Sebab", "Oleh")
    return Table("corrections", "Koreksi", heads, rows, "" if rows else "Tidak ada.")


def lasting(seconds: float) -> str:
    """`40 detik`, `12 mnt`, `2 jam 11 mnt`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, left = divmod(minutes, 60)
    if hours:
        return f"{words.number(hours)} jam {left} mnt"
    return f"{minutes} mnt" if minutes else f"{rest} detik"


def _outage(one: Outage) -> tuple[Value, ...]:
    ended = "–" if one.end is End.GOES_ON else moment_words(one.ended)
    told = "; ".join(filter(None, (flat(one.text).rstrip("."), _END_WORDS[one.end])))
    return (moment_words(one.began), ended, lasting(one.lasted_s), LINE_WORDS.get(one.state, one.state), told)


def _form(connection: Connection, what: str) -> tuple[str, str, str]:
    """TPS, desa and form out of `C1Key.text()`."""
    tps, form, number = what.split("/")
    station = register.station(connection, tps)
    again = f", pemungutan {number}" if number != "1" else ""
    desa = proper(flat(station.desa_name)) if station else ""
    return TpsId(tps).label, desa, form_title(form) + again


def _named(names: Mapping[str, str], person: object) -> str:
    return flat(names.get(str(person), person or ""))


def _change(connection: Connection, line: Line) -> tuple[str, str]:
    """What changed and why; the numbers, and words that may name them, only once nobody reads that paper blind."""
    changed, why = _CHANGES[line.kind](line.body)
    if may_tell(connection, line):
        return changed, why
    return ("Dikoreksi" if line.kind == "corrected" else changed), NOT_YET


def _corrected(body: Mapping[str, object]) -> tuple[str, str]:
    before, after = body.get("before"), body.get("after")
    changed = ""
    if isinstance(before, dict) and isinstance(after, dict):
        boxes = [one for one in {**before, **after} if before.get(one) != after.get(one)]
        changed = ", ".join(f"{one} {_cell(before.get(one))} → {_cell(after.get(one))}" for one in boxes)
    cause = str(body.get("cause") or "")
    return changed, flat(body.get("reason") or _CAUSES.get(cause, cause))


def _cell(value: object) -> str:
    return {"blank": "kosong", "unreadable": "tidak terbaca", None: "belum ada"}.get(value, str(value))  # type: ignore[call-overload,no-any-return]  # JSON values are int, str or None


def _withdrawn(body: Mapping[str, object]) -> tuple[str, str]:
    return "Ditarik", flat(body.get("reason") or "")


def _moved(body: Mapping[str, object]) -> tuple[str, str]:
    target = str(body.get("to") or "").split("/")[0]
    return f"Dipindah ke {TpsId(target).label} ({target[:10]})" if target else "Dipindah", flat(
        body.get("reason") or "Salah TPS"
    )


_CHANGES: dict[str, Callable[[Mapping[str, object]], tuple[str, str]]] = {
    "corrected": _corrected,
    "withdrawn": _withdrawn,
    "moved": _moved,
}
