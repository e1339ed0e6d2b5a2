"""A bundle of another PC of the district, handed to the centre over this PC's line; the answer goes home on the stick.

Invariants: the file travels unchanged and keeps its sender's signature and journal; the answer is kept only when a
pinned key signed it for this very bundle. Repeating it after a cut does no harm. Thread: any but the UI's; blocks.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.errors import BadInput, Unavailable
from app.http.api import Http
from app.http.reply import LinkError, Reply
from app.ports import Clock, Reason
from sync import wire
from sync.account import Account, login_body
from sync.bundle.answer import handed_over
from sync.bundle.container import BundleRefused, Fault, opened
from sync.bundle.shapes import EXTRAS, MAX_RELAYED, AnswerManifest, Manifest
from sync.bundle.signing import is_from
from sync.classify import Call
from sync.client import CentreClient
from sync.outcome import Failed, failure

FLOOR_BYTES_S = 4_000  # a line slower than this carries no bundle; its records go by themselves
MARGIN_S = 120.0
_HIDDEN = ".jawaban-ditulis"


def relay(path: Path, answer: Path, account: Account, clock: Clock) -> None:
    """Send the bundle, keep the answer. Raises BundleRefused, BadInput (too large), Unavailable (line, disk)."""
    with opened(path) as bundle:
        manifest, asked = bundle.manifest, bundle.manifest_sha256
        if not isinstance(manifest, Manifest):
            raise BundleRefused(Fault.WRONG_KIND)
        if manifest.realm != account.realm:
            raise BundleRefused(Fault.WRONG_REALM)
        if manifest.district != account.district:
            raise BundleRefused(Fault.WRONG_DISTRICT)
        bundle.verify()
        if bundle.size_bytes > MAX_RELAYED:
            raise BadInput(
                "Bundel ini terlalu besar untuk dikirim lewat jaringan PC ini.",
                hint="Buat bagian yang lebih kecil (--part-mb 50), atau bawa USB ke KPU RI.",
            )
    result = asyncio.run(_send(path.read_bytes(), account, clock))
    if isinstance(result, Reason):
        raise Unavailable(
            f"Bundel belum diterima KPU RI: {result.text}", hint="Ulangi nanti; dua kali tidak merugikan."
        )
    _keep(result, answer, account, asked)


async def _send(body: bytes, account: Account, clock: Clock) -> bytes | Reason:
    http = Http(account.server_url, monotonic=clock.monotonic)
    try:
        client = CentreClient(http, clock=clock)
        signed_in = await client.login(login_body(account, clock.now()))
        if isinstance(signed_in, Failed):
            return signed_in.reason
        result: Reply | LinkError = await http.send(
            "POST",
            f"{wire.API}/bundles",
            headers={"Content-Type": "application/zip", wire.FEATURES: EXTRAS, **client.credentials()},
            body=body,
            total_s=MARGIN_S + len(body) / FLOOR_BYTES_S,
            cap=MAX_RELAYED,
        )
    finally:
        await http.close()
    if isinstance(result, Reply) and result.status == 200:
        return result.body
    return failure(Call.API, result, clock.now()).reason


def _keep(data: bytes, answer: Path, account: Account, asked: str) -> None:
    """Look at the answer under a hidden name, then show it."""
    hidden = answer.with_name(answer.name + _HIDDEN)
    try:
        hidden.write_bytes(data)
        with opened(hidden) as bundle:
            manifest = bundle.manifest
            if not isinstance(manifest, AnswerManifest) or manifest.asked != asked:
                raise BundleRefused(Fault.WRONG_KIND)
            key = {**account.keys, **handed_over(manifest, account.keys)}.get(manifest.key_id)
            if key is None:
                raise BundleRefused(Fault.UNKNOWN_KEY)
            if not is_from(bundle, key, account.realm):
                raise BundleRefused(Fault.WRONG_SIGNATURE)
            bundle.verify()
        hidden.replace(answer)
    except OSError as error:
        raise Unavailable(f"Jawaban tidak dapat ditulis ke {answer.parent}: {error.strerror}.") from error
    finally:
        hidden.unlink(missing_ok=True)
    if isinstance(manifest.refused, wire.Problem):
        raise BadInput(
            f"KPU RI tidak menerima bundel {manifest.device}: {manifest.refused.detail}",
            hint=f"Bawa {answer.name} kembali ke PC asalnya; di sana dijelaskan apa yang perlu dilakukan.",
            code=manifest.refused.code,
        )
