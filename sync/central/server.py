"""The centre put together: `build` makes the ASGI application, `serve` runs it, `RunningCentre` runs it in a thread.

Everything concrete of the centre is chosen here. Closing the application ends its threads and its database.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import random
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from app import forms
from app.domain.form import FormDefinition
from app.errors import BadInput, NotFound, Unavailable
from app.forms.wilayah import load_region
from sync.central import accounts, bundles, keys
from sync.central.api import Api
from sync.central.bundle_calls import BundleCalls
from sync.central.bundles import BundleReport
from sync.central.centre import Centre, Register, Switches
from sync.central.console import Console, load_or_make_token, setup_file
from sync.central.database import Database, fact, set_fact
from sync.central.door import Door
from sync.central.http import bug, refusal
from sync.central.overload import Overload
from sync.central.public_site import PublicSite
from sync.central.public_tree import PublicTree
from sync.central.publication import ImageSanitizer, Publication
from sync.central.refusal import Refused
from sync.central.scans import Scans
from sync.central.settings import CentralSettings
from sync.central.tus import Tus
from sync.wire import SetupFile

START_S = 30.0  # a first start writes a district's public tree
STOP_S = 10.0
FIRST_FORM = "c1-ppwp-2019"  # of a folder nobody named forms for
GRACE_S = 5  # answers under way when a centre stops
PRACTICE_GRACE_S = 1  # an embedded one ends with its window; what is cut is sent again
# A peer that vanished without a word is noticed in a minute, also where the centre only waits; by the system's own
# times where Python does not name these.
KEEPALIVE = (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3))

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What a running centre is made of; `app.state.parts`."""

    centre: Centre
    overload: Overload
    scans: Scans
    door: Door
    publication: Publication
    tree: PublicTree
    console: Console
    console_token: str


def keep_realm(db: Database, realm: str) -> None:
    """A folder serves one realm for ever. Raises BadInput for another one."""
    with db.write() as con:
        kept = fact(con, "realm")
        if kept and kept != realm:
            raise BadInput(
                f"Folder server ini untuk {kept}, bukan {realm}. Tidak ada yang diubah.",
                hint="Pakai folder lain, atau jalankan dengan realm yang sama.",
            )
        if not kept:
            set_fact(con, "realm", realm)


def with_kept_realm(db: Database, settings: CentralSettings) -> CentralSettings:
    """The settings with the realm this folder was made for, for commands that only name the folder."""
    with db.read() as con:
        return replace(settings, realm=fact(con, "realm", settings.realm))


def keep_forms(db: Database, wanted: tuple[str, ...]) -> Mapping[str, FormDefinition]:
    """The folder's forms: those it served before, and those asked for now; none is ever dropped. Raises NotFound."""
    with db.write() as con:
        kept = fact(con, "forms", "" if wanted else FIRST_FORM).split()
        definitions = {form_id: forms.load(form_id) for form_id in dict.fromkeys([*kept, *wanted])}
        set_fact(con, "forms", " ".join(definitions))
    return definitions


def open_centre(
    settings: CentralSettings, clock: Callable[[], float] = time.time, *, adopt_realm: bool = False
) -> Centre:
    """Open (or make) the folder. Raises ExpectedError."""
    for form_id in settings.forms:
        forms.load(form_id)  # a name that is none leaves no trace: the folder is not bound to a realm by it
    try:
        settings.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(
            f"Folder server {settings.folder} tidak dapat dibuat ({error.strerror}).",
            hint="Pilih folder lain.",
        ) from error
    db = Database(settings.database, was_restored=settings.was_restored)
    try:
        settings = with_kept_realm(db, settings) if adopt_realm else settings
        keep_realm(db, settings.realm)
        definitions = keep_forms(db, settings.forms)
    except BaseException:
        db.close()
        raise
    with db.read() as con:
        auto_return = fact(con, "auto_return", "1" if settings.auto_return else "0") == "1"
    regions = settings.register or tuple(load_region(code) for code in settings.regions)
    return Centre(
        settings=settings,
        db=db,
        key=keys.load_or_make(settings.folder),
        register=Register(regions),
        forms=definitions,
        clock=clock,
        switches=Switches(auto_return),
    )


