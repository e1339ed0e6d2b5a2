"""Records in: stored, replayed, rival or rejected, each alone. The rules of a record stand here, those of the head
in `versions`.

Idempotency key: identity + values_hash + repeat. The same values again merge their attestations (readings, acceptances,
pages) and get the first receipt. Whatever is refused changed nothing. Runs inside one transaction per batch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec

from app.domain.c1form import C1Key, values_hash
from app.domain.cell import Cells, cells_from_json
from app.domain.form import FormDefinition
from app.domain.people import Role
from app.domain.wilayah import TpsId
from sync.central import feed, people, receipts, versions
from sync.central.accounts import Caller
from sync.central.centre import Centre
from sync.central.driver import Connection, Row
from sync.central.refusal import Refused, problem
from sync.wire import EventKind, Problem, Reading, Record, RecordResult, RecordStatus, convert

CAUSES = frozenset({"first", "settled", "correction", "moved"})
UNKNOWN_KEY = "?"  # of a record so broken that it names no form


def accept(con: Connection, centre: Centre, who: Caller, raw: object, as_of: int = 0) -> RecordResult:
    """Take one record of a batch. Never raises for a bad one. `as_of`: of a record that does not say so itself."""
    key_text = _key_text(raw)
    try:
        record = convert(raw, Record)
        key = C1Key(TpsId.parse(record.tps), record.form, record.round)
        cells = cells_from_json(record.cells)
        form = _check(centre, who, key, record, cells)
        own_hash = values_hash(centre.realm, key, cells)
        bodies = [
            _signed_reading(con, centre, who, key, own_hash, cells, form, one) for one in record.readings
        ]
    except (msgspec.ValidationError, ValueError) as error:
        return _rejected(
            key_text, Refused(400, "malformed", f"Rekaman tidak dapat dibaca: {str(error)[:300]}")
        )
    except Refused as refused:
        return _rejected(key_text, refused)
    return _store(con, centre, who, key, record, own_hash, bodies, record.as_of or as_of)


def _key_text(raw: object) -> str:
    """As much of the key as can be read, so that even a broken record is answered by name."""
    if isinstance(raw, Mapping):
        parts = [raw.get("tps"), raw.get("form"), raw.get("round")]
        if all(isinstance(part, str | int) for part in parts):
            return "/".join(str(part)[:64] for part in parts)
    return UNKNOWN_KEY


def _rejected(key: str, refused: Refused) -> RecordResult:
    found = problem(refused.status, refused.code, str(refused), retryable=refused.retryable)
    return RecordResult(key=key, status=RecordStatus.REJECTED, problem=found)


def _check(centre: Centre, who: Caller, key: C1Key, record: Record, cells: Cells) -> FormDefinition:
    """The record's own rules. The arithmetic of the paper is none of them."""
    if key.tps.kabupaten != who.district:
        raise Refused(403, "other_district", f"{key.tps.label} bukan milik kabupaten/kota ini.")
    form = centre.forms.get(key.form)
    if form is None:
        raise Refused(400, "unknown_form", f"Formulir {key.form} tidak dipakai di server ini.")
    strange = [field for field in cells if field not in form.by_id]
    if strange or not cells:
        raise Refused(400, "unknown_field", f"Kotak tidak dikenal atau kosong: {', '.join(strange)[:200]}")
    numbers = {page.n for page in form.pages}
    if not {page.n for page in record.pages} <= numbers:
        raise Refused(400, "unknown_page", "Nomor halaman tidak ada pada formulir ini.")
    if record.cause not in CAUSES:
        raise Refused(400, "malformed", "Sebab versi tidak dikenal.")
    if not record.readings:
        raise Refused(400, "no_reading", "Rekaman tanpa pembacaan yang ditandatangani tidak diterima.")
    return form


def _signed_reading(
    con: Connection,
    centre: Centre,
    who: Caller,
    key: C1Key,
    own_hash: str,
    own_cells: Cells,
    form: FormDefinition,
    reading: Reading,
) -> tuple[Reading, dict[str, object], Cells]:
    """Check that the reading names the cells it claims and is signed by its reader; returns body and cells."""
    cells = own_cells if reading.cells is None else cells_from_json(reading.cells)
    if any(field not in form.by_id for field in cells):
        raise Refused(400, "unknown_field", "Pembacaan memuat kotak yang tidak dikenal.")
    expected = own_hash if reading.cells is None else values_hash(centre.realm, key, cells)
    if reading.values_hash != expected:
        raise Refused(400, "hash_mismatch", f"Pembacaan {reading.by} tidak cocok dengan nilainya.")
    body: dict[str, object] = {
        "tps": str(key.tps),
        "form": key.form,
        "round": key.round,
        "order": reading.order,
        "by": reading.by,
        "values_hash": reading.values_hash,
        "started": reading.started,
        "finished": reading.finished,
        "taken_over_from": list(reading.taken_over_from),
        "signature": reading.signature,
    }
    fault = people.has_signed(con, centre.realm, who.district, "reading", reading.by, body, reading.finished)
    if fault is None and not people.has_role(con, who.district, reading.by, Role.KEY, Role.VERIFY):
        fault = "role"
    if fault is not None:
        raise Refused(
            403, fault, people.SENTENCES[fault].format(reading.by), retryable=fault in people.RETRYABLE
        )
    return reading, body, cells


