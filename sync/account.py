"""This device's account at the centre: who we are, which keys we pinned, and how a device is enrolled.

Invariant: the centre's public keys come with the set-up file, never from the wire. Thread: any; `enrol` blocks.
"""

from __future__ import annotations

import asyncio
import secrets as system_random
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from app.domain.attestation import public_key_of, sign
from app.errors import BadInput
from app.http.address import check_address
from app.http.api import Http
from app.ports import Clock, Json, Reason
from sync import policy as p
from sync.client import CentreClient
from sync.outcome import Failed, iso
from sync.wire import Enrol, SetupFile, convert


@dataclass(frozen=True, slots=True)
class Account:
    """What the engine needs to speak for this device."""

    server_url: str
    realm: str
    district: str
    keys: Mapping[str, str]  # key_id -> the centre's public key, from the set-up file
    device_id: str
    device_key: bytes = field(repr=False)  # private, raw Ed25519

    @property
    def token_name(self) -> str:
        """Under which the token lies among the secrets."""
        return f"token/{self.device_id}"


def read_setup(setup: Mapping[str, object]) -> SetupFile:
    """Check a set-up file. Raises BadInput when it is not one."""
    try:
        checked = convert(dict(setup), SetupFile)
    except msgspec.ValidationError as error:
        raise BadInput(
            f"Berkas pengaturan server tidak dapat dibaca: {error}.",
            hint="Mintalah berkas baru kepada KPU RI.",
            code="bad_setup",
        ) from None
    check_address(checked.server)
    if not checked.keys:
        raise BadInput("Berkas pengaturan tidak memuat kunci server.", code="bad_setup")
    return checked


def enrol(
    setup: Mapping[str, object],
    code: str,
    device_id: str,
    device_key: bytes,
    *,
    clock: Clock,
) -> str | Reason:
    """Register this device with its one-time code; the token, or why not. The same device may safely repeat it.

    The coordinator's key is not sent here: it follows with the district's first list of operators.
    """
    checked = read_setup(setup)
    body: Json = {
        "code": code.strip(),
        "district": checked.district,
        "device": device_id,
        "device_key": public_key_of(device_key),
        "coordinator": None,
        "at": iso(clock.now()),
    }
    body["signature"] = sign(device_key, "enrol", checked.realm, body)
    try:
        message = convert(body, Enrol)
    except msgspec.ValidationError as error:
        raise BadInput(f"Data pendaftaran tidak lengkap: {error}.", code="bad_enrol") from None
    return asyncio.run(_enrol(checked, message, clock))


async def _enrol(setup: SetupFile, message: Enrol, clock: Clock) -> str | Reason:
    http = Http(setup.server, monotonic=clock.monotonic)
    try:
        client = CentreClient(http, clock=clock)
        hello = await client.hello(p.CALL_S)
        if isinstance(hello, Failed):
            return hello.reason
        if hello.value.realm != setup.realm or hello.value.key_id not in setup.keys:
            return Reason("wrong_centre", "Server yang menjawab bukan server pada berkas pengaturan ini.")
        answer = await client.enrol(message)
    finally:
        await http.close()
    return answer.reason if isinstance(answer, Failed) else answer.value.token


def login_body(account: Account, now: float) -> Json:
    """A signed `login`; the nonce serves once."""
    body: Json = {"device": account.device_id, "at": iso(now), "nonce": system_random.token_hex(16)}
    body["signature"] = sign(account.device_key, "login", account.realm, body)
    return body
