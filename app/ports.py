"""The seams. `ui`, `sync` and `scanner` never import one another; they meet here, joined in `app.bootstrap`.

Only frozen values cross a seam. Wire bodies cross as plain JSON data: only `sync` knows the shapes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct, field

from app.domain.publication import Shown, Sight
from app.domain.sending import Left, PoorLine, Sending

if TYPE_CHECKING:
    from app.domain.c1form import C1Key

Json = dict[str, Any]


class Clock(Protocol):
    """Wall time for display and storage, monotonic time for waiting. Both in seconds."""

    def now(self) -> float:
        """Seconds since 1970 UTC."""
        ...

    def monotonic(self) -> float: ...


class Secrets(Protocol):
    """Where keys and tokens live: the system's keyring, or memory when there is none (`is_lasting` says which)."""

    @property
    def is_lasting(self) -> bool: ...

    def get(self, name: str) -> str | None: ...

    def put(self, name: str, value: str) -> None: ...

    def delete(self, name: str) -> None: ...


# ---- the engine's store ------------------------------------------------------------------------------------------


class ItemKind(StrEnum):
    """What an outbox item carries; also the order of sending."""

    WITHDRAWAL = "withdrawal"
    VERDICT = "verdict"
    RECORD = "record"
    SCAN = "scan"


class Lane(StrEnum):
    """A channel with its own gate. Withdrawals travel with the records."""

    VERDICTS = "verdicts"
    RECORDS = "records"
    SCANS = "scans"


class Item(Struct, frozen=True):
    """One outbox row that may be sent. `what` = a verdict's or withdrawal's id, a values_hash or a scan's sha256."""

    id: int
    kind: ItemKind
    what: str
    key: C1Key | None
    priority: int  # smaller first; PRIORITY_FIRST: a person wants this TPS now
    attempts: int
    next_at: float  # wall seconds; 0 = at once
    size_bytes: int
    stands_for: str = ""  # of a thrifty copy: the scan it goes ahead of, whose row this is


class Reason(Struct, frozen=True):
    """Why something waits: a stable code and an Indonesian sentence."""

    code: str
    text: str
    status: int | None = None  # HTTP status, where one stands behind it


class UploadState(Struct, frozen=True):
    """Where one resumable upload stands, as last committed. `offset` is a hint; HEAD is asked before resuming."""

    sha256: str
    endpoint: str
    url: str
    offset: int
    length: int
    expires_at: float | None = None


class ChannelState(Struct, frozen=True):
    """A lane's persisted manners (see `sync.gate`, which owns the meaning of each number)."""

    lane: Lane
    gate_until: float = 0.0  # wall seconds
    failures: int = 0  # since the last real success
    recent: str = ""  # newest last: "s" success, "f" failure, "q" silence
    limit: float = 4.0
    tokens: float = 20.0
    batch: int = 50
    latencies_s: tuple[float, ...] = ()
    reason: Reason | None = None
    is_paused: bool = False  # by the person here
    updated_at: float = 0.0


class ScanFile(Struct, frozen=True):
    """A stored upload copy."""

    path: Path
    sha256: str
    size_bytes: int


class FeedCursor(Struct, frozen=True):
    epoch: str
    after: int