Checked = tuple[Reading, dict[str, object], Cells]


def _store(
    con: Connection,
    centre: Centre,
    who: Caller,
    key: C1Key,
    record: Record,
    own_hash: str,
    readings: list[Checked],
    as_of: int,
) -> RecordResult:
    text = key.text()
    known = versions.by_hash(con, text, own_hash, record.repeat)
    if known is not None:
        return _merge(con, centre, who, record, readings, known, as_of)
    con.execute(
        "INSERT OR IGNORE INTO form (key, district, tps, form, round) VALUES (?, ?, ?, ?, ?)",
        (text, who.district, str(key.tps), key.form, key.round),
    )
    state = versions.state_for(con, text, own_hash, record.parent, record.repeat)
    receipt = receipts.give(con, centre, "record", text, own_hash)
    cursor = con.execute(
        "INSERT INTO version (key, values_hash, repeat, cells, parent, cause, device, received_at, state, receipt)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            text,
            own_hash,
            record.repeat,
            json.dumps(record.cells, sort_keys=True),
            record.parent,
            record.cause,
            who.device,
            centre.clock(),
            "superseded" if state == "head" else state,  # `put_head` makes it the head, and nobody else does
            receipt.sequence,
        ),
    )
    version = int(cursor.lastrowid or 0)
    _attest(con, version, record, readings, (who.device, as_of))
    if state == "head":
        versions.put_head(con, centre, text, version)
    versions.place_ancestors(con, text)
    stored = versions.by_hash(con, text, own_hash, record.repeat)
    if state == "rival" and stored is not None:
        feed.add(con, centre, who.district, EventKind.RIVAL, **versions.facts(stored))
        return RecordResult(key=text, status=RecordStatus.RIVAL, receipt=receipt, problem=_rival_problem())
    return RecordResult(key=text, status=RecordStatus.STORED, receipt=receipt)


def _merge(
    con: Connection,
    centre: Centre,
    who: Caller,
    record: Record,
    readings: list[Checked],
    known: Row,
    as_of: int,
) -> RecordResult:
    """The same values again: keep what is new about them, answer with the first receipt.

    A rival's values that now come as what follows the head (two PCs arrived at them by different ways) compete no more.
    """
    pages_before = versions.pages_of(con, known["id"])
    _attest(con, known["id"], record, readings, (who.device, as_of))
    versions.consider(con, known["key"])
    known = versions.take_up(con, centre, known, record.parent)
    if known["state"] == "head" and versions.pages_of(con, known["id"]) != pages_before:
        versions.pages_changed(con, centre, who.district, known)
    receipt = receipts.stored(con, centre, known["receipt"])
    if known["state"] == "rival":
        return RecordResult(
            key=known["key"], status=RecordStatus.RIVAL, receipt=receipt, problem=_rival_problem()
        )
    return RecordResult(key=known["key"], status=RecordStatus.REPLAYED, receipt=receipt)


def _rival_problem() -> Problem:
    return problem(
        409,
        "rival",
        "Server sudah menyimpan nilai lain untuk formulir ini. Bandingkan keduanya dengan kertas.",
    )


def _attest(
    con: Connection, version: int, record: Record, readings: list[Checked], said: tuple[str, int]
) -> None:
    """`said`: by which device, as of which line of its journal."""
    for reading, body, cells in readings:
        con.execute(
            "INSERT OR IGNORE INTO reading (version, ord, person, values_hash, cells, body) VALUES (?, ?, ?, ?, ?, ?)",
            (
                version,
                reading.order,
                reading.by,
                reading.values_hash,
                json.dumps(cells, sort_keys=True),
                json.dumps(body, sort_keys=True),
            ),
        )
    for acceptance in record.accepted:
        body_text = msgspec.json.encode(acceptance).decode("utf-8")
        con.execute("INSERT OR IGNORE INTO acceptance VALUES (?, ?)", (version, body_text))
    for page in record.pages:
        con.execute(
            "INSERT INTO page VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (version, n) DO UPDATE SET"
            " sha256 = excluded.sha256, bytes = excluded.bytes, device = excluded.device, as_of = excluded.as_of"
            " WHERE excluded.device <> page.device OR excluded.as_of >= page.as_of OR excluded.as_of = 0",
            (version, page.n, page.sha256, page.bytes, *said),
        )
