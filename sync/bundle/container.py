"""The zip of a bundle, read as if an enemy had made it.

Invariants: nothing is ever extracted by name; only stored entries of known names are read; entries and headers tile
the file exactly (no data before, between, behind or twice); memory stays bounded whatever the file claims. A fault has
a code and a sentence, and is found before anything is changed. Thread: any, one at a time.
Source: APPNOTE.TXT 6.3 sections 4.3.7, 4.3.12, 4.3.16.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, TypeVar

import msgspec

from app.errors import BadInput
from sync.bundle.shapes import (
    CHUNK_BYTES,
    ENTRY_NAME,
    MANIFEST,
    MAX_ENTRIES,
    MAX_LINE,
    MAX_MANIFEST,
    PART_BYTES,
    AnyManifest,
    Entry,
)
from sync.wire import Message

READ_BYTES = 1024 * 1024
_END = struct.Struct("<4s4H2LH")  # end of central directory
_LOCAL = struct.Struct("<4s5H3L2H")  # local file header
_MANIFESTS: msgspec.json.Decoder[AnyManifest] = msgspec.json.Decoder(AnyManifest, strict=True)
_MAX_NAME = 80
_MAX_DIRECTORY = (MAX_ENTRIES + 1) * (46 + _MAX_NAME)
_ENTRY_COST = _LOCAL.size + 46 + 2 * _MAX_NAME + 240  # both headers of an entry, and its line in the manifest
_NAME = re.compile(f"{ENTRY_NAME}|{re.escape(MANIFEST)}")
M = TypeVar("M", bound=Message)


class Fault(StrEnum):
    """Why a bundle is refused."""

    UNREADABLE = "unreadable"
    NOT_A_ZIP = "not_a_zip"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    EXTRA_DATA = "extra_data"
    ZIP64 = "zip64"
    BAD_NAME = "bad_name"
    DUPLICATE = "duplicate"
    COMPRESSED = "compressed"
    ENCRYPTED = "encrypted"
    NOT_A_FILE = "not_a_file"
    HEADER = "header"
    NO_MANIFEST = "no_manifest"
    MANIFEST_SHAPE = "manifest_shape"
    NOT_IN_MANIFEST = "not_in_manifest"
    MISSING = "missing"
    WRONG_SIZE = "wrong_size"
    WRONG_HASH = "wrong_hash"
    ITEM_SHAPE = "item_shape"
    WRONG_REALM = "wrong_realm"
    WRONG_DISTRICT = "wrong_district"
    WRONG_DEVICE = "wrong_device"
    UNKNOWN_DEVICE = "unknown_device"
    REVOKED = "revoked"
    CODE = "code"
    WRONG_SIGNATURE = "wrong_signature"
    UNKNOWN_KEY = "unknown_key"
    WRONG_KIND = "wrong_kind"
    FORKED = "forked"
    OLD_EPOCH = "old_epoch"


SENTENCES: dict[Fault, str] = {
    Fault.UNREADABLE: "Berkas tidak dapat dibaca.",
    Fault.NOT_A_ZIP: "Berkas ini bukan bundel, atau terpotong.",
    Fault.TOO_LARGE: "Berkas ini lebih besar daripada bundel mana pun.",
    Fault.TOO_MANY: "Bundel memuat terlalu banyak berkas.",
    Fault.EXTRA_DATA: "Ada data asing di depan, di antara, atau di belakang isi bundel.",
    Fault.ZIP64: "Bundel memakai bentuk zip yang tidak dipakai program ini.",
    Fault.BAD_NAME: "Bundel memuat berkas bernama asing.",
    Fault.DUPLICATE: "Bundel memuat dua berkas bernama sama.",
    Fault.COMPRESSED: "Isi bundel dimampatkan; bundel yang sah tidak pernah dimampatkan.",
    Fault.ENCRYPTED: "Isi bundel disandikan.",
    Fault.NOT_A_FILE: "Bundel memuat tautan atau folder.",
    Fault.HEADER: "Daftar isi bundel tidak cocok dengan isinya.",
    Fault.NO_MANIFEST: "Bundel tidak memuat daftar isi.",
    Fault.MANIFEST_SHAPE: "Daftar isi bundel tidak dapat dibaca.",
    Fault.NOT_IN_MANIFEST: "Bundel memuat berkas yang tidak tercatat pada daftar isinya.",
    Fault.MISSING: "Berkas yang tercatat pada daftar isi tidak ada di bundel.",
    Fault.WRONG_SIZE: "Ukuran berkas di bundel tidak cocok dengan daftar isinya.",
    Fault.WRONG_HASH: "Isi bundel berubah sesudah dibuat.",
    Fault.ITEM_SHAPE: "Baris di bundel tidak dapat dibaca.",
    Fault.WRONG_REALM: "Bundel ini untuk pemilihan lain.",
    Fault.WRONG_DISTRICT: "Bundel ini dari kabupaten/kota lain.",
    Fault.WRONG_DEVICE: "Jawaban ini untuk PC lain.",
    Fault.UNKNOWN_DEVICE: "PC pembuat bundel ini tidak terdaftar di server.",
    Fault.REVOKED: "Pendaftaran PC pembuat bundel ini dicabut; yang sudah diterima tetap berlaku.",
    Fault.CODE: "Kode pendaftaran yang dipakai bundel ini tidak berlaku.",
    Fault.UNKNOWN_KEY: "Kunci penanda tangan jawaban ini belum dikenal PC ini; mungkin KPU RI berganti kunci.",
    Fault.WRONG_SIGNATURE: "Tanda tangan bundel tidak cocok.",
    Fault.WRONG_KIND: "Berkas ini bukan jenis bundel yang diminta di sini.",
    Fault.FORKED: "Jurnal PC pembuat bundel bukan lanjutan dari yang dikenal server.",
    Fault.OLD_EPOCH: "Jawaban ini dibuat sebelum server dipulihkan; isinya tidak berlaku lagi.",
}


_NEW_ONE = "Tidak ada yang diubah. Buat atau minta bundel yang baru."
_HINTS: dict[Fault, str] = {
    Fault.UNKNOWN_KEY: "Tidak ada yang diubah. Minta berkas pengaturan baru kepada KPU RI, masukkan di Pengaturan"
    " (teknisi: init --setup), lalu ambil jawaban ini sekali lagi.",
}


class BundleRefused(BadInput):
    """A bundle that is not taken in; nothing was changed. `sentence`, `hint`: where the usual words do not fit."""

    def __init__(self, fault: Fault, about: str = "", *, sentence: str = "", hint: str = "") -> None:
        tail = f" ({about[:120]})" if about else ""
        super().__init__(
            sentence or f"{SENTENCES[fault].rstrip('.')}{tail}.",
            hint=hint or _HINTS.get(fault, _NEW_ONE),
            code=fault.value,
        )
        self.fault = fault


# ---- reading -----------------------------------------------------------------------------------------------------


class Bundle:
    """An open bundle whose outside is sound. What the entries hold is checked by `verify` and by reading them."""

    def __init__(self, archive: zipfile.ZipFile, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self._archive = archive
        self._infos = {info.filename: info for info in archive.infolist()}
        self.manifest_bytes = _manifest_bytes(archive, self._infos)
        self.manifest = _manifest(self.manifest_bytes)

    @property
    def manifest_sha256(self) -> str:
        """Names the bundle: whatever is answered is answered to exactly this."""
        return hashlib.sha256(self.manifest_bytes).hexdigest()

    def of(self, folder: str) -> list[Entry]:
        """The manifest's entries of one folder, by name."""
        found = [entry for entry in self.manifest.entries if entry.name.startswith(f"{folder}/")]
        return sorted(found, key=lambda entry: entry.name)

    def verify(self, on_bytes: Callable[[int], None] = lambda _: None) -> None:
        """Every byte against the manifest. Raises BundleRefused."""
        listed = {entry.name: entry for entry in self.manifest.entries}
        if len(listed) != len(self.manifest.entries):
            raise BundleRefused(Fault.DUPLICATE)
        strange = set(self._infos) - set(listed) - {MANIFEST}
        if strange:
            raise BundleRefused(Fault.NOT_IN_MANIFEST, min(strange))
        for name, entry in listed.items():
            if name not in self._infos:
                raise BundleRefused(Fault.MISSING, name)
            if self._infos[name].file_size != entry.bytes:
                raise BundleRefused(Fault.WRONG_SIZE, name)
            if name.startswith("scans/") and name != f"scans/{entry.sha256}":
                raise BundleRefused(Fault.WRONG_HASH, name)
        for name, entry in listed.items():
            digest = hashlib.sha256()
            for block in self.blocks(name):
                digest.update(block)
                on_bytes(len(block))
            if digest.hexdigest() != entry.sha256:
                raise BundleRefused(Fault.WRONG_HASH, name)

    def blocks(self, name: str) -> Iterator[bytes]:
        """An entry's bytes, a megabyte at a time. Raises BundleRefused."""
        with _faults(), self._archive.open(name) as file:
            while block := file.read(READ_BYTES):
                yield block

    def lines(self, folder: str, shape: type[M]) -> Iterator[M]:
        """Every line of a folder, strictly decoded. Raises BundleRefused."""
        for entry in self.of(folder):
            for line in self._lines_of(entry.name):
                try:
                    yield msgspec.json.decode(line, type=shape, strict=True)
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                    raise BundleRefused(Fault.ITEM_SHAPE, f"{entry.name}: {error}") from None

    def _lines_of(self, name: str) -> Iterator[bytes]:
        rest = b""
        for block in self.blocks(name):
            *whole, rest = (rest + block).split(b"\n")
            yield from whole
            if len(rest) > MAX_LINE:
                raise BundleRefused(Fault.ITEM_SHAPE, name)
        if rest:
            raise BundleRefused(Fault.ITEM_SHAPE, name)  # every line ends