def build(
    settings: CentralSettings,
    *,
    image_sanitizer: ImageSanitizer | None = None,
    clock: Callable[[], float] = time.time,
    rng: random.Random | None = None,
) -> Starlette:
    """The ASGI application. `image_sanitizer(source, target)` re-encodes an image for the public site."""
    centre = open_centre(settings, clock)
    overload = Overload(settings.profile, rng or random.Random(settings.seed), clock)
    door = Door(centre, overload)
    scans = Scans(centre)

    tree = PublicTree(centre)
    publication = Publication(centre, scans, tree, image_sanitizer)
    token = load_or_make_token(settings.folder)

    def close() -> None:
        publication.stop()
        door.close()
        centre.db.close()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        make_tree(centre, tree)
        publication.start()
        try:
            yield
        finally:
            await asyncio.to_thread(close)

    api, tus = Api(door, publication.wake), Tus(door, scans, publication.wake)
    bundle_calls = BundleCalls(door, scans, publication.wake)
    site, console = PublicSite(door), Console(door, token)
    console.resume_pause()
    app = Starlette(
        routes=[*api.routes(), *tus.routes(), *bundle_calls.routes(), *console.routes(), *site.routes()],
        lifespan=lifespan,
        exception_handlers={404: _no_such_path, 405: _no_such_method, Exception: _unexpected},
    )
    app.state.parts = Parts(centre, overload, scans, door, publication, tree, console, token)
    return app


async def _no_such_path(request: Request, _error: Exception) -> Response:
    return refusal(request, Refused(404, "no_path", "Alamat ini tidak ada di server."))


async def _no_such_method(request: Request, _error: Exception) -> Response:
    return refusal(request, Refused(405, "method", "Cara ini tidak dilayani di sini."))


async def _unexpected(request: Request, error: Exception) -> Response:
    return bug(request, error)


def make_tree(centre: Centre, tree: PublicTree) -> None:
    """Write the whole public tree at the first start and whenever areas, stations or forms are others than then."""
    register = centre.register
    what = hashlib.sha256(
        repr((register.areas, register.stations, sorted(centre.forms))).encode()
    ).hexdigest()
    with centre.db.read() as con:
        if tree.is_made() and fact(con, "tree_of") == what:
            return
        tree.rebuild(con)
    with centre.db.write() as con:
        set_fact(con, "tree_of", what)


def rebuild_tree(settings: CentralSettings) -> None:
    """The public tree anew from the database; for a folder whose centre is not running. Raises ExpectedError."""
    centre = open_centre(settings, adopt_realm=True)
    try:
        with centre.db.read() as con:
            PublicTree(centre).rebuild(con)
    finally:
        centre.db.close()


def setup_for(
    settings: CentralSettings, district: str, url: str, *, names_coordinator: bool = False
) -> tuple[SetupFile, str]:
    """A set-up file and a fresh code for a folder whose centre may be running in another process.

    `names_coordinator`: see `accounts.new_code`. Raises NotFound for a district this centre does not serve.
    """
    centre = open_centre(settings, adopt_realm=True)
    try:
        if district not in {area.code for area in centre.register.districts}:
            raise NotFound(
                f"Kabupaten/kota {district} tidak dilayani server ini.",
                hint="Pakai kode empat angka, misalnya 3204.",
            )
        with centre.db.write() as con:
            return setup_file(con, centre, district, url, names_coordinator=names_coordinator)
    finally:
        centre.db.close()


def take_bundle(settings: CentralSettings, bundle: Path, answer: Path) -> BundleReport:
    """A USB bundle into a folder whose centre may be running in another process. Raises ExpectedError.

    A running centre publishes what came within seconds (`publication.LOOK_S`), another one at its next start.
    """
    if not settings.database.is_file():
        raise NotFound(f"Tidak ada data server di {settings.folder}.", hint="Periksa folder data server.")
    centre = open_centre(settings, adopt_realm=True)
    try:
        return bundles.take_in(centre, Scans(centre), bundle, answer)
    finally:
        centre.db.close()


def revoke(settings: CentralSettings, device: str) -> None:
    """Lock a device out, also while the centre runs in another process. Raises NotFound."""
    centre = open_centre(settings, adopt_realm=True)
    try:
        with centre.db.write() as con:
            accounts.revoke(con, centre, device)
    finally:
        centre.db.close()


