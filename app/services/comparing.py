"""Compare everything that was sent with what the centre holds: after the centre was restored from a backup, after this
PC was enrolled anew, after the centre's key was replaced. What it lost is queued again; what replaced ours is shown.

Invariants: the comparison survives a restart (it goes on behind the last answered form) and changes nothing where the
centre still holds what it gave receipts for that a pinned key proves.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from app.domain.c1form import C1Key
from app.domain.lifecycle import OutboxState, VersionEvent
from app.domain.wilayah import TpsId
from app.ports import ItemKind, Json
from app.services.workplace import Workplace
from app.store import c1 as c1_rows
from app.store import exchange, facts, journal, meta, outbox, pages, reports, thrifty, versions
from app.store.driver import Connection

RESTORED = (
    "KPU RI memulihkan servernya dari cadangan. Data di PC ini aman; semua yang pernah dikirim dibandingkan lagi,"
    " dan yang tidak ada lagi di sana dikirim ulang dengan sendirinya."
)
_PENDING, _BEHIND, _COUNTS = "compare_pending", "compare_behind", "compare_counts"
_BEHIND_SCAN = "compare_behind_scan"
_NONE = {"forms": 0, "lost": 0, "scans": 0, "lost_scans": 0}


def begin(connection: Connection, wp: Workplace, epoch: str) -> None:
    """The cursor restarts, everything sent is to be compared, the people are sent once more."""
    meta.put_json(connection, "feed", {"epoch": epoch, "after": 0})
    meta.put(connection, _PENDING, "1")
    meta.put(connection, _BEHIND, "")
    meta.put(connection, _BEHIND_SCAN, "")
    meta.put_json(connection, _COUNTS, _NONE)
    meta.put_json(connection, "operators_sent", None)  # people named since the backup are unknown there, too
    thrifty.doubt_all(connection)
    journal.add(connection, wp.now(), "epoch", "kpu-ri", epoch, {"epoch": epoch})


def is_pending(connection: Connection) -> bool:
    """True until the last image was compared."""
    return meta.get(connection, _PENDING) == "1"


def end(connection: Connection, wp: Workplace) -> bool:
    """People are told how it came out; False when forms or images are still to be compared."""
    if page(connection, "", 1) or scan_page(connection, 1):
        return False
    meta.put(connection, _PENDING, "")
    counts = _counts(connection)
    lost = counts["lost"] + counts["lost_scans"]
    tail = (
        f"{_amount(counts['lost'], counts['lost_scans'])} dikirim ulang."
        if lost
        else "tidak ada yang kurang di sana."
    )
    text = f"{_amount(counts['forms'], counts['scans'])} sudah dibandingkan dengan KPU RI"
    tell(connection, wp, f"{text}; {tail}")
    return True


def _amount(forms: int, scans: int) -> str:
    amounts = [(forms, "formulir"), (scans, "gambar")]
    return " dan ".join(f"{count} {what}" for count, what in amounts if count) or "Semua"


def _counts(connection: Connection) -> dict[str, int]:
    return {**_NONE, **(meta.get_json(connection, _COUNTS) or {})}


def _count(connection: Connection, **more: int) -> None:
    counts = _counts(connection)
    meta.put_json(connection, _COUNTS, {name: counts[name] + more.get(name, 0) for name in counts})


def tell(connection: Connection, wp: Workplace, text: str) -> None:
    """A sentence for everybody here."""
    exchange.add_notice(connection, text, wp.now())


def scan_page(connection: Connection, limit: int) -> list[str]:
    """Images to ask about, behind what was answered before: all that the centre said it has, whatever became of their
    forms. Before a form is keyed the centre has its images only, and `status` speaks of the pages of heads."""
    if not is_pending(connection):
        return []
    return reports.held_scans(connection, meta.get(connection, _BEHIND_SCAN), limit)


def take_scans(
    connection: Connection, wp: Workplace, asked: Sequence[str], held: Collection[str], asked_at: float
) -> None:
    """Which of these images the centre has; the others go again, asked by hash before a byte travels."""
    now = wp.now()
    lost: dict[int, list[str]] = {}
    for scan in asked:
        at = pages.held_at(connection, scan)
        if scan in held or at is None or _is_within(at, (asked_at, now)):
            continue
        pages.mark_lost(connection, scan)
        item = outbox.find(connection, ItemKind.SCAN, scan)
        if item is not None:  # else it lies in the inbox, and is queued with its place
            outbox.put(connection, ItemKind.SCAN, scan, item.c1, None, 0, now)
            lost.setdefault(item.c1, []).append(scan)
        thrifty.mark_lost(connection, scan)
    for c1, scans in lost.items():
        key = c1_rows.by_id(connection, c1).key.text()
        journal.add(connection, now, "lost_at_centre", "kpu-ri", key, {"lost": scans})
    _count(connection, scans=len(asked), lost_scans=sum(map(len, lost.values())))
    meta.put(connection, _BEHIND_SCAN, max(asked))


def page(connection: Connection, after: str, limit: int) -> list[Json]:
    """Forms to ask about, behind `after` and behind what was answered before."""
    if not is_pending(connection):
        return []
    behind = max((_key(after), _key(meta.get(connection, _BEHIND))), key=lambda key: (key is not None, key))
    return [
        {"key": form.key.text(), "values_hash": form.values_hash}
        for form in reports.sent_forms(connection, behind, limit)
    ]


def take(connection: Connection, wp: Workplace, statuses: Sequence[Json]) -> None:
    """The centre's answers."""
    keys = _pinned(connection)
    forms = lost = 0
    for status in statuses:
        key = _key(str(status["key"]))
        form = c1_rows.find(connection, key) if key is not None else None
        meta.put(connection, _BEHIND, str(status["key"]))
        if form is None:
            continue
        _withdraw_again(connection, wp, form, str(status.get("head") or ""))
        is_lost = form.head is not None and _take_one(
            connection, wp, form, versions.by_id(connection, form.head), status
        )
        _prove_again(connection, wp, form, keys)
        facts.refresh(connection, form.id)
        forms, lost = forms + 1, lost + is_lost
    _count(connection, forms=forms, lost=lost)


