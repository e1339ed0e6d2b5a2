"""The composition root: the one place that names concrete parts and joins them.

    __init__    a workplace with its clocks, secrets, intake and engine; making one; its account
    centre      the centre's server
    beside      the engine in a process of its own, beside the window
    practice    the practice district: centre, workplace, crew and engine in one process
    window      Qt's window over a workplace
    practice_window   the same on the practice district
    reports     reports as PDF, without a window
    projector   the district on the wall, beside a window in another process
    doctor      what this computer lacks

Nothing is built at import. Qt is imported only by the windows, the server's libraries only by `centre` and `practice`:
each command starts with what it needs. Thread: main.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import platformdirs

from app import forms
from app.errors import BadInput, NotFound, Unavailable
from app.forms import choice
from app.forms.wilayah import load_region, read_tps_csv
from app.ports import Reason, Secrets, SyncControl
from app.secrets import open_secrets
from app.services import account as accounts
from app.services import engine_store, pages, public_watch, register, status, workplace
from app.services.status import Waiting
from app.services.workplace import Workplace
from scanner.intake import Intake

if TYPE_CHECKING:
    from sync.account import Account
    from sync.engine import Engine
    from sync.policy import Policy
    from sync.wire import SetupFile

REAL_REALM = "pemilu-2019"
SETUP_LIMIT_BYTES = 64 * 1024
DATABASE = "situng.db"


class SystemClock:
    """The computer's clocks."""

    def now(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()


# ---- a workplace and what works on it --------------------------------------------------------------------------


def default_folder() -> Path:
    """Where the window keeps its work when no folder is named."""
    return Path(platformdirs.user_data_dir("Situng Luring", appauthor=False)) / "data"


def has_workplace(folder: Path) -> bool:
    """True when the folder holds a workplace. Raises Unavailable (no permission to look)."""
    try:
        return (folder / DATABASE).exists()
    except OSError as error:
        raise Unavailable(
            f"Folder {folder} tidak dapat dibuka: {error.strerror}.", hint="Periksa hak akses folder itu."
        ) from None


def secrets_of(folder: Path, realm: str) -> Secrets:
    """Where this workplace's keys live."""
    return open_secrets(folder, realm, os.environ)


def need_lasting(secrets: Secrets) -> None:
    """A workplace whose keys are gone with the program could never be signed in to again. Raises Unavailable."""
    if not secrets.is_lasting:
        raise Unavailable(
            "Komputer ini tidak punya gantungan kunci (keyring); kunci PC ini hilang begitu program selesai.",
            hint="Pasang keyring, atau isi SITUNG_SECRETS_PASSPHRASE setiap kali program dijalankan, lalu ulangi.",
        )


def open_workplace(folder: Path, *, read_only: bool = False) -> Workplace:
    """An existing workplace. Raises NotFound, Unavailable (in use, newer, damaged)."""
    if not has_workplace(folder):
        raise NotFound(f"Tidak ada tempat kerja di {folder}.", hint="Buat dahulu dengan perintah init.")
    secrets = secrets_of(folder, workplace.realm_of(folder))
    return workplace.open_workplace(folder, clock=SystemClock(), secrets=secrets, read_only=read_only)


@contextlib.contextmanager
def opened(folder: Path, *, read_only: bool = False) -> Iterator[Workplace]:
    """The same, closed (its writer flushed) at the end."""
    wp = open_workplace(folder, read_only=read_only)
    with contextlib.closing(wp):
        yield wp


def intake(wp: Workplace) -> Intake:
    """Paper in, for this workplace; close it at the end."""
    return Intake(pages.page_rows(wp), wp.folder / "scans", [forms.load(one) for one in wp.form_ids])


def account_of(wp: Workplace) -> Account | None:
    """The account the engine signs in with; None while the workplace has no server."""
    from sync.account import Account

    server = workplace.server_of(wp)
    if server is None:
        return None
    return Account(
        server_url=server.server_url,
        realm=wp.realm,
        district=wp.district,
        keys=dict(server.keys),
        device_id=workplace.device_name(wp),
        device_key=workplace.device_key(wp),
    )


def engine(wp: Workplace) -> SyncControl:
    """The engine of this workplace, not started. It loads the HTTP client: not before the window is there."""
    from sync.engine import NoServer

    account = account_of(wp)
    return NoServer() if account is None else engine_for(wp, account, policy_of(wp))


def engine_for(wp: Workplace, account: Account, policy: Policy) -> Engine:
    """Every engine of a workplace is made here, in whichever process; not started."""
    from sync.engine import Engine

    store, public = engine_store.engine_store(wp), public_watch.public_watch(wp)
    return Engine(store, account, wp.clock, policy=policy, secrets=wp.secrets, public=public)


def policy_of(wp: Workplace) -> Policy:
    """How hard this workplace's engine pushes."""
    from sync.policy import DEFAULT, Policy

    return Policy.practice() if wp.is_practice else DEFAULT


@dataclass(frozen=True, slots=True)
class SyncEnd:
    """How a run of the engine ended: what still waits, and the line's own sentence where no item says it."""

    waiting: list[Waiting]
    sentence: str = ""


def run_sync(wp: Workplace, *, until_idle: bool, seconds: float | None) -> SyncEnd:
    """The engine in the foreground. Without `until_idle` it runs on until interrupted."""
    from sync.engine import run_until_idle
    from sync.policy import Policy

    account = account_of(wp)
    if account is None:
        raise NotFound(
            "Tempat kerja ini belum mempunyai akun server. Pekerjaan tetap tersimpan.",
            hint="Jalankan init lagi dengan --setup dan --code dari KPU RI.",
        )
    # A technician who types `sync` wants it now: the spread at start is for offices that open together.
    policy = Policy.practice() if wp.is_practice else Policy(start_spread_s=0.0)
    worker = engine_for(wp, account, policy)
    stop = threading.Event()
    with workplace.sending(wp.folder), _stopped_by_signals(stop):
        report = run_until_idle(worker, wp.clock, seconds=seconds, until_idle=until_idle, stop=stop)
    if report.is_idle:
        return SyncEnd([])
    waiting = status.waiting(wp)
    says_it = any(one.is_for_engine for one in waiting)
    needs_words = report.is_stuck_here or (report.needs_person and not says_it)
    return SyncEnd(waiting, report.sentence if needs_words else "")


@contextlib.contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """Ctrl+C and SIGTERM end the engine cleanly."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def cover_sheets(wp: Workplace, desa: str, out: Path) -> str:
    """Write the cover sheets of one desa as a PDF; the sentence to show. Raises NotFound, Unavailable."""
    from scanner.cover_sheets import CoverStation, write_cover_sheets

    stations = register.stations_of(wp, desa)
    if not stations:
        raise NotFound(
            f"Desa/kelurahan {desa} tidak dikenal di sini.", hint="Pakai kode 10 angka, mis. 3204052001."
        )
    sheets = write_cover_sheets(
        [CoverStation(one.tps, one.desa_name, one.kecamatan_name) for one in stations],
        [forms.load(one) for one in wp.form_ids],
        out,
    )
    return f"{sheets} lembar sampul tersimpan di {out}."


# ---- making one --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    """What `init` was asked for; the account (`setup`, `code`) may come later."""

    district: str
    server: str | None = None
    setup: Path | None = None
    code: str | None = None
    by_usb: bool = False  # no line: the code goes with the next USB bundle
    tps_list: Path | None = None
    realm: str | None = None
    forms: tuple[str, ...] = ()  # `ID[=profile][:readings]`; none: the first form
    profile: str = "lengkap"  # of the forms that name none
    send_when: str = "keyed"


def init(folder: Path, start: Start) -> str:
    """Make a workplace, or add the account to one; returns the sentence to show."""
    account = read_setup(start.setup, start.district, start.server) if start.setup else None
    if account and start.realm:
        _need_realm(account, start.realm)  # before anything is made
    said = []
    if has_workplace(folder):
        wp = open_workplace(folder)
    else:
        region = read_tps_csv(start.tps_list) if start.tps_list else load_region(start.district)
        realm = start.realm or (account.realm if account else REAL_REALM)
        secrets = secrets_of(folder, realm)
        need_lasting(secrets)
        wp = workplace.create(
            folder,
            realm=realm,
            district=start.district,
            region=region,
            clock=SystemClock(),
            secrets=secrets,
            send_when=start.send_when,
            choices=[choice.parse(one, start.profile) for one in start.forms or (workplace.DEFAULT_FORM,)],
        )
        said.append(f"Tempat kerja {start.district} siap di {folder}: {len(region.stations)} TPS.")
    with contextlib.closing(wp):
        if account and start.by_usb and accounts.is_enrolled(wp):
            # A script may repeat `init`. Its code is used up: kept for another name it would cut this PC off.
            workplace.need_fitting(wp, realm=account.realm, district=account.district)
            said.append(
                f"PC ini sudah terdaftar sebagai {workplace.device_name(wp)}; tidak ada yang diubah."
                " Mendaftarkannya ulang: account enrol --usb."
            )
        elif account:
            said.append(connect(wp, account, start.code, by_usb=start.by_usb))
    return " ".join(said) or "Tempat kerja sudah ada; tidak ada yang diubah."


def read_setup(path: Path, district: str, server: str | None = None) -> SetupFile:
    """The set-up file from KPU RI. Raises BadInput."""
    from sync import wire
    from sync.account import read_setup as check_setup

    try:
        with path.open("rb") as file:
            setup = wire.decode(file.read(SETUP_LIMIT_BYTES), wire.SetupFile)
    except OSError as error:
        raise BadInput(f"Berkas pengaturan {path} tidak dapat dibaca: {error.strerror}.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{path} bukan berkas pengaturan dari KPU RI: {error}.",
            hint="Minta berkas yang baru kepada KPU RI.",
        ) from None
    if setup.district != district:
        raise BadInput(
            f"Berkas pengaturan ini untuk {setup.district}, bukan {district}.",
            hint="Periksa kode kabupaten/kota.",
        )
    setup = msgspec.structs.replace(setup, server=server) if server else setup
    return check_setup(msgspec.to_builtins(setup))


def connect(wp: Workplace, setup: SetupFile, code: str | None, *, by_usb: bool = False) -> str:
    """Enrol this device (with a code) and keep the account; the operators' keys follow with the first sync.

    `by_usb`: nobody is asked; the code is kept for the next USB bundle, whose answer enrols it.
    """
    from sync.account import enrol

    _need_realm(setup, wp.realm)
    plain = msgspec.to_builtins(setup)
    if by_usb:
        if not code:
            raise BadInput("Pendaftaran lewat USB membutuhkan kode.", hint="Beri --code dari KPU RI.")
        accounts.take_setup(wp, server_url=setup.server, setup=plain)
        device = accounts.keep_code(wp, code)
        return f"Akun {setup.server} tersimpan. Bundel USB berikut mendaftarkan PC ini sebagai {device}."
    device, is_again = accounts.next_device(wp), accounts.is_enrolled(wp)
    token = enrol(plain, code, device, workplace.device_key(wp, device), clock=wp.clock) if code else ""
    if isinstance(token, Reason):
        again = (
            "" if token.status == 403 else " Coba lagi nanti dengan kode yang sama, atau lewat USB (--usb)."
        )
        raise Unavailable(token.text, hint=f"Akun belum tersimpan.{again}")
    accounts.take_setup(wp, server_url=setup.server, setup=plain)
    if token:
        accounts.enrolled(wp, device)
    account = account_of(wp)
    if token and account:
        wp.secrets.put(account.token_name, token)
    if token and is_again:
        return f"PC ini terdaftar ulang sebagai {device}. Semua dibandingkan lagi; yang belum ada di KPU RI dikirim."
    if is_again:
        return f"Berkas pengaturan untuk {setup.server} dipakai."
    return f"Akun {setup.server} tersimpan." + ("" if token else " Kode sekali pakai belum dipakai.")


def enrol_again(wp: Workplace, setup: Path | None, code: str | None, *, by_usb: bool = False) -> str:
    """A new code, a new set-up file, or both, for a workplace that has an account; the sentence to show."""
    from sync.account import read_setup as check_setup

    if setup is not None:
        return connect(wp, read_setup(setup, wp.district), code, by_usb=by_usb)
    server = workplace.server_of(wp)
    if server is None:
        raise NotFound("Tempat kerja ini belum mempunyai akun server.", hint="Pilih juga berkas pengaturan.")
    kept = {
        "realm": wp.realm,
        "server": server.server_url,
        "district": wp.district,
        "keys": dict(server.keys),
    }
    return connect(wp, check_setup(kept), code, by_usb=by_usb)


def _need_realm(setup: SetupFile, realm: str) -> None:
    if setup.realm != realm:
        raise BadInput(
            f"Berkas pengaturan ini untuk {setup.realm}; tempat kerja ini {realm}.",
            hint="Data latihan tidak pernah masuk ke server sungguhan.",
        )