@contextmanager
def opened(path: Path, *, limit: int = PART_BYTES) -> Iterator[Bundle]:
    """Open a bundle and check its outside. Raises BundleRefused."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise BundleRefused(Fault.UNREADABLE, error.strerror or "") from None
    with file:
        with _faults():
            size = _check_end(file, limit)
            archive = zipfile.ZipFile(file)
        with archive:
            with _faults():
                _check_directory(archive, file, size)
                bundle = Bundle(archive, size)
            yield bundle


@contextmanager
def _faults() -> Iterator[None]:
    """What reading a broken or vanishing file raises, as a refusal."""
    try:
        yield
    except OSError as error:
        raise BundleRefused(Fault.UNREADABLE, error.strerror or "") from None
    except zipfile.BadZipFile as error:
        raise BundleRefused(Fault.HEADER, str(error)) from None
    except (RuntimeError, EOFError, ValueError, OverflowError, struct.error) as error:
        raise BundleRefused(Fault.HEADER, type(error).__name__) from None


def _check_end(file: IO[bytes], limit: int) -> int:
    """The last 22 bytes: one plain zip that ends here and whose directory fits into memory. Returns the file's size."""
    size = file.seek(0, 2)
    if size > limit:
        raise BundleRefused(Fault.TOO_LARGE)
    if size < _END.size:
        raise BundleRefused(Fault.NOT_A_ZIP)
    file.seek(size - _END.size)
    mark, disk, first, here, total, length, start, comment = _END.unpack(file.read(_END.size))
    if mark != b"PK\x05\x06" or disk or first or comment:
        raise BundleRefused(Fault.NOT_A_ZIP)
    if 0xFFFF in (here, total) or 0xFFFFFFFF in (length, start):
        raise BundleRefused(Fault.ZIP64)
    if here != total or total > MAX_ENTRIES + 1 or length > _MAX_DIRECTORY:
        raise BundleRefused(Fault.TOO_MANY)
    if start + length + _END.size != size:
        raise BundleRefused(Fault.EXTRA_DATA)
    file.seek(max(0, size - _END.size - 20))
    if file.read(4) == b"PK\x06\x07":  # a 64-bit locator: zipfile would believe it instead
        raise BundleRefused(Fault.ZIP64)
    file.seek(0)
    return size


