"""Bundles as an enemy, a bad stick or an old program would make them: a sound one, and one of each fault."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.attestation import new_private_key, public_key_of, sign
from app.domain.journal import GENESIS
from sync.bundle.container import Fault

REALM = "latihan-uji"
SCAN = b"\xff\xd8\xff" + bytes(range(256)) * 4
AT = "2019-04-18T02:00:00Z"


@dataclass
class Forger:
    """Makes a sound bundle of one device, or spoils it in one place."""

    device: str = "pc-1"
    key: bytes = field(default_factory=new_private_key)
    realm: str = REALM
    district: str = "3204"
    items: list[dict[str, Any]] = field(default_factory=list)
    scans: list[bytes] = field(default_factory=lambda: [SCAN])

    def files(self) -> dict[str, bytes]:
        found = {f"scans/{hashlib.sha256(one).hexdigest()}": one for one in self.scans}
        if self.items:
            found["items/0001.jsonl"] = b"".join(json.dumps(one).encode() + b"\n" for one in self.items)
        return found

    def manifest(self, files: Mapping[str, bytes], **changes: Any) -> dict[str, Any]:
        entries = [
            {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        ]
        body: dict[str, Any] = {
            "type": "bundle",
            "format": 1,
            "realm": self.realm,
            "district": self.district,
            "device": self.device,
            "device_key": public_key_of(self.key),
            "set_id": "ab" * 16,
            "part": 1,
            "parts": 1,
            "made_at": AT,
            "journal_head": {"seq": 0, "hash": GENESIS, "earlier": {}},
            "cursor": {"epoch": "", "after": 0},
            "entries": entries,
        }
        body |= changes
        return body | {"signature": sign(self.key, "bundle", body["realm"], body)}

    def whole(self, **changes: Any) -> bytes:
        """A sound bundle; with changes to its manifest, signed as they are."""
        files = self.files()
        return packed({**files, "manifest.json": json.dumps(self.manifest(files, **changes)).encode()})

    def write(self, path: Path, **changes: Any) -> Path:
        path.write_bytes(self.whole(**changes))
        return path


def packed(
    files: Mapping[str, bytes] | list[tuple[str, bytes]],
    change: Callable[[zipfile.ZipInfo], None] = lambda _: None,
) -> bytes:
    """A zip of these entries, each header as `change` leaves it."""
    out = io.BytesIO()
    pairs = files.items() if isinstance(files, Mapping) else files
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        warnings.simplefilter("ignore")  # two entries of one name are what is wanted here
        for name, data in pairs:
            info = zipfile.ZipInfo(name)
            info.filename = name  # the constructor makes names harmless
            change(info)
            archive.writestr(info, data)
    return out.getvalue()


def _with(name: str, data: bytes = b"x") -> Callable[[Forger], bytes]:
    """A sound bundle with one more entry that the manifest does not name."""

    def spoil(forger: Forger) -> bytes:
        files = forger.files()
        manifest = json.dumps(forger.manifest(files)).encode()
        return packed([*files.items(), (name, data), ("manifest.json", manifest)])

    return spoil


def _infos(change: Callable[[zipfile.ZipInfo], None]) -> Callable[[Forger], bytes]:
    def spoil(forger: Forger) -> bytes:
        files = forger.files()
        return packed({**files, "manifest.json": json.dumps(forger.manifest(files)).encode()}, change)

    return spoil


def _deflate(info: zipfile.ZipInfo) -> None:
    info.compress_type = zipfile.ZIP_DEFLATED


def _symlink(info: zipfile.ZipInfo) -> None:
    info.external_attr = 0o120777 << 16


def _extra(info: zipfile.ZipInfo) -> None:
    info.extra = struct.pack("<2H4s", 0x7777, 4, b"evil")


def _encrypted(forger: Forger) -> bytes:
    data = bytearray(forger.whole())
    data[6] |= 1  # the first local header's flags, and its line in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _patched(offset_in_end: int, value: bytes) -> Callable[[Forger], bytes]:
    def spoil(forger: Forger) -> bytes:
        data = bytearray(forger.whole())
        place = len(data) - 22 + offset_in_end
        data[place : place + len(value)] = value
        return bytes(data)

    return spoil


def _swapped(forger: Forger) -> bytes:
    """Same length, other bytes, and a zip that is sound by itself."""
    files = forger.files()
    manifest = json.dumps(forger.manifest(files)).encode()
    return packed({**{name: data[::-1] for name, data in files.items()}, "manifest.json": manifest})


def _shorter(forger: Forger) -> bytes:
    files = forger.files()
    manifest = json.dumps(forger.manifest(files)).encode()
    return packed({**{name: data[:-1] for name, data in files.items()}, "manifest.json": manifest})


def _local_lie(forger: Forger) -> bytes:
    data = bytearray(forger.whole())
    data[22:26] = struct.pack("<L", 7)  # the first local header's size
    return bytes(data)


def _without_scan(forger: Forger) -> bytes:
    return packed({"manifest.json": json.dumps(forger.manifest(forger.files())).encode()})


def _manifest(data: bytes) -> Callable[[Forger], bytes]:
    return lambda forger: packed({**forger.files(), "manifest.json": data})


def _unsigned(forger: Forger) -> bytes:
    files = forger.files()
    body = forger.manifest(files) | {"made_at": "2019-04-19T00:00:00Z"}
    return packed({**files, "manifest.json": json.dumps(body).encode()})


def _items(text: bytes) -> Callable[[Forger], bytes]:
    def spoil(forger: Forger) -> bytes:
        files = {"items/0001.jsonl": text}
        return packed({**files, "manifest.json": json.dumps(forger.manifest(files)).encode()})

    return spoil


def _gap(forger: Forger) -> bytes:
    """Hidden bytes between the last entry and the directory."""
    data = forger.whole()
    start = data.index(b"PK\x01\x02")
    moved = struct.pack("<L", start + 5)
    return data[:start] + b"evil!" + data[start:-6] + moved + data[-2:]


_NESTED = packed({"a": b"0" * 1000}, _deflate)
_GIANT = {"name": "scans/" + "a" * 64, "bytes": 1, "sha256": "b" * 64}

FAULTS: dict[str, tuple[Callable[[Forger], bytes], Fault]] = {
    "empty file": (lambda _: b"", Fault.NOT_A_ZIP),
    "no zip": (lambda _: b"x" * 500, Fault.NOT_A_ZIP),
    "truncated": (lambda forger: forger.whole()[:-30], Fault.NOT_A_ZIP),
    "data before": (lambda forger: b"MZ" + forger.whole(), Fault.EXTRA_DATA),
    "data behind": (lambda forger: forger.whole() + b"x", Fault.NOT_A_ZIP),
    "data between": (_gap, Fault.EXTRA_DATA),
    "comment": (_patched(20, b"\x05\x00"), Fault.NOT_A_ZIP),
    "second disk": (_patched(4, b"\x01\x00"), Fault.NOT_A_ZIP),
    "64-bit": (_patched(16, b"\xff\xff\xff\xff"), Fault.ZIP64),
    "64-bit count": (_patched(8, b"\xff\xff\xff\xff"), Fault.ZIP64),
    "too many entries": (_patched(8, b"\xf0\xf0\xf0\xf0"), Fault.TOO_MANY),
    "giant directory": (_patched(12, b"\xff\xff\xff\x7f"), Fault.TOO_MANY),
    "parent folder": (_with("../evil"), Fault.BAD_NAME),
    "parent folder inside": (_with("scans/../../evil"), Fault.BAD_NAME),
    "absolute path": (_with("/etc/passwd"), Fault.BAD_NAME),
    "backslashes": (_with("scans\\evil"), Fault.BAD_NAME),
    "drive letter": (_with("C:evil"), Fault.BAD_NAME),
    "device name": (_with("NUL"), Fault.BAD_NAME),
    "no name": (_with(""), Fault.BAD_NAME),
    "folder": (_with("scans/"), Fault.BAD_NAME),
    "upper case": (_with("Manifest.json"), Fault.BAD_NAME),
    "upper case hash": (_with("scans/" + "AB" * 32), Fault.BAD_NAME),
    "letters that look alike": (_with("manifest.j\u0455on"), Fault.BAD_NAME),
    "nested zip": (_with("items/0001.zip", _NESTED), Fault.BAD_NAME),
    "duplicate": (_with("scans/" + hashlib.sha256(SCAN).hexdigest(), SCAN), Fault.DUPLICATE),
    "two manifests": (_with("manifest.json", b"{}"), Fault.DUPLICATE),
    "not in the manifest": (_with("scans/" + "a" * 64), Fault.NOT_IN_MANIFEST),
    "symbolic link": (_infos(_symlink), Fault.NOT_A_FILE),
    "compressed": (_infos(_deflate), Fault.COMPRESSED),
    "extra field": (_infos(_extra), Fault.HEADER),
    "encrypted": (_encrypted, Fault.ENCRYPTED),
    "lying header": (_local_lie, Fault.HEADER),
    "wrong bytes": (_swapped, Fault.WRONG_HASH),
    "wrong size": (_shorter, Fault.WRONG_SIZE),
    "missing": (_without_scan, Fault.MISSING),
    "no manifest": (lambda forger: packed(forger.files()), Fault.NO_MANIFEST),
    "manifest is no JSON": (_manifest(b"{"), Fault.MANIFEST_SHAPE),
    "manifest nested without end": (_manifest(b"[" * 100_000), Fault.MANIFEST_SHAPE),
    "manifest too large": (_manifest(b" " * (8 * 1024 * 1024 + 1)), Fault.TOO_LARGE),
    "unknown field": (lambda forger: forger.whole(extra=1), Fault.MANIFEST_SHAPE),
    "newer format": (lambda forger: forger.whole(format=2), Fault.MANIFEST_SHAPE),
    "entry of a foreign name": (
        lambda forger: forger.whole(entries=[{**_GIANT, "name": "../x"}]),
        Fault.MANIFEST_SHAPE,
    ),
    "entry twice": (lambda forger: forger.whole(entries=[_GIANT, _GIANT]), Fault.DUPLICATE),
    "line of a wrong shape": (_items(b'{"id": 1}\n'), Fault.ITEM_SHAPE),
    "line that never ends": (_items(b"[" * 50_000), Fault.ITEM_SHAPE),
    "lines too large": (_items(b"x" * (5 * 1024 * 1024 + 1)), Fault.TOO_LARGE),
    "signature of other words": (_unsigned, Fault.WRONG_SIGNATURE),
    "other key": (
        lambda forger: Forger(forger.device, realm=forger.realm, district=forger.district).whole(),
        Fault.WRONG_SIGNATURE,
    ),
    "other election": (lambda forger: forger.whole(realm="pemilu-2019"), Fault.WRONG_REALM),
    "other district": (lambda forger: forger.whole(district="3205"), Fault.WRONG_DISTRICT),
    "unknown device": (lambda forger: forger.whole(device="pc-9"), Fault.UNKNOWN_DEVICE),
}
