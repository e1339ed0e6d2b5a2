"""USB bundles of a workplace: what waits, out to a stick; the centre's answer, in."""

from __future__ import annotations

from pathlib import Path

from app.bootstrap import account_of
from app.bundle_ports import BundleChoice, BundlePreview, BundleProgress, Bundles, ExportReport, ImportReport
from app.errors import NotFound
from app.services import account as accounts
from app.services import workplace
from app.services.bundles import bundle_store
from app.services.workplace import Workplace
from sync.bundle import answer as answers
from sync.bundle import preview as previews
from sync.bundle.container import BundleRefused, Fault, opened
from sync.bundle.export import Exporter, waiting
from sync.bundle.relay import relay
from sync.bundle.shapes import PART_BYTES, AnswerManifest
from sync.bundle.signing import Origin


def origin_of(wp: Workplace) -> Origin:
    """This PC, with the centre's keys as far as there is an account; under the name it is to be enrolled by, if any."""
    server, pending = workplace.server_of(wp), accounts.pending(wp)
    keys = dict(server.keys) if server else {}
    device = pending.device if pending else workplace.device_name(wp)
    code = pending.code if pending else ""
    return Origin(wp.realm, wp.district, device, workplace.device_key(wp, device), keys, code)


class WorkplaceBundles(Bundles):
    """See `app.ports.Bundles`; `part_bytes` is smaller in tests only."""

    def __init__(self, wp: Workplace, *, part_bytes: int = PART_BYTES) -> None:
        self._wp, self._part_bytes = wp, part_bytes
        self._store = bundle_store(wp)

    def export(
        self, target: Path, choice: BundleChoice, progress: BundleProgress | None = None
    ) -> ExportReport:
        exporter = Exporter(
            self._store,
            origin_of(self._wp),
            self._wp.clock,
            part_bytes=self._part_bytes,
            progress=progress,
        )
        return exporter.run(target, choice)

    def preview(self, path: Path) -> BundlePreview:
        return previews.preview(path, self._store, origin_of(self._wp))

    def take_in(self, path: Path) -> ImportReport:
        origin = origin_of(self._wp)
        if not origin.keys:
            raise NotFound(
                "Tempat kerja ini belum mempunyai akun server; jawaban tidak dapat diperiksa.",
                hint="Jalankan init dengan --setup dari KPU RI dahulu.",
            )
        with opened(path) as bundle:
            manifest = bundle.manifest
            if not isinstance(manifest, AnswerManifest):
                raise BundleRefused(Fault.WRONG_KIND)
            for refused in answers.faults(bundle, origin, self._store):
                raise refused
            bundle.verify()
            return answers.Answer(bundle, manifest, self._store, origin).take_in()

    def relay(self, path: Path, answer: Path) -> None:
        account = account_of(self._wp)
        if account is None:
            raise NotFound(
                "Berkas ini bundel untuk KPU RI, dan tempat kerja ini belum mempunyai akun server.",
                hint="Bawa ke PC yang terhubung, atau ke KPU RI.",
            )
        relay(path, answer, account, self._wp.clock)

    def size(self, choice: BundleChoice) -> tuple[int, int]:
        sizes = [item.size_bytes for item in waiting(self._store, choice)]
        return len(sizes), sum(sizes)


def is_answer(path: Path) -> bool:
    """True for what comes from KPU RI, False for what goes there. Raises BundleRefused."""
    with opened(path) as bundle:
        return isinstance(bundle.manifest, AnswerManifest)


def preview_alone(path: Path) -> BundlePreview:
    """The same without a workplace: nothing is known about keys or about what is new."""
    return previews.preview(path)
