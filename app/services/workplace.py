"""A workplace: one data folder with its database, its lock and its keys. Made by `create`, opened by `open_workplace`.

Invariants: one program writes to a folder at a time (`situng.lock`; the second is told who holds it; its engine may be
a second process of it), reading is possible at any time; a folder is never left half made; the workplace is bound to
one realm and one district for ever.
Thread: any.
"""

from __future__ import annotations

import json
import os
import secrets as random_source
import socket
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from app import forms
from app.domain.attestation import new_private_key, public_key_of
from app.domain.c1form import is_practice
from app.domain.form import FormDefinition
from app.domain.times import iso, moment_words, seconds_of
from app.errors import BadInput, ExpectedError, Unavailable
from app.forms.choice import FormChoice, ballot_place, each_once, usual
from app.forms.wilayah import Region
from app.ports import Clock, Secrets
from app.store import journal, meta, register
from app.store.database import FILE_NAME, Database, check_version, create_file
from app.store.driver import Connection

DEFAULT_FORM = "c1-ppwp-2019"
LOCK_NAME = "situng.lock"
SENDER_LOCK_NAME = "situng-kirim.lock"
BESIDE_REST_S = 0.01  # the person's work goes first; whatever comes meanwhile shares the next commit
SENDER_WAIT_S = 10.0  # an engine whose window is gone closes within two
SEND_WHEN = ("keyed", "settled")


@dataclass(frozen=True, slots=True)
class PinCost:
    """argon2id's cost: 0.05-0.1 s on an office PC, so that guessing PINs from a stolen disk takes long."""

    rounds: int = 2
    memory_kib: int = 65_536

    def text(self) -> str:
        return f"{self.rounds},{self.memory_kib}"

    @classmethod
    def parse(cls, text: str) -> PinCost:
        rounds, memory = text.split(",")
        return cls(int(rounds), int(memory))


@dataclass(frozen=True, slots=True)
class ServerAccount:
    """The centre this workplace sends to. `keys`: key id -> the centre's public key, from the set-up file or followed
    from there. `retired`: keys of earlier set-up files; they prove the receipts of then and nothing new."""

    server_url: str
    keys: Mapping[str, str]
    district: str
    realm: str
    retired: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Workplace:
    """One open data folder. `close()` flushes and gives the lock back."""

    folder: Path
    db: Database
    clock: Clock
    secrets: Secrets
    realm: str
    district: str
    device_id: str
    form_ids: tuple[str, ...]
    pin_cost: PinCost = PinCost()
    _lock: FileLock | None = field(default=None, repr=False)

    @property
    def is_practice(self) -> bool:
        return is_practice(self.realm)

    @property
    def is_read_only(self) -> bool:
        return self.db.is_read_only

    def now(self) -> float:
        """Wall seconds."""
        return self.clock.now()

    def close(self) -> None:
        """Commit what is queued, close the database, give the folder free. May be called twice."""
        self.db.close()
        if self._lock is not None:
            with suppress(OSError):
                _holder_file(self.folder).unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> Workplace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create(  # noqa: PLR0913 - everything a workplace is bound to for ever, by name
    folder: Path,
    *,
    realm: str,
    district: str,
    region: Region,
    clock: Clock,
    secrets: Secrets,
    profile: str | None = None,
    send_when: str = "keyed",
    form_ids: Sequence[str] = (DEFAULT_FORM,),
    choices: Sequence[FormChoice] = (),
    expected: Collection[str] | None = None,
    pin_cost: PinCost | None = None,
) -> Workplace:
    """Make a workplace and open it. Raises BadInput (the folder holds one), Unavailable (it cannot be written).

    `choices` stands for `form_ids` and `profile`. `expected`: the TPS whose forms are to come; None = every TPS.
    """
    if (folder / FILE_NAME).exists():
        raise BadInput(
            f"Folder {folder} sudah berisi data Situng Luring.", hint="Pakai folder lain, atau buka yang ada."
        )
    if send_when not in SEND_WHEN:
        raise BadInput(f"Cara kirim {send_when!r} tidak dikenal.", hint=f"Pilih: {', '.join(SEND_WHEN)}.")
    if not any(station.tps.startswith(district) for station in region.stations):
        raise BadInput(
            f"Daftar TPS tidak memuat TPS kabupaten/kota {district}.", hint="Periksa kode dan daftar TPS."
        )
    choices = choices or [usual(one, profile or "") for one in form_ids]
    kinds = [kind_of(one) for one in each_once(choices)]
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = _take_lock(folder, clock)
    except OSError as error:
        raise Unavailable(
            f"Folder {folder} tidak dapat dibuat: {error.strerror}.",
            hint="Pilih folder lain, atau periksa izinnya.",
        ) from error
    device_id = new_device_name()
    facts = {
        "realm": realm,
        "district": district,
        "device_id": device_id,
        "form_ids": json.dumps([one.form for one in kinds]),
        "send_when": send_when,
    }
    try:
        _new_device_key(secrets, device_id)
        create_file(
            folder / FILE_NAME,
            lambda connection: _fill(connection, region, kinds, facts, expected, clock.now()),
        )
    except BaseException:
        secrets.delete(_device_key_name(device_id))
        _undo(folder, lock, is_new=is_new)
        raise
    lock.release()
    return open_workplace(folder, clock=clock, secrets=secrets, pin_cost=pin_cost)