def _pinned(connection: Connection) -> frozenset[str]:
    return frozenset((meta.get_json(connection, "server") or {"keys": {}})["keys"])


def _prove_again(connection: Connection, wp: Workplace, form: c1_rows.C1Row, keys: frozenset[str]) -> None:
    """What has a receipt, but none of a key that counts, is sent once more: the centre answers with its first receipt
    under its key of today. Bytes of scans do not travel: they are asked about by hash."""
    now, what = wp.now(), form.key.text()
    if not keys:
        return
    for kind, name, values_hash in exchange.unproven(connection, what, form.id, keys):
        if kind == ItemKind.RECORD:
            version = versions.find(connection, form.id, values_hash)
            if version is not None:
                outbox.put(
                    connection, ItemKind.RECORD, values_hash, form.id, version.id, outbox.REQUEST_BYTES, now
                )
        else:
            item = outbox.find(connection, ItemKind(kind), name)
            if item is not None:
                outbox.put(connection, ItemKind(kind), name, form.id, item.version, outbox.REQUEST_BYTES, now)


def _withdraw_again(connection: Connection, wp: Workplace, form: c1_rows.C1Row, there: str) -> None:
    """What the centre goes by was withdrawn from this form, itself or by its correction: else a wrong TPS would be
    public again. A withdrawal counts there only once its version is known, so what was lost of that goes before it."""
    head = versions.by_id(connection, form.head) if form.head is not None else None
    # Of values that came back after a withdrawal nobody can tell by their name whether they are those of before.
    is_ours = head is not None and not head.repeat and _behind(connection, form, head, there) is not None
    for withdrawn in exchange.withdrawals_of(connection, form.id):
        item = outbox.find(connection, ItemKind.WITHDRAWAL, withdrawn.id)
        if item is None:
            continue  # nothing of it had ever left
        version = versions.by_id(connection, withdrawn.version)
        lost = _behind(connection, form, version, there)
        is_done = item.state is OutboxState.DONE
        if is_done and (lost is None or is_ours):
            continue  # the centre goes by something else, rightly
        for one in [version] if lost is None else lost:
            record = outbox.find(connection, ItemKind.RECORD, one.values_hash, one.id)
            if record is not None and record.state is OutboxState.DONE:
                _put(connection, wp, form, ItemKind.RECORD, one.values_hash, one.id)
        if is_done:
            _put(connection, wp, form, ItemKind.WITHDRAWAL, withdrawn.id, version.id)
            body: Json = {"values_hash": version.values_hash, "head": there, "lost": [withdrawn.id]}
            journal.add(connection, wp.now(), "lost_at_centre", "kpu-ri", form.key.text(), body)


def _behind(
    connection: Connection, form: c1_rows.C1Row, version: versions.VersionRow, there: str
) -> list[versions.VersionRow] | None:
    """The corrections behind what the centre goes by, up to this version; None: it does not come from there."""
    chain: list[versions.VersionRow] = []
    one: versions.VersionRow | None = version
    while one is not None and one not in chain:
        if one.values_hash == there:
            return chain
        chain.insert(0, one)
        if one.parent is None or one.parent == there:
            break
        one = versions.find(connection, form.id, one.parent)
    return chain if chain[0].parent == there else None


def _put(
    connection: Connection, wp: Workplace, form: c1_rows.C1Row, kind: ItemKind, what: str, version: int
) -> None:
    outbox.put(connection, kind, what, form.id, version, outbox.REQUEST_BYTES, wp.now())


