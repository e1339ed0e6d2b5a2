"""A district's USB bundle taken in at the centre, and the answer for the way back.

Invariants: every element passes the very code that serves the wire (same checks, receipts, rival rule); the whole
bundle is verified before the first element counts; taking it in twice gives the same receipts and changes nothing.
May run beside a serving centre: both write the same SQLite file, one transaction at a time. Thread: one worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import UNSET, UnsetType, structs

from app.domain.c1form import body_digest
from app.errors import Unavailable
from sync.bundle.container import Bundle, BundleRefused, Fault, Lines, Writer, opened
from sync.bundle.shapes import FORMAT, AnswerManifest, Item, Manifest, Result, takes_extras
from sync.bundle.signing import enrol_proof, is_from, signed
from sync.central import accounts, anchor, feed, records, verdicts
from sync.central.accounts import Caller
from sync.central.centre import Centre
from sync.central.clock import iso
from sync.central.database import one
from sync.central.driver import Connection
from sync.central.refusal import Refused
from sync.central.scans import Scans
from sync.wire import Enrol, Operators, Problem, Receipt, VerdictStatus, convert

BATCH = 50  # items in one transaction: the wire's own measure
FEED_MOST = 20_000  # events in one answer; a later answer brings the rest
_HIDDEN = ".jawaban-ditulis"
_FOR_HOME = frozenset(
    {Fault.UNKNOWN_DEVICE, Fault.REVOKED, Fault.FORKED, Fault.CODE}
)  # the PC's people must act


@dataclass(frozen=True, slots=True)
class BundleReport:
    """What was taken in; `counts` by kind and status, e.g. `record stored`."""

    district: str
    device: str
    part: int
    parts: int
    counts: dict[str, int] = field(default_factory=dict)
    events: int = 0


def take_in(
    centre: Centre,
    scans: Scans,
    path: Path,
    answer: Path,
    *,
    district: str | None = None,
    is_plain: bool = False,
) -> BundleReport:
    """Verify, take in, write the answer. `district`: of whoever brought it over the line. `is_plain`: who brought it
    does not read what was added to answers.

    Raises BundleRefused (nothing changed; what the PC's people must know is written as the answer all the same),
    Unavailable (the answer's disk).
    """
    with opened(path) as bundle:
        try:
            who, manifest = _believed(centre, bundle, district)
            replies = _Replies(centre, bundle, manifest, has_extras=not is_plain and takes_extras(manifest))
            with _answering(answer) as writer:
                return _Intake(centre, scans, bundle, manifest, who, writer, replies).run()
        except BundleRefused as refused:
            if is_plain or not _is_told_home(centre, bundle, refused):
                raise
            _turn_away(centre, bundle, refused, answer)
            raise BundleRefused(
                refused.fault,
                sentence=str(refused),
                hint=f"Tidak ada yang diubah. Bawa {answer.name} kembali ke PC itu: di sana dijelaskan.",
            ) from None


@contextmanager
def _answering(answer: Path) -> Iterator[Writer]:
    """The answer under way; it is seen when the block ends well. Raises Unavailable."""
    try:
        writer = Writer(answer.with_name(answer.name + _HIDDEN))
        try:
            yield writer
            writer.publish(answer)
        finally:
            writer.discard()
    except OSError as error:
        raise _unwritable(answer, error) from error


def _unwritable(answer: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"Jawaban tidak dapat ditulis ke {answer.parent}: {error.strerror}. Yang sudah diambil tetap tersimpan.",
        hint="Periksa tempatnya, lalu ulangi; bundel boleh diambil dua kali.",
    )


def _is_told_home(centre: Centre, bundle: Bundle, refused: BundleRefused) -> bool:
    """Whether the refusal is for the people at the PC, who do not hear it otherwise and whose program reads it."""
    asked = bundle.manifest
    return (
        refused.fault in _FOR_HOME
        and isinstance(asked, Manifest)
        and takes_extras(asked)
        and is_from(bundle, asked.device_key, centre.realm)
    )


def _turn_away(centre: Centre, bundle: Bundle, refused: BundleRefused, answer: Path) -> None:
    """A signed answer that nothing was taken in, and why."""
    asked = bundle.manifest
    assert isinstance(asked, Manifest)  # noqa: S101 - asked by the caller
    problem = Problem(title="Refused", status=422, code=refused.code, detail=str(refused))
    with _answering(answer) as writer:
        _Replies(centre, bundle, asked, has_extras=True).seal(writer, refused=problem)


def _believed(centre: Centre, bundle: Bundle, district: str | None) -> tuple[Caller, Manifest]:
    """Whole, for this election, and from a device we know. Raises BundleRefused."""
    manifest = bundle.manifest
    if not isinstance(manifest, Manifest):
        raise BundleRefused(Fault.WRONG_KIND)
    if manifest.realm != centre.realm:
        raise BundleRefused(Fault.WRONG_REALM, manifest.realm)
    with centre.db.read() as con:
        device = one(con, "SELECT district, public_key, revoked_at FROM device WHERE id = ?", manifest.device)
    key = device["public_key"] if device else ""
    asks = key != manifest.device_key and manifest.enrol_proof is not UNSET
    if district not in {None, manifest.district}:
        raise BundleRefused(Fault.WRONG_DISTRICT, manifest.district)
    if device is None and not asks:
        raise BundleRefused(Fault.UNKNOWN_DEVICE, manifest.device)
    if device is not None and device["district"] != manifest.district:
        raise BundleRefused(Fault.WRONG_DISTRICT, manifest.district)
    if not is_from(bundle, manifest.device_key if asks else key, centre.realm):
        raise BundleRefused(Fault.WRONG_SIGNATURE, manifest.device)
    if device is not None and device["revoked_at"] is not None:
        raise BundleRefused(Fault.REVOKED, manifest.device)
    bundle.verify()
    for _ in bundle.lines("items", Item):
        pass  # every line is read before the first one counts
    if asks:
        _enrol(centre, manifest)
    return Caller(manifest.device, manifest.district), manifest


def _enrol(centre: Centre, asked: Manifest) -> None:
    """As `POST /enrol` does, by a code that is proved instead of told. Raises BundleRefused (CODE)."""
    ask = Enrol(
        code="",
        district=asked.district,
        device=asked.device,
        device_key=asked.device_key,
        at=asked.made_at,
        signature="",  # the manifest's own was checked
    )
    with centre.db.read() as con:
        codes = accounts.valid_codes(con, centre, asked.district)
    found = next((code for code in codes if enrol_proof(code, asked) == asked.enrol_proof), "")
    try:
        with centre.db.write() as con:
            accounts.admit(con, centre, ask, found)
    except Refused as refused:
        raise BundleRefused(Fault.CODE, sentence=str(refused)) from refused


class _Intake:
    """One bundle on its way in."""

    def __init__(
        self,
        centre: Centre,
        scans: Scans,
        bundle: Bundle,
        manifest: Manifest,
        who: Caller,
        writer: Writer,
        replies: _Replies,
    ) -> None:
        self._centre, self._scans, self._bundle = centre, scans, bundle
        self._manifest, self._who, self._writer = manifest, who, writer
        self._replies = replies
        self._lines = Lines("results")
        self._counts: dict[str, int] = {}

    def run(self) -> BundleReport:
        anchored = self._hold_journal()
        late: list[Item] = []
        for group in _groups(self._bundle.lines("items", Item)):
            for item, result in self._batch(group):
                if result.status == VerdictStatus.LATER:
                    late.append(item)  # what it speaks of may stand further on
                else:
                    self._write(result)
        for start in range(0, len(late), BATCH):
            for _, result in self._batch(late[start : start + BATCH]):
                self._write(result)
        for entry in self._bundle.of("scans"):
            self._write(self._scan(entry.sha256, entry.bytes, self._bundle.blocks(entry.name)))
        self._lines.flush(self._writer)
        events = self._answer(anchored)
        manifest = self._manifest
        return BundleReport(
            manifest.district, manifest.device, manifest.part, manifest.parts, dict(self._counts), events
        )

    def _hold_journal(self) -> int:
        """The wire's anchor. A bundle is old by nature: it may be behind, but never contradict."""
        try:
            with self._centre.db.write() as con:
                return anchor.hold(con, self._centre, self._who, self._manifest.journal_head, may_be_old=True)
        except Refused as refused:
            raise BundleRefused(Fault.FORKED, self._who.device) from refused

    # ---- elements ------------------------------------------------------------------------------------------------

    def _batch(self, items: Sequence[Item]) -> list[tuple[Item, Result]]:
        with self._centre.db.write() as con:
            return [(item, self._accept(con, item)) for item in items]

    def _accept(self, con: Connection, item: Item) -> Result:
        centre, who = self._centre, self._who
        match item.kind:
            case "operators":
                return self._operators(con, item)
            case "record":
                as_of = self._manifest.journal_head.seq
                said = records.accept(con, centre, who, item.body, as_of)
                return _result(item, said.status, said.receipt, said.problem)
            case "verdict":
                judged = verdicts.accept(con, centre, who, item.body)
                return _result(item, judged.status, judged.receipt, judged.problem)
            case "withdrawal":
                drawn = verdicts.withdraw(con, centre, who, item.body)
                return _result(item, drawn.status, drawn.receipt, drawn.problem)

    def _operators(self, con: Connection, item: Item) -> Result:
        con.execute("SAVEPOINT operators")
        try:
            accounts.operators(con, self._centre, self._who, convert(item.body, Operators))
        except msgspec.ValidationError as error:
            refused = Refused(400, "malformed", str(error)[:300])
        except Refused as error:
            refused = error
        else:
            con.execute("RELEASE operators")
            return _result(item, "stored")
        con.execute("ROLLBACK TO operators")
        con.execute("RELEASE operators")
        return _result(item, "rejected", problem=refused.problem())

    def _scan(self, sha256: str, size: int, blocks: Iterator[bytes]) -> Result:
        """The way of an upload: create, append, finish; one that is held already is not written again."""
        known = self._scans.receipts(self._who.district, [sha256])
        if known:
            return Result(id=0, kind="scan", what=sha256, status="replayed", receipt=known[0])
        try:
            upload = self._scans.create(self._who, sha256, size)
            for block in blocks:
                self._scans.append(upload.id, block)
            self._scans.settle(upload.id)
            receipt = self._scans.finish(self._who, upload)
        except Refused as refused:
            return Result(id=0, kind="scan", what=sha256, status="rejected", problem=refused.problem())
        return Result(id=0, kind="scan", what=sha256, status="stored", receipt=receipt)

    # ---- the answer ----------------------------------------------------------------------------------------------

    def _write(self, result: Result) -> None:
        name = f"{result.kind} {result.status}"
        self._counts[name] = self._counts.get(name, 0) + 1
        self._lines.add(self._writer, result)

    def _answer(self, anchored: int) -> int:
        """The feed behind the asker's cursor, then the signed manifest. Returns the number of events."""
        centre, asked, who = self._centre, self._manifest, self._who
        after = asked.cursor.after if asked.cursor.epoch == centre.db.epoch else 0
        lines, reached = Lines("feed"), after
        with centre.db.read() as con:
            head = feed.head(con, who.district)
            while reached < min(head, after + FEED_MOST):
                page = feed.after(con, centre, who.district, reached, feed.MAX_EVENTS).events
                for event in page:
                    lines.add(self._writer, event)
                reached = page[-1].n
            told = anchor.told(con, who.device)
        lines.flush(self._writer)
        seq, _, line_hash = told.partition(" ")
        self._replies.seal(
            self._writer,
            feed_after=after,
            feed_to=reached,
            feed_head=head,
            anchor_seq=int(seq or anchored),
            anchor_hash=line_hash or UNSET,
        )
        return reached - after


@dataclass(frozen=True, slots=True)
class _Replies:
    """What every answer to one bundle says. `has_extras`: its readers know what was added to answers."""

    centre: Centre
    bundle: Bundle
    asked: Manifest
    has_extras: bool

    def seal(
        self,
        writer: Writer,
        *,
        feed_after: int = 0,
        feed_to: int = 0,
        feed_head: int = 0,
        anchor_seq: int = 0,
        anchor_hash: str | UnsetType = UNSET,
        refused: Problem | UnsetType = UNSET,
    ) -> None:
        """The signed manifest, last."""
        centre, asked = self.centre, self.asked
        manifest = AnswerManifest(
            format=FORMAT,
            realm=centre.realm,
            district=asked.district,
            device=asked.device,
            asked=self.bundle.manifest_sha256,
            set_id=asked.set_id,
            part=asked.part,
            parts=asked.parts,
            made_at=iso(centre.clock()),
            epoch=centre.db.epoch,
            cursor=asked.cursor,
            feed_after=feed_after,
            feed_to=feed_to,
            feed_head=feed_head,
            anchor_seq=anchor_seq,
            key_id=centre.key.key_id,
            entries=writer.entries,
            signature="",
        )
        if self.has_extras:
            is_enrolled = asked.enrol_proof is not UNSET and refused is UNSET
            manifest = structs.replace(
                manifest,
                anchor_hash=anchor_hash,
                keys=centre.key.statements or UNSET,
                enrolled=is_enrolled or UNSET,
                refused=refused,
            )
        writer.seal(signed(manifest, centre.key.private))


def _result(
    item: Item, status: str, receipt: Receipt | None = None, problem: Problem | None = None
) -> Result:
    return Result(
        id=item.id,
        kind=item.kind,
        what=item.what,
        body_sha256=body_digest(item.body),
        status=str(status),
        receipt=receipt,
        problem=problem,
    )


def _groups(items: Iterator[Item]) -> Iterator[list[Item]]:
    while group := list(islice(items, BATCH)):
        yield group
