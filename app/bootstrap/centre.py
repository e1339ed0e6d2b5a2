"""The centre's server, joined: settings, form definitions, images re-encoded for the public by the scanner's code."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from scanner.public_copy import PublicCopies
from sync import wire
from sync.central.bundles import BundleReport
from sync.central.server import RunningCentre, console_url, serve, setup_for, take_bundle
from sync.central.server import revoke as revoke_device
from sync.central.server import rotate_key as rotate_signing_key
from sync.central.settings import CentralSettings

Say = Callable[[str], None]


def settings(
    folder: Path,
    *,
    realm: str | None = None,
    profile: str | None = None,
    auto_return: bool = True,
    seed: int | None = None,
    was_restored: bool = False,
    forms: tuple[str, ...] = (),
) -> CentralSettings:
    """Settings of one centre; `realm` None = the real one; no `forms` = those the folder was made for."""
    plain = CentralSettings(
        folder=folder,
        forms=forms,
        profile=profile,
        auto_return=auto_return,
        seed=seed,
        was_restored=was_restored,
    )
    return plain if realm is None else replace(plain, realm=realm)


def run(central: CentralSettings, *, host: str, port: int, say: Say) -> None:
    """Serve until interrupted."""
    with contextlib.closing(PublicCopies()) as copies:
        serve(
            central,
            host,
            port,
            ready=lambda url: say(f"Server pusat di {url} - konsol KPU RI: {console_url(central, url)}"),
            image_sanitizer=copies,
        )


@contextlib.contextmanager
def running(central: CentralSettings) -> Iterator[RunningCentre]:
    """A centre in a thread of this process, answering; ended on leaving."""
    with contextlib.closing(PublicCopies()) as copies:
        centre = RunningCentre(central, image_sanitizer=copies)
        centre.start()
        try:
            yield centre
        finally:
            centre.stop()


def make_setup(
    central: CentralSettings, district: str, server: str, out: Path, *, names_coordinator: bool = False
) -> str:
    """Write a district's set-up file; returns the one-time code."""
    setup, code = setup_for(central, district, server, names_coordinator=names_coordinator)
    out.write_bytes(wire.encode(setup) + b"\n")
    return code


def take_in_bundle(central: CentralSettings, bundle: Path, answer: Path) -> BundleReport:
    """A district's bundle into this folder, whose centre may be running; writes the answer for the way back."""
    return take_bundle(central, bundle, answer)


def revoke(central: CentralSettings, device: str) -> str:
    """Lock a device out; the sentence to show. Raises NotFound."""
    revoke_device(central, device)
    return f"Pendaftaran {device} dicabut. Yang sudah dikirimnya tetap tersimpan."


def rotate_key(central: CentralSettings, *, is_lost: bool) -> str:
    """A new signing key; the sentence to show."""
    key_id = rotate_signing_key(central, is_lost=is_lost)
    if is_lost:
        return (
            f"Kunci baru {key_id} dibuat tanpa pengesahan kunci lama. Jalankan ulang server, lalu bagikan berkas"
            " pengaturan baru (central-setup) kepada setiap kabupaten/kota."
        )
    return f"Kunci baru {key_id} disahkan oleh kunci lama. Jalankan ulang server; PC kabupaten/kota mengikuti sendiri."
