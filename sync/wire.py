"""The contract between client and centre: message shapes, protocol version, strict decoding. Version 1.

Every call is idempotent; every answer carries `feed_head`; unknown fields are refused. Cells, readings and hashes mean
what `app.domain` says. Times are ISO 8601 UTC with `Z`. Hashes are 64 hex digits, keys and signatures base64.
Source: design section 5. This file only grows: programs we do not see speak it.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Annotated, Any, TypeVar

import msgspec

PROTOCOL = 1
SERVER_NAME = "situng-central"
API = "/api/v1"
SCANS = f"{API}/scans/"
TUS_VERSION = "1.0.0"
FEED_HEAD = "Situng-Feed-Head"  # header of every answer to a device: number of its district's newest event
ANCHOR = "Situng-Anchor"  # header, added in 1.0: "SEQ HASH" of the journal line anchored for the device
EPOCH = "Situng-Epoch"  # header, added in 1.0: "EPOCH N", N = the number of the newest receipt given
RECEIPT = (
    "Situng-Receipt"  # header of a request for hello, added in 1.0: the newest receipt of its epoch, as JSON
)
FEATURES = (
    "Situng-Features"  # header of hello, added in 1.0: words for what this centre takes beyond version 1
)
THRIFTY = "thrifty"  # one of them: thrifty copies, uploads whose metadata names the scan they stand for
AS_OF = "as_of"  # another: records may say as of which journal line they name their pages
THRIFTY_OF = "thrifty_of"  # that metadata, and the query of `by-hash`
MAX_BATCH = 500  # of one POST /records; `limits.batch` says what is welcome
MAX_STATUS = 500  # forms or hashes in one POST /status
MAX_BODY = 8 * 1024 * 1024  # decompressed bytes of one JSON request or answer

Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Tps = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{13}$")]
FormId = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9.-]{1,63}$")]
Round = Annotated[int, msgspec.Meta(ge=1, le=9)]
Time = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$")]
Ident = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[\w.@-]+$")]
Words = Annotated[str, msgspec.Meta(max_length=2000)]
Signature = Annotated[str, msgspec.Meta(max_length=128)]
CellValue = (
    Annotated[int, msgspec.Meta(ge=0, le=999_999)]
    | Annotated[str, msgspec.Meta(pattern="^(blank|unreadable)$")]
)
CellMap = Annotated[dict[str, CellValue], msgspec.Meta(max_length=1000)]


class Message(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=False):
    """Base of every shape on the wire: immutable, strict, keyword only."""


# ---- hello, login, enrolment -----------------------------------------------------------------------------------


class Pause(Message, frozen=True, kw_only=True):
    """A national pause: nothing of these classes is wanted for `for_s` seconds."""

    for_s: Annotated[float, msgspec.Meta(ge=0, le=86_400)]
    classes: list[str]  # of "records", "scans", "verdicts"
    reason: Words = ""


class Limits(Message, frozen=True, kw_only=True):
    """What the centre welcomes: records in a batch, bytes in a chunk, requests at once."""

    batch: Annotated[int, msgspec.Meta(ge=1, le=MAX_BATCH)] = 50
    chunk: Annotated[int, msgspec.Meta(ge=1)] = 4 * 1024 * 1024
    in_flight: Annotated[int, msgspec.Meta(ge=1, le=64)] = 8


class Hello(Message, frozen=True, kw_only=True):
    """`GET /hello`; always 200. Anything but exactly this shape is a captive portal."""

    server: str
    api: list[int]
    realm: str
    time: Time
    epoch: str
    pause: Pause | None
    limits: Limits
    key_id: str


class KeyStatement(Message, frozen=True, kw_only=True):
    """The centre's next signing key, signed with the one before ("key")."""

    key_id: str
    public_key: str
    by: str  # key_id of the key that signs
    at: Time
    signature: Signature


class Keys(Message, frozen=True, kw_only=True):
    """`GET /keys` (added in 1.0): every change of the signing key, oldest first; [] while there was none.

    Asked when `hello` names a key that is not pinned. A client believes only what it can follow from a pinned key.
    """

    keys: Annotated[list[KeyStatement], msgspec.Meta(max_length=100)]


class OperatorKey(Message, frozen=True, kw_only=True):
    """A person's public key and roles. Names stay in the office."""

    id: Ident
    roles: list[str]  # of app.domain.people.Role values
    public_key: str
    active: bool = True


class Enrol(Message, frozen=True, kw_only=True):
    """`POST /enrol`: the one-time code, the device's key; signed by the device ("enrol").

    A district without a coordinator yet takes the first `operators` list that is signed by a coordinator in it.
    A later device of the same district needs a code of its own; the district's operators stay.
    """

    code: str
    district: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}$")]
    device: Ident
    device_key: str
    coordinator: OperatorKey | None = None  # None: the first POST /operators brings it and vouches for itself
    at: Time
    signature: Signature


def code_hash(code: str) -> str:
    """What stands for a one-time code where it must not be read; capitals, groups and spaces say nothing."""
    letters = code.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(letters.encode("utf-8")).hexdigest()


