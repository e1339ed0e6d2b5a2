"""Where keys and tokens live. The only module that imports `keyring`.

    KeyringSecrets      the operating system's keyring
    PassphraseSecrets   a file in the data folder, encrypted under a passphrase (servers without a keyring, practice)
    MemorySecrets       nothing else there: kept until the program ends, and said so

Invariant: nothing secret is ever written in plain text; `keyrings.alt` (which does that, silently) is refused.
Decision and trade-offs: docs/decisions/020-store.md. Thread: any.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.domain.c1form import is_practice
from app.errors import Unavailable
from app.ports import Secrets

SERVICE = "situng-luring"
FILE_NAME = "rahasia.bin"
PASSPHRASE_VARIABLE = "SITUNG_SECRETS_PASSPHRASE"  # noqa: S105 - the variable's name, not a passphrase
PRACTICE_PASSPHRASE = "latihan"  # noqa: S105 - practice data protects nothing, and its processes must meet again
_MAGIC = b"SITUNGR1"
_SALT_BYTES = 16
_NONCE_BYTES = 12
_REFUSED_MODULES = ("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")
_WARNING = (
    "Komputer ini tidak punya tempat penyimpanan kunci. Kunci hanya diingat sampai program ditutup; "
    f"pasang keyring, atau isi {PASSPHRASE_VARIABLE}."
)


class MemorySecrets:
    """Kept in this process only."""

    is_lasting = False
    warning = _WARNING

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """None when it was never put."""
        return self._values.get(name)

    def put(self, name: str, value: str) -> None:
        """Remember until the program ends."""
        self._values[name] = value

    def delete(self, name: str) -> None:
        """Forget; fine when it is not there."""
        self._values.pop(name, None)


class KeyringSecrets:
    """The operating system's keyring, bound to the account of the person signed in to it."""

    is_lasting = True
    warning = ""

    def __init__(self, backend: keyring.backend.KeyringBackend) -> None:
        self._backend = backend

    def get(self, name: str) -> str | None:
        """None when it is not there. Raises Unavailable when the keyring is locked or gone."""
        try:
            return self._backend.get_password(SERVICE, name)
        except keyring.errors.KeyringError as error:
            raise _locked(error) from error

    def put(self, name: str, value: str) -> None:
        """Raises Unavailable when the keyring is locked or gone."""
        try:
            self._backend.set_password(SERVICE, name, value)
        except keyring.errors.KeyringError as error:
            raise _locked(error) from error

    def delete(self, name: str) -> None:
        """Fine when it is not there. Raises Unavailable when the keyring is locked or gone."""
        try:
            self._backend.delete_password(SERVICE, name)
        except keyring.errors.PasswordDeleteError:
            return
        except keyring.errors.KeyringError as error:
            raise _locked(error) from error


class PassphraseSecrets:
    """One encrypted file: ChaCha20-Poly1305 under argon2id of the passphrase. Two processes may take turns."""

    is_lasting = True
    warning = ""

    def __init__(self, path: Path, passphrase: str, *, memory_kib: int = 65_536) -> None:
        self._path = path
        self._passphrase = passphrase.encode("utf-8")
        self._memory_kib = memory_kib
        self._lock = threading.Lock()
        self._keys: dict[bytes, bytes] = {}  # salt -> key: one derivation a process, it takes 0.1 s

    def get(self, name: str) -> str | None:
        """None when it is not there. Raises Unavailable for a wrong passphrase."""
        with self._lock:
            return self._read()[1].get(name)

    def put(self, name: str, value: str) -> None:
        """On the disk before it returns."""
        with self._lock:
            salt, values = self._read()
            self._write(salt, {**values, name: value})

    def delete(self, name: str) -> None:
        """Fine when it is not there."""
        with self._lock:
            salt, values = self._read()
            if values.pop(name, None) is not None:
                self._write(salt, values)

    def _read(self) -> tuple[bytes, dict[str, str]]:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return os.urandom(_SALT_BYTES), {}
        except OSError as error:
            raise Unavailable(f"Berkas kunci {self._path.name} tidak terbaca: {error.strerror}.") from error
        start = len(_MAGIC)
        salt, nonce = (
            data[start : start + _SALT_BYTES],
            data[start + _SALT_BYTES : start + _SALT_BYTES + _NONCE_BYTES],
        )
        try:
            plain = ChaCha20Poly1305(self._key(salt)).decrypt(
                nonce, data[start + _SALT_BYTES + _NONCE_BYTES :], _MAGIC
            )
            return salt, dict(json.loads(plain))
        except (InvalidTag, ValueError) as error:
            raise Unavailable(
                f"Berkas kunci {self._path.name} tidak dapat dibuka dengan kata sandi ini.",
                hint=f"Periksa {PASSPHRASE_VARIABLE}.",
            ) from error

    def _write(self, salt: bytes, values: Mapping[str, str]) -> None:
        nonce = os.urandom(_NONCE_BYTES)
        plain = json.dumps(dict(values), sort_keys=True).encode("utf-8")
        data = _MAGIC + salt + nonce + ChaCha20Poly1305(self._key(salt)).encrypt(nonce, plain, _MAGIC)
        building = self._path.with_name(self._path.name + ".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with building.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            building.chmod(0o600)
            building.replace(self._path)
        except OSError as error:
            with contextlib.suppress(OSError):
                building.unlink(missing_ok=True)
            raise Unavailable(
                f"Berkas kunci {self._path.name} tidak dapat ditulis: {error.strerror}.",
                hint="Periksa ruang disk dan izin folder data.",
            ) from error

    def _key(self, salt: bytes) -> bytes:
        if salt not in self._keys:
            padded = (
                salt or hashlib.sha256(_MAGIC).digest()[:_SALT_BYTES]
            )  # a cut file: fails as a wrong passphrase
            if len(padded) < _SALT_BYTES:
                padded = padded.ljust(_SALT_BYTES, b"\0")
            self._keys[salt] = hash_secret_raw(self._passphrase, padded, 2, self._memory_kib, 1, 32, Type.ID)
        return self._keys[salt]


AnySecrets = KeyringSecrets | PassphraseSecrets | MemorySecrets


def open_secrets(folder: Path, realm: str, environment: Mapping[str, str]) -> AnySecrets:
    """The best place there is: practice -> built-in passphrase; else the variable, else the keyring, else memory."""
    passphrase = environment.get(PASSPHRASE_VARIABLE, "")
    if passphrase:
        return PassphraseSecrets(folder / FILE_NAME, passphrase)
    if is_practice(realm):
        return PassphraseSecrets(folder / FILE_NAME, PRACTICE_PASSPHRASE)
    return from_backend(keyring.get_keyring())


def from_backend(backend: keyring.backend.KeyringBackend) -> AnySecrets:
    """The system's keyring if it keeps secrets secret, else memory."""
    members = getattr(backend, "backends", [backend])  # the chainer holds several
    for one in members:
        if not type(one).__module__.startswith(_REFUSED_MODULES):
            return KeyringSecrets(one)
    return MemorySecrets()


def warning_of(secrets: Secrets) -> str:
    """What to tell the person about where keys live; empty when all is well."""
    return "" if secrets.is_lasting else _WARNING


def _locked(error: Exception) -> Unavailable:
    return Unavailable(
        f"Penyimpanan kunci komputer ini tidak menjawab: {error}. Semua data aman.",
        hint="Buka kunci keyring, lalu ulangi.",
    )