class ScanQueue(Protocol):
    """What the transfer of scans needs: over SQL in the workplace, over a small append-only file in `sync.send`."""

    def release_in_flight(self) -> None:
        """At start: whatever was in flight goes back to the queue."""
        ...

    def due(self, kind: ItemKind, now: float, limit: int) -> Sequence[Item]:
        """Items that may be sent now, best first, round-robin over TPS."""
        ...

    def next_due_at(self, now: float) -> float | None:
        """The next time after `now` at which a waiting item comes due, or None.

        What is due already waits for something else (a place, a gate, the night): it must not hide what comes due next.
        """
        ...

    def claim(self, ids: Sequence[int]) -> Sequence[int]:
        """Guarded Queued|Waiting -> InFlight; returns those really claimed."""
        ...

    def release(self, ids: Sequence[int]) -> None:
        """In flight -> Queued, when we stop or pause without an outcome."""
        ...

    def defer(self, ids: Sequence[int], next_at: float, reason: Reason) -> None: ...

    def stop(self, ids: Sequence[int], reason: Reason) -> None: ...

    def scan_file(self, item: Item) -> ScanFile: ...

    def upload(self, sha256: str, endpoint: str) -> UploadState | None: ...

    def save_upload(self, state: UploadState) -> None:
        """Committed before it returns: the URL is on disk before the first byte is sent."""
        ...

    def forget_upload(self, sha256: str, endpoint: str) -> None: ...

    def scan_delivered(self, item: Item, receipt: Json | None) -> None: ...

    def channel(self, lane: Lane) -> ChannelState: ...

    def save_channel(self, state: ChannelState) -> None: ...


class EngineStore(ScanQueue, Protocol):
    """The workplace as the engine sees it. Each method is one transaction and may wait for the disk."""

    def has_open(self, kinds: Collection[ItemKind], hurried: Collection[ItemKind] = ()) -> bool:
        """Whether anything of these kinds is queued or waits; of `hurried` only what a person wants sent now."""
        ...

    def rebase_waits(self) -> None:
        """The clock may have been set back since an item was put off: no wait lasts longer than it was meant to."""
        ...

    def record_body(self, item: Item) -> Json | None:
        """RECORD without `sent_at`; None when the version is no longer to be sent (the item is then cancelled)."""
        ...

    def verdict_body(self, item: Item) -> Json | None: ...

    def withdrawal_body(self, item: Item) -> Json | None: ...

    def record_result(
        self, item: Item, status: str, receipt: Json | None, reason: Reason | None, sent: str | None = None
    ) -> None:
        """stored | replayed | rival | rejected; item, version, receipt and journal in one transaction.

        `sent`: `body_digest` of what was answered. What grew since goes out once more, also where another way (the
        stick, the line) was answered in between.
        """
        ...

    def verdict_result(self, item: Item, status: str, receipt: Json | None, reason: Reason | None) -> None:
        """stored | replayed | stale | later | rejected."""
        ...

    def withdrawal_result(
        self, item: Item, status: str, receipt: Json | None, reason: Reason | None
    ) -> None: ...

    def journal_head(self, anchored_seq: int) -> Json:
        """{"seq", "hash", "earlier": {str(anchored_seq): hash}}."""
        ...

    def anchored_seq(self) -> int: ...

    def save_anchor(self, seq: int) -> None: ...

    def anchored(self, seq: int, line_hash: str) -> bool:
        """The centre says it holds this line of our journal: kept as the anchor; False when there is no such line."""
        ...

    def pin_keys(self, keys: Mapping[str, str]) -> None:
        """The centre's new signing keys, vouched for by a pinned one: id -> public key."""
        ...

    def feed_cursor(self) -> FeedCursor: ...

    def apply_feed(self, events: Sequence[Json], cursor: FeedCursor) -> None:
        """Events and cursor in one transaction."""
        ...

    def new_epoch(self, epoch: str) -> None:
        """The centre was restored: cursor restarts, everything sent is to be compared by `status`."""
        ...

    def left(self) -> Left: ...  # reads the whole queue: not at every turn

    def sending(self) -> Sending: ...

    def thrifty_due(self, now: float, limit: int) -> Sequence[Item]:
        """Thrifty copies that may go ahead of their scans now, best first; each names its scan's row."""
        ...

    def thrifty_delivered(self, item: Item, receipt: Json | None) -> None:
        """The centre has the copy; its scan goes back to the queue."""
        ...

    def give_up_thrifty(self, item: Item, reason: Reason) -> None:
        """The copy cannot go as it is: its scan does without, from the queue."""
        ...

    def poor_line(self) -> PoorLine | None:
        """Set while thrifty copies go first; kept, so that a restart neither forgets nor flaps."""
        ...

    def save_poor_line(self, poor: PoorLine | None) -> None: ...

    def answers_owed(self) -> int:
        """Forms the centre has yet to answer by the feed: to return, or to publish after an ok verdict."""
        ...

    def newest_receipt(self) -> Json | None:
        """Of the present epoch, the one with the highest number among those that came last."""
        ...

    def scans_to_compare(self, limit: int) -> Sequence[str]:
        """Hashes of images to ask about after a new epoch; empty once all were."""
        ...

    def scans_compared(self, asked: Sequence[str], held: Collection[str], asked_at: float) -> None:
        """Of these the centre has those: the others are queued again. `asked_at` as with `compared`."""
        ...

    def to_compare(self, after: str, limit: int) -> Sequence[Json]:
        """Forms to ask about after a new epoch: [{"key", "values_hash"}], keyed past `after`."""
        ...

    def end_comparing(self) -> bool:
        """True when neither forms nor images are left to ask about; people are told how it came out, once."""
        ...

    def compared(self, statuses: Sequence[Json]) -> None:
        """Take the centre's answers: what it no longer holds is queued again.

        `FormStatus` as plain JSON, with `knows_ours`: the centre has had the version that is the head here, and
        `asked_at` (wall seconds): what arrived after the question is not in the answer, and not lost.
        """
        ...

    def operators_to_send(self) -> Json | None:
        """Signed `operators` body when it changed since it was last accepted, else None."""
        ...

    def operators_sent(self, body: Json) -> None: ...

    def save_line(self, reason: Reason | None, next_try_at: float | None) -> None:
        """What holds up the whole line, for whoever reads the workplace beside the engine; None: nothing does."""
        ...

    def note_line(self, turns: Sequence[LineTurn]) -> None:
        """The line turned into other states: kept for good, for the reports' list of outages."""
        ...