def _take_one(
    connection: Connection, wp: Workplace, form: c1_rows.C1Row, head: versions.VersionRow, status: Json
) -> bool:
    """True when something of this form has to go again."""
    held = {str(one["sha256"]) for one in status.get("pages") or []}
    lost: list[str] = []
    asked_at = float(status.get("asked_at", math.inf))
    is_on_its_way = _is_on_its_way(connection, head, (asked_at, wp.now()))
    is_unnamed = any(one.scan not in held for one in pages.of_form(connection, form.id))
    there = str(status.get("head") or "")
    is_other = there != head.values_hash
    behind = _behind(connection, form, head, there) if is_other else None
    again = _lost(connection, head, behind, status, is_on_its_way) if is_other else []
    is_lost = bool(again)
    if is_lost:
        _send_again(connection, wp, form, again, None if is_on_its_way else head)
    elif is_other and there and not (is_on_its_way and behind):
        # It had ours and goes by others (corrected at another PC, or here after the backup): people compare with paper.
        versions.try_move(connection, head.id, VersionEvent.RIVAL, wp.now())
    elif is_unnamed or head.repeat:
        _send_once_more(connection, wp, form, head)
    verdict = exchange.last_verdict(connection, head.id)
    if verdict is not None and status.get("verdict") != verdict.verdict:
        item = outbox.find(connection, ItemKind.VERDICT, verdict.id)
        if item is not None and item.state is OutboxState.DONE:
            _put(connection, wp, form, ItemKind.VERDICT, verdict.id, head.id)
            lost.append(verdict.id)
    if is_lost or lost:
        body: Json = {"values_hash": head.values_hash, "head": status.get("head"), "lost": lost}
        journal.add(connection, wp.now(), "lost_at_centre", "kpu-ri", form.key.text(), body)
    return is_lost or bool(lost)


def _send_once_more(
    connection: Connection, wp: Workplace, form: c1_rows.C1Row, head: versions.VersionRow
) -> None:
    """The centre has the numbers, yet may have lost a record of them that named more pages, or that they came back."""
    item = outbox.find(connection, ItemKind.RECORD, head.values_hash, head.id)
    if item is not None and item.state in (OutboxState.DONE, OutboxState.IN_FLIGHT):
        _put(connection, wp, form, ItemKind.RECORD, head.values_hash, head.id)


def _is_within(at: float, span: tuple[float, float]) -> bool:
    """Not simply later than the question: what arrived while the clock was ahead was told from what came just now by
    nothing, and lost at the centre for good."""
    return span[0] <= at <= span[1]


def _is_on_its_way(
    connection: Connection, head: versions.VersionRow, came_since: tuple[float, float]
) -> bool:
    """It is on its way for the first time, or came when the question had been asked: nobody can have lost it."""
    if head.at_centre_at is not None:
        return _is_within(head.at_centre_at, came_since)
    item = outbox.find(connection, ItemKind.RECORD, head.values_hash, head.id)
    return item is not None and item.state is not OutboxState.DONE


def _lost(
    connection: Connection,
    head: versions.VersionRow,
    behind: list[versions.VersionRow] | None,
    status: Json,
    is_on_its_way: bool,
) -> list[versions.VersionRow]:
    """What goes again of a form whose centre goes by something else, in order. The corrections between that and our
    head (`behind`) go before it: else it would be a rival, and so would whatever corrects it."""
    if is_on_its_way:
        return [one for one in behind or [] if one.id != head.id and _was_delivered(connection, one)]
    # Values that came back (a repeat) have a namesake there; sending them again harms nothing.
    if head.repeat > 0 or not status.get("knows_ours"):
        return behind or [head]  # [head]: it has nothing of ours to go on from
    return [] if behind is None or _has_moved_on(connection, status, head) else behind


def _was_delivered(connection: Connection, version: versions.VersionRow) -> bool:
    item = outbox.find(connection, ItemKind.RECORD, version.values_hash, version.id)
    return item is not None and item.state is OutboxState.DONE


def _has_moved_on(connection: Connection, status: Json, head: versions.VersionRow) -> bool:
    """The centre took up what it goes by after ours (somebody went back to the values of before). The other way round
    it took ours for a rival, because a link between the two was lost. Its receipts are numbered in its own order."""
    theirs, ours = (
        status.get("receipt"),
        exchange.sequence_of(connection, str(status["key"]), head.values_hash),
    )
    return theirs is not None and ours is not None and int(theirs["sequence"]) > ours


def _send_again(
    connection: Connection,
    wp: Workplace,
    form: c1_rows.C1Row,
    lost: Sequence[versions.VersionRow],
    head: versions.VersionRow | None,
) -> None:
    """`head`: one of them, unless it is on its way as it is."""
    if head is not None:
        versions.try_move(connection, head.id, VersionEvent.REQUEUE, wp.now())
        versions.forget_centre(connection, head.id)
    for one in lost:
        _put(connection, wp, form, ItemKind.RECORD, one.values_hash, one.id)


def _key(text: str) -> C1Key | None:
    parts = text.split("/")
    return C1Key(TpsId(parts[0]), parts[1], int(parts[2])) if len(parts) == 3 else None
