"""A real workplace and a real centre's stores, joined by nothing but files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from app.bundle_ports import BundleChoice, BundleStore, ImportReport
from app.domain.attestation import public_key_of, sign
from app.ports import IntakeState, Json
from app.services import keying, pages, workplace
from app.services.bundles import bundle_store
from app.services.pages import scan_path
from sync.bundle.answer import Answer, faults
from sync.bundle.container import Lines, Writer, opened
from sync.bundle.export import Exporter
from sync.bundle.shapes import PART_BYTES, AnswerManifest, Result
from sync.bundle.signing import Origin, signed
from sync.central import accounts
from sync.central.bundles import take_in
from sync.central.scans import Scans
from sync.central.server import open_centre
from sync.central.settings import CentralSettings
from sync.wire import Enrol, convert
from tests.fakes import district
from tests.fakes.district import Desk, key, own

ALL = BundleChoice()


class Pair:
    """A district's desk and a centre."""

    def __init__(self, folder: Path, *, is_enrolled: bool = True) -> None:
        self.stick = folder / "usb"
        self.stick.mkdir()
        self.desk: Desk = district.make(folder)
        settings = CentralSettings(folder / "pusat", realm=self.desk.wp.realm, register=(district.region(),))
        self.centre = open_centre(settings)
        self.scans = Scans(self.centre)
        self.store: BundleStore = bundle_store(self.desk.wp)
        wp = self.desk.wp
        private = workplace.device_key(wp)
        pinned = {self.centre.key.key_id: self.centre.key.public}
        self.origin = Origin(wp.realm, wp.district, wp.device_id, private, pinned)
        if is_enrolled:
            self.enrol()

    def code(self) -> str:
        """A fresh one of this district."""
        with self.centre.db.write() as con:
            return accounts.new_code(con, self.centre, self.origin.district)

    def enrol(self) -> None:
        """Over the line, as the wire does it."""
        origin = self.origin
        body: Json = {
            "code": self.code(),
            "district": origin.district,
            "device": origin.device_id,
            "device_key": public_key_of(origin.device_key),
            "coordinator": None,
            "at": "2019-04-17T00:00:00Z",
        }
        body["signature"] = sign(origin.device_key, "enrol", origin.realm, body)
        with self.centre.db.write() as con:
            accounts.enrol(con, self.centre, convert(body, Enrol))

    def scan(self, n: int, page: int, size: int = 20_000) -> str:
        """A page with bytes behind its row."""
        data = hashlib.sha256(f"{n} {page}".encode()).digest() * (size // 32)
        sha = hashlib.sha256(data).hexdigest()
        path = scan_path(self.desk.wp, sha)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        new = replace(district.new_scan(sha), size_bytes=len(data))
        pages.page_rows(self.desk.wp).add_page(new, key(n), page, IntakeState.ASSIGNED, "pindai")
        return sha

    def key_twice(self, n: int, **changes: int) -> None:
        for who in ("ani", "budi"):
            keying.key_whole(self.desk.wp, self.desk[who], key(n), {**own(n), **changes})

    def export(
        self, choice: BundleChoice = ALL, *, part_bytes: int = PART_BYTES, target: Path | None = None
    ) -> tuple[Path, ...]:
        exporter = Exporter(self.store, self.origin, self.desk.clock, part_bytes=part_bytes)
        return exporter.run(target or self.stick, choice).files

    def carry(self, bundle: Path) -> Path:
        answer = bundle.with_name(f"{bundle.stem}-jawaban.zip")
        take_in(self.centre, self.scans, bundle, answer)
        return answer

    def take_in(self, path: Path) -> ImportReport:
        with opened(path) as bundle:
            manifest = bundle.manifest
            assert isinstance(manifest, AnswerManifest)
            for refused in faults(bundle, self.origin, self.store):
                raise refused
            bundle.verify()
            return Answer(bundle, manifest, self.store, self.origin).take_in()

    def answer_anew(self, answer: Path, results: Sequence[Result], **changes: object) -> Path:
        """The centre's answer with other results, signed by it as it then is."""
        with opened(answer) as found:
            manifest = found.manifest
            assert isinstance(manifest, AnswerManifest)
            writer, lines = Writer(self.stick / "baru"), Lines("results")
            for one in results:
                lines.add(writer, one)
            lines.flush(writer)
            for entry in found.of("feed"):
                writer.add(entry.name, b"".join(found.blocks(entry.name)))
        changed = msgspec.structs.replace(manifest, entries=writer.entries, **changes)
        writer.seal(signed(changed, self.centre.key.private))
        writer.publish(self.stick / "jawaban-lain.zip")
        return self.stick / "jawaban-lain.zip"

    def waiting(self) -> int:
        return len(self.store.open_items(ALL, 0, 1000))

    def heads(self) -> list[str]:
        with self.centre.db.read() as con:
            return [row[0] for row in con.execute("SELECT state FROM version ORDER BY id")]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.centre.db.close()
    made.desk.wp.close()
