"""What stands where: funnel, lists, what waits and why. Reads only; any thread, beside a running engine or another
process.

Invariants: the funnel is a view over facts; whatever waits has a stable reason code, a sentence, since when, and the
next attempt - or none where a person must act. Lists are cut in SQL (LIMIT and OFFSET).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.c1form import C1Key
from app.domain.people import Person, Role
from app.domain.readings import Order
from app.domain.times import iso, iso_or_none
from app.ports import ItemKind, Json, Lane
from app.services import attention, public_watch, queue, words
from app.services.history import HistoryLine, history, last_receipt
from app.services.waits import PUBLIC_DIFFERS, ChannelView, Waiting, channels, waiting
from app.services.waits import lane_reason as _lane_reason
from app.services.workplace import Workplace
from app.store import exchange, forms_list, meta, register, reports, work
from app.store import queue as queue_reads
from app.store.driver import Connection

__all__ = [
    "AreaFunnel",
    "ChannelView",
    "FormRow",
    "Funnel",
    "HistoryLine",
    "LaneView",
    "Need",
    "QueueRow",
    "Waiting",
    "channels",
    "form_count",
    "form_rows",
    "funnel",
    "funnel_by_area",
    "history",
    "lanes",
    "last_receipt",
    "needs_me",
    "queue_count",
    "queue_rows",
    "sentence",
    "waiting",
]

Funnel = reports.Counts
NOTICES = 5  # the newest
Kinds = ItemKind | Sequence[ItemKind] | None


@dataclass(frozen=True, slots=True)
class AreaFunnel:
    """One area's numbers. `stuck` names where most forms stop."""

    code: str
    name: str
    stations: int
    forms: int
    received: int
    scanned: int
    keyed: int
    second_read: int
    sent: int
    at_centre: int
    verified: int
    public: int
    stuck: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form in the list; times in seconds since 1970, None while it has not happened."""

    key: C1Key
    desa_name: str
    kecamatan_name: str
    state: str
    pages_in: int
    page_count: int
    received_at: float | None
    scanned_at: float | None
    keyed_at: float | None
    second_read_at: float | None
    sent_at: float | None
    at_centre_at: float | None
    verified_at: float | None
    public_at: float | None


@dataclass(frozen=True, slots=True)
class Need:
    """Work for one person: what, how much, and the page of the window where it is done."""

    code: str
    text: str
    count: int
    page: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One outbox row. Times as ISO text; `next_try` is None where a person must act."""

    id: int
    key: C1Key
    desa_name: str
    kind: ItemKind
    what: str
    state: str
    reason_code: str
    reason: str
    needs_action: bool
    since: str
    next_try: str | None
    attempts: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class LaneView:
    """How much one lane still has to send."""

    lane: Lane
    waiting: int
    in_flight: int
    stopped: int
    bytes_left: int
    is_line_poor: bool = False  # thrifty copies first: those of `thrifty` images are still to go
    thrifty: int = 0


def funnel(wp: Workplace, form: str = "") -> Funnel:
    """The eight counts of the whole district; `form` = of one ballot."""
    return reports.funnel(wp.db.reader, form)


def funnel_by_area(wp: Workplace, parent: str, form: str = "") -> list[AreaFunnel]:
    """The areas below a kabupaten (kecamatan) or a kecamatan (desa), by code; `form` = of one ballot."""
    with wp.db.reading() as connection:
        names = {area.code: area.name for area in register.areas(connection)}
        stations = reports.stations_by(connection, parent)
        return [
            AreaFunnel(
                code,
                names.get(code, code).title(),
                stations.get(code, 0),
                **{name: getattr(one, name) for name in ("forms", *reports.FACTS)},
                stuck=words.stuck(one),
            )
            for code, one in sorted(reports.funnel_by(connection, parent, form).items())
        ]


def sentence(wp: Workplace, form: str = "") -> str:
    """The gap between this office and the public in one sentence."""
    return words.gap(funnel(wp, form))


def needs_me(wp: Workplace, person: Person) -> list[Need]:
    """What this person can do now, most pressing first; nothing with a count of zero."""
    with wp.db.reading() as connection:
        found = [*_for_verifier(connection, person), *_for_readers(connection, person)]
        if person.has(Role.SCAN):
            found.append(
                Need(
                    "inbox",
                    "Halaman di kotak masuk perlu ditempatkan",
                    reports.count_inbox(connection),
                    "pages",
                )
            )
            found.append(
                Need(
                    "missing_pages",
                    "Formulir dengan halaman yang belum dipindai",
                    reports.count_missing(connection),
                    "pages",
                )
            )
    return [need for need in found if need.count]


def queue_rows(
    wp: Workplace,
    text: str = "",
    kind: Kinds = None,
    only_action: bool = False,
    limit: int = 200,
    offset: int = 0,
) -> list[QueueRow]:
    """What has not reached the centre: what needs a person first, then the oldest."""
    with wp.db.reading() as connection:
        wanted = queue_reads.Filter(text, _kinds(kind), only_action)
        lanes_now = {lane: _lane_reason(connection, lane, wp.now()) for lane in Lane}
        return [_queue_row(line, lanes_now) for line in queue_reads.lines(connection, wanted, limit, offset)]


def queue_count(wp: Workplace, text: str = "", kind: Kinds = None, only_action: bool = False) -> int:
    """How long that list is."""
    return queue_reads.count(wp.db.reader, queue_reads.Filter(text, _kinds(kind), only_action))


