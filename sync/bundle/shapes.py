"""What stands in a bundle. Like the wire: strict, and it only grows.

    manifest.json          Manifest (district to centre) or AnswerManifest (centre to district), written last
    items/0001.jsonl       one Item a line, in the order it was queued here
    results/0001.jsonl     one Result a line, in the order asked
    feed/0001.jsonl        one wire.FeedEvent a line, without gaps
    scans/<sha256>         an upload copy, as it is

Bodies are the wire's own (RECORD, VERDICT, WITHDRAWAL, OPERATORS): the centre takes them in by the same code.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from sync.wire import Ident, JournalHead, KeyStatement, Message, Problem, Receipt, Sha256, Signature, Time

FORMAT: Literal[1] = 1
PART_BYTES = 3_500_000_000  # FAT32 ends at 4 GiB - 1; a stick bought in a hurry is FAT32
MAX_RELAYED = 64 * 1024 * 1024  # over another PC's line: sent whole, so a cut costs no more than this
MAX_ENTRIES = (
    30_000  # a part of images of 120 kB; far below the 65,535 from which a zip needs its 64-bit form
)
MAX_MANIFEST = 8 * 1024 * 1024  # 30,000 entries of 190 bytes
MAX_LINE = 1024 * 1024  # a record with four readings of all cells is 60 kB
CHUNK_BYTES = 4 * 1024 * 1024  # of lines in one entry: what is held in memory at a time
MANIFEST = "manifest.json"
ENTRY_NAME = r"(items|results|feed)/[0-9]{4}\.jsonl|scans/[0-9a-f]{64}"  # nothing else is a bundle's

# What was added to answers goes only to who reads it. A manifest says so in the one place that centres of before read
# over: among the lines of `journal_head.earlier`, under a name that is no number.
TAKES = "takes"
EXTRAS = "bundle-extras"  # the word for all of it; also in the header of who forwards

District = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]
Number = Annotated[int, msgspec.Meta(ge=1, le=9999)]
ItemName = Literal["operators", "withdrawal", "record", "verdict"]
SetId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]


class Entry(Message, frozen=True, kw_only=True):
    """One file of the bundle beside the manifest."""

    name: Annotated[str, msgspec.Meta(pattern=f"^({ENTRY_NAME})$")]
    bytes: Count
    sha256: Sha256


class Cursor(Message, frozen=True, kw_only=True):
    """How far the sender read the feed; an empty epoch before the first time."""

    epoch: Annotated[str, msgspec.Meta(max_length=64)]
    after: Count


class Manifest(Message, frozen=True, kw_only=True, tag_field="type", tag="bundle"):
    """Signed by the device ("bundle"). Every part is whole by itself; `set_id` says which belong together."""

    format: Literal[1]
    realm: Annotated[str, msgspec.Meta(max_length=64)]
    district: District
    device: Ident
    device_key: Annotated[str, msgspec.Meta(max_length=64)]  # the centre asks whether it is the enrolled one
    set_id: SetId
    part: Number
    parts: Number
    made_at: Time
    journal_head: JournalHead
    cursor: Cursor
    entries: Annotated[list[Entry], msgspec.Meta(max_length=MAX_ENTRIES)]
    signature: Signature
    # Added in 1.0, only of a device that asks to be enrolled: centres of before do not know it, nor this field.
    enrol_proof: Sha256 | msgspec.UnsetType = msgspec.UNSET


class AnswerManifest(Message, frozen=True, kw_only=True, tag_field="type", tag="answer"):
    """Signed by the centre ("bundle-answer"). `asked` = SHA-256 of the manifest that is answered.

    `cursor` is the asker's: an answer of another epoch is believed only by who still stands there.
    """

    format: Literal[1]
    realm: Annotated[str, msgspec.Meta(max_length=64)]
    district: District
    device: Ident
    asked: Sha256
    set_id: SetId
    part: Number
    parts: Number
    made_at: Time
    epoch: Annotated[str, msgspec.Meta(max_length=64)]
    cursor: Cursor
    feed_after: Count  # the events in here are feed_after + 1 ... feed_to
    feed_to: Count
    feed_head: Count  # there may be more than one answer holds
    anchor_seq: Count
    key_id: Annotated[str, msgspec.Meta(max_length=64)]
    entries: Annotated[list[Entry], msgspec.Meta(max_length=MAX_ENTRIES)]
    signature: Signature
    # Added in 1.0, only to who says EXTRAS:
    anchor_hash: Sha256 | msgspec.UnsetType = (
        msgspec.UNSET
    )  # of line `anchor_seq`; a journal without it is another's
    keys: Annotated[list[KeyStatement], msgspec.Meta(max_length=100)] | msgspec.UnsetType = msgspec.UNSET
    enrolled: bool | msgspec.UnsetType = msgspec.UNSET  # it asked to be, and is
    refused: Problem | msgspec.UnsetType = msgspec.UNSET  # nothing was taken in; there are no entries


AnyManifest = Manifest | AnswerManifest


def takes_extras(manifest: Manifest) -> bool:
    """Whether who made the bundle reads what was added to answers."""
    return EXTRAS in manifest.journal_head.earlier.get(TAKES, "").split()


class Item(Message, frozen=True, kw_only=True):
    """One statement as it waits at the sender. `id` is the sender's own row and comes back with the result."""

    id: Count
    kind: ItemName
    what: Annotated[str, msgspec.Meta(max_length=64)]
    body: dict[str, object]


class Result(Message, frozen=True, kw_only=True):
    """What became of one item or scan. `body_sha256` says which body was answered: it may have grown meanwhile."""

    id: Count
    kind: ItemName | Literal["scan"]
    what: Annotated[str, msgspec.Meta(max_length=64)]
    body_sha256: str = ""
    status: Annotated[str, msgspec.Meta(max_length=16)]
    receipt: Receipt | None = None
    problem: Problem | None = None
