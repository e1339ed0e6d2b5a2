"""Pages: scanned sheets and the forms they belong to; the scanner's rows.

Invariants: attaching a page is one transaction with its journal line, the scan's outbox row (once a scan) and the
record going out again with the new page; keying never waits for a page. Thread: any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from app.domain.c1form import C1Key
from app.domain.compare import missing_pages as missing_numbers
from app.domain.lifecycle import OutboxState
from app.domain.people import Role
from app.domain.times import iso
from app.errors import BadInput, NotFound
from app.ports import IntakeResult, IntakeState, ItemKind, Json, NewScan, PageRows
from app.services import records
from app.services.people import Session, need_role
from app.services.register import known
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import journal, outbox, reports, thrifty
from app.store import pages as rows
from app.store.driver import Connection

INBOX_LIMIT = 500


@dataclass(frozen=True, slots=True)
class InboxPage:
    """A page nobody has placed yet; `key` and `page` are the scanner's guess."""

    id: int
    scan_sha256: str
    path: Path
    thumbnail: Path
    name: str
    taken_at: str
    key: C1Key | None
    page: int | None
    warnings: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of a form."""

    id: int
    n: int
    scan_sha256: str
    path: Path
    thumbnail: Path
    warnings: tuple[str, ...]
    quality: Mapping[str, float | str]
    is_at_centre: bool


@dataclass(frozen=True, slots=True)
class MissingPages:
    """A form whose paper is here but not all of its sheets were scanned."""

    key: C1Key
    missing: tuple[int, ...]
    desa_name: str
    kecamatan_name: str


class _Rows:
    """`app.ports.PageRows` over the store."""

    def __init__(self, wp: Workplace) -> None:
        self._wp = wp

    def is_known_original(self, original_sha256: str) -> bool:
        return rows.is_known_original(self._wp.db.reader, original_sha256)

    def add_page(
        self, scan: NewScan, key: C1Key | None, page: int | None, state: IntakeState, by: str
    ) -> IntakeResult:
        return self._wp.db.write(lambda connection: _add(connection, self._wp, scan, key, page, state, by))


def page_rows(wp: Workplace) -> PageRows:
    """Where the scanner puts its rows."""
    return _Rows(wp)


def inbox(wp: Workplace, limit: int = INBOX_LIMIT) -> list[InboxPage]:
    """Pages that wait for a person, oldest first."""
    return [
        InboxPage(
            row.id,
            row.scan,
            scan_path(wp, row.scan),
            scan_path(wp, row.thumbnail),
            row.name,
            iso(row.at),
            row.suggested,
            row.suggested_n,
            row.warnings,
            row.reason,
        )
        for row in rows.inbox(wp.db.reader, limit)
    ]


def assign(wp: Workplace, by: Session, page_id: int, key: C1Key, page: int) -> None:
    """Put a page in its place; a page that was there is kept as replaced. Raises NotFound, BadInput, NotAllowed."""
    need_role(by, Role.SCAN, Role.KEY, Role.VERIFY)
    wp.db.write(lambda connection: _attach(connection, wp, page_id, key, page, by.person.id))


def move_page(wp: Workplace, by: Session, page_id: int, key: C1Key, page: int) -> None:
    """The scan was filed at the wrong TPS or under the wrong number. Raises as `assign`."""
    assign(wp, by, page_id, key, page)


def set_aside(wp: Workplace, by: Session, page_id: int, reason: str = "") -> None:
    """A page that is no sheet of any form (blank side, cover). Raises NotFound, NotAllowed."""
    need_role(by, Role.SCAN, Role.KEY, Role.VERIFY)

    def work(connection: Connection) -> None:
        row = _page(connection, page_id)
        rows.set_state(connection, page_id, IntakeState.SET_ASIDE.value, reason)
        body: Json = {"page": page_id, "scan": row.scan, "reason": reason}
        what = row.scan
        if row.c1 is not None:
            what = c1_rows.by_id(connection, row.c1).key.text()
            records.send_again(connection, wp, row.c1)
        journal.add(connection, wp.now(), "page_set_aside", by.person.id, what, body)

    wp.db.write(work)


def pages_of(wp: Workplace, key: C1Key) -> list[PageView]:
    """The form's pages in order. Raises NotFound."""
    with wp.db.reading() as connection:
        form = known(connection, key)
        return [
            PageView(
                row.id,
                row.n or 0,
                row.scan,
                scan_path(wp, row.scan),
                scan_path(wp, row.thumbnail),
                row.warnings,
                row.quality,
                row.held_at is not None,
            )
            for row in rows.of_form(connection, form.id)
        ]


