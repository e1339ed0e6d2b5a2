"""What stands open when a report is made: unfinished readings, stops, and the C1 whose own sums are wrong.

The last are for the kecamatan's plenary, where the paper is corrected: here it is only ever keyed as it is written
(domain notes 2). Inside the report's transaction.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from app.domain.checks import Finding
from app.domain.form import Severity
from app.domain.periods import moment_words
from app.domain.readings import Order
from app.domain.times import seconds_of
from app.services import records, words
from app.services.findings import REASONS
from app.services.places import proper
from app.services.report_state import FACT_WORDS, form_title
from app.services.report_tables import NOT_YET, Table, flat
from app.services.sight import is_read
from app.services.waits import PUBLIC_DIFFERS, nameless, waiting
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import people, readings, register, versions, work_done
from app.store.driver import Connection

ORDER_WORDS = {
    Order.FIRST: "Entri pertama",
    Order.SECOND: "Entri kedua",
    Order.THIRD: "Bacaan ketiga",
    Order.COORDINATOR: "Keputusan koordinator",
}
STEP_WORDS = {**FACT_WORDS, "sent": "Dikirim", "returned": "Dikembalikan KPU RI"}
NO_REASON = "belum diberi alasan"
_ASKS = re.compile(
    r"\s*(Lihat kertas\.|[^.;]*\?)\s*"
)  # what is asked of the keyer is not asked of the plenary
_OWN = (  # what is one form's alone: pages and how many boxes they have, boxes that differ on the public site
    (re.compile(r"Halaman [\d, ]+ (belum|sudah)"), r"Halaman \1"),
    (re.compile(r": \d+ kotak belum dientri"), ""),
    (re.compile(rf"{PUBLIC_DIFFERS} \([^()]*\)"), PUBLIC_DIFFERS),
    (re.compile(r"^(Angka|Gambar)( versi \d+| hal\. \d+)?: "), r"\1: "),
)


def drafts(connection: Connection) -> Table:
    """Every reading somebody began and did not finish."""
    names = people.names(connection)
    rows = []
    for one in work_done.drafts(connection):
        station = register.station(connection, one.key.tps)
        rows.append(
            (
                one.key.tps.label,
                proper(flat(station.desa_name)) if station else "",
                form_title(one.key.form),
                ORDER_WORDS[one.order],
                flat(names.get(one.by, one.by)),
                moment_words(seconds_of(one.started)),
                f"{one.keyed} dari {one.boxes}",
            )
        )
    heads = ("TPS", "Desa/kelurahan", "Formulir", "Bacaan", "Petugas", "Sejak", "Kotak terisi")
    return Table("drafts", "Entri yang belum selesai", heads, tuple(rows), "" if rows else "Tidak ada.")


def stops(wp: Workplace) -> Table:
    """How many forms or sendings wait, by step and reason, the longest first within a step."""
    said: dict[tuple[str, str], list[str]] = {}
    for one in waiting(wp):  # up to 100,000 in a big district: sentences are compared as they are
        said.setdefault((one.step, one.reason), []).append(one.since)
    counts: Counter[tuple[str, str]] = Counter()
    oldest: dict[tuple[str, str], str] = {}
    for (step, reason), since in said.items():
        place = (step, reason_words(reason))
        counts[place] += len(since)
        oldest[place] = min(oldest.get(place, since[0]), *since)
    order = list(STEP_WORDS)
    places = sorted(counts, key=lambda place: (order.index(place[0]), oldest[place]))
    rows = tuple(
        (STEP_WORDS[step], reason, counts[step, reason], moment_words(seconds_of(oldest[step, reason])))
        for step, reason in places
    )
    heads = ("Langkah", "Sebab", "Jumlah", "Terlama sejak")
    return Table("stops", "Terhenti karena", heads, rows, "" if rows else "Tidak ada yang terhenti.")


def reason_words(reason: str) -> str:
    """A stop's reason without what is this one form's: who has it open, which page, which version."""
    plain = nameless(flat(reason))
    for own, instead in _OWN:
        plain = own.sub(instead, plain)
    return plain


def wrong_sums(connection: Connection) -> Iterator[Table]:
    """One table a kecamatan: every sum the paper itself has wrong, with what is written and the reason given.

    Of forms that are still read blind their number alone.
    """
    group = "C1 dengan jumlah yang salah, untuk pleno kecamatan"
    heads = ("TPS", "Desa/kelurahan", "Formulir", "Yang tertulis", "Alasan")
    found: dict[str, list[tuple[str, ...]]] = {}
    unread: Counter[str] = Counter()
    for number in work_done.forms_to_look_at(connection):
        form = c1_rows.by_id(connection, number)
        station = register.station(connection, form.key.tps)
        name = proper(flat(station.kecamatan_name)) if station else form.key.tps.kecamatan
        rows = found.setdefault(f"{form.key.tps.kecamatan} {name}", [])
        broken = list(_broken(connection, form))
        if not is_read(form):
            unread[f"{form.key.tps.kecamatan} {name}"] += bool(broken)
            continue
        again = f", pemungutan {form.key.round}" if form.key.round > 1 else ""
        desa = proper(flat(station.desa_name)) if station else ""
        title = form_title(form.key.form) + again
        rows += [(form.key.tps.label, desa, title, statement(one), reason) for one, reason in broken]
    places = sorted(place for place, rows in found.items() if rows or unread[place])
    if not places:
        yield Table("plenary", "Semua kecamatan", heads, (), "Tidak ada.", group=group)
    for place in places:
        code, name = place.split(" ", 1)
        rows = found[place]
        told = [f"{len({row[:3] for row in rows})} formulir, {len(rows)} jumlah."] if rows else []
        if unread[place]:
            told.append(f"{words.number(unread[place])} formulir {'lain ' if rows else ''}{NOT_YET}.")
        yield Table(f"plenary {code}", f"Kecamatan {name}", heads, tuple(rows), " ".join(told), group=group)


def statement(finding: Finding) -> str:
    """What the finding says, without what it asks: `Jumlah 01+02 = 181; tertulis 191.`"""
    return flat(_ASKS.sub(" ", finding.message.id))


def _broken(connection: Connection, form: c1_rows.C1Row) -> Iterator[tuple[Finding, str]]:
    assert form.head is not None  # noqa: S101 - asked for in SQL
    head = versions.by_id(connection, form.head)
    given = {
        one.fingerprint: one for one in readings.acceptances_of_form(connection, form.id, head.generation)
    }
    for finding in records.findings_on(connection, form, head.cells):
        if finding.severity is Severity.PAPER:
            reason = given.get(finding.fingerprint)
            yield finding, _reason(reason.reason, reason.note) if reason else NO_REASON


def _reason(reason: str, note: str) -> str:
    said = REASONS.get(reason, reason)
    written = flat(note)
    if written and said == REASONS["lainnya"]:
        return written
    return f"{said}: {written}" if written else said
