"""Verification: what came back beside what is here, verdicts, corrections, withdrawals.

Invariants: a verdict needs settled values and a verifier who had no hand in the first reading; only what nobody's eye
could add to is confirmed in the batch (`app.domain.compare`); a correction starts the readings afresh, so that it is
proved by two people like everything else. Source: design sections 4, 5 and 7. Thread: any.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.domain.c1form import C1Key
from app.domain.cell import Cell
from app.domain.checks import Finding
from app.domain.compare import Evidence, differences, differs_sentence, missing_pages, why_not_batch
from app.domain.lifecycle import VERSION, VersionEvent, VersionState, sources
from app.domain.people import OWN_VERIFY, Role, may_verify
from app.domain.readings import Order, Outcome
from app.errors import ExpectedError, NotAllowed, NotFound
from app.services import beside, records, verdicts
from app.services.corrections import correct, move_form, withdraw
from app.services.people import Session, need_role
from app.services.register import known
from app.services.workplace import Workplace, definition
from app.store import c1 as c1_rows
from app.store import exchange, pages, readings, reports, versions
from app.store.driver import Connection

__all__ = [
    "BatchResult",
    "Returned",
    "confirm_identical",
    "correct",
    "give_verdict",
    "move_form",
    "returned",
    "returned_count",
    "returned_one",
    "withdraw",
]

BATCH = 200  # verdicts in one transaction, so that a key pressed meanwhile waits little


@dataclass(frozen=True, slots=True)
class Returned:
    """A form as the centre stores it (`cells`) beside ours. `why_not` = sentences against confirming unseen."""

    key: C1Key
    values_hash: str
    cells: dict[str, Cell]
    local_cells: dict[str, Cell]
    is_identical: bool
    differing: tuple[str, ...]
    why_not: tuple[str, ...]
    pages: dict[int, str]
    missing_pages: tuple[int, ...]
    returned_at: float
    findings: tuple[Finding, ...]
    state: VersionState


@dataclass(frozen=True, slots=True)
class BatchResult:
    """How many were confirmed, and why the others were not."""

    done: int
    refused: tuple[tuple[C1Key, str], ...]


def returned(
    wp: Workplace, session: Session, *, identical: bool | None = None, limit: int = 200, offset: int = 0
) -> list[Returned]:
    """What waits for a verdict, by TPS: all, the identical or the differing."""
    with wp.db.reading() as connection:
        ids = reports.returned_forms(connection, identical, limit, offset)
        return [_returned(connection, c1_rows.by_id(connection, c1), session.person.id) for c1 in ids]


def returned_count(wp: Workplace, identical: bool | None = None) -> int:
    """How many wait for a verdict."""
    return reports.returned_count(wp.db.reader, identical)


def returned_one(wp: Workplace, session: Session, key: C1Key) -> Returned:
    """One form's comparison, with the notes on its other ballots and its area. Raises NotFound when not returned."""
    with wp.db.reading() as connection:
        form = known(connection, key)
        one = _returned(connection, form, session.person.id)
        around = beside.for_verifier(connection, form, session.person.id)
        return replace(one, findings=tuple(records.findings_on(connection, form, one.local_cells, around)))


def confirm_identical(wp: Workplace, session: Session, keys: Sequence[C1Key] | None = None) -> BatchResult:
    """Confirm everything (or `keys`) that may be confirmed without opening it. Raises NotAllowed without the role."""
    need_role(session, Role.VERIFY)
    with wp.db.reading() as connection:
        if keys is None:
            wanted = reports.returned_forms(connection, True, -1, 0)
        else:
            wanted = [known(connection, key).id for key in keys]
    done, refused = 0, list[tuple[C1Key, str]]()
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        for key, sentence in wp.db.write(partial(_confirm, wp=wp, session=session, c1s=part)):
            if sentence:
                refused.append((key, sentence))
            else:
                done += 1
    return BatchResult(done, tuple(refused))


