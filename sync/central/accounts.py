"""Who may speak: one-time codes, devices, tokens, operators, and the anchor of each device's journal.

Codes and tokens are stored as hashes only and compared in constant time. A code serves one device; the same device
with the same key may repeat its enrolment (its answer was lost), anybody else is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from app.domain.attestation import is_signed_by
from app.domain.people import Role
from app.errors import NotFound
from sync.central import feed, people
from sync.central.centre import Centre
from sync.central.clock import iso
from sync.central.database import one
from sync.central.driver import Connection, Row
from sync.central.refusal import Refused, malformed
from sync.central.settings import TOKEN_LIFE_S
from sync.wire import Enrol, Login, OperatorKey, Operators, Token, as_body, code_hash

CODE_LIFE_S = 30 * 24 * 3600  # set-up files are handed out weeks before the vote
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: the code is read out on the telephone
CODE_LENGTH = 12  # 60 bits


@dataclass(frozen=True, slots=True)
class Caller:
    """The device behind a token."""

    device: str
    district: str


def hashed(secret: str) -> str:
    """What is stored of a code or token; both have 60 bits and more, so a plain hash does."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def new_code(con: Connection, centre: Centre, district: str, *, names_coordinator: bool = False) -> str:
    """A fresh one-time code, `ABCD-EFGH-JKLM`.

    `names_coordinator`: the device may once more name a coordinator on its own word, as a district's first device does
    (the coordinator's key is lost, or a second PC has coordinators of its own).
    """
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    con.execute(
        "INSERT INTO enrol_code (code_hash, district, expires_at, names_coordinator) VALUES (?, ?, ?, ?)",
        (hashed(letters), district, centre.clock() + CODE_LIFE_S, names_coordinator),
    )
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def enrol(con: Connection, centre: Centre, ask: Enrol) -> Token:
    """Bind a device to the district of the code; its coordinator counts where the district has none yet."""
    check_key(ask.device_key)
    if ask.coordinator is not None:
        check_operator(ask.coordinator)
        if Role.COORDINATE.value not in ask.coordinator.roles:
            raise malformed("coordinator harus berperan koordinator")
    if not is_signed_by(ask.device_key, "enrol", centre.realm, as_body(ask)):
        raise Refused(403, "signature", "Tanda tangan perangkat tidak cocok, atau untuk pemilu lain.")
    admit(con, centre, ask, code_hash(ask.code))
    return _token(con, centre, ask.device, ask.district)


def valid_codes(con: Connection, centre: Centre, district: str) -> list[str]:
    """The hashes of a district's codes, used ones as well, that have not lapsed."""
    rows = con.execute(
        "SELECT code_hash FROM enrol_code WHERE district = ? AND expires_at >= ?", (district, centre.clock())
    )
    return [row["code_hash"] for row in rows]


def admit(con: Connection, centre: Centre, ask: Enrol, hash_of_code: str) -> None:
    """Let a device in whose signature was checked, with the code of this hash: once, or the same device again. Raises
    Refused."""
    code = one(con, "SELECT * FROM enrol_code WHERE code_hash = ?", hash_of_code)
    if (
        code is None
        or code["expires_at"] < centre.clock()
        or not hmac.compare_digest(code["district"], ask.district)
    ):
        raise Refused(403, "code", "Kode pendaftaran tidak berlaku. Mintalah kode baru kepada KPU RI.")
    if code["used_by"] is None:
        _bind(con, centre, ask, code)
    elif (code["used_by"], code["used_key"]) != (ask.device, ask.device_key) or not _is_bound(con, ask):
        raise Refused(403, "code_used", "Kode pendaftaran sudah dipakai. Mintalah kode baru kepada KPU RI.")


def _is_bound(con: Connection, ask: Enrol) -> bool:
    """The device's key is still this one: by a later code the same name may have been bound to another."""
    device = one(con, "SELECT public_key FROM device WHERE id = ?", ask.device)
    return device is not None and bool(device["public_key"] == ask.device_key)


def _bind(con: Connection, centre: Centre, ask: Enrol, code: Row) -> None:
    known = one(con, "SELECT district, revoked_at FROM device WHERE id = ?", ask.device)
    if known is not None and known["district"] != ask.district:
        raise Refused(403, "device_taken", "Perangkat ini terdaftar di kabupaten/kota lain.")
    if known is not None and known["revoked_at"] is not None:
        raise revoked()
    con.execute(
        "UPDATE enrol_code SET used_by = ?, used_key = ? WHERE code_hash = ?",
        (ask.device, ask.device_key, code["code_hash"]),
    )
    # The same name again (our own client takes a new one): the old journal and the old tokens end here.
    con.execute("DELETE FROM anchor WHERE device = ?", (ask.device,))
    con.execute("DELETE FROM token WHERE device = ?", (ask.device,))
    con.execute(
        "INSERT INTO device (id, district, public_key, enrolled_at, names_coordinator) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET public_key = excluded.public_key, enrolled_at = excluded.enrolled_at,"
        " names_coordinator = excluded.names_coordinator, anchor_seq = 0, anchor_at = 0, unproven = 0",
        (ask.device, ask.district, ask.device_key, centre.clock(), code["names_coordinator"]),
    )
    con.execute("INSERT OR IGNORE INTO district (code) VALUES (?)", (ask.district,))
    if ask.coordinator is not None and not people.has_coordinator(con, ask.district):
        people.put(con, ask.district, ask.coordinator, ask.at)