def open_workplace(
    folder: Path,
    *,
    clock: Clock,
    secrets: Secrets,
    read_only: bool = False,
    quick_check: bool = False,
    pin_cost: PinCost | None = None,
) -> Workplace:
    """Open a folder. Raises Unavailable (in use, written by a newer version, damaged), BadInput (not ours)."""
    if not (folder / FILE_NAME).is_file():
        raise BadInput(
            f"Di folder {folder} tidak ada data Situng Luring.", hint="Periksa folder, atau buat baru."
        )
    check_version(folder / FILE_NAME)
    try:
        lock = None if read_only else _take_lock(folder, clock)
    except OSError as error:
        raise Unavailable(
            f"Folder data {folder} tidak dapat ditulis ({error.strerror}). Tidak ada yang diubah, data tetap aman.",
            hint="Periksa izin folder itu dan disknya, lalu ulangi. Status dan ekspor tetap dapat dibaca.",
            code="not_writable",
        ) from error
    try:
        db = Database.open(folder / FILE_NAME, read_only=read_only, quick_check=quick_check)
    except ExpectedError:
        if lock is not None:
            lock.release()
        raise
    return _opened(folder, db, clock, secrets, pin_cost or PinCost(), lock)


def _opened(
    folder: Path, db: Database, clock: Clock, secrets: Secrets, pin_cost: PinCost, lock: FileLock | None
) -> Workplace:
    reader = db.reader
    return Workplace(
        folder=folder,
        db=db,
        clock=clock,
        secrets=secrets,
        realm=meta.get(reader, "realm"),
        district=meta.get(reader, "district"),
        device_id=meta.get(reader, "device_id"),
        form_ids=tuple(json.loads(meta.get(reader, "form_ids"))),
        pin_cost=pin_cost,
        _lock=lock,
    )


def open_beside(folder: Path, *, clock: Clock, secrets: Secrets) -> Workplace:
    """A second process of the program that holds the folder (its engine) opens it beside that one: no lock of its own.

    Both write, one transaction at a time; this one rests in between. Raises Unavailable, BadInput.
    """
    db = Database.open(folder / FILE_NAME, rest_s=BESIDE_REST_S)
    return _opened(folder, db, clock, secrets, PinCost(), None)


