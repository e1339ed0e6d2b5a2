"""Scans on the centre's disk: unfinished uploads by their id, finished ones by their hash.

Invariant: a finished scan was fsynced, renamed to its hash (`shelf`) and its folder fsynced before the row and its
receipt were committed; a row whose file is gone is not held, and keeps its receipt for when it comes again. An upload's
offset *is* the size of its file, so a restart loses nothing. Names on disk are made here (random ids, hashes), never
taken from a request. Thread: worker threads; one request at a time per upload (`turns`).
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sync.central import receipts, shelf, thrifty, versions
from sync.central.accounts import Caller
from sync.central.centre import Centre
from sync.central.database import one
from sync.central.refusal import Refused
from sync.central.settings import UPLOAD_LIFE_S
from sync.wire import Receipt

MAX_OPEN = 256  # unfinished uploads of one device; a client keeps eight
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A row of `upload` with its offset."""

    id: str
    sha256: str
    length: int
    offset: int
    expires_at: float
    is_done: bool
    thrifty_of: str = ""  # the scan these bytes stand for until it comes; empty: they are a scan themselves


class Scans:
    """All of the centre's scans."""

    def __init__(self, centre: Centre) -> None:
        self._centre = centre
        self._uploads = centre.settings.folder / "uploads"
        self._scans = centre.settings.scans
        self._uploads.mkdir(parents=True, exist_ok=True)
        self._scans.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where a scan lies; raises ValueError for anything but 64 hex digits."""
        return shelf.place(self._scans, sha256)

    def is_held(self, district: str, sha256: str, thrifty_of: str = "") -> bool:
        """The scan; or, where one is named, the thrifty copy of that scan."""
        with self._centre.db.read() as con:
            if thrifty_of:
                return thrifty.is_held(con, self._centre, district, sha256, thrifty_of)
            row = one(con, "SELECT bytes FROM scan WHERE sha256 = ? AND district = ?", sha256, district)
        return row is not None and shelf.has(self._scans, sha256, row["bytes"])

    def receipts(self, district: str, hashes: Sequence[str]) -> list[Receipt]:
        """Receipts of those of the hashes this district has delivered, as scans or as thrifty copies, and that are
        still here: what is asked for again must not look delivered."""
        found = []
        with self._centre.db.read() as con:
            for sha256 in hashes:
                found += thrifty.receipts_of(con, self._centre, district, sha256)
                row = one(
                    con, "SELECT receipt, bytes FROM scan WHERE sha256 = ? AND district = ?", sha256, district
                )
                if row is not None and shelf.has(self._scans, sha256, row["bytes"]):
                    found.append(receipts.stored(con, self._centre, row["receipt"]))
        return found

    def create(self, who: Caller, sha256: str, length: int, thrifty_of: str = "") -> Upload:
        """A new upload, also of a scan we hold: plain clients begin at 0 whatever we answer, ours asks by hash before.

        Raises Refused.
        """
        settings = self._centre.settings
        if not shelf.HASH.fullmatch(sha256):
            raise Refused(400, "malformed", "Metadata sha256 tidak ada atau bukan 64 angka heksadesimal.")
        if thrifty_of and (not shelf.HASH.fullmatch(thrifty_of) or thrifty_of == sha256):
            raise Refused(400, "malformed", "Metadata thrifty_of bukan hash pindaian lain.")
        if not 1 <= length <= settings.max_scan_bytes:
            raise Refused(413, "too_large", f"Pindaian harus 1-{settings.max_scan_bytes} byte.")
        self.need_space(length)
        now = self._centre.clock()
        upload_id = secrets.token_hex(16)
        self._drop_stale(who, now)
        with self._centre.db.write() as con:
            con.execute(
                "INSERT INTO upload (id, device, district, sha256, length, expires_at, thrifty_of)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (upload_id, who.device, who.district, sha256, length, now + UPLOAD_LIFE_S, thrifty_of),
            )
        self._part(upload_id).touch()
        shelf.sync_folder(self._uploads)
        return Upload(upload_id, sha256, length, 0, now + UPLOAD_LIFE_S, is_done=False, thrifty_of=thrifty_of)

    def need_space(self, size: int) -> None:
        """Raises Refused (507) while the disk is nearly full."""
        free = shutil.disk_usage(self._uploads).free
        if free - size < self._centre.settings.disk_reserve_bytes:
            raise Refused(507, "full", "Disk server pusat penuh.", retryable=True, retry_after_s=300)

    def find(self, who: Caller, upload_id: str) -> Upload:
        """An upload of this device; somebody else's looks like none. Raises Refused (404, 410)."""
        row = None
        if _ID.fullmatch(upload_id):
            with self._centre.db.read() as con:
                row = one(con, "SELECT * FROM upload WHERE id = ? AND device = ?", upload_id, who.device)
        if row is None:
            raise Refused(404, "no_upload", "Unggahan ini tidak dikenal.")
        if row["expires_at"] < self._centre.clock():
            raise Refused(410, "expired", "Unggahan ini sudah kedaluwarsa.")
        offset = row["length"] if row["is_done"] else self._size(upload_id)
        if offset is None:
            raise Refused(404, "no_upload", "Unggahan ini tidak dikenal.")
        return Upload(
            upload_id,
            row["sha256"],
            row["length"],
            offset,
            row["expires_at"],
            bool(row["is_done"]),
            row["thrifty_of"],
        )

    def append(self, upload_id: str, data: bytes) -> None:
        """Add bytes at the end; durable after `settle`."""
        with self._part(upload_id).open("ab") as file:
            file.write(data)

    def cut(self, upload_id: str, size: int) -> None:
        """Forget what was added after `size`."""
        os.truncate(self._part(upload_id), size)

    def settle(self, upload_id: str) -> int:
        """Bring what was appended to the disk; returns the offset."""
        with self._part(upload_id).open("r+b") as file:
            os.fsync(file.fileno())
            return os.fstat(file.fileno()).st_size

    def finish(self, who: Caller, upload: Upload) -> Receipt:
        """All bytes are here: keep the file under its hash, or refuse it (460) and keep nothing."""
        part = self._part(upload.id)
        if shelf.hash_of(part) != upload.sha256:
            self.remove(upload.id)
            raise Refused(
                460,
                "checksum",
                "Berkas berubah di jalan; tidak disimpan. Kirim ulang dari awal.",
                retryable=True,
            )
        shelf.put(part, self.path(upload.sha256))
        now = self._centre.clock()
        with self._centre.db.write() as con:
            con.execute("UPDATE upload SET is_done = 1 WHERE id = ?", (upload.id,))
            if upload.thrifty_of:
                return thrifty.keep(con, self._centre, who, upload.sha256, upload.thrifty_of, upload.length)
            row = one(
                con, "SELECT receipt FROM scan WHERE sha256 = ? AND district = ?", upload.sha256, who.district
            )
            if row is not None:
                receipt = receipts.stored(con, self._centre, row["receipt"])
            else:
                receipt = receipts.give(con, self._centre, "scan", upload.sha256)
                con.execute(
                    "INSERT INTO scan VALUES (?, ?, ?, ?, ?, ?)",
                    (upload.sha256, who.district, upload.length, who.device, now, receipt.sequence),
                )
            versions.pages_came(con, self._centre, who.district, upload.sha256)  # also when it comes again
        return receipt

    def remove(self, upload_id: str) -> None:
        """Forget an upload and its bytes."""
        with self._centre.db.write() as con:
            con.execute("DELETE FROM upload WHERE id = ?", (upload_id,))
        self._part(upload_id).unlink(missing_ok=True)

    def _drop_stale(self, who: Caller, now: float) -> None:
        """Forget what is past its day, and this device's oldest beyond `MAX_OPEN`.

        Creations whose answer was lost are never heard of again: on a bad line they are thousands in a week, and
        refusing the next one would stop a district's images until they expire.
        """
        with self._centre.db.read() as con:
            rows = con.execute("SELECT id FROM upload WHERE expires_at < ?", (now,)).fetchall()
            rows += con.execute(
                "SELECT id FROM upload WHERE device = ? AND is_done = 0 ORDER BY expires_at DESC LIMIT -1 OFFSET ?",
                (who.device, MAX_OPEN - 1),
            ).fetchall()
        for row in rows:
            self.remove(row["id"])

    def _part(self, upload_id: str) -> Path:
        return self._uploads / f"{upload_id}.part"

    def _size(self, upload_id: str) -> int | None:
        try:
            return self._part(upload_id).stat().st_size
        except FileNotFoundError:
            return None
