"""People of this office: who they are, their PIN, their signing key, the list the centre gets.

A PIN is stretched by argon2id; from the result come a check value (wrong PIN or not) and, mixed with a secret of this
PC's keyring, the key that wraps the person's Ed25519 key. Someone with the database alone can guess PINs slowly but
sign nothing. Invariants: no PIN or key is ever journalled; five wrong PINs make the next one wait, longer each time,
also after a restart. Source: design section 4, docs/decisions/020-store.md. Thread: any but the window's: a sign-in
takes 0.1 s.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.attestation import new_private_key, public_key_of, sign
from app.domain.people import Person, Role
from app.domain.times import iso, seconds_of
from app.errors import BadInput, NotAllowed, NotFound, Unavailable
from app.ports import Json
from app.services.workplace import PinCost, Workplace
from app.store import journal, meta
from app.store import people as rows
from app.store.driver import Connection

MIN_PIN = 4
MAX_PIN = 64
FREE_TRIES = 5
FIRST_WAIT_S = 30.0  # doubles with each further wrong PIN
MAX_WAIT_S = 3600.0
WITHOUT_SESSION = "tanpa sesi"
_ID = re.compile(r"[\w.@-]{1,64}")  # the wire's `Ident`
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in. The private key signs what they do; it is never printed."""

    person: Person
    private_key: bytes = field(repr=False)


def add_person(
    wp: Workplace,
    *,
    id: str,  # noqa: A002 - the wire's word
    name: str,
    roles: Iterable[Role],
    pin: str,
    by: Session | None = None,
) -> Person:
    """A new person. The first must be a coordinator. Raises BadInput, NotAllowed."""
    if not _ID.fullmatch(id):
        raise BadInput(
            f"Nama pengguna {id!r} tidak dapat dipakai.",
            hint="Pakai huruf, angka, titik atau garis; tanpa spasi.",
        )
    _check_pin(pin)
    if by is not None:
        need_role(by, Role.COORDINATE)
    private_key = new_private_key()
    one = Person(id, name.strip() or id, frozenset(roles), public_key_of(private_key))
    if not one.roles:
        raise BadInput("Setiap orang perlu sedikitnya satu peran.", hint="Pilih peran, misalnya entri.")
    lock = _lock(wp, pin, private_key)
    signer = by or (Session(one, private_key) if Role.COORDINATE in one.roles else None)

    def work(connection: Connection) -> None:
        if rows.person(connection, id) is not None:
            raise BadInput(f"Nama pengguna {id} sudah ada.", hint="Pilih nama lain.")
        is_first = not rows.people(connection)
        if is_first and Role.COORDINATE not in one.roles:
            raise NotAllowed(
                "Orang pertama haruslah koordinator.", hint="Tambahkan koordinator dulu, lalu yang lain."
            )
        rows.add(connection, one, lock, wp.now())
        who = by.person.id if by else WITHOUT_SESSION
        body: Json = {"name": one.name, "roles": sorted(one.roles), "public_key": one.public_key}
        journal.add(connection, wp.now(), "person", who, id, body)
        # Without a session only the very first coordinator vouches for the list: anybody could add a second one.
        _sign_list(wp, connection, by or (signer if is_first else _practice_signer(wp, connection)))

    if wp.is_practice and Role.COORDINATE in one.roles and wp.secrets.get(_roster_name(wp)) is None:
        wp.secrets.put(_roster_name(wp), f"{id} {private_key.hex()}")
    wp.db.write(work)
    return one


def people(wp: Workplace) -> list[Person]:
    """Everybody, by name."""
    return rows.people(wp.db.reader)


def person(wp: Workplace, id: str) -> Person:  # noqa: A002 - the wire's word
    """One person. Raises NotFound."""
    one = rows.person(wp.db.reader, id)
    if one is None:
        raise NotFound(
            f"Pengguna {id!r} tidak dikenal.", hint="Periksa nama pengguna, atau minta koordinator."
        )
    return one