def give_verdict(wp: Workplace, session: Session, key: C1Key, verdict: str, reason: str = "") -> None:
    """Ok or wrong, after looking. Raises NotFound, NotAllowed (role, own form, not settled, pages missing)."""
    need_role(session, Role.VERIFY)

    def work(connection: Connection) -> None:
        form = known(connection, key)
        one = _returned(connection, form, session.person.id)
        if form.outcome is Outcome.PARTLY_READ:
            raise NotAllowed(
                "Formulir ini baru dientri sebagian, jadi belum dapat diverifikasi.",
                hint="Entri dulu halaman yang kurang.",
            )
        if not may_verify(session.person.id, _first_readers(connection, form)):
            raise NotAllowed(OWN_VERIFY, code="own_form")
        event = VersionEvent.CONFIRM if verdict == "ok" else VersionEvent.DISPUTE
        if one.state not in sources(VERSION, event):
            raise NotAllowed(
                "Putusan yang sama sudah diberikan.", hint="Lihat antrean dan riwayat formulir ini."
            )
        if verdict == "ok":
            _may_be_right(form, one)
        verdicts.give(connection, wp, session, form, verdict, reason)

    wp.db.write(work)


def _confirm(
    connection: Connection, wp: Workplace, session: Session, c1s: Sequence[int]
) -> list[tuple[C1Key, str]]:
    results = []
    for c1 in c1s:
        form = c1_rows.by_id(connection, c1)
        try:
            one = _returned(connection, form, session.person.id)
            sentence = " ".join(one.why_not)
            if not sentence and one.state is not VersionState.RETURNED:
                sentence = "Sudah diputuskan."
        except ExpectedError as error:
            sentence = str(error)
        if not sentence:
            verdicts.give(connection, wp, session, form, "ok", "")
        results.append((form.key, sentence))
    return results


def _may_be_right(form: c1_rows.C1Row, one: Returned) -> None:
    if form.outcome is not Outcome.SETTLED:
        raise NotAllowed(
            "Formulir ini belum tuntas dibaca oleh dua orang, jadi belum dapat diverifikasi.",
            hint="Selesaikan entri kedua dulu.",
        )
    if one.differing:
        raise NotAllowed(
            differs_sentence(one.differing, definition(form.key.form).paper_codes),
            hint="Pilih 'tidak cocok', lalu perbaiki.",
        )
    if one.missing_pages:
        numbers = ", ".join(str(n) for n in one.missing_pages)
        raise NotAllowed(
            f"Halaman {numbers} belum dipindai.", hint="Pindai dulu: putusan membandingkan dengan gambar."
        )


def _returned(connection: Connection, form: c1_rows.C1Row, person: str) -> Returned:
    head = versions.by_id(connection, form.head) if form.head is not None else None
    back = exchange.returned(connection, head.id) if head is not None else None
    if head is None or back is None:
        raise NotFound(
            f"{form.key.tps.label} belum dikembalikan KPU RI.",
            hint="Tunggu sampai diterima dan dikembalikan.",
        )
    local_pages = {row.n or 0: row for row in pages.of_form(connection, form.id)}
    # A thrifty copy is enough: the centre's receipt names the scan it stands for, and the verifier looks at that one.
    held = {
        n: row.scan
        for n, row in local_pages.items()
        if row.held_at is not None or row.thrifty_held_at is not None
    }
    findings = records.findings_on(connection, form, head.cells)
    evidence = Evidence(
        local=head.cells,
        centre=back.cells,
        is_settled=form.outcome is Outcome.SETTLED,
        readers=_readers(connection, form),
        readers_needed=form.readings_needed,
        page_count=form.page_count,
        pages={n: row.scan for n, row in local_pages.items()},
        centre_pages={**held, **back.pages},
        findings_open=records.open_findings(connection, form, form.generation, head.cells),
        verifier=person,
        first_readers=_first_readers(connection, form),
        paper_codes=definition(form.key.form).paper_codes,
    )
    return Returned(
        key=form.key,
        values_hash=head.values_hash,
        cells=back.cells,
        local_cells=head.cells,
        is_identical=not differences(evidence),
        differing=differences(evidence),
        why_not=why_not_batch(evidence),
        pages=back.pages,
        missing_pages=missing_pages(form.page_count, local_pages),
        returned_at=back.at,
        findings=tuple(findings),
        state=head.state,
    )


def _readers(connection: Connection, form: c1_rows.C1Row) -> int:
    """Different people who read the form to the end."""
    rows = readings.of_form(connection, form.id, form.generation)
    return len({row.by for row in rows if row.cells is not None})


def _first_readers(connection: Connection, form: c1_rows.C1Row) -> frozenset[str]:
    rows = readings.of_form(connection, form.id, form.generation)
    return frozenset[str]().union(*(row.people for row in rows if row.order is Order.FIRST))