def _check_directory(archive: zipfile.ZipFile, file: IO[bytes], size: int) -> None:
    """Every entry by itself, then all of them together: they fill the file without gap or overlap."""
    infos = archive.infolist()
    names: set[str] = set()
    for info in infos:
        _check_entry(info)
        if info.orig_filename in names:
            raise BundleRefused(Fault.DUPLICATE, info.orig_filename)
        names.add(info.orig_filename)
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset != end:
            raise BundleRefused(Fault.EXTRA_DATA, info.filename)
        _check_local(file, info)
        end += _LOCAL.size + len(info.filename) + info.file_size
    if end != archive.start_dir:
        raise BundleRefused(Fault.EXTRA_DATA)
    if archive.start_dir + sum(46 + len(one.filename) for one in infos) + _END.size != size:
        raise BundleRefused(Fault.EXTRA_DATA)


def _check_entry(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename  # zipfile's `filename` is already made harmless, on Windows also of backslashes
    if (info.external_attr >> 16) & 0o170000 not in (0, 0o100000) or info.external_attr & 0x10:
        raise BundleRefused(Fault.NOT_A_FILE, name)
    if not _NAME.fullmatch(name):
        raise BundleRefused(Fault.BAD_NAME, repr(name))
    if info.flag_bits & 0x1:
        raise BundleRefused(Fault.ENCRYPTED, name)
    if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
        raise BundleRefused(Fault.COMPRESSED, name)
    if info.flag_bits or info.extra or info.comment or info.volume:
        raise BundleRefused(Fault.HEADER, name)
    if name == MANIFEST and info.file_size > MAX_MANIFEST:
        raise BundleRefused(Fault.TOO_LARGE, name)
    if name.endswith(".jsonl") and info.file_size > CHUNK_BYTES + MAX_LINE:
        raise BundleRefused(Fault.TOO_LARGE, name)


def _check_local(file: IO[bytes], info: zipfile.ZipInfo) -> None:
    """The header in front of the bytes says what the directory says."""
    file.seek(info.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) != _LOCAL.size:
        raise BundleRefused(Fault.NOT_A_ZIP)
    mark, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack(head)
    said = (mark, flags, method, crc, packed, size, name_length, extra_length)
    length = len(info.filename)
    if said != (b"PK\x03\x04", 0, 0, info.CRC, info.file_size, info.file_size, length, 0):
        raise BundleRefused(Fault.HEADER, info.filename)
    if file.read(length) != info.filename.encode("ascii"):
        raise BundleRefused(Fault.HEADER, info.filename)


def _manifest_bytes(archive: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo]) -> bytes:
    if MANIFEST not in infos:
        raise BundleRefused(Fault.NO_MANIFEST)
    return archive.read(MANIFEST)