def missing_pages(wp: Workplace, limit: int = 200, tps: str = "") -> list[MissingPages]:
    """Forms whose paper is here and of which sheets are missing, by TPS; of one TPS, when it is named."""
    with wp.db.reading() as connection:
        return [
            MissingPages(
                one.key, missing_numbers(one.page_count, one.pages), one.desa_name, one.kecamatan_name
            )
            for one in reports.forms_missing_pages(connection, limit, tps)
        ]


def scan_path(wp: Workplace, sha256: str) -> Path:
    """Where a scan or thumbnail lies."""
    return wp.folder / "scans" / sha256[:2] / sha256


def _add(
    connection: Connection,
    wp: Workplace,
    scan: NewScan,
    key: C1Key | None,
    page: int | None,
    state: IntakeState,
    by: str,
) -> IntakeResult:
    result = IntakeResult(scan.original_name, state, scan.sha256, key, page, warnings=scan.warnings)
    if rows.has_scan(connection, scan.sha256):
        return replace(
            result, state=IntakeState.DUPLICATE, text="Gambar yang sama sudah ada; tidak disimpan dua kali."
        )
    rows.add_scan(connection, scan, by, wp.now())
    reason = _why_not_assigned(connection, key, page) if state is IntakeState.ASSIGNED else ""
    if reason:
        result = replace(result, state=IntakeState.INBOX, text=reason)
    page_id = rows.add_page(
        connection,
        scan.sha256,
        IntakeState.INBOX.value if result.state is IntakeState.ASSIGNED else result.state.value,
        by,
        wp.now(),
        reason=reason,
    )
    if result.state is IntakeState.ASSIGNED and key is not None and page is not None:
        _attach(connection, wp, page_id, key, page, by)
        return result
    if result.state is IntakeState.INBOX:
        rows.suggest(connection, page_id, key, page)
    body: Json = {"scan": scan.sha256, "original": scan.original_sha256, "name": scan.original_name}
    journal.add(connection, wp.now(), f"page_{result.state.value}", by, scan.sha256, body)
    return result


def _why_not_assigned(connection: Connection, key: C1Key | None, page: int | None) -> str:
    if key is None or page is None:
        return "Belum diketahui formulir atau halamannya. Pilih di kotak masuk."
    form = c1_rows.find(connection, key)
    if form is None:
        return f"TPS {key.tps} atau formulir {key.form} tidak dikenal di kabupaten/kota ini. Pilih di kotak masuk."
    if not 1 <= page <= form.page_count:
        return f"Formulir {key.form} tidak punya halaman {page}. Pilih di kotak masuk."
    return ""


def _attach(connection: Connection, wp: Workplace, page_id: int, key: C1Key, n: int, by: str) -> None:
    row = _page(connection, page_id)
    form = known(connection, key)
    if not 1 <= n <= form.page_count:
        raise BadInput(
            f"Formulir {key.form} tidak punya halaman {n}.", hint=f"Halaman 1 sampai {form.page_count}."
        )
    replaced = rows.assign(connection, page_id, form.id, n, by, wp.now())
    if replaced is not None:
        _give_up(connection, wp, replaced)
    if outbox.find(connection, ItemKind.SCAN, row.scan) is None:
        outbox.put(connection, ItemKind.SCAN, row.scan, form.id, None, row.size_bytes, wp.now())
        thrifty.expect(connection, row.scan)
    else:
        outbox.rehome(connection, row.scan, form.id)
    body: Json = {"page": page_id, "n": n, "scan": row.scan, "bytes": row.size_bytes, "replaced": replaced}
    if row.c1 is not None and row.c1 != form.id:
        body["from"] = c1_rows.by_id(connection, row.c1).key.text()
        records.send_again(connection, wp, row.c1)
    journal.add(connection, wp.now(), "page", by, key.text(), body)
    records.send_again(connection, wp, form.id)


def _give_up(connection: Connection, wp: Workplace, page_id: int) -> None:
    """A replaced page whose file could not be sent: nobody can put it right any more, and nobody has to."""
    scan = _page(connection, page_id).scan
    item = outbox.find(connection, ItemKind.SCAN, scan)
    is_used = any(one.state == IntakeState.ASSIGNED.value for one in rows.of_scan(connection, scan))
    if item is not None and item.state is OutboxState.STOPPED and not is_used:
        outbox.cancel(connection, item.id, wp.now())


def _page(connection: Connection, page_id: int) -> rows.PageRow:
    row = rows.by_id(connection, page_id)
    if row is None:
        raise NotFound("Halaman ini tidak ada.", hint="Muat ulang daftar halaman.")
    return row
