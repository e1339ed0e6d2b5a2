"""Verification: what came back beside what is here, verdicts, and the reasons for findings nobody had met before.

Invariants: a verdict needs settled values and a verifier who had no hand in the first reading; only what nobody's eye
could add to is confirmed in the batch (`app.domain.compare`), and of that exactly what the person was shown; a repair
is shown to those alone who can no longer be its blind readers. Source: design sections 4, 5 and 7. Thread: any.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from app.domain.c1form import C1Key
from app.domain.cell import Cell, Cells
from app.domain.checks import Beside
from app.domain.compare import Evidence, differences, differs_sentence, missing_pages, why_not_batch
from app.domain.diagnosis import Diagnosis, explain
from app.domain.lifecycle import VERSION, VersionEvent, VersionState, sources
from app.domain.people import OWN_VERIFY, Role, may_verify
from app.domain.readings import Order, Outcome
from app.errors import BadInput, ExpectedError, NotAllowed, NotFound
from app.services import beside, findings, records, verdicts
from app.services.corrections import correct, withdraw
from app.services.findings import FindingView
from app.services.moving import move_form, swap
from app.services.people import Session, need_role
from app.services.register import known
from app.services.sight import may_see
from app.services.workplace import Workplace, definition
from app.store import c1 as c1_rows
from app.store import exchange, pages, readings, reports, versions
from app.store.driver import Connection

__all__ = [
    "BatchResult",
    "Returned",
    "Shown",
    "accept_finding",
    "confirm_identical",
    "correct",
    "give_verdict",
    "move_form",
    "returned",
    "returned_count",
    "returned_one",
    "swap",
    "withdraw",
]

NOT_SETTLED = "Formulir ini belum tuntas dibaca oleh dua orang, jadi belum dapat diverifikasi."
BATCH = 200  # verdicts in one transaction, so that a key pressed meanwhile waits little


@dataclass(frozen=True, slots=True)
class Returned:
    """A form as the centre stores it (`cells`) beside ours. `why_not` = sentences against confirming unseen.

    `diagnosis`: what would make every sum whole; None for a person who may not see it.
    """

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
    findings: tuple[FindingView, ...]
    state: VersionState
    scans: tuple[str, ...] = ()  # of the pages here, by number
    diagnosis: Diagnosis | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A form as it stood before the eyes of whoever judges it; `scans` by page, None where no image was looked at."""

    key: C1Key
    values_hash: str
    scans: tuple[str, ...] | None = None


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
    """One form's comparison, also one the centre answered with other values or refused (then `cells` is empty), with
    the notes on its other ballots and its area.

    Raises NotFound when the centre has not answered, NotAllowed while this person may still be its blind reader.
    """
    with wp.db.reading() as connection:
        form = known(connection, key)
        one = _returned(connection, form, session.person.id)
        if not may_see(connection, form, session.person.id):
            raise NotAllowed(NOT_SETTLED, hint="Selesaikan entri kedua dulu.")
        around = beside.for_verifier(connection, form, session.person.id)
        return replace(one, findings=tuple(_findings(connection, form, one.local_cells, around)))


def confirm_identical(
    wp: Workplace,
    session: Session,
    keys: Sequence[C1Key] | None = None,
    *,
    shown: Sequence[Shown] | None = None,
) -> BatchResult:
    """Confirm everything (or `keys`) that may be confirmed without opening it. Raises NotAllowed without the role.

    `shown`: these and no other, and only as they were shown: what changed since is refused and says so.
    """
    need_role(session, Role.VERIFY)
    seen = {one.key: one.values_hash for one in shown or ()}
    with wp.db.reading() as connection:
        if shown is None and keys is None:
            wanted = reports.returned_forms(connection, True, -1, 0)
        else:
            wanted = [known(connection, key).id for key in keys or seen]
    done, refused = 0, list[tuple[C1Key, str]]()
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        for key, sentence in wp.db.write(partial(_confirm, wp=wp, session=session, c1s=part, seen=seen)):
            if sentence:
                refused.append((key, sentence))
            else:
                done += 1
    return BatchResult(done, tuple(refused))


def accept_finding(
    wp: Workplace, session: Session, key: C1Key, code: str, reason: str, note: str = ""
) -> None:
    """The verifier's reason for a finding on the settled values: those of two readers, mixed, may break a rule that
    neither of them met. Kept with the last reading, journalled, and sent with the record.

    Raises NotFound, NotAllowed (role, own form, not settled), BadInput.
    """
    need_role(session, Role.VERIFY)

    def work(connection: Connection) -> None:
        form = known(connection, key)
        if not may_verify(session.person.id, _first_readers(connection, form)):
            raise NotAllowed(OWN_VERIFY, code="own_form")
        if form.outcome is not Outcome.SETTLED or form.head is None:
            raise NotAllowed(NOT_SETTLED, hint="Selesaikan entri kedua dulu.")
        head = versions.by_id(connection, form.head)
        views = _findings(connection, form, head.cells)
        view = next((one for one in views if one.check == code and one.needs_reason), None)
        if view is None:
            raise BadInput(
                f"Temuan {code} sudah tidak ada pada angka sekarang.", hint="Periksa daftar temuan."
            )
        if view.accepted is not None and view.accepted.by != session.person.id:
            raise BadInput(f"Temuan {code} sudah diberi alasan.", hint="Alasan orang lain tidak diganti.")
        last = readings.of_form(connection, form.id, form.generation)[-1]
        findings.keep(connection, wp, session, last, view.finding, reason, note)
        records.send_again(connection, wp, form.id)

    wp.db.write(work)