# ---- the public site ---------------------------------------------------------------------------------------------


class PublicLook(Struct, frozen=True):
    """One form to look for on the public site: the version that stands here, and what it should look like there."""

    key: C1Key
    version: int  # its row: what is seen counts for this one only
    path: str  # of its leaf, below the public tree's address
    ours: Shown
    earlier: tuple[Shown, ...] = ()
    validator: str = ""  # of the leaf as last seen
    sight: Sight | None = None  # as last seen, `times` in a row
    times: int = 0
    shown: Shown | None = None  # what was seen then


class PublicWatch(Protocol):
    """Where the engine's look at the public site begins and ends. Each method is one transaction."""

    def site(self) -> str:
        """The public tree's address; empty: people do not want it watched, or there is none."""
        ...

    def looks(self, published_s: float, verified_s: float, limit: int) -> Sequence[PublicLook]:
        """What is to be looked at now, longest due first: public for so long, or verified and still not public."""
        ...

    def seen(self, look: PublicLook, shown: Shown | None, validator: str, wait_s: float) -> None:
        """Keep what was seen (None: the same as before); a version that is no longer the head is passed over."""
        ...

    def put_off(self, look: PublicLook, wait_s: float) -> None:
        """The site has nothing readable for this form: the others come first."""
        ...

    def blind(self, reason: Reason | None) -> None:
        """Since when nothing can be seen there, and why; None: it is seen."""
        ...


# ---- control and observation -------------------------------------------------------------------------------------


class LineState(StrEnum):
    """The line to the centre in one word."""

    NO_SERVER = "no_server"  # workplace without an account yet
    STARTING = "starting"
    OK = "ok"
    SLOW = "slow"
    PAUSED_HERE = "paused_here"
    PAUSED_THERE = "paused_there"
    DOWN = "down"
    PORTAL = "portal"  # something answers, but it is not the centre (captive portal, proxy, HTML)
    WRONG_KEY = "wrong_key"
    SIGN_IN = "sign_in"
    PROXY = "proxy"  # the office's proxy waits for people: a name and a password, or a setting of this PC
    FORKED = "forked"
    REVOKED = "revoked"
    FULL = "full"  # the centre's disk is full
    HERE = "here"  # this PC cannot write down what the centre answers: disk full, read-only, database in use