def lanes(wp: Workplace) -> list[LaneView]:
    """What is left to send, by lane."""
    totals, left = queue_reads.totals(wp.db.reader), queue.left(wp)
    found = {
        lane: LaneView(lane, one.waiting, one.in_flight, one.stopped, one.bytes_left)
        for lane, one in totals.items()
    }
    images = found[Lane.SCANS]
    found[Lane.SCANS] = replace(
        images,
        bytes_left=images.bytes_left + left.thrifty_bytes,
        is_line_poor=left.is_line_poor,
        thrifty=left.thrifty,
    )
    return list(found.values())


def form_rows(
    wp: Workplace,
    text: str = "",
    kecamatan: str | None = None,
    only: str | None = None,
    *,
    form: str = "",
    limit: int = 200,
    offset: int = 0,
) -> list[FormRow]:
    """Forms by TPS: search words, an area's code (kecamatan or desa), `only` those where a fact is still missing, of
    one ballot."""
    lines = forms_list.lines(
        wp.db.reader, forms_list.FormFilter(text, kecamatan, form, lacks=only or ""), limit, offset
    )
    return [
        FormRow(
            line.key,
            line.desa_name,
            line.kecamatan_name,
            words.form_state(line),
            len(line.pages),
            line.page_count,
            *(line.facts[fact] for fact in reports.FACTS),
        )
        for line in lines
    ]


def form_count(
    wp: Workplace, text: str = "", kecamatan: str | None = None, only: str | None = None, *, form: str = ""
) -> int:
    """How long that list is."""
    return forms_list.count(wp.db.reader, forms_list.FormFilter(text, kecamatan, form, lacks=only or ""))


def facts_json(wp: Workplace) -> Json:
    """`status --json` (design section 6)."""
    counts, left = funnel(wp), queue.left(wp)
    return {
        "funnel": {name: getattr(counts, name) for name in ("forms", *reports.FACTS)},
        "channels": [one.as_json() for one in channels(wp)],
        "waiting": [one.as_json() for one in waiting(wp)],
        "line": _line(wp),
        "public_site": public_watch.facts(wp),
        "left": {"numbers": left.numbers, "images": left.images, "image_bytes": left.image_bytes},
        "thrifty": queue.thrifty_facts(wp, left),
        "notices": [{"at": iso(at), "text": text} for text, at in exchange.notices(wp.db.reader, NOTICES)],
    }


def _line(wp: Workplace) -> Json | None:
    """What holds up the whole line, as the engine last learnt it; None: nothing does."""
    kept = meta.get_json(wp.db.reader, "line")
    if not kept:
        return None
    return {"code": kept["code"], "text": kept["text"], "next_try": iso_or_none(kept["next_try_at"])}


def _for_readers(connection: Connection, person: Person) -> list[Need]:
    found = []
    reads_next = person.has(Role.KEY, Role.VERIFY)
    if Role.COORDINATE in person.roles:
        three = work.count(connection, Order.COORDINATOR, person.id)
        found.append(
            Need("coordinator", "Kotak dengan tiga bacaan berbeda menunggu koordinator", three, "second")
        )
        stopped = queue_reads.count(connection, queue_reads.Filter(only_action=True))
        found.append(Need("stopped", "Kiriman berhenti dan perlu tindakan", stopped, "queue"))
    if reads_next:
        third = work.count(connection, Order.THIRD, person.id)
        found.append(Need("third", "Kotak yang berbeda menunggu orang ketiga", third, "second"))
        second = work.count(connection, Order.SECOND, person.id, only_received=True)
        found.append(Need("second", "Formulir menunggu entri kedua", second, "second"))
    if person.has(Role.KEY):
        found.append(
            Need("drafts", "Entri Anda yang belum selesai", work.drafts(connection, person.id), "keying")
        )
        first = work.count(connection, Order.FIRST, person.id, only_received=True)
        found.append(Need("first", "Formulir siap dientri", first, "keying"))
    return found


def _for_verifier(connection: Connection, person: Person) -> list[Need]:
    """Verifikasi's lists; who keys has those of them that want a correction."""
    if not person.has(Role.VERIFY, Role.KEY):
        return []
    mine = forms_list.Mine(person.id, corrects=person.has(Role.KEY), verifies=person.has(Role.VERIFY))

    def count(stop: str) -> int:  # as the list over all forms counts them: one rule says whose they are
        return forms_list.count(connection, forms_list.FormFilter(stop=stop, mine=mine))

    found = [
        Need(one.value, words, count(one.value), "verify") for one, words in attention.CORRECTABLE.items()
    ]
    if not person.has(Role.VERIFY):
        return found
    return [
        *found,
        Need("public_differs", PUBLIC_DIFFERS, count(public_watch.OPEN), "verify"),
        Need(
            "differs_returned",
            "Dikembalikan dengan angka yang berbeda",
            reports.returned_count(connection, False, person.id),
            "verify",
        ),
        Need(
            "returned",
            "Dikembalikan untuk diverifikasi",
            reports.returned_count(connection, True, person.id),
            "verify",
        ),
        Need(
            "unseen",
            "Koreksi di sini yang belum terlihat di sana",
            attention.count(connection, attention.Matter.UNSEEN),
            "verify",
        ),
    ]


def _queue_row(line: queue_reads.Line, lanes_now: dict[Lane, tuple[str, str, float | None]]) -> QueueRow:
    code, reason, next_at = words.queue_reason(line, lanes_now[queue_reads.LANES[line.kind]])
    return QueueRow(
        line.id,
        line.key,
        line.desa_name,
        line.kind,
        words.queue_what(line),
        line.state.value,
        code,
        reason,
        line.needs_action,
        iso(line.since),
        iso_or_none(next_at),
        line.attempts,
        line.size_bytes,
    )


def _kinds(kind: Kinds) -> tuple[ItemKind, ...]:
    if kind is None:
        return ()
    return (kind,) if isinstance(kind, ItemKind) else tuple(kind)