@contextmanager
def sending(folder: Path) -> Iterator[None]:
    """Only one engine sends from a folder: one whose window was killed may need a moment to end. Raises Unavailable."""
    lock = FileLock(folder / SENDER_LOCK_NAME, timeout=SENDER_WAIT_S, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise Unavailable(
            "Pengiriman dari folder ini masih dijalankan proses lain.",
            hint="Tunggu sebentar, lalu ulangi.",
            code="sqlite_busy",
        ) from None
    except OSError as error:
        raise Unavailable(
            f"Folder data {folder} tidak dapat ditulis ({error.strerror}).", code="sqlite_readonly"
        ) from error
    try:
        yield
    finally:
        lock.release()


def realm_of(folder: Path) -> str:
    """The folder's realm without opening it for work, so that the right secrets can be chosen. Raises BadInput."""
    db = Database.open(folder / FILE_NAME, read_only=True)
    try:
        return meta.get(db.reader, "realm")
    finally:
        db.close()


def definition(form_id: str) -> FormDefinition:
    """The form's definition. Raises NotFound."""
    return forms.load(form_id)


def device_name(wp: Workplace) -> str:
    """The name this PC has at the centre; another one after it was enrolled anew."""
    return meta.get(wp.db.reader, "device_name", wp.device_id)


def device_key(wp: Workplace, device: str = "") -> bytes:
    """This PC's private key under a name. A lost one (memory-only secrets) is replaced: enrol the device anew then."""
    device = device or device_name(wp)
    kept = wp.secrets.get(_device_key_name(device))
    return bytes.fromhex(kept) if kept else _new_device_key(wp.secrets, device)


def device_public_key(wp: Workplace) -> str:
    """Base64 public key of this PC."""
    return public_key_of(device_key(wp))


def new_device_name() -> str:
    """A name no other PC has."""
    return f"pc-{random_source.token_hex(6)}"


def need_fitting(wp: Workplace, *, realm: object, district: object) -> None:
    """Raises BadInput for a set-up file of another district or election."""
    if (realm, district) != (wp.realm, wp.district):
        raise BadInput(
            f"Berkas penyiapan ini untuk {district} / {realm}, "
            f"sedangkan folder ini untuk {wp.district} / {wp.realm}.",
            hint="Minta berkas penyiapan yang benar dari KPU RI.",
        )


def connect_server(wp: Workplace, *, server_url: str, setup: Mapping[str, Any]) -> None:
    """Take the set-up file in: its keys count from now on.

    Raises BadInput when it is for another district or election.
    """
    need_fitting(wp, realm=setup.get("realm"), district=setup.get("district"))
    keys = {str(key): str(value) for key, value in dict(setup.get("keys") or {}).items()}
    if not keys:
        raise BadInput(
            "Berkas penyiapan tidak memuat kunci KPU RI.", hint="Minta berkas yang utuh dari KPU RI."
        )
    url = (server_url or str(setup.get("server", ""))).rstrip("/")

    def work(connection: Connection) -> None:
        before = meta.get_json(connection, "server") or {"keys": {}}
        known = {**before.get("retired", {}), **before["keys"]}
        retired = {name: key for name, key in known.items() if name not in keys}
        meta.put_json(connection, "server", {"url": url, "keys": keys, "retired": retired})
        journal.add(connection, wp.now(), "server", "", url, {"url": url, "keys": keys})

    wp.db.write(work)


def server_of(wp: Workplace) -> ServerAccount | None:
    """The account, if there is one."""
    kept = meta.get_json(wp.db.reader, "server")
    if not kept:
        return None
    return ServerAccount(kept["url"], kept["keys"], wp.district, wp.realm, kept.get("retired", {}))


def preference(wp: Workplace, name: str, default: str = "") -> str:
    """What people here chose."""
    return meta.get(wp.db.reader, name, default, table="preference")


def set_preference(wp: Workplace, name: str, value: str) -> None:
    """Choose; kept with the folder."""
    wp.db.write(lambda connection: meta.put(connection, name, value, table="preference"))


def send_when(connection: Connection) -> str:
    """`keyed` or `settled`: a chosen preference before what the workplace was made with."""
    return meta.get(connection, "send_when", meta.get(connection, "send_when", "keyed"), table="preference")


def kind_of(choice: FormChoice) -> register.FormKind:
    """What every form of its kind is made with."""
    form = definition(choice.form)
    pages, place = len(form.pages), ballot_place(form)
    return register.FormKind(form.id, pages, choice.readings, choice.profile, place, form.areas)


def _fill(
    connection: Connection,
    region: Region,
    kinds: Sequence[register.FormKind],
    facts: Mapping[str, str],
    expected: Collection[str] | None,
    now: float,
) -> None:
    for name, value in facts.items():
        meta.put(connection, name, value)
    register.keep_kinds(connection, kinds)
    register.add_areas(
        connection,
        (register.AreaRow(a.code, str(a.level), a.name, a.parent or "", a.kpu_id) for a in region.areas),
    )
    names = {area.code: area.name for area in region.areas}
    stations = sorted(
        (one for one in region.stations if one.tps.startswith(facts["district"])), key=lambda one: one.tps
    )
    for one in stations:
        desa, kecamatan = one.tps[:10], one.tps[:6]
        row = register.StationRow(
            one.tps, names.get(desa, desa), names.get(kecamatan, kecamatan), one.dpt_l, one.dpt_p, one.kpu_id
        )
        register.add_station(connection, row, kinds if expected is None or one.tps in expected else ())
    journal.add(connection, now, "workplace", "", facts["district"], {**facts, "stations": len(stations)})


def _device_key_name(device_id: str) -> str:
    return f"{device_id}/device"


def _new_device_key(secrets: Secrets, device_id: str) -> bytes:
    key = new_private_key()
    secrets.put(_device_key_name(device_id), key.hex())
    return key


def _holder_file(folder: Path) -> Path:
    return folder / f"{LOCK_NAME}.info"


def _take_lock(folder: Path, clock: Clock) -> FileLock:
    # thread_local=False: the window makes it on a worker thread and closes it on its own
    lock = FileLock(folder / LOCK_NAME, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise Unavailable(
            f"Folder data sedang dipakai {_holder(folder)}. Tidak ada yang diubah.",
            hint="Pakai program yang sudah terbuka, atau tutup dulu. Status dan ekspor tetap dapat dibaca.",
            code="in_use",
        ) from None
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": iso(clock.now())}
    # Beside the lock, not in it: Windows lets nobody read a locked file. On a full disk the name is done without.
    with suppress(OSError):
        _holder_file(folder).write_text(json.dumps(holder), encoding="utf-8")
    return lock


def _holder(folder: Path) -> str:
    try:
        holder = json.loads(_holder_file(folder).read_text(encoding="utf-8"))
        since = seconds_of(str(holder["since"]))
        return f"proses {holder['pid']} di komputer {holder['host']} sejak {moment_words(since)}"
    except (OSError, ValueError, KeyError, TypeError):
        return "proses lain"


def _undo(folder: Path, lock: FileLock, *, is_new: bool) -> None:
    lock.release()
    for name in (LOCK_NAME, f"{LOCK_NAME}.info"):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)
    if is_new:
        with suppress(OSError):
            folder.rmdir()