class Login(Message, frozen=True, kw_only=True):
    """`POST /login`: proves possession of the device key (signed "login"); token for 12 h, this device only."""

    device: Ident
    at: Time
    nonce: Annotated[str, msgspec.Meta(min_length=16, max_length=64)]
    signature: Signature


class Token(Message, frozen=True, kw_only=True):
    """Answer to enrol and login."""

    token: str
    expires_at: Time
    district: str
    feed_head: int = 0


class Operators(Message, frozen=True, kw_only=True):
    """`POST /operators`: signed by the coordinator ("operators")."""

    operators: list[OperatorKey]
    by: Ident
    at: Time
    signature: Signature


class Accepted(Message, frozen=True, kw_only=True):
    """Plain yes to a call that needs no more."""

    feed_head: int = 0


class SetupFile(Message, frozen=True, kw_only=True):
    """What KPU RI hands to a district: where the centre is and which key it signs with. The code comes separately."""

    realm: str
    server: str
    district: str
    keys: dict[str, str]  # key_id -> public key


# ---- records ---------------------------------------------------------------------------------------------------


class Reading(Message, frozen=True, kw_only=True):
    """A signed reading ("reading"). `cells` only where they are not the record's (an earlier or a partial reading).

    Several of one order are parts of it, as its pages came, unless they hold the same boxes: then the later one counts.
    Signed body: realm's statement over {tps, form, round, order, by, values_hash, started, finished, taken_over_from}.
    """

    order: Annotated[
        int, msgspec.Meta(ge=1, le=4)
    ]  # 1 first, 2 second, 3 third (differing boxes), 4 coordinator
    by: Ident
    values_hash: Sha256
    started: Time
    finished: Time
    taken_over_from: list[Ident] = []
    cells: CellMap | None = None
    signature: Signature


class Acceptance(Message, frozen=True, kw_only=True):
    """A finding accepted with its reason; `cells` is the fingerprint of the cells it was accepted for."""

    check: str
    reason: str  # tertulis_demikian | tidak_terbaca | pindaian_buruk | lainnya
    note: Words = ""
    by: Ident
    at: Time


class PageRef(Message, frozen=True, kw_only=True):
    """A page of the form and the hash of its upload copy."""

    n: Annotated[int, msgspec.Meta(ge=1, le=99)]
    sha256: Sha256
    bytes: Annotated[int, msgspec.Meta(ge=1)]