def sign_in(wp: Workplace, id: str, pin: str) -> Session:  # noqa: A002 - the wire's word
    """Check the PIN and unwrap the key. Raises NotFound, NotAllowed (wrong PIN, waiting, inactive), Unavailable."""
    one = person(wp, id)
    if not one.active:
        raise NotAllowed(f"{one.name} sudah dinonaktifkan.", hint="Minta koordinator mengaktifkannya lagi.")
    attempts = rows.attempts(wp.db.reader, id)
    wait_s = min(attempts.locked_until - wp.now(), MAX_WAIT_S)  # a clock set back must not lock for a year
    if wait_s > 0:
        raise NotAllowed(
            f"Terlalu banyak PIN salah untuk {one.name}.",
            hint=f"Coba lagi {round(wait_s) + 1} detik lagi.",
            code="pin_wait",
        )
    lock = rows.lock_of(wp.db.reader, id)
    stretched = _stretch(pin, lock.salt, PinCost.parse(lock.cost))
    if not hmac.compare_digest(_derive(stretched, b"", b"check"), lock.check):
        _note_wrong(wp, one, attempts)
        raise NotAllowed("PIN salah.", hint="Periksa angka-angkanya, lalu coba lagi.", code="wrong_pin")
    session = Session(one, _unwrap(wp, one, lock, stretched))
    if attempts.failures:
        wp.db.write(lambda connection: rows.set_attempts(connection, id, rows.Attempts()))
    if one.has(Role.COORDINATE) and not wp.is_read_only and _is_list_unsigned(wp.db.reader):
        wp.db.write(lambda connection: _sign_list(wp, connection, session))
    return session


def change_pin(wp: Workplace, session: Session, new_pin: str) -> None:
    """A person chooses a new PIN. Raises BadInput."""
    _check_pin(new_pin)
    lock = _lock(wp, new_pin, session.private_key)
    who = session.person

    def work(connection: Connection) -> None:
        rows.set_lock(connection, who.id, lock, who.public_key)
        rows.set_attempts(connection, who.id, rows.Attempts())
        journal.add(connection, wp.now(), "pin", who.id, who.id, {})

    wp.db.write(work)


def reset_pin(wp: Workplace, by: Session, id: str, new_pin: str) -> Person:  # noqa: A002 - the wire's word
    """A coordinator gives somebody a new PIN and so a new key; what they signed before keeps its old one."""
    need_role(by, Role.COORDINATE)
    _check_pin(new_pin)
    private_key = new_private_key()
    changed = replace(person(wp, id), public_key=public_key_of(private_key))
    lock = _lock(wp, new_pin, private_key)

    def work(connection: Connection) -> None:
        rows.set_lock(connection, id, lock, changed.public_key)
        rows.set_attempts(connection, id, rows.Attempts())
        journal.add(connection, wp.now(), "pin", by.person.id, id, {"public_key": changed.public_key})
        _sign_list(wp, connection, by)

    wp.db.write(work)
    return changed


def set_active(wp: Workplace, by: Session, id: str, active: bool) -> None:  # noqa: A002 - the wire's word
    """Let somebody in or keep them out. Raises NotAllowed, NotFound."""
    need_role(by, Role.COORDINATE)
    if id == by.person.id and not active:
        raise NotAllowed(
            "Koordinator tidak dapat menonaktifkan dirinya sendiri.", hint="Minta koordinator lain."
        )
    person(wp, id)

    def work(connection: Connection) -> None:
        rows.set_active(connection, id, active)
        journal.add(connection, wp.now(), "person", by.person.id, id, {"active": active})
        _sign_list(wp, connection, by)

    wp.db.write(work)


def set_roles(wp: Workplace, by: Session, id: str, roles: Iterable[Role]) -> None:  # noqa: A002 - the wire's word
    """What somebody may do from now on. Raises NotAllowed, NotFound, BadInput."""
    need_role(by, Role.COORDINATE)
    wanted = frozenset(roles)
    if not wanted or (id == by.person.id and Role.COORDINATE not in wanted):
        raise BadInput(
            "Peran itu tidak dapat dipakai.",
            hint="Setiap orang perlu satu peran; koordinator tetap koordinator.",
        )
    person(wp, id)

    def work(connection: Connection) -> None:
        rows.set_roles(connection, id, wanted)
        journal.add(connection, wp.now(), "person", by.person.id, id, {"roles": sorted(wanted)})
        _sign_list(wp, connection, by)

    wp.db.write(work)


def need_role(session: Session, *roles: Role) -> None:
    """Raises NotAllowed unless the person has one of the roles (a coordinator has)."""
    if not session.person.has(*roles):
        words = " atau ".join(roles)
        raise NotAllowed(
            f"Ini hanya untuk peran {words}.", hint="Minta koordinator mengubah peran, atau ganti orang (F9)."
        )


def check_session(connection: Connection, session: Session) -> None:
    """Raises NotAllowed when the person was kept out or got another key since signing in: it would sign for nothing."""
    now = rows.person(connection, session.person.id)
    if now is None or not now.active or now.public_key != session.person.public_key:
        raise NotAllowed(
            f"Sesi {session.person.name} sudah tidak berlaku; tidak ada yang diubah.",
            hint="Masuk lagi dengan PIN.",
        )


def is_list_unsigned(wp: Workplace) -> bool:
    """True while the list of people changed without a coordinator's signature: the centre does not know them yet."""
    return _is_list_unsigned(wp.db.reader)


