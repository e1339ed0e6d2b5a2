"""Whatever waits: step, stable reason code, sentence, since when, next try. `status --waiting` and exit code 3 of
`sync`.

    step         reason codes
    keyed        needs_first, page_absent, page_waits (part of it was read; the other pages are not scanned, or are)
    second_read  needs_second, page_absent, page_waits, needs_third, needs_coordinator
    scanned      missing_pages
    sent         the outbox row's or the lane's own (queued, behind, schedule, no_server, paused_here, gate codes of
                 the engine)
    returned     not_returned, rival, rejected
    verified     verdict_needed, disputed
    public       not_published, public_differs, not_visible
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from app.domain.c1form import C1Key
from app.domain.compare import missing_pages
from app.domain.people import Role
from app.domain.publication import Sight, shown_of
from app.domain.readings import Outcome
from app.domain.sending import opens_at
from app.domain.times import clock_words, iso, iso_or_none, moment_words
from app.ports import Json, Lane
from app.services import sending, words
from app.services.public_watch import differing_boxes
from app.services.workplace import Workplace, definition
from app.store import channels as channel_rows
from app.store import meta, people, public_looks, versions, waits
from app.store import queue as queue_reads
from app.store.driver import Connection

PUBLIC_DIFFERS = "Angka di situs publik berbeda dari yang diverifikasi"
NO_LIMIT = -1
VISIBLE_S = 2 * 3600.0  # published so long ago and not to be seen: caches before a site are younger than that
_HELD_BY, _CHECKED_BY = " Sedang dibuka ", " Diperiksa "


@dataclass(frozen=True, slots=True)
class Waiting:
    """One stop of one form. `next_try` is None where a person must act."""

    tps: str
    form: str
    step: str
    reason_code: str
    reason: str
    since: str
    next_try: str | None
    is_for_engine: bool = False

    def as_json(self) -> Json:
        """The shape of `status --json`."""
        return {
            "tps": self.tps,
            "form": self.form,
            "step": self.step,
            "reason_code": self.reason_code,
            "reason": self.reason,
            "since": self.since,
            "next_try": self.next_try,
        }


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A lane's manners now. `state`: open, closed (gate), scheduled (hours), paused (by a person here), no_server."""

    lane: Lane
    state: str
    gate_until: str | None
    reason: str
    in_flight_limit: int

    def as_json(self) -> Json:
        """The shape of `status --json`."""
        return {
            "class": self.lane.value,
            "state": self.state,
            "gate_until": self.gate_until,
            "reason": self.reason,
            "in_flight_limit": self.in_flight_limit,
        }


def channels(wp: Workplace) -> list[ChannelView]:
    """All lanes, in the order of sending."""
    with wp.db.reading() as connection:
        return [_channel(connection, lane, wp.now()) for lane in Lane]


def waiting(wp: Workplace, limit: int | None = None) -> list[Waiting]:
    """Everything that waits: what the engine sends first, then what people do; `limit` cuts each step."""
    cut = NO_LIMIT if limit is None else limit
    with wp.db.reading() as connection:
        found = [*_unsent(connection, wp.now(), cut), *_unread(connection, cut)]
        found += [*_unscanned(connection, cut), *_at_centre(connection, cut)]
        found += _on_the_site(connection, wp.now(), cut)
    return found if limit is None else found[:limit]


def oldest(wp: Workplace, count: int) -> list[Waiting]:
    """The forms that have waited longest, each once, whatever they wait for."""
    with wp.db.reading() as connection:
        found = [*_unsent(connection, wp.now(), count), *_unread(connection, count)]
        found += [*_unscanned(connection, count), *_at_centre(connection, count)]
        found += _on_the_site(connection, wp.now(), count)
    first: dict[tuple[str, str], Waiting] = {}
    for one in sorted(found, key=lambda one: (one.since, one.tps, one.form)):
        first.setdefault((one.tps, one.form), one)
    return list(first.values())[:count]


def nameless(reason: str) -> str:
    """A stop's reason without who has the form open or checked it: for what hangs on the wall, and for counting."""
    return reason.split(_HELD_BY, 1)[0].split(_CHECKED_BY, 1)[0]


