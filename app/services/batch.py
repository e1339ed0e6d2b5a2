"""Use cases as one line of JSON each: what the command line (and any program behind it) hands in and gets back.

Thread: any; every function is one or a few transactions of the services it names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.c1form import C1Key
from app.domain.cell import Cells, cells_from_json
from app.domain.people import Role
from app.domain.wilayah import TpsId
from app.errors import BadInput, ExpectedError, NotFound
from app.services import corrections, keying, people, verify
from app.services.people import Session
from app.services.workplace import Workplace

MAX_ROUND = 99  # the vote at one TPS was never repeated more than twice


def add_person(
    wp: Workplace,
    *,
    person_id: str,
    name: str,
    roles: frozenset[Role],
    pin: str,
    by: str | None = None,
    by_pin: str | None = None,
) -> str:
    """Add a person, signed by a coordinator when one is there and the PIN opens the key."""
    bosses = [one for one in people.people(wp) if Role.COORDINATE in one.roles and one.active]
    chosen = next((one for one in bosses if by in (None, one.id)), None)
    if by and chosen is None:
        raise NotFound(f"Koordinator {by} tidak dikenal.", hint="Lihat operator list.")
    session = people.sign_in(wp, chosen.id, by_pin or pin) if chosen else None
    person = people.add_person(wp, id=person_id, name=name, roles=roles, pin=pin, by=session)
    return f"{person.name} ({person.id}) ditambahkan: {', '.join(sorted(person.roles))}."


def key_line(wp: Workplace, session: Session, key: C1Key, cells: Cells, accept: list[Any]) -> dict[str, Any]:
    """One reading from the command line; findings that nobody accepted come back and nothing is finished."""
    done = keying.key_whole(wp, session, key, cells, accept=[acceptance_of(one) for one in accept])
    row: dict[str, Any] = {
        "tps": str(key.tps),
        "form": key.form,
        "round": key.round,
        "outcome": done.outcome.value,
    }
    if done.version:
        row["values_hash"] = done.version
    if done.is_finished and done.lacking:
        row["lacking"] = {str(page): boxes for page, boxes in sorted(done.lacking.items())}
    if done.missing:
        raise BadInput(
            f"Kotak belum diisi: {', '.join(done.missing)}. Draf tersimpan.",
            hint="Lengkapi lalu kirim lagi barisnya.",
        )
    if done.findings_left:
        row["findings"] = [
            {
                "check": one.finding.code,
                "severity": one.finding.severity.value,
                "text": one.finding.message.id,
            }
            for one in done.findings_left
        ]
    return row


def acceptance_of(value: Any) -> dict[str, str]:
    """`"*"`, a check's code, or `{"check", "reason", "note"}`; without a reason: tertulis demikian."""
    if isinstance(value, str):
        value = {"check": value}
    if not isinstance(value, dict):
        raise BadInput("accept berisi kode pemeriksaan atau objek {check, reason, note}.")
    check = value.get("check", value.get("code", keying.EVERY_CHECK))
    reason = str(value.get("reason", "tertulis demikian")).strip().lower().replace(" ", "_")
    return {"check": str(check), "reason": reason, "note": str(value.get("note", ""))}


def confirm_identical(wp: Workplace, session: Session) -> dict[str, Any]:
    """Everything identical in one batch."""
    done = verify.confirm_identical(wp, session)
    return {
        "confirmed": done.done,
        "refused": [{"tps": str(key.tps), "text": text} for key, text in done.refused],
    }


def verdict_line(wp: Workplace, session: Session, key: C1Key, value: Mapping[str, Any]) -> dict[str, Any]:
    """One verdict from the command line."""
    verdict = str(value.get("verdict", ""))
    if verdict not in ("ok", "wrong"):
        raise BadInput(f'verdict harus "ok" atau "wrong", bukan {verdict!r}.')
    verify.give_verdict(wp, session, key, verdict, reason=str(value.get("reason", "")))
    return {"tps": str(key.tps), "form": key.form, "round": key.round, "verdict": verdict}


def correction_line(wp: Workplace, session: Session, value: dict[str, Any]) -> dict[str, Any]:
    """One correction from the command line; findings nobody gave a reason for are told, and wait for the verifier."""
    key, cells, accept = reading_of(value)
    given = [keying.Accept.parse(acceptance_of(one)) for one in accept]
    reason = value.get("reason")
    if not isinstance(reason, str | None):
        raise BadInput("reason harus teks.", hint="Tulis mengapa, misalnya: salah baca, salah TPS.")
    corrections.correct(wp, session, key, cells, reason or "", given)
    left = [one.code for one in corrections.would_find(wp, key, {})]
    row: dict[str, Any] = {"tps": str(key.tps), "form": key.form, "round": key.round}
    row["corrected"] = sorted(cells)
    return row | ({"findings": left} if left else {})


# ---- one line in -----------------------------------------------------------------------------------------------


def tps_of(text: object) -> TpsId:
    try:
        return TpsId.parse(str(text))
    except ValueError as error:
        raise BadInput(f"{error}.", hint="Periksa kode TPS.") from None


def key_of(value: dict[str, Any]) -> C1Key:
    tps, form, number = value.get("tps"), value.get("form", "c1-ppwp-2019"), value.get("round", 1)
    if not isinstance(form, str):
        raise BadInput(f"form harus kode formulir, bukan {form!r}.")
    if type(number) is not int or not 1 <= number <= MAX_ROUND:
        raise BadInput(f"round harus bilangan 1-{MAX_ROUND}, bukan {str(number)[:20]}.")
    return C1Key(tps_of(tps), form, number)


def reading_of(value: dict[str, Any]) -> tuple[C1Key, dict[str, Any], list[Any]]:
    cells, accept = value.get("cells"), value.get("accept", [])
    if not isinstance(cells, dict) or not isinstance(accept, list):
        raise BadInput("Baris tidak berisi cells (objek) dan accept (daftar).", hint="Lihat --help.")
    try:
        return key_of(value), cells_from_json(cells), accept
    except ValueError as error:
        raise BadInput(
            f"Isi kotak tidak dikenal: {error}.", hint='Angka, "blank", atau "unreadable".'
        ) from None


def attempt(number: int, line: str, act: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """One line's outcome; a bad line says so and does not stop its neighbours."""
    try:
        value = json.loads(line)
        if not isinstance(value, dict):
            raise BadInput("bukan objek JSON.")
        json.dumps(value, ensure_ascii=False).encode("utf-8")
        return {"line": number, **act(value)}
    except UnicodeEncodeError:
        return {"line": number, "error": f"Baris {number}: bukan teks UTF-8."}
    except RecursionError:
        return {"line": number, "error": f"Baris {number}: bersarang terlalu dalam."}
    except json.JSONDecodeError as error:
        return {"line": number, "error": f"Baris {number}: bukan JSON ({error.msg}, kolom {error.colno})."}
    except (ExpectedError, ValueError, TypeError) as error:
        text = error.sentence() if isinstance(error, ExpectedError) else str(error)
        return {"line": number, "error": f"Baris {number}: {text}"}