class LineTurn(Struct, frozen=True):
    """The line became another one at a moment (wall seconds); `line` None: the engine was closed."""

    at: float
    line: LineState | None
    reason: Reason | None = None


class SyncStatus(Struct, frozen=True):
    """What the engine knows now. `sentence` (Indonesian) says what can go on and when it tries again."""

    line: LineState
    sentence: str
    since: float = 0.0
    next_try_at: float | None = None
    in_flight: int = 0
    sent_bytes: int = 0  # accepted by the centre since start
    rate_bytes_s: float = 0.0  # of accepted bytes, over the last minute; 0 = not known
    left: Left = field(default_factory=Left)
    time_left_s: float | None = None  # of the images at that rate; None = cannot be said
    images_open_at: float | None = None  # wall seconds: the night schedule's next opening; None = open


class SyncControl(Protocol):
    """The engine as the window and the command line see it. Thread-safe; never blocks."""

    def start(self) -> None: ...

    def close(self) -> None:
        """Stop within a second; what is in flight is released."""
        ...

    def wake(self) -> None:
        """Something new was queued."""
        ...

    def retry_now(self) -> None:
        """Person pressed *Coba sekarang*: gates are tried at once (one probe each)."""
        ...

    def pause(self, lanes: Sequence[Lane] = tuple(Lane)) -> None: ...

    def resume(self, lanes: Sequence[Lane] = tuple(Lane)) -> None: ...

    def status(self) -> SyncStatus: ...

    def subscribe(self, listener: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Called from the engine's thread on every change; returns the unsubscribe function."""
        ...


class IntakeState(StrEnum):
    ASSIGNED = "assigned"
    INBOX = "inbox"
    COVER = "cover"
    DUPLICATE = "duplicate"
    SET_ASIDE = "set_aside"  # blank page
    REFUSED = "refused"


class NewScan(Struct, frozen=True):
    """A page that lies on disk (fsynced, renamed, hashed), ready for its row."""

    sha256: str  # of the upload copy: what the centre gets
    size_bytes: int
    original_sha256: str
    original_name: str
    original_bytes: int
    thumbnail_sha256: str
    width_px: int
    height_px: int
    quality: Mapping[str, float | str]
    warnings: tuple[str, ...] = ()
    thrifty_sha256: str = ""  # of the small copy for a poor line; empty: there is none
    thrifty_bytes: int = 0


class IntakeResult(Struct, frozen=True):
    """What became of one page; `text` is an Indonesian sentence for everything that is not plain success."""

    source: str
    state: IntakeState
    scan_sha256: str = ""
    key: C1Key | None = None
    page: int | None = None
    text: str = ""
    warnings: tuple[str, ...] = ()


class PageRows(Protocol):
    """Where the scanner puts its rows (implemented over `app.services.pages`)."""

    def is_known_original(self, original_sha256: str) -> bool: ...

    def add_page(
        self, scan: NewScan, key: C1Key | None, page: int | None, state: IntakeState, by: str
    ) -> IntakeResult:
        """Scan, page, journal and outbox rows in one transaction. Unknown TPS -> stays in the inbox with a reason."""
        ...


class IntakeProgress(Struct, frozen=True):
    done: int
    total: int
    last: IntakeResult | None = None


class PageIntake(Protocol):
    """Paper in. Blocking; call from a worker thread."""

    def take_in(
        self,
        paths: Sequence[Path],
        *,
        key: C1Key | None = None,
        page: int | None = None,
        by: str = "",
        progress: Callable[[IntakeProgress], None] | None = None,
    ) -> Sequence[IntakeResult]: ...