def lane_reason(connection: Connection, lane: Lane, now: float) -> tuple[str, str, float | None]:
    """Why a lane's items wait when they have no reason of their own: code, sentence, next try."""
    if not meta.get(connection, "server"):
        return "no_server", "Belum ada server. Semua tersimpan di sini.", None
    state = channel_rows.channel(connection, lane)
    if state.is_paused:
        return "paused_here", "Pengiriman dijeda di sini.", None
    line = meta.get_json(connection, "line")  # what holds up the whole line: nothing goes before it is over
    if line and state.gate_until <= max(now, line["next_try_at"] or 0.0):
        return str(line["code"]), str(line["text"]), line["next_try_at"]
    if state.gate_until > now:
        text = state.reason.text if state.reason else "Menunggu gerbang."
        return (state.reason.code if state.reason else "gate"), text, state.gate_until
    opening = opens_at(sending.kept(connection).hours, now) if lane is Lane.SCANS else None
    if opening is not None:
        return (
            "schedule",
            f"Menunggu jadwal malam, mulai {clock_words(opening)}.",
            opening,
        )
    return "queued", "Menunggu giliran.", None


_CHANNEL_WORDS = {
    "no_server": "no_server",
    "paused_here": "paused",
    "queued": "open",
    "schedule": "scheduled",
}


def _channel(connection: Connection, lane: Lane, now: float) -> ChannelView:
    state = channel_rows.channel(connection, lane)
    code, text, next_at = lane_reason(connection, lane, now)
    word = _CHANNEL_WORDS.get(code, "closed")
    return ChannelView(lane, word, iso_or_none(next_at), "" if word == "open" else text, int(state.limit))


def _unsent(connection: Connection, now: float, limit: int) -> list[Waiting]:
    lanes = {lane: lane_reason(connection, lane, now) for lane in Lane}
    found = []
    for line in queue_reads.lines(connection, queue_reads.Filter(), limit, 0):
        code, reason, next_at = words.queue_reason(line, lanes[queue_reads.LANES[line.kind]])
        found.append(
            Waiting(
                str(line.key.tps),
                line.key.form,
                "sent",
                code,
                f"{words.queue_what(line)}: {reason}",
                iso(line.since),
                iso_or_none(next_at),
                is_for_engine=True,
            )
        )
    return found


def _unread(connection: Connection, limit: int) -> list[Waiting]:
    readers, found = readers_here(connection), []
    for one in waits.unread(connection, limit):
        step, code, text = reading_stop(one.code, readers, one.draft_by, one.lacking, one.pages)
        found.append(Waiting(one.tps, one.form, step, code, text, iso(one.since), None))
    return found


def readers_here(connection: Connection) -> int:
    """How many people could read."""
    return sum(one.active and one.has(Role.KEY, Role.VERIFY) for one in people.people(connection))


def reading_stop(
    outcome: str,
    readers: int,
    draft_by: str = "",
    lacking: Mapping[int, int] | None = None,
    pages: Set[int] = frozenset(),
) -> tuple[str, str, str]:
    """Step, reason code and sentence of a form that needs a reading.

    `draft_by` = the name of who has it open; `lacking` = page -> boxes that a reading begun lacks; `pages` are scanned.
    """
    sentences = {
        "unread": ("keyed", "needs_first", "Sudah diterima, belum dientri."),
        "needs_second": ("second_read", "needs_second", "Menunggu entri kedua oleh orang lain."),
        "needs_third": ("second_read", "needs_third", _third_words(readers)),
        "needs_coordinator": (
            "second_read",
            "needs_coordinator",
            "Tiga bacaan berbeda: menunggu keputusan koordinator.",
        ),
    }
    step, code, text = _page_waits(outcome, lacking or {}, pages) or sentences[outcome]
    return step, code, f"{text}{_HELD_BY}{draft_by.removesuffix('.')}." if draft_by else text


def _page_waits(outcome: str, lacking: Mapping[int, int], pages: Set[int]) -> tuple[str, str, str] | None:
    """What a reading that was begun waits for: its next page, or somebody to read it."""
    if not lacking:
        return None
    step = "keyed" if outcome == Outcome.PARTLY_READ else "second_read"
    here = lacking.keys() & pages
    if here:
        return step, "page_waits", f"Halaman {_numbers(here)} sudah dipindai, belum dientri."
    boxes = sum(lacking.values())
    return step, "page_absent", f"Halaman {_numbers(lacking)} belum ada: {boxes} kotak belum dientri."


