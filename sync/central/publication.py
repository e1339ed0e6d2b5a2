"""The publisher's thread: considers what changed, copies images, writes the tree, tells the districts.

Only this thread writes the public tree. Each step is committed before the next, and every step can be repeated:
killed anywhere, the next start goes on (`to_consider` and `to_write` are its lists of work). A version that was
public stays so until its form is withdrawn (also while a correction of it is under way), a verifier says "wrong", or a
newer version is published.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from app.domain.cell import cells_from_json
from app.domain.form import FormDefinition
from app.domain.people import Role
from app.domain.readings import Order, Reading
from app.domain.wilayah import TpsId
from app.errors import BadInput, ExpectedError
from sync.central import feed, people, shelf, thrifty, verdicts, versions
from sync.central.centre import Centre
from sync.central.clock import situng_time
from sync.central.database import one
from sync.central.driver import Connection, Row
from sync.central.public_tree import THRIFTY_MARK, PublicTree, image_folder
from sync.central.publisher import Facts, Reason, SignedReading, VerdictFact, may_publish, readers_agreed
from sync.central.scans import Scans
from sync.wire import EventKind

ImageSanitizer = Callable[[Path, Path], None]
BATCH = 200  # forms between two writings of the areas above them
AGAIN_S = 10.0  # after a fault of the disk
LOOK_S = 5.0  # without being woken: a bundle is taken in by another process
IMAGES_ALONE = "images"  # in `to_write`: nothing to tell the district

log = logging.getLogger(__name__)


class Publication:
    """One per centre. `wake()` from any thread."""

    def __init__(
        self, centre: Centre, scans: Scans, tree: PublicTree, sanitizer: ImageSanitizer | None
    ) -> None:
        self._centre = centre
        self._scans = scans
        self._tree = tree
        self._sanitize = sanitizer or copy_image
        self._news = threading.Event()
        self._is_stopping = False
        self._one_at_a_time = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)

    def start(self) -> None:
        self._news.set()
        self._thread.start()

    def wake(self) -> None:
        """Something may have become publishable."""
        self._news.set()

    def stop(self) -> None:
        """End after the form in hand."""
        self._is_stopping = True
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        wait_s = LOOK_S
        while not self._is_stopping:
            self._news.wait(wait_s)
            self._news.clear()
            try:
                wait_s = LOOK_S if self.drain() else AGAIN_S
            except Exception:
                log.exception("the publisher stopped at a fault and tries again in %s s", AGAIN_S)
                wait_s = AGAIN_S

    def drain(self) -> bool:
        """Do all the work there is now; False when some of it waits for the disk."""
        with self._one_at_a_time:
            later: set[str] = set()
            faults: list[Exception] = []
            while not self._is_stopping:
                with self._centre.db.read() as con:
                    rows = con.execute("SELECT key FROM to_consider LIMIT ?", (BATCH + len(later),))
                    keys = [row[0] for row in rows if row[0] not in later]
                for key in keys:
                    try:
                        is_done = self._consider(key)
                    except Exception as error:  # noqa: BLE001 - one form must not hold up the others; raised again below
                        is_done = False
                        faults.append(error)
                    if not is_done:
                        later.add(key)
                self._write_tree()
                if not keys:
                    break
            for fault in faults:
                raise fault
            return not later

    # ---- one form ------------------------------------------------------------------------------------------------

    def _consider(self, key: str) -> bool:
        """False: the disk would not take the copies; the form stays on the list, and its reason says so."""
        with self._centre.db.read() as con:
            version = versions.head_of(con, key)
            facts = gather(con, self._centre, version) if version is not None else None
        reasons = may_publish(facts) if facts is not None else [Reason.NOT_HEAD]
        images: list[str] = []
        if facts is not None and not reasons:
            try:
                images = self._copy_images(facts)
            except ExpectedError as error:
                log.warning("images of %s refused: %s", key, error)
                reasons = [Reason.IMAGE_REFUSED]
            except OSError as error:
                self._put_off(key, error)
                return False
        with self._centre.db.write() as con:
            now = versions.head_of(con, key)
            if now is not None and (facts is None or gather(con, self._centre, now) != facts):
                return True  # it changed meanwhile; it stays on the list and is considered again
            if facts is not None and now is not None and not reasons:
                self._publish(con, key, now, facts, images)
            elif must_leave(con, key, reasons):
                self._unpublish(con, key)
            _keep_reasons(con, key, reasons)
            con.execute("DELETE FROM to_consider WHERE key = ?", (key,))
        return True

    def _put_off(self, key: str, error: OSError) -> None:
        """Told once: the disk may stay full for long."""
        with self._centre.db.read() as con:
            known = one(con, "SELECT reasons FROM unpublished_reason WHERE key = ?", key)
        if known is not None and known["reasons"] == Reason.IMAGE_UNWRITTEN:
            return
        log.warning("images of %s cannot be written now: %s", key, error)
        with self._centre.db.write() as con:
            _keep_reasons(con, key, [Reason.IMAGE_UNWRITTEN])

    def _publish(self, con: Connection, key: str, version: Row, facts: Facts, images: list[str]) -> None:
        known = one(con, "SELECT version, images FROM published WHERE key = ?", key)
        if known is not None and (known["version"], known["images"]) == (version["id"], json.dumps(images)):
            return
        publication = self._form(facts).publication
        number = {
            name: value if isinstance(value, int) else None
            for name, value in json.loads(version["cells"]).items()
        }
        con.execute(
            "INSERT OR REPLACE INTO published VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key,
                str(facts.key.tps),
                facts.key.form,
                facts.key.round,
                version["id"],
                json.dumps({one.id: number.get(one.field) for one in publication.candidates}),
                json.dumps({name: number.get(field) for name, field in publication.fields.items()}),
                json.dumps(images),
                situng_time(self._centre.clock()),
                readers_agreed(facts.readings, facts.cells),
            ),
        )
        if known is not None and known["version"] == version["id"] and THRIFTY_MARK in known["images"]:
            # The scan in place of its thrifty copy is news for the tree alone: the district knows that it is public.
            con.execute("INSERT OR IGNORE INTO to_write VALUES (?, ?)", (key, IMAGES_ALONE))
            return
        con.execute("INSERT OR REPLACE INTO to_write VALUES (?, ?)", (key, EventKind.PUBLISHED.value))

    def _unpublish(self, con: Connection, key: str) -> None:
        con.execute("DELETE FROM published WHERE key = ?", (key,))
        con.execute("INSERT OR REPLACE INTO to_write VALUES (?, ?)", (key, EventKind.NOTICE.value))

    def _form(self, facts: Facts) -> FormDefinition:
        return self._centre.forms[facts.key.form]

    def _copy_images(self, facts: Facts) -> list[str]:
        """Sanitised copies under the public folder; returns their names in page order.

        Raises ExpectedError (the image), OSError (the disk).
        """
        station = self._centre.register.stations[facts.key.tps]
        folder = self._centre.settings.public / image_folder(station.kpu_id)
        folder.mkdir(parents=True, exist_ok=True)
        names = []
        for page in sorted(facts.pages_needed):
            sha256 = facts.pages[page]
            mark = "" if sha256 in facts.held else THRIFTY_MARK
            sha256 = facts.thrifty[sha256] if mark else sha256
            source = self._scans.path(sha256)
            ballot = self._form(facts).publication.ballot
            repeated = "" if facts.key.round == 1 else f"-putaran{facts.key.round}"
            stem = f"{station.kpu_id}-{ballot}{repeated}-{page}-{sha256[:12]}{mark}"
            made = (folder / f"{stem}{suffix}" for suffix in SUFFIXES)
            names.append(
                next((one.name for one in made if one.exists()), None) or self._copy(source, folder, stem)
            )
        return names

    def _copy(self, source: Path, folder: Path, stem: str) -> str:
        """One sanitised copy; its ending is that of what was written. Raises ExpectedError, OSError."""
        if shelf.hash_of(source) != source.name:  # a rotten disk must not reach the public
            shelf.set_aside(source)
            raise BadInput(f"Pindaian {source.name[:12]} rusak di disk server.")
        part = folder / f"{stem}.part"
        self._sanitize(source, part)
        name = f"{stem}{suffix_of(part)}"
        part.replace(folder / name)
        return name

    # ---- the tree ------------------------------------------------------------------------------------------------

    def _write_tree(self) -> None:
        with self._centre.db.read() as con:
            todo = [(row["key"], row["event"]) for row in con.execute("SELECT key, event FROM to_write")]
            if not todo:
                return
            keys = [versions.key_of(key) for key, _ in todo]
            self._tree.update(con, keys)
            for tps in {str(key.tps) for key in keys}:
                self._drop_images(con, tps)
        with self._centre.db.write() as con:
            for key, event in todo:
                self._tell(con, key, event)
                con.execute("DELETE FROM to_write WHERE key = ?", (key,))

    def _drop_images(self, con: Connection, tps: str) -> None:
        """What nothing public shows any more is not served any more: a page at the wrong TPS names people."""
        station = self._centre.register.stations.get(TpsId(tps))
        if station is None:
            return
        rows = con.execute("SELECT images FROM published WHERE tps = ?", (tps,))
        shown = {name for (images,) in rows for name in json.loads(images)}
        folder = self._centre.settings.public / image_folder(station.kpu_id)
        for path in folder.glob("*"):
            if path.name not in shown:
                path.unlink(missing_ok=True)

    def _tell(self, con: Connection, key: str, event: str) -> None:
        district = versions.district_of(con, key)
        row = one(
            con,
            "SELECT version.* FROM published JOIN version ON version.id = published.version"
            " WHERE published.key = ?",
            key,
        )
        if event == EventKind.PUBLISHED.value and row is not None:
            told = {**versions.facts(row), "cells": None}
            feed.add(con, self._centre, district, EventKind.PUBLISHED, **told)
        elif event == EventKind.NOTICE.value:
            who = versions.key_of(key)
            feed.add(
                con,
                self._centre,
                district,
                EventKind.NOTICE,
                tps=str(who.tps),
                form=who.form,
                round=who.round,
                text=f"{who.tps.label} ({who.tps}) tidak lagi ditampilkan di situs publik.",
            )


def gather(con: Connection, centre: Centre, version: Row) -> Facts:
    """The facts about a version, every signature checked anew."""
    key = versions.key_of(version["key"])
    district = versions.district_of(con, version["key"])
    form = centre.forms[key.form]
    rows = con.execute("SELECT * FROM reading WHERE version = ? ORDER BY id", (version["id"],))
    cells = cells_from_json(json.loads(version["cells"]))
    return Facts(
        key=key,
        district=district,
        is_head=version["state"] == "head",
        is_known_tps=key.tps in centre.register.stations,
        cells=cells,
        values_hash=version["values_hash"],
        readings=tuple(_reading(con, centre, district, row) for row in rows),
        readings_needed=form.readings,
        is_complete=form.is_covered_by(cells),
        verdict=_verdict(con, centre, district, version["id"]),
        pages_needed=frozenset(page.n for page in form.pages),
        pages={page.n: page.sha256 for page in versions.pages_of(con, version["id"])},
        held=frozenset(page.sha256 for page in versions.held_pages(con, centre, district, version["id"])),
        thrifty=thrifty.shown_for(con, centre, district, version["id"]),
    )


def _reading(con: Connection, centre: Centre, district: str, row: Row) -> SignedReading:
    body = json.loads(row["body"])
    fault = people.has_signed(con, centre.realm, district, "reading", row["person"], body, body["finished"])
    reading = Reading(
        order=Order(row["ord"]),
        by=row["person"],
        cells=cells_from_json(json.loads(row["cells"])),
        taken_over_from=tuple(body["taken_over_from"]),
    )
    return SignedReading(reading, fault is None)


def _verdict(con: Connection, centre: Centre, district: str, version: int) -> VerdictFact | None:
    row = verdicts.last_counting(con, version)
    if row is None:
        return None
    body = json.loads(row["body"])
    fault = people.has_signed(con, centre.realm, district, "verdict", row["person"], body, body["at"])
    return VerdictFact(
        by=row["person"],
        verdict=row["verdict"],
        values_hash=body["values_hash"],
        pages=frozenset(body["pages"]),
        is_signed=fault is None,
        is_verifier=people.has_role(con, district, row["person"], Role.VERIFY),
    )


def must_leave(con: Connection, key: str, reasons: list[Reason]) -> bool:
    """True when what is public of this form may not stay: it was withdrawn, by itself or by the withdrawal of its
    correction, or its own version was found wrong."""
    known = one(
        con,
        "SELECT values_hash, state FROM published JOIN version ON version.id = published.version"
        " WHERE published.key = ?",
        key,
    )
    if known is None:
        return False
    if known["state"] == "head":
        return Reason.WRONG in reasons
    return known["state"] == "withdrawn" or not versions.is_before_head(con, key, known["values_hash"])


def _keep_reasons(con: Connection, key: str, reasons: list[Reason]) -> None:
    if reasons:
        text = " ".join(reason.value for reason in reasons)
        con.execute("INSERT OR REPLACE INTO unpublished_reason VALUES (?, ?)", (key, text))
    else:
        con.execute("DELETE FROM unpublished_reason WHERE key = ?", (key,))


# ---- images --------------------------------------------------------------------------------------------------------

SUFFIXES = (".jpg", ".png", ".webp")
_MAGIC = {".jpg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n"}


def suffix_of(path: Path) -> str:
    """File name ending by the first bytes: JPEG, PNG or WebP. Raises BadInput for anything else."""
    with path.open("rb") as file:
        start = file.read(16)
    for suffix, magic in _MAGIC.items():
        if start.startswith(magic):
            return suffix
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return ".webp"
    raise BadInput("Pindaian bukan gambar JPEG, PNG atau WebP.")


def copy_image(source: Path, target: Path) -> None:
    """The plain sanitizer: an image by its first bytes is copied as it is.

    `app.bootstrap` gives a better one, which decodes and re-encodes in a child process with limits; pixels are the
    scanner's business, so this package has no decoder of its own.
    """
    suffix_of(source)
    with source.open("rb") as file, target.open("wb") as copy:
        while chunk := file.read(1024 * 1024):
            copy.write(chunk)