def login(con: Connection, centre: Centre, ask: Login) -> Token:
    """A new token against a signature with the device's key; a nonce serves once.

    `at` is not compared with our clock: office PCs are hours off, and the nonce alone stops a replay.
    """
    device = one(con, "SELECT district, public_key, revoked_at FROM device WHERE id = ?", ask.device)
    if device is None or not is_signed_by(device["public_key"], "login", centre.realm, as_body(ask)):
        raise Refused(401, "login", "Perangkat ini tidak dikenal server, atau kuncinya berbeda.")
    if device["revoked_at"] is not None:
        raise revoked()
    used = con.execute(
        "INSERT OR IGNORE INTO nonce (device, nonce) VALUES (?, ?)", (ask.device, hashed(ask.nonce))
    )
    if used.rowcount == 0:
        raise Refused(401, "nonce", "Permintaan masuk ini sudah pernah dipakai.")
    return _token(con, centre, ask.device, device["district"])


def _token(con: Connection, centre: Centre, device: str, district: str) -> Token:
    token, expires_at = secrets.token_urlsafe(32), centre.clock() + TOKEN_LIFE_S
    con.execute("DELETE FROM token WHERE expires_at < ?", (centre.clock(),))
    con.execute("INSERT INTO token VALUES (?, ?, ?)", (hashed(token), device, expires_at))
    return Token(
        token=token, expires_at=iso(expires_at), district=district, feed_head=feed.head(con, district)
    )


def caller(con: Connection, centre: Centre, authorization: str) -> Caller:
    """The device behind `Authorization: Bearer ...`; the lookup is by hash, so it leaks nothing by its timing."""
    scheme, _, token = authorization.partition(" ")
    row = None
    if scheme.lower() == "bearer" and 20 <= len(token) <= 200:
        row = one(
            con,
            "SELECT device.id, district, revoked_at FROM token JOIN device ON device.id = token.device"
            " WHERE token.hash = ? AND token.expires_at > ?",
            hashed(token),
            centre.clock(),
        )
    if row is None:
        raise Refused(
            401,
            "sign_in",
            "Perangkat perlu masuk kembali ke server.",
            retryable=True,
            headers={"WWW-Authenticate": "Bearer"},
        )
    if row["revoked_at"] is not None:
        raise revoked()
    return Caller(row["id"], row["district"])


def revoke(con: Connection, centre: Centre, device: str) -> None:
    """Lock a device out, at once and for good; what it sent before stays. Raises NotFound."""
    found = con.execute(
        "UPDATE device SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", (centre.clock(), device)
    )
    if found.rowcount == 0:
        raise NotFound(f"Perangkat {device} tidak terdaftar di sini.", hint="Periksa nama perangkat.")


def revoked() -> Refused:
    return Refused(403, "revoked", "Pendaftaran perangkat ini dicabut.")


def operators(con: Connection, centre: Centre, who: Caller, ask: Operators) -> None:
    """Take the coordinator's signed list; people it does not name stay as they are.

    A district without a coordinator takes the first list that is signed by a coordinator in it: its authority is the
    one-time code, which only that district was given. So does a device whose code was made for that, once.
    """
    for operator in ask.operators:
        check_operator(operator)
    signer = next((one for one in ask.operators if one.id == ask.by), None)
    if signer is not None and signer.active and _may_name_coordinator(con, who):
        fault = (
            None if is_signed_by(signer.public_key, "operators", centre.realm, as_body(ask)) else "signature"
        )
        may = Role.COORDINATE.value in signer.roles
    else:
        fault = people.has_signed(con, centre.realm, who.district, "operators", ask.by, as_body(ask), ask.at)
        may = people.has_role(con, who.district, ask.by, Role.COORDINATE)
    if fault is None and not may:
        fault = "role"
    if fault is not None:
        raise Refused(403, fault, people.SENTENCES[fault].format(ask.by))
    for operator in ask.operators:
        people.put(con, who.district, operator, ask.at)
    if not people.has_coordinator(con, who.district):  # else the next list would be believed on its own word
        raise Refused(409, "last_coordinator", "Kabupaten/kota perlu sedikitnya satu koordinator yang aktif.")
    con.execute("UPDATE device SET names_coordinator = 0 WHERE id = ?", (who.device,))


def _may_name_coordinator(con: Connection, who: Caller) -> bool:
    device = one(con, "SELECT names_coordinator FROM device WHERE id = ?", who.device)
    has_right = device is not None and bool(device["names_coordinator"])
    return has_right or not people.has_coordinator(con, who.district)


def check_operator(operator: OperatorKey) -> None:
    """Roles we know, and a key that is one."""
    check_key(operator.public_key)
    if not set(operator.roles) <= people.ROLES:
        raise malformed(f"peran tidak dikenal: {', '.join(operator.roles)}")


def check_key(public_key: str) -> None:
    """A raw Ed25519 public key in base64; raises Refused."""
    try:
        size = len(base64.b64decode(public_key, validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if size != 32:
        raise malformed("kunci publik harus 32 byte Ed25519 dalam base64")