def _numbers(pages: Iterable[int]) -> str:
    return ", ".join(str(page) for page in sorted(pages))


def _third_words(readers: int) -> str:
    if readers < 3:
        return (
            "Dua bacaan berbeda dan belum ada orang ketiga: tambahkan petugas entri, atau minta koordinator."
        )
    return "Dua bacaan berbeda: menunggu orang ketiga."


def _unscanned(connection: Connection, limit: int) -> list[Waiting]:
    found = []
    for one in waits.unscanned(connection, limit):
        text = pages_stop(one.page_count, one.pages)
        found.append(Waiting(one.tps, one.form, "scanned", "missing_pages", text, iso(one.since), None))
    return found


def pages_stop(page_count: int, pages: frozenset[int]) -> str:
    """`Halaman 2 belum dipindai.`"""
    return f"Halaman {_numbers(missing_pages(page_count, pages))} belum dipindai."


AT_CENTRE = {
    "at_centre": ("returned", "not_returned", "Diterima KPU RI, belum dikembalikan untuk diverifikasi."),
    "returned": ("verified", "verdict_needed", "Dikembalikan KPU RI: menunggu putusan verifikator."),
    "disputed": ("verified", "disputed", "Tidak cocok dengan C1: perlu dikoreksi."),
    "verdict_at_centre": ("public", "not_published", "Putusan diterima KPU RI, belum dipublikasikan."),
    "rival": ("returned", "rival", "KPU RI menyimpan angka lain. Bandingkan keduanya dengan kertas."),
    "rejected": ("returned", "rejected", "KPU RI menolak angka ini."),
}


def _at_centre(connection: Connection, limit: int) -> list[Waiting]:
    return [
        Waiting(one.tps, one.form, *AT_CENTRE[one.code], iso(one.since), None)
        for one in waits.by_head_state(connection, tuple(AT_CENTRE), limit)
    ]


def _on_the_site(connection: Connection, now: float, limit: int) -> list[Waiting]:
    """What the public site does not show as it was verified. The next look is the next try, or a person is asked."""
    found = site_stops(connection, now, limit).values()
    return [
        Waiting(
            str(one.key.tps),
            one.key.form,
            "public",
            one.code,
            one.reason,
            iso(one.since),
            iso_or_none(one.next_at),
        )
        for one in found
    ]


@dataclass(frozen=True, slots=True)
class SiteStop:
    """What the public site does not show as it should. Times in seconds; `next_at` None where a person must act."""

    key: C1Key
    code: str
    reason: str
    since: float
    next_at: float | None


def site_stops(
    connection: Connection, now: float, limit: int = NO_LIMIT, forms: Sequence[int] | None = None
) -> dict[int, SiteStop]:
    """By form, oldest first; `forms`: of these rows alone."""
    names = people.names(connection)
    found = public_looks.odd(connection, now - VISIBLE_S, limit, forms=forms)
    return {one.c1: _odd(connection, one, names) for one in found}


def _odd(connection: Connection, one: public_looks.LookRow, names: Mapping[str, str]) -> SiteStop:
    if one.sight == Sight.DIFFERS:
        here = definition(one.key.form)
        ours = shown_of(here, versions.by_id(connection, one.version).cells)
        text = f"{PUBLIC_DIFFERS} ({', '.join(differing_boxes(here, ours, one.shown))})."
        next_at = None
        if one.checked_at is not None:
            who = names.get(one.checked_by or "", one.checked_by or "")
            at = moment_words(one.checked_at)
            text += f" C1 dilihat lagi: angka di sini benar. Menunggu KPU RI.{_CHECKED_BY}{who}, {at}."
            next_at = one.next_at
        return SiteStop(one.key, "public_differs", text, one.since, next_at)
    text = "KPU RI menyatakan sudah dipublikasikan, tetapi situs publik belum menampilkannya."
    if one.sight == Sight.EARLIER:
        text = (
            "KPU RI menyatakan sudah dipublikasikan, tetapi situs publik masih menampilkan angka sebelumnya."
        )
    since = one.since if one.public_at is None else one.public_at
    return SiteStop(one.key, "not_visible", text, since, one.next_at)