def _manifest(data: bytes) -> AnyManifest:
    try:
        return _MANIFESTS.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BundleRefused(Fault.MANIFEST_SHAPE, str(error)) from None


# ---- writing -----------------------------------------------------------------------------------------------------


class Writer:
    """One bundle under way under a hidden name: nobody sees it before `publish`, and an aborted one leaves nothing."""

    def __init__(self, hidden: Path, *, limit: int = PART_BYTES) -> None:
        self.entries: list[Entry] = []
        self._limit = limit
        self._used = _END.size + 4096  # the manifest's own words
        self._hidden = hidden
        self._file = hidden.open("w+b")
        self._archive = zipfile.ZipFile(self._file, "w", zipfile.ZIP_STORED, allowZip64=False)

    def has_room(self, size: int) -> bool:
        """True while one more entry of `size` bytes fits."""
        return len(self.entries) < MAX_ENTRIES and self._used + size + _ENTRY_COST <= self._limit

    def add(self, name: str, data: bytes) -> None:
        self._archive.writestr(zipfile.ZipInfo(name), data)
        self.entries.append(Entry(name=name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest()))
        self._used += len(data) + _ENTRY_COST

    def seal(self, manifest: Message) -> None:
        """Write the manifest and bring everything to the disk, still under the hidden name."""
        self._archive.writestr(zipfile.ZipInfo(MANIFEST), msgspec.json.encode(manifest))
        self._archive.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def publish(self, path: Path) -> None:
        """Show it under its name."""
        self._hidden.replace(path)

    def discard(self) -> None:
        """Leave nothing behind. Harmless after `publish`."""
        with suppress(OSError, ValueError):
            self._archive.close()
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._hidden.unlink(missing_ok=True)


class Lines:
    """Collects lines of one folder and writes them as numbered entries of at most `CHUNK_BYTES`."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._lines: list[bytes] = []
        self._size = 0
        self._number = 0

    def add(self, writer: Writer, line: Message) -> bool:
        """False (and nothing added) when the bundle has no room for the line."""
        data = msgspec.json.encode(line) + b"\n"
        if self._lines and self._size + len(data) > CHUNK_BYTES:
            self.flush(writer)
        if not writer.has_room(self._size + len(data)):
            return False
        self._lines.append(data)
        self._size += len(data)
        return True

    def flush(self, writer: Writer) -> None:
        """Everything collected is in the bundle afterwards."""
        if self._lines:
            self._number += 1
            writer.add(f"{self._folder}/{self._number:04}.jsonl", b"".join(self._lines))
        self._lines, self._size = [], 0