def rotate_key(settings: CentralSettings, *, is_lost: bool = False) -> str:
    """A new signing key, vouched for by the present one unless that is lost; returns its id.

    A centre that runs goes on with the old key until it is started again.
    """
    centre = open_centre(settings, adopt_realm=True)
    centre.db.close()
    if is_lost:
        return keys.replace(settings.folder).key_id
    return keys.rotate(settings.folder, centre.realm, centre.clock()).key_id


def console_url(settings: CentralSettings, url: str) -> str:
    """The console's address with its token; for the person at the terminal only."""
    return f"{url}/console?token={load_or_make_token(settings.folder)}"


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; those it accepts take its keepalive over. Raises Unavailable when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in KEEPALIVE:
            if hasattr(socket, name):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise Unavailable(
            f"Port {port} di {host} tidak dapat dipakai ({error.strerror}).",
            hint="Pilih port lain dengan --port.",
        ) from error
    return sock


class _Server(uvicorn.Server):
    """uvicorn that says when it answers."""

    def __init__(self, config: uvicorn.Config, on_started: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_started = on_started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_started()


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """What is cut because the centre stops is sent again by its client; a traceback for it would only frighten."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, asyncio.CancelledError) and "graceful shutdown" not in record.getMessage()


def uvicorn_server(app: Starlette, on_started: Callable[[], None], grace_s: int = GRACE_S) -> uvicorn.Server:
    """No access log: addresses and tokens are nobody's business; no WebSockets."""
    logging.getLogger("uvicorn.error").addFilter(_is_worth_a_line)
    config = uvicorn.Config(
        app, log_config=None, access_log=False, ws="none", lifespan="on", server_header=False, loop="asyncio",
        http="h11", timeout_graceful_shutdown=grace_s,
    )  # fmt: skip
    return _Server(config, on_started)


def serve(
    settings: CentralSettings,
    host: str = "127.0.0.1",
    port: int = 8000,
    ready: Callable[[str], None] | None = None,
    *,
    image_sanitizer: ImageSanitizer | None = None,
) -> None:
    """Run until interrupted; `ready(url)` is called once it listens."""
    sock = listen(host, port)
    with sock:
        app = build(settings, image_sanitizer=image_sanitizer)
        server = uvicorn_server(app, lambda: ready(url_of(sock)) if ready is not None else None)
        server.run(sockets=[sock])


def url_of(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class RunningCentre:
    """A centre on loopback in a thread of its own, for practice and tests. `start()` -> URL; `stop()` waits for it."""

    def __init__(
        self,
        settings: CentralSettings,
        *,
        image_sanitizer: ImageSanitizer | None = None,
        clock: Callable[[], float] = time.time,
        rng: random.Random | None = None,
        port: int = 0,
    ) -> None:
        self._settings = settings
        self._sanitizer = image_sanitizer
        self._clock = clock
        self._rng = rng
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self._app: Starlette | None = None
        self.url = ""

    @property
    def parts(self) -> Parts:
        """The running centre's parts. Raises RuntimeError before `start`."""
        if self._app is None:
            raise RuntimeError("the centre is not running")
        parts: Parts = self._app.state.parts
        return parts

    def start(self) -> str:
        """Listen and answer; returns the base URL (`http://127.0.0.1:PORT`). Raises ExpectedError."""
        sock = listen("127.0.0.1", self._port)
        try:
            self._app = build(
                self._settings, image_sanitizer=self._sanitizer, clock=self._clock, rng=self._rng
            )
        except BaseException:
            sock.close()
            raise
        started = threading.Event()
        server = self._server = uvicorn_server(self._app, started.set, PRACTICE_GRACE_S)

        def thread() -> None:
            with sock:
                server.run(sockets=[sock])

        self._thread = threading.Thread(target=thread, name="centre", daemon=True)
        self._thread.start()
        self.url = url_of(sock)
        if not started.wait(START_S):
            self.stop()
            raise Unavailable("Server latihan tidak dapat dimulai.", hint="Lihat catatan program.")
        return self.url

    def setup_for(self, district: str) -> tuple[SetupFile, str]:
        """Set-up file and one-time code for a district."""
        centre = self.parts.centre
        with centre.db.write() as con:
            return setup_file(con, centre, district, self._settings.public_url or self.url)

    @property
    def console_url(self) -> str:
        """The console's address with its token."""
        return console_url(self._settings, self.url)

    def stop(self) -> None:
        """Stop listening, finish what is being answered, close the database. Harmless when not running."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(STOP_S)
        self._server = self._thread = None