def give_verdict(
    wp: Workplace,
    session: Session,
    key: C1Key,
    verdict: str,
    reason: str = "",
    shown: Shown | None = None,
) -> None:
    """Ok or wrong, after looking at what is `shown`: a verdict names the values and images that were seen.

    Raises NotFound, NotAllowed (role, own form, not settled, pages missing, something else stands there meanwhile).
    """
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
        if shown is not None and (shown.values_hash, shown.scans) != (one.values_hash, one.scans):
            raise NotAllowed(
                "Angka atau gambarnya berganti sejak ditampilkan; putusan tidak dicatat.",
                hint="Tutup (Esc), lalu buka lagi.",
            )
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
    connection: Connection,
    wp: Workplace,
    session: Session,
    c1s: Sequence[int],
    seen: Mapping[C1Key, str],
) -> list[tuple[C1Key, str]]:
    results = []
    for c1 in c1s:
        form = c1_rows.by_id(connection, c1)
        try:
            one = _returned(connection, form, session.person.id)
            sentence = " ".join(one.why_not)
            if not sentence and one.state is not VersionState.RETURNED:
                sentence = "Sudah diputuskan."
            elif not sentence and seen.get(form.key, one.values_hash) != one.values_hash:
                sentence = "Angkanya berganti sejak ditampilkan."
        except ExpectedError as error:
            sentence = str(error)
        if not sentence:
            verdicts.give(connection, wp, session, form, "ok", "")
        results.append((form.key, sentence))
    return results


def _may_be_right(form: c1_rows.C1Row, one: Returned) -> None:
    if form.outcome is not Outcome.SETTLED:
        raise NotAllowed(NOT_SETTLED, hint="Selesaikan entri kedua dulu.")
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
    back = _answer(connection, form, head) if head is not None else None
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
    found = _findings(connection, form, head.cells)
    evidence = Evidence(
        local=head.cells,
        centre=back.cells,
        is_settled=form.outcome is Outcome.SETTLED,
        readers=_readers(connection, form),
        readers_needed=form.readings_needed,
        page_count=form.page_count,
        pages={n: row.scan for n, row in local_pages.items()},
        centre_pages={**held, **back.pages},
        findings_open=sum(one.needs_reason and one.accepted is None for one in found),
        verifier=person,
        first_readers=_first_readers(connection, form),
        paper_codes=definition(form.key.form).paper_codes,
    )
    may_see = evidence.is_settled and may_verify(person, evidence.first_readers)
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
        findings=tuple(found),
        state=head.state,
        scans=tuple(row.scan for _n, row in sorted(local_pages.items())),
        diagnosis=explain(definition(form.key.form), head.cells) if may_see else None,
    )


def _answer(
    connection: Connection, form: c1_rows.C1Row, head: versions.VersionRow
) -> exchange.ReturnedRow | None:
    """What the centre holds for the form: returned as ours, or its other values; nothing of what it refused."""
    if head.state is VersionState.RIVAL:
        rivals = exchange.rivals(connection, form.id)
        cells = rivals[-1][1] if rivals else {}
        return exchange.ReturnedRow(head.id, cells, {}, head.state_at, is_identical=False)
    if head.state is VersionState.REJECTED:
        return exchange.ReturnedRow(head.id, {}, {}, head.state_at, is_identical=False)
    return exchange.returned(connection, head.id)


def _findings(
    connection: Connection, form: c1_rows.C1Row, cells: Cells, known: Beside | None = None
) -> list[FindingView]:
    """What the checks say of the head's values, with the reasons that stand; `known` for notes on what lies beside."""
    given = readings.acceptances_of_form(connection, form.id, form.generation)
    return findings.with_reasons(records.findings_on(connection, form, cells, known), given)


def _readers(connection: Connection, form: c1_rows.C1Row) -> int:
    """Different people who read the form to the end."""
    rows = readings.of_form(connection, form.id, form.generation)
    return len({row.by for row in rows if row.cells is not None})


def _first_readers(connection: Connection, form: c1_rows.C1Row) -> frozenset[str]:
    return readings.hands(connection, form.id, form.generation, Order.FIRST)