def _check_pin(pin: str) -> None:
    if not MIN_PIN <= len(pin) <= MAX_PIN:
        raise BadInput(f"PIN harus {MIN_PIN} sampai {MAX_PIN} tanda.", hint="Pakai sedikitnya 6 angka.")


def _stretch(pin: str, salt: bytes, cost: PinCost) -> bytes:
    return hash_secret_raw(pin.encode("utf-8"), salt, cost.rounds, cost.memory_kib, 1, 32, Type.ID)


def _derive(stretched: bytes, pepper: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, pepper or None, b"situng/pin/" + purpose).derive(stretched)


def _lock(wp: Workplace, pin: str, private_key: bytes) -> rows.Lock:
    salt, nonce = os.urandom(16), os.urandom(_NONCE_BYTES)
    stretched = _stretch(pin, salt, wp.pin_cost)
    wrapping = _derive(stretched, _pepper(wp, make=True), b"wrap")
    return rows.Lock(
        salt,
        _derive(stretched, b"", b"check"),
        nonce + ChaCha20Poly1305(wrapping).encrypt(nonce, private_key, wp.realm.encode()),
        wp.pin_cost.text(),
    )


def _unwrap(wp: Workplace, one: Person, lock: rows.Lock, stretched: bytes) -> bytes:
    wrapping = _derive(stretched, _pepper(wp, make=False), b"wrap")
    nonce, sealed = lock.wrapped_key[:_NONCE_BYTES], lock.wrapped_key[_NONCE_BYTES:]
    try:
        return ChaCha20Poly1305(wrapping).decrypt(nonce, sealed, wp.realm.encode())
    except InvalidTag:
        raise Unavailable(
            f"PIN benar, tetapi kunci {one.name} tidak dapat dibuka di komputer ini: rahasia keyring hilang.",
            hint="Koordinator memberi PIN baru; pekerjaan yang sudah tersimpan aman.",
            code="key_lost",
        ) from None


def _pepper(wp: Workplace, *, make: bool) -> bytes:
    name = f"{wp.device_id}/pin"
    kept = wp.secrets.get(name)
    if kept is None and make:
        kept = os.urandom(32).hex()
        wp.secrets.put(name, kept)
    return bytes.fromhex(kept) if kept else b"lost"


def _note_wrong(wp: Workplace, one: Person, before: rows.Attempts) -> None:
    failures = before.failures + 1
    wait_s = (
        min(FIRST_WAIT_S * 2 ** max(0, failures - FREE_TRIES), MAX_WAIT_S) if failures >= FREE_TRIES else 0.0
    )
    until = wp.now() + wait_s if wait_s else 0.0

    def work(connection: Connection) -> None:
        rows.set_attempts(connection, one.id, rows.Attempts(failures, until))
        if wait_s:
            journal.add(connection, wp.now(), "pin_wrong", one.id, one.id, {"failures": failures})

    if not wp.is_read_only:
        wp.db.write(work)


def _roster_name(wp: Workplace) -> str:
    return f"{wp.device_id}/roster"


def _practice_signer(wp: Workplace, connection: Connection) -> Session | None:
    """Practice only: the first coordinator's key, kept so that the command line can add people without a session."""
    kept = wp.secrets.get(_roster_name(wp)) if wp.is_practice else None
    if not kept:
        return None
    person_id, key = kept.split(" ")
    one = rows.person(connection, person_id)
    if one is None or not one.active or one.public_key != public_key_of(bytes.fromhex(key)):
        return None
    return Session(one, bytes.fromhex(key))


def _sign_list(wp: Workplace, connection: Connection, signer: Session | None) -> None:
    """Make the body of `POST /operators`; without a signer only note that the list is unsigned."""
    if signer is None:
        meta.put(connection, "operators_unsigned", "1")
        return
    newest = meta.get_json(connection, "operators_body")
    # The centre ignores a list older than the one it has: a clock that was set back must not undo a dismissal.
    at = max(wp.now(), seconds_of(str(newest["at"])) + 0.001 if newest else 0.0)
    body: Json = {
        "operators": [
            {"id": one.id, "roles": sorted(one.roles), "public_key": one.public_key, "active": one.active}
            for one in sorted(rows.people(connection), key=lambda one: one.id)
        ],
        "by": signer.person.id,
        "at": iso(at),
    }
    body["signature"] = sign(signer.private_key, "operators", wp.realm, body)
    meta.put_json(connection, "operators_body", body)
    meta.put(connection, "operators_unsigned", "")


def _is_list_unsigned(connection: Connection) -> bool:
    return meta.get(connection, "operators_unsigned") == "1"