class Record(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One version of one form. Idempotency key: identity + `values_hash` + `repeat`.

    `repeat` (added in 1.0, absent = 0): how often these same values were a version of this form before, so that a
    correction back to earlier values is not mistaken for a late resend of the first.

    `as_of` (added in 1.0, absent = 0: not said; only to a centre whose `FEATURES` say so): the journal line of the
    sending device as of which it names its pages. Of two requests that overtake one another the later line is believed;
    one that does not say is believed as ever.
    """

    tps: Tps
    form: FormId
    round: Round
    cells: CellMap
    parent: Sha256 | None
    cause: str  # first | settled | correction | moved
    readings: list[Reading]
    accepted: list[Acceptance] = []
    pages: list[PageRef] = []
    sent_at: Time
    repeat: Annotated[int, msgspec.Meta(ge=0, le=99)] = 0
    as_of: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)] = 0


class Records(Message, frozen=True, kw_only=True):
    """`POST /records`. `journal_head` = {"seq", "hash"} of the device's journal, anchored by the centre."""

    device: Ident
    journal_head: JournalHead
    records: Annotated[
        list[Any], msgspec.Meta(min_length=1, max_length=MAX_BATCH)
    ]  # each decoded alone as Record


class JournalHead(Message, frozen=True, kw_only=True):
    """Newest line of a device's journal. `earlier` proves continuity: the hash of this journal at the anchored seq.

    `fresh` (added in 1.0): nothing else of this run of the client can be on its way, so a number below the anchor is
    no request that was overtaken but a journal that went back.
    """

    seq: Annotated[int, msgspec.Meta(ge=0)]
    hash: Sha256
    earlier: dict[str, str] = {}  # {"<seq>": hash} of lines the centre may ask about (its last anchor)
    fresh: bool = False


class RecordStatus(StrEnum):
    STORED = "stored"
    REPLAYED = "replayed"
    RIVAL = "rival"
    REJECTED = "rejected"


class Receipt(Message, frozen=True, kw_only=True):
    """Signed by the centre ("receipt"). `what` = the record's key, a scan's or copy's hash or a verdict's id."""

    kind: str  # record | scan | verdict | withdrawal | thrifty (only of copies that were sent)
    what: str
    values_hash: str  # "" for scans; of a thrifty copy the scan it stands for
    sequence: int
    epoch: str
    time: Time
    key_id: str
    signature: Signature


class Problem(Message, frozen=True, kw_only=True):
    """RFC 9457 problem details with `retryable`; `code` is stable, `detail` an Indonesian sentence."""

    title: str
    status: int
    code: str
    detail: str = ""
    retryable: bool = False
    retry_after_s: float | None = None
    type: str = "about:blank"


class RecordResult(Message, frozen=True, kw_only=True):
    """One line of the answer, in the order asked."""

    key: str  # C1Key.text()
    status: RecordStatus
    receipt: Receipt | None = None
    problem: Problem | None = None


class RecordResults(Message, frozen=True, kw_only=True):
    results: list[RecordResult]
    feed_head: int
    anchor_seq: int = 0  # the journal line the centre has anchored for this device


# ---- scans -----------------------------------------------------------------------------------------------------


class ScanReceiptsAsk(Message, frozen=True, kw_only=True):
    """`POST /scans/receipts`: which of these hashes does the centre hold?"""

    sha256: Annotated[list[Sha256], msgspec.Meta(max_length=MAX_STATUS)]


class ScanReceipts(Message, frozen=True, kw_only=True):
    receipts: list[Receipt]
    feed_head: int


# ---- feed, verdicts, withdrawals, status -----------------------------------------------------------------------


class EventKind(StrEnum):
    RETURNED = "returned"
    PUBLISHED = "published"
    RIVAL = "rival"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    NOTICE = "notice"


class FeedEvent(Message, frozen=True, kw_only=True):
    """Numbered per district without gaps."""

    n: int
    kind: EventKind
    at: Time
    tps: Tps | None = None
    form: FormId | None = None
    round: Round | None = None
    values_hash: Sha256 | None = None
    cells: CellMap | None = None  # returned, rival: the centre's own stored cells
    pages: list[PageRef] = []  # returned: the pages the centre holds
    text: Words = ""
    repeat: int | msgspec.UnsetType = msgspec.UNSET  # of these values in this form (see `Record`); absent = 0


class Feed(Message, frozen=True, kw_only=True):
    events: list[FeedEvent]
    feed_head: int
    epoch: str


class Verdict(Message, frozen=True, kw_only=True):
    """Signed by the verifier ("verdict"). Counts only on the head."""

    id: Annotated[
        str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$")
    ]
    tps: Tps
    form: FormId
    round: Round
    values_hash: Sha256
    pages: list[Sha256]
    verdict: Annotated[str, msgspec.Meta(pattern="^(ok|wrong)$")]
    previous: str | None  # id of this person's earlier verdict on the form
    by: Ident
    at: Time
    reason: Words = ""
    signature: Signature


class Verdicts(Message, frozen=True, kw_only=True):
    """`POST /verdicts`: each decoded alone as Verdict. `journal_head` (added in 1.0) as with records."""

    verdicts: Annotated[list[Any], msgspec.Meta(min_length=1, max_length=MAX_BATCH)]
    journal_head: JournalHead | None = None


class VerdictStatus(StrEnum):
    STORED = "stored"
    REPLAYED = "replayed"
    STALE = "stale"
    LATER = "later"
    REJECTED = "rejected"


class VerdictResult(Message, frozen=True, kw_only=True):
    id: str
    status: VerdictStatus
    receipt: Receipt | None = None
    problem: Problem | None = None


class VerdictResults(Message, frozen=True, kw_only=True):
    results: list[VerdictResult]
    feed_head: int


class Withdrawal(Message, frozen=True, kw_only=True):
    """Wrong TPS: this version leaves the form; signed by a coordinator or the mover ("withdrawal")."""

    id: Annotated[
        str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$")
    ]
    tps: Tps
    form: FormId
    round: Round
    values_hash: Sha256
    by: Ident
    at: Time
    reason: Words
    signature: Signature


class Withdrawals(Message, frozen=True, kw_only=True):
    withdrawals: Annotated[list[Any], msgspec.Meta(min_length=1, max_length=MAX_BATCH)]
    journal_head: JournalHead | None = None


class StatusAsk(Message, frozen=True, kw_only=True):
    """`POST /status`: forms as C1Key.text() and/or version hashes."""

    forms: Annotated[list[str], msgspec.Meta(max_length=MAX_STATUS)] = []
    hashes: Annotated[list[Sha256], msgspec.Meta(max_length=MAX_STATUS)] = []


class FormStatus(Message, frozen=True, kw_only=True):
    key: str
    head: Sha256 | None
    pages: list[PageRef] = []  # held
    verdict: str | None = None  # last counting verdict: ok | wrong
    published: bool = False
    receipt: Receipt | None = None


class StatusAnswer(Message, frozen=True, kw_only=True):
    forms: list[FormStatus]
    known_hashes: list[Sha256]
    feed_head: int
    epoch: str


M = TypeVar("M")


def encode(message: Message) -> bytes:
    """Compact JSON bytes of a message."""
    return msgspec.json.encode(message)


def decode(data: bytes, shape: type[M]) -> M:
    """Strict decoding; raises `msgspec.ValidationError` (a ValueError) naming the field."""
    return msgspec.json.decode(data, type=shape, strict=True)


def convert(value: object, shape: type[M]) -> M:
    """The same for one already parsed element of a batch, so that a bad record fails alone."""
    return msgspec.convert(value, type=shape, strict=True)


def as_body(message: Message) -> dict[str, Any]:
    """Plain JSON data, for signing (`app.domain.attestation`)."""
    body = msgspec.to_builtins(message)
    assert isinstance(body, dict)  # noqa: S101 - msgspec turns every Struct into a dict
    return body
